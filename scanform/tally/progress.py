"""A campaign's count as it grew: per unit and in total, day by day. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from scanform.lexicon.spelling import tidy
from scanform.model.campaign import Campaign, Entered, PairVerdict
from scanform.store.campaign_interface import DayCount
from scanform.tally.counts import Target, UnitBook

Place = int | str | None
"""Number of a unit of the campaign, the key of a stranger, None for the unknown."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where one unit stands. ``unit`` is None where the forms don't say it (and in the total),
    ``target`` where nobody set one; ``entered`` is the last figure reported without forms.
    ``series`` is ``counted`` at the end of each day of the progress."""

    unit: str | None
    target: int | None
    complete: int
    pending: int
    duplicate: int
    entered: int | None
    counted: int
    series: tuple[int, ...] = ()
    code: str = ""

    @property
    def records(self) -> int:
        """Forms digitised, persons who came twice left out."""
        return self.complete + self.pending

    @property
    def rate(self) -> float | None:
        """Counted over target, as a fraction of four digits; None without a target."""
        return round(self.counted / self.target, 4) if self.target else None


@dataclass(frozen=True, slots=True)
class Progress:
    """The campaign at the end of ``as_of``: units of the plan in its order, then those that have
    no target, then the unknown. ``days`` are all days from its start."""

    campaign: Campaign
    as_of: date
    days: tuple[date, ...]
    lines: tuple[Line, ...]
    total: Line

    @property
    def targeted(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.target is not None)

    def by_rate(self) -> list[Line]:
        """The units, the furthest first; those without a target at the end."""
        return sorted(self.lines, key=lambda line: (line.rate is None, -(line.rate or 0.0)))

    def gains(self, line: Line) -> list[int]:
        """What each day added."""
        return [now - before for before, now in zip((0, *line.series), line.series, strict=False)]


def follow(
    campaign: Campaign, counts: Iterable[DayCount], entered: Iterable[Entered], as_of: date
) -> Progress:
    """The progress until ``as_of``.

    What a unit reported without forms and what was digitised of it are the same people, so
    ``counted`` is the larger of the two, never the sum. What came before the first day counts
    from that day on.
    """
    units = campaign.counted
    book = UnitBook([Target(unit.name, unit.target or 0) for unit in units])
    days = _days(min(campaign.start, as_of), as_of)
    tables: defaultdict[Place, _Table] = defaultdict(_Table)
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for count in counts:
        if count.day <= as_of:
            place = book.place(count.unit)
            tables[place].add(count)
            if isinstance(place, str):
                names[place][tidy(count.unit or "")] += count.complete + count.pending
    for figure in entered:
        if figure.day <= as_of:
            place = book.place(figure.unit)
            tables[place].figures[figure.day] = figure.number
            if isinstance(place, str):
                names[place][tidy(figure.unit)] += 0
    lines = [
        tables[n].line(unit.name, unit.target, days, unit.code) for n, unit in enumerate(units)
    ]
    strangers = sorted((names[place].most_common(1)[0][0], place) for place in names)
    lines += [tables[place].line(name, None, days) for name, place in strangers]
    if None in tables:
        lines.append(tables[None].line(None, None, days))
    return Progress(campaign, as_of, tuple(days), tuple(lines), _sum(lines))


def roll_up(progress: Progress) -> list[Line]:
    """Lines of the units that have no target of their own but others within them, by the tree of
    the plan."""
    parents = {unit.code: unit.parent for unit in progress.campaign.units if unit.code}
    within: defaultdict[str, list[Line]] = defaultdict(list)
    for unit, line in zip(progress.campaign.counted, progress.lines, strict=False):
        above, seen = unit.parent, set[str]()
        while above and above not in seen:
            within[above].append(line)
            seen.add(above)
            above = parents.get(above, "")
    return [
        _sum(within[unit.code], unit.name, unit.code)
        for unit in progress.campaign.units
        if unit.target is None and unit.code in within
    ]


def duplicates(verdicts: Iterable[PairVerdict]) -> frozenset[str]:
    """Ids of the records that don't count because another one of the same person does.

    The last verdict on a pair holds. Of all records that are, pair by pair, of one person, the
    one stays that was never called the second; of several such, the first by id.
    """
    last: dict[frozenset[str], PairVerdict] = {}
    for verdict in verdicts:
        last[frozenset((verdict.first, verdict.second))] = verdict
    same = [each for each in last.values() if each.verdict == "same" and each.first != each.second]
    seconds = {each.second for each in same}
    left: set[str] = set()
    for group in _groups((each.first, each.second) for each in same):
        kept = min(group - seconds or group)
        left |= group - {kept}
    return frozenset(left)


def _groups(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Ids that hang together."""
    group_of: dict[str, set[str]] = {}
    for first, second in pairs:
        one, other = group_of.get(first, {first}), group_of.get(second, {second})
        one |= other
        group_of.update((member, one) for member in one)
    return list({id(group): group for group in group_of.values()}.values())


class _Table:
    """What is known of one unit, by day."""

    def __init__(self) -> None:
        self.complete = self.pending = self.duplicate = 0
        self.records: Counter[date] = Counter()
        self.figures: dict[date, int] = {}

    def add(self, count: DayCount) -> None:
        self.complete += count.complete
        self.pending += count.pending
        self.duplicate += count.duplicate
        self.records[count.day] += count.complete + count.pending

    def line(
        self, unit: str | None, target: int | None, days: Sequence[date], code: str = ""
    ) -> Line:
        digitised = _running(self.records, days)
        reported = _latest(self.figures, days)
        series = tuple(map(max, digitised, reported))
        figure = self.figures[max(self.figures)] if self.figures else None
        figures = (self.complete, self.pending, self.duplicate)
        return Line(unit, target, *figures, figure, series[-1], series, code)


def _running(counts: Mapping[date, int], days: Sequence[date]) -> list[int]:
    early = sum(count for day, count in counts.items() if day < days[0])
    sums = list(accumulate(counts.get(day, 0) for day in days))
    return [early + each for each in sums]


def _latest(figures: Mapping[date, int], days: Sequence[date]) -> list[int]:
    early = max((day for day in figures if day < days[0]), default=None)
    now = figures[early] if early is not None else 0
    found = []
    for day in days:
        now = figures.get(day, now)
        found.append(now)
    return found


def _sum(lines: Sequence[Line], unit: str | None = None, code: str = "") -> Line:
    targets = [line.target for line in lines if line.target is not None]
    reported = [line.entered for line in lines if line.entered is not None]
    return Line(
        unit=unit,
        target=sum(targets) if targets else None,
        complete=sum(line.complete for line in lines),
        pending=sum(line.pending for line in lines),
        duplicate=sum(line.duplicate for line in lines),
        entered=sum(reported) if reported else None,
        counted=sum(line.counted for line in lines),
        series=tuple(map(sum, zip(*(line.series for line in lines), strict=True))),
        code=code,
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
