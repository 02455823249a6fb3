"""What a reader is: a batch of crops in, a batch of readings out, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

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


class Batch(Protocol):
    """Crops that are read together. What is needed of a crop's pixels is taken when it is added, so
    that its page, some 26 MB, needn't be kept until all are there."""

    def add(self, crop: Crop) -> None: ...

    def read(self) -> list[Reading]:
        """The readings of all crops that were added, in that order; to be called once."""
        ...


@runtime_checkable
class InBatches(Recogniser, Protocol):
    """A reader that takes crops one by one. Any other one is given them all at the end."""

    def begin(self) -> Batch: ...


class AtOnce:
    """A batch in which each crop is read as it is added."""

    def __init__(self, read_one: Callable[[Crop], Reading]) -> None:
        self._read_one = read_one
        self._readings: list[Reading] = []

    def add(self, crop: Crop) -> None:
        self._readings.append(self._read_one(crop))

    def read(self) -> list[Reading]:
        return self._readings


class _Kept:
    """A batch for a reader that wants whole crops."""

    def __init__(self, reader: Recogniser) -> None:
        self._reader = reader
        self._crops: list[Crop] = []

    def add(self, crop: Crop) -> None:
        self._crops.append(crop)

    def read(self) -> list[Reading]:
        return self._reader.read(self._crops)


class Gathering:
    """Crops on their way to the readers of their kinds, each of which is asked once: a batch, too,
    of all kinds of field."""

    def __init__(
        self, kinds: Mapping[str, FieldKind], readers: Mapping[ReaderName, Recogniser]
    ) -> None:
        self._kinds = kinds
        self._readers = readers
        self._batches: dict[ReaderName, Batch] = {}
        self._order: list[ReaderName] = []

    def add(self, crop: Crop) -> None:
        name = self._kinds[crop.field.handled_by].reader
        if name not in self._batches:
            reader = self._readers[name]
            self._batches[name] = reader.begin() if isinstance(reader, InBatches) else _Kept(reader)
        self._batches[name].add(crop)
        self._order.append(name)

    def read(self) -> list[Reading]:
        found = {name: iter(batch.read()) for name, batch in self._batches.items()}
        return [next(found[name]) for name in self._order]


def read_all(batch: Batch, crops: Sequence[Crop]) -> list[Reading]:
    """The readings of ``crops`` by a batch just begun."""
    for crop in crops:
        batch.add(crop)
    return batch.read()


def read_each(
    crops: Sequence[Crop],
    kinds: Mapping[str, FieldKind],
    readers: Mapping[ReaderName, Recogniser],
) -> list[Reading]:
    """Each crop's reading, in order, every reader asked once."""
    return read_all(Gathering(kinds, readers), crops)
