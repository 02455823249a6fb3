"""What a commune handed in against what was digitised of it. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from scanform.model.campaign import Batch
from scanform.model.scan import Rejected
from scanform.store.campaign_interface import BatchScan, FormLine, Settlement
from scanform.tally.counts import lies_in
from scanform.tally.people import Person, Roles, pairs, people_of, person, unmatched

Kind = Literal[
    "missing", "extra", "rejected", "unfinished", "duplicate", "elsewhere", "twice", "members"
]
"""What can differ: forms of the slip that aren't there, more than it says, pages that could not be
taken, files not worked yet, files handed in before, forms of another unit, a person twice in the
box, members of a household's table without a form of their own."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look: a file, perhaps a page of it, perhaps a record, and what is there. ``other``
    is where the same person's other form is."""

    path: str
    page: int | None = None
    record: str = ""
    detail: str = ""
    other: Spot | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: how many forms or files, and where they are."""

    kind: Kind
    count: int
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """A batch weighed: ``digitised`` forms of it that count, against ``batch.slip.forms``."""

    batch: Batch
    files: int
    digitised: int
    findings: tuple[Finding, ...]

    @property
    def even(self) -> bool:
        """Whether nothing differs."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Contents:
    """What the store has of a batch: its files, the records made of them, what was rejected."""

    scans: Sequence[BatchScan]
    lines: Sequence[FormLine]
    rejected: Sequence[Rejected]
    unfinished: Sequence[str] = ()
    """Paths of files that are not done with."""
    elsewhere: Sequence[FormLine] = ()
    """Forms in whatever box that may be of members of the households in this one."""
    single: bool = False
    """Whether forms of single persons are collected at all."""


def balance(
    batch: Batch,
    contents: Contents,
    unit_fields: Mapping[str, str],
    roles: Mapping[str, list[Roles]],
) -> Balance:
    """Weighs the batch. A form counts once: a file that an earlier batch had, or that lies in this
    one under two names, is a duplicate and its forms are not counted again."""
    again = _seen_before(contents.scans)
    old = {scan.sha256 for scan in contents.scans if scan.also_in}
    lines = [line for line in contents.lines if line.scan_sha256 not in old]
    difference = batch.slip.forms - len(lines)
    findings = [
        Finding("missing", max(0, difference)),
        Finding("extra", max(0, -difference)),
        _found("rejected", [_rejected(each) for each in contents.rejected]),
        _found("unfinished", [Spot(path) for path in contents.unfinished]),
        _found("duplicate", again),
        _found("elsewhere", _elsewhere(batch.slip.unit, lines, unit_fields)),
        _found("twice", _twice(lines, roles)),
        _found("members", _without_form(lines, contents, roles)),
    ]
    kept = tuple(each for each in findings if each.count)
    return Balance(batch, len(contents.scans), len(lines), kept)


def _found(kind: Kind, spots: Sequence[Spot]) -> Finding:
    return Finding(kind, len(spots), tuple(spots))


def _rejected(rejected: Rejected) -> Spot:
    return Spot(str(rejected.path), rejected.page, "", rejected.reason)


def _seen_before(scans: Sequence[BatchScan]) -> list[Spot]:
    first: dict[str, str] = {}
    spots = []
    for scan in scans:
        if scan.also_in:
            spots.append(Spot(scan.path, detail=", ".join(scan.also_in)))
        elif scan.sha256 and first.setdefault(scan.sha256, scan.path) != scan.path:
            spots.append(Spot(scan.path, detail=first[scan.sha256]))
    return spots


def _elsewhere(unit: str, lines: Sequence[FormLine], unit_fields: Mapping[str, str]) -> list[Spot]:
    """Forms that name another unit. One that names none may well be the slip's."""
    spots = []
    for line in lines:
        said = line.answers.get(unit_fields.get(line.template, "")) or ""
        if said and not lies_in(unit, said):
            spots.append(Spot(line.scan_path, line.scan_page, line.id, said))
    return spots


def _twice(lines: Sequence[FormLine], roles: Mapping[str, list[Roles]]) -> list[Spot]:
    # A form of each sort is no repetition: only forms of one template are compared.
    by_template: defaultdict[str, list[FormLine]] = defaultdict(list)
    for line in lines:
        by_template[line.template].append(line)
    return [
        replace(_at(pair.second, pair.first.record), other=_at(pair.first, ""))
        for template in sorted(by_template)
        for pair in pairs(people_of(by_template[template], roles))
    ]


def members_of(lines: Sequence[FormLine], roles: Mapping[str, list[Roles]]) -> list[Person]:
    """Everybody in the tables of the households' forms."""
    return [
        found
        for line in lines
        for each in roles.get(line.template, ())[1:]
        if (found := person(line, each)) is not None
    ]


def _without_form(
    lines: Sequence[FormLine], contents: Contents, roles: Mapping[str, list[Roles]]
) -> list[Spot]:
    """Members of the households' tables who have no form, here or in another box, where there are
    forms of single persons at all."""
    everything = (*lines, *contents.elsewhere)
    single = [line for line in everything if len(roles.get(line.template, ())) == 1]
    if not single and not contents.single:
        return []
    named = members_of(lines, roles)
    return [
        _at(each, each.name or each.number) for each in unmatched(named, people_of(single, roles))
    ]


def _at(found: Person, detail: str) -> Spot:
    return Spot(found.scan_path, found.scan_page, found.record, detail)


def by_kind(found: Balance) -> Counter[Kind]:
    """How many of each difference."""
    return Counter({each.kind: each.count for each in found.findings})


@dataclass(frozen=True, slots=True)
class Task:
    """A difference that somebody has to look into: where, or how many forms (``missing`` and
    ``extra`` have no place). ``settled`` is what a person said of it, None while it is open."""

    id: str
    batch: str
    kind: Kind
    count: int
    spot: Spot | None = None
    settled: Settlement | None = None


def tasks_of(found: Balance, said: Iterable[Settlement]) -> list[Task]:
    """A task for every difference. It bears the same name as long as the difference is the same:
    where 2 forms lacked and now 1 does, the word on the 2 holds no more."""
    settled = {each.task: each for each in said if each.batch == found.batch.id and each.settled}
    tasks = []
    for finding in found.findings:
        for spot in finding.spots or (None,):
            count = finding.count if spot is None else 1
            name = _task_name(finding.kind, count, spot)
            done = settled.get(name)
            tasks.append(Task(name, found.batch.id, finding.kind, count, spot, done))
    return tasks


def _task_name(kind: Kind, count: int, spot: Spot | None) -> str:
    where = [str(count)] if spot is None else [spot.path, str(spot.page), spot.record, spot.detail]
    return sha256("\0".join([kind, *where]).encode("utf-8", "backslashreplace")).hexdigest()[:8]
