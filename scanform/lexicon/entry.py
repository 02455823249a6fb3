"""What a list holds and what a text is matched with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. ``parent`` is the code of the unit that a place lies in."""

    code: str
    name: str
    vintage: str
    unit: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that a text was taken for.

    ``value`` is the form that was written ("Xã Thạnh Hải" stays with its unit word) with its case
    and the places of its tone marks; ``form`` is the list's own spelling of it. ``entries`` are all
    entries of that form: many communes share a name. ``score`` is the similarity, 0..1; ``margin``
    the distance by which the best other form is farther off, in letters (a wrong mark counts a
    quarter).
    """

    value: str
    entries: tuple[Entry, ...]
    score: float
    distance: float
    runner_up: str | None
    margin: float
    form: str = ""

    @property
    def exact(self) -> bool:
        return self.distance == 0.0
