"""What a reader is: a batch of crops in, a batch of readings out, in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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
