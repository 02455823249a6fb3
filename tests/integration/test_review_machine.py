"""Whatever the order of accept, correct, undo, groups, keying, samples, seeded checks, paper,
expiry and crash: the record is the fold of its log, no decision is lost, nobody decides over
another, and nothing waits where nobody can get at it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from desk_world import KEYED, LAN, PEOPLE, RECORDS, SAMPLED, TYPED, Sampled, World, at, taken_back
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from scanform.errors import NoSuchRecord, Overtaken, UsageError
from scanform.model.record import TO_KEY
from scanform.review import Claim, Filter, Outcome, Person
from scanform.review.options import kept_of
from scanform.review.recheck import counting
from scanform.store import desk_hands

people = st.sampled_from(PEOPLE)
records = st.sampled_from(RECORDS)
which = st.integers(0, 1)
outcomes = st.sampled_from(["correct", "correct", "blank", "unreadable"])


class Machine(RuleBasedStateMachine):
    seeded = False
    """Whether seeded checks come as long as there are any."""

    @initialize()
    def begin(self) -> None:
        self.world = World()
        self.office = self.world.office
        self.office.chance = lambda: 0.0 if self.seeded else 1.0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.the_chain_is_whole()
            self.world.close()

    @invariant()
    def all_holds(self) -> None:
        if hasattr(self, "world"):
            self.world.record_is_the_fold_of_its_log()
            self.world.nothing_said_is_lost_or_made_up()
            self.world.nobody_holds_what_another_holds()
            self.world.nothing_waits_out_of_reach()

    def give(self, who: Person, work: str = "review", order: str = "by_field") -> None:
        """The next answer for somebody, beside what he has in hand."""
        holding = [each.token for each in self.world.hands[who.name]]
        claim = self.office.desk.queue.claim
        found = claim(who, work, order=order, holding=holding)  # type: ignore[arg-type]
        if found is not None:
            self.world.took(who, found)

    def in_hand(self, who: Person) -> bool:
        """Whether somebody holds something, now that he was given something if he didn't."""
        if not self.world.hands[who.name]:
            self.give(who)
        return bool(self.world.hands[who.name])


class UndoMoves(Machine):
    @rule(who=people, back=st.integers(0, 3), lot=st.booleans())
    def undo(self, who: Person, back: int, lot: bool) -> None:
        mine = self.office.desk.queue.recent(who, 1000)
        if back >= len(mine):
            return
        chosen = mine[back]
        whole = lot and bool(chosen.lot)
        wanted = [e for e in mine if e.lot == chosen.lot and e.undoable] if whole else [chosen]
        try:
            self.office.desk.queue.undo(who, f"lot:{chosen.lot}" if whole else chosen.number)
        except (Overtaken, UsageError):
            assert not any(each.undoable for each in wanted)
            return
        assert all(each.undoable for each in wanted)
        for each in wanted:
            if each.number.startswith("s"):
                checks = self.world.checks[who.name]
                place = [c[1:3] for c in checks].index((each.record, each.field))
                checks[place] = taken_back(checks[place])
            else:
                self.world.did(who, "undo", (each.record, each.field))

    @rule(minutes=st.sampled_from([5, 11]))
    def time_passes(self, minutes: int) -> None:
        self.office.clock.pass_(minutes=minutes)

    @rule()
    def crash(self) -> None:
        self.office.crash()


