"""Whatever the order of accept, correct, undo, expiry and crash: the record is the fold of its
log, no decision is lost and nobody decides over another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scanform.errors import Overtaken, UsageError
from scanform.model.record import fold
from scanform.review import Claim, Filter, Outcome, Person
from tests.unit.review.conftest import Office, answers

PEOPLE = [Person("lan", "admin"), Person("hoa", "checker"), Person("mai", "checker")]
RECORDS = ("r1", "r2", "r3")
people = st.sampled_from(PEOPLE)
values = {
    "name": "Trần Thị Bưởi",
    "birth": "1/2/1990",
    "sex": "Nữ",
    "number": "083190000123",
    "unit": "An Điền",
}


class Desks(RuleBasedStateMachine):
    """People at work. ``said`` is what the log must hold of each person, in order."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "w")
        self.office.save("r1", answers(), 1)
        self.office.save("r2", answers(sex="Nữ"), 2)
        self.office.save("r3", answers(unit="An Điền"), 3)
        self.first = {each: self.office.store.record(each) for each in RECORDS}
        self.hands: dict[str, list[Claim]] = {person.name: [] for person in PEOPLE}
        self.said: dict[str, list[tuple[str, str, str]]] = {person.name: [] for person in PEOPLE}

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.store.close()
            self.folder.cleanup()

    @rule(who=people, order=st.sampled_from(["by_field", "by_form"]), ahead=st.booleans())
    def claim(self, who: Person, order: str, ahead: bool) -> None:
        holding = [claim.token for claim in self.hands[who.name]] if ahead else []
        found = self.office.desk.queue.claim(who, order=order, holding=holding)  # type: ignore[arg-type]
        if found is not None and found.token not in [c.token for c in self.hands[who.name]]:
            self.hands[who.name].append(found)

    def say(self, who: Person, action: str, call: Callable[[Claim], Outcome]) -> None:
        if not self.hands[who.name]:
            return
        claim = self.hands[who.name].pop(0)
        place = claim.item.record.id, claim.item.field.id
        before = self.office.store.decisions(place[0])
        try:
            call(claim)
        except (Overtaken, UsageError):
            assert self.office.store.decisions(place[0]) == before
        else:
            self.said[who.name].append((action, *place))

    @rule(who=people)
    def accept(self, who: Person) -> None:
        self.say(who, "accept", lambda claim: self.office.desk.queue.accept(who, claim.token))

    @rule(who=people)
    def correct(self, who: Person) -> None:
        self.say(
            who,
            "correct",
            lambda claim: self.office.desk.queue.correct(
                who, claim.token, values[claim.item.field.id]
            ),
        )

    @rule(who=people)
    def blank(self, who: Person) -> None:
        self.say(who, "blank", lambda claim: self.office.desk.queue.blank(who, claim.token))

    @rule(who=people)
    def skip(self, who: Person) -> None:
        if self.hands[who.name]:
            with suppress(Overtaken):
                self.office.desk.queue.skip(who, self.hands[who.name].pop(0).token)

    @rule(who=people, record=st.sampled_from(RECORDS), field=st.sampled_from(sorted(values)))
    def on_the_form(self, who: Person, record: str, field: str) -> None:
        version = self.office.desk.forms.open(who, record).versions[field]
        self.office.desk.forms.correct(who, record, field, values[field], version)
        self.said[who.name].append(("correct", record, field))

    @rule(who=people, back=st.integers(0, 3))
    def undo(self, who: Person, back: int) -> None:
        mine = self.office.desk.queue.recent(who)
        if back >= len(mine):
            return
        chosen = mine[back]
        try:
            self.office.desk.queue.undo(who, chosen.number)
        except Overtaken:
            assert not chosen.undoable
        else:
            assert chosen.undoable
            self.said[who.name].append(("undo", chosen.record, chosen.field))

    @rule(who=people)
    def order_keying(self, who: Person) -> None:
        if who.may("order"):
            self.office.desk.keying.order(who, "form", Filter(field="name"), keyers=1)

    @rule(who=people)
    def key(self, who: Person) -> None:
        claim = self.office.desk.queue.claim(who, "key")
        if claim is None:
            return
        self.office.desk.queue.correct(who, claim.token, values[claim.item.field.id])
        place = claim.item.record.id, claim.item.field.id
        self.said[who.name] += [("key", *place), ("correct", *place)]

    @rule(minutes=st.sampled_from([1, 11]))
    def time_passes(self, minutes: int) -> None:
        self.office.clock.pass_(minutes=minutes)

    @rule()
    def crash(self) -> None:
        self.office.crash()

    @invariant()
    def the_record_is_the_fold_of_its_log(self) -> None:
        if not hasattr(self, "office"):
            return
        for record in RECORDS:
            log = self.office.store.decisions(record)
            assert self.office.store.record(record) == fold(self.first[record], log)

    @invariant()
    def no_decision_is_lost_and_none_is_made_up(self) -> None:
        if not hasattr(self, "office"):
            return
        logged: dict[str, list[tuple[str, str, str]]] = {person.name: [] for person in PEOPLE}
        for row in self.office.desk.log.rows(PEOPLE[0]):
            said = row.decision
            if said.action != "recheck":
                logged[said.by].append((said.action, said.record, said.field))
        assert logged == self.said

    @invariant()
    def nobody_holds_what_another_holds(self) -> None:
        if not hasattr(self, "office"):
            return
        held = [
            (claim.item.record.id, claim.item.field.id)
            for person in PEOPLE
            for claim in self.office.desk.queue.held(person)
            if claim.work == "review"
        ]
        assert len(held) == len(set(held))

    @invariant()
    def the_chain_is_whole(self) -> None:
        if hasattr(self, "office"):
            assert self.office.desk.log.verify(PEOPLE[0]).faults == ()


TestDesks = pytest.mark.slow(Desks.TestCase)
TestDesks.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
