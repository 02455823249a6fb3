"""What became of a page."""

from __future__ import annotations

from dataclasses import dataclass

from scanform.model.record import Answer
from scanform.model.scan import Quality, Rejected


@dataclass(frozen=True, slots=True, eq=False)
class FormPage:
    """A page that was read: ``number`` in its scan, ``page`` of its template.

    ``image`` is the page in template space, encoded, to be stored.
    """

    number: int
    template: str
    page: int
    image: bytes
    quality: Quality
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class BlankPage:
    """The empty back of a form, or a ``separator``: a batch's cover sheet among the forms."""

    number: int
    separator: bool = False


@dataclass(frozen=True, slots=True)
class RejectedPage:
    number: int
    rejected: Rejected


PageResult = FormPage | BlankPage | RejectedPage