class QueueMoves(UndoMoves):
    @rule(
        who=people,
        order=st.sampled_from(["by_field", "by_form"]),
        seed=st.booleans(),
    )
    def claim(self, who: Person, order: str, seed: bool) -> None:
        """What he has in hand comes again. ``seed``: whether chance has a seeded check come, where
        there is one."""
        self.office.chance = lambda: 0.0 if seed or self.seeded else 1.0
        found = self.office.desk.queue.claim(who, order=order)  # type: ignore[arg-type]
        if found is not None:
            self.world.took(who, found)

    @rule(order=st.sampled_from(["by_field", "by_form"]), seed=st.booleans())
    def everybody_claims(self, order: str, seed: bool) -> None:
        self.office.chance = lambda: 0.0 if seed or self.seeded else 1.0
        for who in PEOPLE:
            self.give(who, order=order)

    @rule(who=people, what=st.sampled_from(["accept", "paper"]))
    def accept_or_ask_for_the_paper(self, who: Person, what: str) -> None:
        queue = self.office.desk.queue
        call = {"accept": queue.accept, "paper": queue.paper}[what]
        self.in_hand(who)
        self.world.say(who, what, lambda claim: call(who, claim.token))

    @rule(who=people, what=outcomes, one=which)
    def say_what_stands_there(self, who: Person, what: str, one: int) -> None:
        queue = self.office.desk.queue

        def call(claim: Claim) -> Outcome:
            if what == "correct":
                return queue.correct(who, claim.token, TYPED[claim.item.field.id][one])
            return {"blank": queue.blank, "unreadable": queue.unreadable}[what](who, claim.token)

        self.in_hand(who)
        self.world.say(who, what, call)

    @rule(who=people, what=st.sampled_from(["skip", "release"]))
    def pass_on(self, who: Person, what: str) -> None:
        if self.in_hand(who):
            claim, queue = self.world.hands[who.name].pop(0), self.office.desk.queue
            seed = self.world.is_seed(claim)
            with self.world.unchanged_if_refused():
                {"skip": queue.skip, "release": queue.release}[what](who, claim.token)
                if seed and what == "skip":
                    self.world.checks[who.name].append(("skip", *at(claim), False))

    @rule(who=people)
    def note(self, who: Person) -> None:
        if self.in_hand(who):
            claim = self.world.hands[who.name][0]
            seed = self.world.is_seed(claim)
            with self.world.unchanged_if_refused():
                self.office.desk.queue.note(who, claim.token, "nét mờ")
                if not seed:
                    self.world.did(who, "note", at(claim))

    @rule(who=people)
    def crash_while_a_decision_is_written(self, who: Person) -> None:
        """The rows are written, but not for good yet."""
        write = desk_hands.log.append_all

        def fail(*args: object) -> None:
            write(*args)  # type: ignore[arg-type]
            raise SystemError("the power is gone")

        if not self.in_hand(who) or self.world.is_seed(self.world.hands[who.name][0]):
            return
        token = self.world.hands[who.name][0].token
        before = {each: self.office.store.decisions(each) for each in RECORDS}
        with patch.object(desk_hands.log, "append_all", fail):
            try:
                self.office.desk.queue.blank(who, token)
            except (SystemError, Overtaken, UsageError):
                pass
            else:
                raise AssertionError("it was written")
        self.office.crash()
        assert {each: self.office.store.decisions(each) for each in RECORDS} == before


class PaperMoves(Machine):
    @rule(pick=st.integers(0, 2))
    def the_paper_lies_here(self, pick: int) -> None:
        if not self.world.papers:
            return
        record = sorted(self.world.papers)[pick % len(self.world.papers)][0]
        self.office.desk.queue.pulled(LAN, record)
        self.world.papers = {each for each in self.world.papers if each[0] != record}


class FormMoves(Machine):
    @rule(
        who=people,
        record=records,
        field=st.sampled_from(sorted(TYPED)),
        one=which,
        late=st.booleans(),
    )
    def on_the_form(self, who: Person, record: str, field: str, one: int, late: bool) -> None:
        """``late``: by a page that was opened before anybody decided anything."""
        seen = self.office.desk.forms.open(who, record).versions[field]
        version, text = (0 if late else seen), TYPED[field][one]
        try:
            self.office.desk.forms.correct(who, record, field, text, version)
        except Overtaken:
            assert version != seen
        else:
            assert version == seen, "over what he hadn't seen"
            self.world.did(who, "correct", (record, field))

    @rule(who=people, pick=st.integers(0, 5), one=which, back=st.booleans())
    def where_others_are_asked(self, who: Person, pick: int, one: int, back: bool) -> None:
        """An officer decides what is being keyed or sampled, and may take it back at once."""
        tasks = self.office.desk.queue.room.store.tasks()
        places = sorted({(each.record, each.field) for each in tasks if each.open})
        if not places:
            return
        record, field = places[pick % len(places)]
        self.on_the_form_as_it_is(who, record, field, one)
        if back:
            self.office.desk.queue.undo(who)
            self.world.did(who, "undo", (record, field))

    def on_the_form_as_it_is(self, who: Person, record: str, field: str, one: int) -> None:
        version = self.office.desk.forms.open(who, record).versions[field]
        self.office.desk.forms.correct(who, record, field, TYPED[field][one], version)
        self.world.did(who, "correct", (record, field))


