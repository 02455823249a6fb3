"""A desk with people at work, and beside it what they must find there: a model that knows what each
has said and nothing of how the store keeps it."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from scanform.errors import Overtaken, UsageError
from scanform.model.record import DECIDES, Record, fold
from scanform.review import Claim, Outcome, Person, Sheetful
from scanform.review.options import kept_of
from tests.unit.review.conftest import Office, answers

PEOPLE = [Person("lan", "admin"), Person("hoa", "checker"), Person("mai", "checker")]
LAN = PEOPLE[0]
RECORDS = ("r1", "r2", "r3")
REHEARSED = Record("made", "form", 1, "x.jpg", "ef" * 32, 1, answers(name="Lê Văn Tám"), ())
TRUTH = {"name": "Lê Thị Tám", "birth": "1985-06-05"}
TYPED = {
    "name": ("Trần Thị Bưởi", "Trần Thị Bửu"),
    "birth": ("1/2/1990", "2/1/1990"),
    "sex": ("Nữ", "Nam"),
    "number": ("083190000123", "083190000124"),
    "unit": ("An Điền", "An Nhơn"),
}
KEYED, SAMPLED = ("name", "unit"), ("sex", "number")
"""Fields that are ordered to be keyed, and fields that are sampled: the model tells them apart."""

At = tuple[str, str]
"""A record and a field."""
Entry = tuple[str, str | None]


@functools.cache
def _begun() -> Path:
    """A workspace with the records, made once: each example works on a copy."""
    folder = Path(tempfile.mkdtemp(prefix="sf-desk-")) / "w"
    office = Office(folder)
    found = (answers(), answers(sex="Nữ"), answers(unit="An Điền"))
    for page, (record, each) in enumerate(zip(RECORDS, found, strict=True), 1):
        office.save(record, each, page)
    assert office.desk.seeds.from_rehearsed(LAN, [(REHEARSED, TRUTH)], None, lambda _: None) == 2
    office.desk.seeds.set_share(LAN, 0.2)
    office.store.close()
    return folder


@dataclass(frozen=True)
class Sampled:
    entry: Entry
    decider: str


class World:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sf-desk-"))
        shutil.copytree(_begun(), self.folder / "w")
        self.office = Office(self.folder / "w")
        self.first = {each: self.office.store.record(each) for each in RECORDS}
        self.hands: defaultdict[str, list[Claim]] = defaultdict(list)
        self.sheets: defaultdict[str, list[tuple[Sheetful, dict[At, int]]]] = defaultdict(list)
        self.said: dict[str, list[tuple[str, str, str]]] = {each.name: [] for each in PEOPLE}
        self.checks: dict[str, list[tuple[str, str, str, bool]]] = {p.name: [] for p in PEOPLE}
        self.seeds: set[str] = set()
        self.papers: set[At] = set()
        self.keyers: dict[At, int] = {}
        self.entries: defaultdict[At, list[tuple[str, Entry]]] = defaultdict(list)
        self.sampled: dict[At, Sampled] = {}
        self.samplers: dict[At, str] = {}

    def close(self) -> None:
        self.office.store.close()
        shutil.rmtree(self.folder)

    # What people do

    def say(self, who: Person, action: str, call: Callable[[Claim], object]) -> None:
        """Somebody says something about what he holds longest. Refused, it changes nothing."""
        if not self.hands[who.name]:
            return
        claim = self.hands[who.name].pop(0)
        seed, standing = self.is_seed(claim), self.standing(claim)
        keyed = claim.work == "key" or (claim.work == "settle" and at(claim)[1] in KEYED)
        waited = seed or not (keyed or claim.work == "review") or self.waits(at(claim))
        with self.unchanged_if_refused():
            outcome = call(claim)
            assert waited, "over what somebody had decided"
            if seed:
                self.checks[who.name].append((action, *at(claim), False))
                return
            value = outcome.value if isinstance(outcome, Outcome) else None
            entry = ("value", value) if action == "correct" else (action, None)
            for each in self.follows(who, claim, action, entry, standing):
                self.did(who, each, at(claim))

    def did(self, who: Person, action: str, place: At) -> None:
        """Notes what the log must hold, and where the answer waits no more."""
        self.said[who.name].append((action, *place))
        if action in DECIDES or action == "undo":
            self.papers.discard(place)
        if action == "paper":
            self.papers.add(place)

    def follows(
        self, who: Person, claim: Claim, action: str, entry: Entry, standing: Entry | None
    ) -> list[str]:
        """The rows of the log that come of it, in their order."""
        place = at(claim)
        verdict = "correct" if entry[0] == "value" else entry[0]
        match claim.work:
            case "review":
                return [action]
            case "key":
                self.entries[place].append((who.name, entry))
                said = {each for _, each in self.entries[place]}
                agreed = len(self.entries[place]) == self.keyers[place] and len(said) == 1
                return ["key", verdict] if agreed else ["key"]
            case "sample":
                self.samplers[place] = who.name
                return ["key"]
            case _ if place[1] in KEYED:
                return ["key", verdict]
            case _:
                was = self.sampled[place].entry
                return ["key", verdict] if entry != was == standing else ["key"]

    @contextmanager
    def unchanged_if_refused(self):  # type: ignore[no-untyped-def]
        before = {each: self.office.store.decisions(each) for each in RECORDS}
        try:
            yield
        except (Overtaken, UsageError):
            assert {each: self.office.store.decisions(each) for each in RECORDS} == before

    def took(self, who: Person, claim: Claim) -> None:
        """Somebody was given something: may he have it?"""
        place = at(claim)
        (row,) = self.office.desk.queue.room.store.claims(claim.token)
        if row.seed is not None:
            self.seeds.add(claim.token)
        match claim.work:
            case "review" if self.is_seed(claim):
                assert place not in [each[1:3] for each in self.checks[who.name]]
            case "review":
                assert claim.item.answer.state == "pending"
                assert place not in self.papers, "it waits for its paper"
                assert self.desk_of(place) == "review"
            case "key":
                assert self.waits(place), "somebody decided without keyers"
                assert who.name not in [name for name, _ in self.entries[place]], "keyed twice"
                self.hides(claim)
            case "sample":
                assert who.name != self.sampled[place].decider, "his own work"
                self.hides(claim)
            case "settle" if place[1] in KEYED:
                assert self.waits(place), "somebody decided without a third"
                assert who.name not in [name for name, _ in self.entries[place]], "his own entry"
            case "settle":
                assert who.name not in (self.samplers[place], self.sampled[place].decider)
        if claim.token not in [each.token for each in self.hands[who.name]]:
            self.hands[who.name].append(claim)

    def hides(self, claim: Claim) -> None:
        assert claim.blind
        assert (claim.item.answer.value, claim.options, claim.notes) == (None, (), ())

    # What is asked of the store itself

    def is_seed(self, claim: Claim) -> bool:
        return claim.token in self.seeds

    def standing(self, claim: Claim) -> Entry | None:
        if claim.item.record.id not in RECORDS:
            return None
        now = self.office.store.record(claim.item.record.id).answer(claim.item.field.id)
        return kept_of(now), now.value

    def waits(self, place: At) -> bool:
        return self.office.store.record(place[0]).answer(place[1]).state == "pending"

    def version(self, place: At) -> int:
        return self.office.desk.review.item(*place).version

    def desk_of(self, place: At) -> str:
        return {(r, f): desk for r, f, _, desk in self._rows()}[place]

    def _rows(self) -> list[tuple[str, str, str, str]]:
        query = sa.text(
            "SELECT r.id, a.field, a.state, a.desk FROM answers a JOIN records r"
            " ON r.number = a.record"
        )
        with self.office.store.reading() as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]

    # What holds, whatever was done

    def record_is_the_fold_of_its_log(self) -> None:
        store = self.office.store
        assert sorted(each.id for each in store.records()) == sorted(RECORDS)
        for record in RECORDS:
            assert store.record(record) == fold(self.first[record], store.decisions(record))

    def the_chain_is_whole(self) -> None:
        assert self.office.desk.log.verify(LAN).faults == ()

    def nothing_said_is_lost_or_made_up(self) -> None:
        logged: dict[str, list[tuple[str, str, str]]] = {person.name: [] for person in PEOPLE}
        for row in self.office.desk.log.rows(LAN):
            said = row.decision
            if said.action != "recheck":
                logged[said.by].append((said.action, said.record, said.field))
        assert logged == self.said
        store = self.office.desk.queue.room.store
        for person, checks in self.checks.items():
            found = store.seed_answers(person)
            assert [(e.action, e.record, e.field, e.undone) for e in found] == checks

    def nobody_holds_what_another_holds(self) -> None:
        store, now = self.office.desk.queue.room.store, self.office.clock()
        rows = [row for person in PEOPLE for row in store.held(person.name, now)]
        answers_held = [
            (row.record, row.field) for row in rows if row.task is None and row.seed is None
        ]
        tasks_held = [row.task for row in rows if row.task is not None]
        assert not [each for each, count in Counter(answers_held).items() if count > 1]
        assert not [each for each, count in Counter(tasks_held).items() if count > 1]

    def nothing_waits_out_of_reach(self) -> None:
        desk, rows = self.office.desk, self._rows()
        pulls = desk.queue.to_pull(LAN)
        assert {(each.record, field) for each in pulls for field in each.fields} == {
            (record, field)
            for record, field, state, _ in rows
            if (record, field) in self.papers and state == "pending"
        }
        tasks = self.office.desk.queue.room.store.tasks()
        keyed = {
            (each.record, each.field)
            for each in tasks
            if each.open and each.work != "sample" and each.expected_outcome is None
        }
        for record, field, state, place in rows:
            if state == "pending" and (record, field) not in self.papers:
                assert place in ("review", "key")
                asked = (record, field) in keyed
                assert (place == "key") == asked, "asked of keyers, or of reviewers, not of both"
                said = len(self.entries[record, field])
                ordered = said < self.keyers.get((record, field), 0)
                assert asked or not ordered, "it was ordered to be keyed"
        waiting = Counter(record for record, _, state, _ in rows if state == "pending")
        with self.office.store.reading() as connection:
            told = connection.execute(sa.text("SELECT id, waiting FROM records"))
            assert {row[0]: row[1] for row in told} == {each: waiting[each] for each in RECORDS}


def at(claim: Claim) -> At:
    return claim.item.record.id, claim.item.field.id


def taken_back(check: tuple[str, str, str, bool]) -> tuple[str, str, str, bool]:
    return (*check[:3], True)


__all__ = ["KEYED", "LAN", "PEOPLE", "RECORDS", "SAMPLED", "TYPED", "World", "at", "taken_back"]
