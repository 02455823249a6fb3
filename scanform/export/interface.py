"""What an exporter is: records in, a file out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Literal, Protocol

from scanform.model.record import Record


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What a column means: one line of the dictionary, of one template."""

    field: str
    template: str
    label: str = ""
    kind: str = ""
    lexicon: str = ""
    vintage: str = ""
    """The year whose list ``lexicon`` is; empty without one."""
    masked: str = ""
    """``redacted`` or ``pseudonym`` where the values are not the real ones."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What of each record goes into the file: the answers of ``fields``, in that order."""

    fields: tuple[str, ...]
    notes: tuple[FieldNote, ...] = ()
    with_confidence: bool = False
    """Beside each value its confidence and the answer's state, where the format doesn't give
    them anyway."""
    moment: datetime | None = None
    """When the records last changed, for formats that say so."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something of a record that the format can't say. ``reason`` is a key of ``REASONS``; an
    empty ``field`` means that the whole record is left out."""

    record: str
    field: str
    reason: str


Tell = Callable[[Unmapped], None]


class Exporter(Protocol):
    """Writes records to an open file, one after the other, so a million need little memory.

    The same records and layout give the same bytes. What the format can't say is told, never
    dropped in silence. Returns how many records were written. Raises ``MissingProgram`` when its
    library isn't installed, ``UsageError`` for what the format can't hold at all.
    """

    def __call__(
        self, records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell
    ) -> int: ...


@dataclass(frozen=True, slots=True)
class Format:
    """An exporter and what it needs to know of a record."""

    write: Exporter
    readings: Literal["texts", False] = False
    """Whether it needs what the machine read and doubted: slower to look up."""
    codes: Callable[[], Mapping[str, str]] = field(default=dict)
    """The lists whose codes it writes, with their vintages."""
