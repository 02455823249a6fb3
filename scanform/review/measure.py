"""From judged samples to a measured error and its interval: pure counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scanform.model.interval import clopper_pearson
from scanform.model.template import Field
from scanform.store.desk_interface import TaskRow

ALL = "all"


@dataclass(frozen=True, slots=True)
class Found:
    """A sampled answer that was judged. ``unseen``: it had been accepted without a look, by the
    threshold that holds now; ``bound``: what was promised of such answers."""

    task: TaskRow
    field: Field
    right: bool
    unseen: bool
    bound: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The error among accepted answers of one sort (``kind``: a field kind, or a batch). ``low``
    and ``high`` are the 95 % interval of Clopper and Pearson (1934).

    ``bound`` speaks of what is accepted without a look, so it is held against those alone
    (``unseen``): ``broken`` says that even the lower end of their interval lies above it, ``kept``
    that even the upper end lies below it.
    """

    kind: str
    sampled: int
    wrong: int
    rate: float
    low: float
    high: float
    bound: float | None = None
    unseen: int = 0
    unseen_wrong: int = 0
    template: str = ""
    """Of which template, where it is told apart."""

    @property
    def broken(self) -> bool:
        if self.bound is None or not self.unseen:
            return False
        return clopper_pearson(self.unseen_wrong, self.unseen)[0] > self.bound

    @property
    def kept(self) -> bool:
        if self.bound is None or not self.unseen:
            return False
        return clopper_pearson(self.unseen_wrong, self.unseen)[1] <= self.bound


def measured(
    found: Sequence[Found], kind: Callable[[Found], str], bound: float | None = None
) -> list[Measured]:
    """By what ``kind`` gives, in its order, then everything together; nothing for nothing. Without
    ``bound`` each sort is held against the mean of what was promised of its answers."""
    sorts: defaultdict[str, list[Found]] = defaultdict(list)
    for each in found:
        sorts[kind(each)].append(each)
    rows = [_measured(name, sorts[name], bound) for name in sorted(sorts)]
    return [*rows, _measured(ALL, found, bound)] if found else []


def _measured(kind: str, found: Sequence[Found], bound: float | None) -> Measured:
    unseen = [each for each in found if each.unseen]
    if bound is None and unseen:
        bound = sum(each.bound for each in unseen) / len(unseen)
    wrong = sum(not each.right for each in found)
    low, high = clopper_pearson(wrong, len(found))
    return Measured(
        kind,
        len(found),
        wrong,
        wrong / len(found),
        low,
        high,
        bound,
        len(unseen),
        sum(not each.right for each in unseen),
    )
