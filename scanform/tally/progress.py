"""A campaign's count as it grew: per unit and in total, day by day. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from scanform.lexicon.spelling import tidy
from scanform.model.campaign import Campaign, Entered, PairVerdict, Slip
from scanform.store.campaign_interface import DayCount, DayRefused
from scanform.tally.counts import Target, UnitBook

Place = int | str | None
"""Number of a unit of the campaign, the key of a stranger, None for the unknown."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where one unit stands. ``unit`` is None where the forms don't say it (and in the total),
    ``target`` where nobody set one; ``entered`` is the last figure reported without forms,
    ``handed`` how many forms the slips of its boxes say, None without boxes; ``refused`` how many
    files and pages of those could not be taken. ``series`` is ``counted`` at the end of each day
    of the progress."""

    unit: str | None
    target: int | None
    complete: int
    pending: int
    duplicate: int
    entered: int | None
    counted: int
    series: tuple[int, ...] = ()
    code: str = ""
    handed: int | None = None
    refused: int = 0

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
    def ahead(self) -> list[date]:
        """The working days that are left: after ``as_of``, and none before the campaign begins."""
        first = max(self.as_of + timedelta(days=1), self.campaign.start)
        return self.campaign.working_days(first, self.campaign.deadline)

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
    campaign: Campaign,
    counts: Iterable[DayCount],
    entered: Iterable[Entered],
    as_of: date,
    boxes: Iterable[Slip] = (),
    refused: Iterable[DayRefused] = (),
) -> Progress:
    """The progress until ``as_of``. ``boxes`` are the slips of what was handed in.

    What a unit reported without forms and what was digitised of it are the same people, so
    ``counted`` is the larger of the two, never the sum. What came before the first day counts
    from that day on.
    """
    units = campaign.counted
    above = [unit.name for unit in campaign.units if unit.target is None]
    tables = _Tables([unit.name for unit in units], above)
    days = _days(min(campaign.start, as_of), as_of)
    for count in counts:
        if count.day <= as_of:
            tables.of(count.unit, count.complete + count.pending).add(count)
    for figure in entered:
        if figure.day <= as_of:
            tables.of(figure.unit).figures[figure.day] = figure.number
    for slip in boxes:
        if slip.day <= as_of:
            table = tables.of(slip.unit)
            table.handed = (table.handed or 0) + slip.forms
    for each in refused:
        if each.day <= as_of:
            tables.of(each.unit).refused += each.number
    lines = [
        tables.found[n].line(unit.name, unit.target, days, unit.code)
        for n, unit in enumerate(units)
    ]
    lines += [tables.found[place].line(name, None, days) for name, place in tables.strangers()]
    if None in tables.found:
        lines.append(tables.found[None].line(None, None, days))
    return Progress(campaign, as_of, tuple(days), tuple(lines), total_of(lines))


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
        self.handed: int | None = None
        self.refused = 0

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
        handed = (self.handed, self.refused)
        return Line(unit, target, *figures, figure, series[-1], series, code, *handed)


class _Tables:
    """The tables of all units, by where they belong in the plan."""

    def __init__(self, units: Sequence[str], above: Sequence[str]) -> None:
        self._book, self._above = (
            UnitBook([Target(each, 0) for each in names]) for names in (units, above)
        )
        self._named = above
        self.found: defaultdict[Place, _Table] = defaultdict(_Table)
        self._names: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def of(self, unit: str | None, weight: int = 0) -> _Table:
        """The unit's table; ``weight`` says how much its spelling counts."""
        place = self._book.place(unit)
        if isinstance(place, str):
            # A form may name a commune where its hamlets are counted.
            higher = self._above.place(unit)
            if isinstance(higher, int):
                place, unit = f"above {higher}", self._named[higher]
            self._names[place][tidy(unit or "")] += weight
        return self.found[place]

    def strangers(self) -> list[tuple[str, str]]:
        """The units that the plan has not, as they are mostly spelt, with their places."""
        return sorted((self._names[p].most_common(1)[0][0], p) for p in self._names)


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


def total_of(lines: Sequence[Line], unit: str | None = None, code: str = "") -> Line:
    """The lines as one; there is at least one."""
    targets = [line.target for line in lines if line.target is not None]
    reported = [line.entered for line in lines if line.entered is not None]
    handed = [line.handed for line in lines if line.handed is not None]
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
        handed=sum(handed) if handed else None,
        refused=sum(line.refused for line in lines),
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