class GroupMoves(Machine):
    @rule(who=people, pick=st.integers(0, 2))
    def sheet(self, who: Person, pick: int) -> None:
        self.take_a_sheet(who, pick)

    def take_a_sheet(self, who: Person, pick: int) -> None:
        groups = self.office.desk.groups.all(who, least=1)
        if not groups:
            return
        found = self.office.desk.groups.claim(who, groups[pick % len(groups)])
        if found is not None:
            places = [(each.record.id, each.field.id) for each in found.items]
            assert not self.world.papers & set(places)
            seen = {place: self.world.version(place) for place in places}
            self.world.sheets[who.name].append((found, seen))

    @rule(who=people, strike=st.sets(st.sampled_from(RECORDS), max_size=1))
    def accept_the_sheet(self, who: Person, strike: set[str]) -> None:
        """All that nobody else has had or decided since, but for what is struck out."""
        if not self.world.sheets[who.name]:
            self.take_a_sheet(who, 0)
        if not self.world.sheets[who.name]:
            return
        sheet, seen = self.world.sheets[who.name].pop(0)
        struck = [(record, sheet.group.field) for record in strike]
        held = self.office.desk.queue.room.store.claims(sheet.token)
        wanted = [
            (row.record, row.field)
            for row in held
            if row.record not in strike
            and seen[row.record, row.field] == self.world.version((row.record, row.field))
        ]
        with self.world.unchanged_if_refused():
            done = self.office.desk.groups.accept(who, sheet.token, struck)
            assert len(done) == len(wanted)
            for place in wanted:
                self.world.did(who, "accept", place)

    @rule(who=people)
    def leave_the_sheet(self, who: Person) -> None:
        if self.world.sheets[who.name]:
            self.office.desk.groups.release(who, self.world.sheets[who.name].pop(0)[0].token)


class KeyingMoves(Machine):
    @rule(field=st.sampled_from(KEYED), keyers=st.sampled_from([1, 2]))
    def order_keying(self, field: str, keyers: int) -> None:
        wanted = []
        for record in RECORDS:  # but what waits for its paper, or was ordered before
            place, doubts = (record, field), self.office.store.record(record).answer(field).doubts
            at_paper = place in self.world.papers and self.world.waits(place)
            if TO_KEY not in doubts and not at_paper:
                wanted.append(place)
        self.office.desk.keying.order(LAN, "form", Filter(field=field), keyers=keyers)
        for place in wanted:
            self.world.keyers[place] = keyers
            self.world.papers.discard(place)

    @rule(field=st.sampled_from(SAMPLED))
    def draw_a_sample(self, field: str) -> None:
        if field in {each for _, each in self.world.sampled}:
            return
        for record in RECORDS:
            answer = self.office.store.record(record).answer(field)
            if answer.state in ("accepted", "corrected", "blank"):
                log = counting(self.office.store.decisions(record))
                said = [each.by for each in log if each.field == field]
                entry = kept_of(answer), answer.value
                self.world.sampled[record, field] = Sampled(entry, said[-1] if said else "")
        self.office.desk.sample.draw(LAN, 1.0, Filter(field=field))

    @rule(work=st.sampled_from(["key", "settle", "sample"]), one=people)
    def claim_tasks(self, work: str, one: Person) -> None:
        """Everybody gets one, and one of them another."""
        for who in (*PEOPLE, one):
            self.give(who, work)

    @rule(work=st.sampled_from(["key", "settle", "sample"]), who=people, text=which)
    def do_tasks(self, work: str, who: Person, text: int) -> None:
        """Somebody does what he gets of it, one after another."""
        queue = self.office.desk.queue
        for _ in range(3):
            claim = queue.claim(who, work)  # type: ignore[arg-type]
            if claim is None:
                return
            self.world.took(who, claim)
            hands = self.world.hands[who.name]
            hands.insert(0, hands.pop([each.token for each in hands].index(claim.token)))
            self.world.say(
                who,
                "correct",
                lambda claim: queue.correct(who, claim.token, TYPED[claim.item.field.id][text]),
            )


class SeedMoves(Machine):
    @rule()
    def lay_out_what_two_confirmed(self) -> None:
        self.office.desk.seeds.from_confirmed(LAN, 1)

    @rule(who=people)
    def a_check_is_no_record(self, who: Person) -> None:
        for check in self.world.checks[who.name]:
            if check[1] not in RECORDS:
                with pytest.raises(NoSuchRecord):
                    self.office.desk.forms.open(who, check[1])


class Desks(QueueMoves, PaperMoves, FormMoves, GroupMoves, KeyingMoves, SeedMoves):
    """People at work, everything among everything."""


class Papers(QueueMoves, PaperMoves, GroupMoves):
    """Forms to pull, the queue and sheets of groups."""


class Keying(KeyingMoves, FormMoves, UndoMoves):
    """Keyers, samplers and thirds, and officers who decide without them."""


class Checked(QueueMoves, SeedMoves):
    """Seeded checks as long as there are any."""

    seeded = True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("machine", "examples"), [(Desks, 12), (Papers, 12), (Keying, 20), (Checked, 12)]
)
def test_whatever_people_do(machine: type[Machine], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
