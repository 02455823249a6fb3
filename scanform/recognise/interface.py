"""What a reader is: a batch of crops in, a batch of readings out, in the same order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from scanform.fields.interface import FieldKind, ReaderName
from scanform.model.reading import Crop, Reading


class Recogniser(Protocol):
    """Reads regions of one sort. A crop that can't be read gives an ``unreadable`` reading,
    never an exception; ``MissingProgram`` is raised on construction when the program that it
    needs isn't there."""

    @property
    def name(self) -> str:
        """Name and version, stored with each reading."""
        ...

    def read(self, crops: Sequence[Crop]) -> list[Reading]: ...


def read_each(
    crops: Sequence[Crop],
    kinds: Mapping[str, FieldKind],
    readers: Mapping[ReaderName, Recogniser],
) -> list[Reading]:
    """Each crop's reading, in order, every reader asked once."""
    places: defaultdict[ReaderName, list[int]] = defaultdict(list)
    for at, each in enumerate(crops):
        places[kinds[each.field.handled_by].reader].append(at)
    found: dict[int, Reading] = {}
    for reader, some in places.items():
        found |= dict(zip(some, readers[reader].read([crops[at] for at in some]), strict=True))
    return [found[at] for at in range(len(crops))]
