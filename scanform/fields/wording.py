"""What is said of a typed value that can't be an answer, by more than one kind."""

from __future__ import annotations

from collections.abc import Iterable

from scanform.phrase import Phrase

NOTHING_TYPED = Phrase(
    "Hãy nhập điều đã viết, hoặc ghi là để trống.",
    "Type what is written, or mark the field as blank.",
)


def either(lengths: Iterable[int]) -> Phrase:
    """The lengths that would do: ``9 hoặc 12``, ``9 or 12``."""
    known = [str(each) for each in sorted(lengths)]
    return Phrase(" hoặc ".join(known), " or ".join(known))
