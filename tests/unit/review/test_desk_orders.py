from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scanform.errors import NotAllowed, Overtaken, UsageError
from scanform.fields.policy import (
    DEFAULT_MAX_ERROR,
    EVERY_KIND,
    TIGHTENED,
    Bound,
    Bounds,
    Tightening,
    Tighter,
    bound_of,
)
from scanform.model.record import TO_KEY, Doubt
from scanform.review import Claim, Desk, Filter, Person
from scanform.review.claims import Work
from scanform.review.keying import chosen
from scanform.review.measure import Found, measured
from scanform.store.desk_interface import TaskRow
from tests.unit.review.conftest import FORM, HOA, LAN, MAI, Office, answers

TU = Person("tu", "checker")


def claimed(desk: Desk, who: Person, work: Work) -> Claim:
    found = desk.queue.claim(who, work)
    assert found is not None
    return found


def test_what_is_ordered_waits_until_it_is_keyed(desk: Desk) -> None:
    order = desk.keying.order(LAN, "form", Filter(field="sex"))
    assert (order.answers, order.done, order.keyers) == (3, 0, 2)
    answer = desk.review.store.record("r1").answer("sex")
    assert (answer.state, answer.doubts) == ("pending", (Doubt("to_key"),))
    assert desk.queue.claim(LAN, only=Filter(field="sex")) is None
    assert desk.queue.waits(HOA).key == 6


def test_keyers_are_blind_and_two_different_people(desk: Desk) -> None:
    desk.keying.order(LAN, "form", Filter(field="sex", record="r1"))
    first = claimed(desk, HOA, "key")
    assert first.blind
    assert first.options == ()
    assert first.item.answer.value is first.item.answer.reading is None
    assert first.item.record.answer("sex").value is None
    assert desk.queue.claim(HOA, "key", holding=[first.token]) is None
    with pytest.raises(UsageError):
        desk.queue.accept(HOA, first.token)
    desk.queue.correct(HOA, first.token, "nữ")
    assert desk.queue.claim(HOA, "key") is None
    assert claimed(desk, MAI, "key").item.record.id == "r1"


def test_two_who_agree_decide(desk: Desk) -> None:
    desk.keying.order(LAN, "form", Filter(field="sex", record="r1"))
    for who in (HOA, MAI):
        desk.queue.correct(who, claimed(desk, who, "key").token, "Nữ")
    answer = desk.review.store.record("r1").answer("sex")
    assert (answer.value, answer.state) == ("Nữ", "corrected")
    rows = desk.review.store.decisions("r1")
    said = [(row.by, row.action, row.value) for row in rows if row.by != "rules"]
    assert said == [
        ("lan", "recheck", "Nam"),
        ("hoa", "key", "Nữ"),
        ("mai", "key", "Nữ"),
        ("mai", "correct", "Nữ"),
    ]
    assert desk.review.store.record("r1").answer("number").state == "pending"
    (order,) = desk.keying.all(LAN)
    assert (order.done, order.differed) == (1, 0)
    (agreement,) = desk.figures.of(LAN).agreement
    assert (agreement.kind, agreement.pairs, agreement.agreed) == ("choice", 1, 1)


def test_a_difference_goes_to_a_third(desk: Desk) -> None:
    desk.keying.order(LAN, "form", Filter(field="name", record="r1"))
    desk.queue.correct(HOA, claimed(desk, HOA, "key").token, "Nguyễn Văn Ân")
    desk.queue.blank(MAI, claimed(desk, MAI, "key").token)
    assert desk.review.store.record("r1").answer("name").state == "pending"
    with pytest.raises(NotAllowed):
        desk.queue.claim(HOA, "settle")
    assert desk.queue.claim(MAI, "settle") is None
    third = claimed(desk, TU, "settle")
    assert [(each.value, each.outcome) for each in third.options] == [
        ("Nguyễn Văn Ân", "value"),
        (None, "blank"),
    ]
    assert third.item.answer.value is None
    desk.queue.correct(TU, third.token, "Nguyễn Văn Ấn")
    assert desk.review.store.record("r1").answer("name").value == "Nguyễn Văn Ấn"
    (order,) = desk.keying.all(LAN)
    assert (order.done, order.differed) == (1, 1)


def test_what_the_template_has_keyed_twice_comes_with_its_tasks(office: Office) -> None:
    """In the same transaction as the record: there is no moment at which it would count unkeyed."""
    found = tuple(
        replace(answer, state="pending", doubts=(TO_KEY, *answer.doubts))
        if answer.field == "sex"
        else answer
        for answer in answers(sex="Nữ")
    )
    for number in (7, 8):
        office.save(f"r{number}", found, page=number)
        office.save(f"r{number}", found, page=number)
    desk = office.desk
    (order,) = desk.keying.all(LAN)
    assert (order.by, order.template, order.keyers) == ("template", "form", 2)
    assert (order.answers, order.done) == (2, 0)
    assert desk.queue.claim(LAN, only=Filter(field="sex")) is None
    for who in (HOA, MAI):
        claim = claimed(desk, who, "key")
        assert claim.item.answer.value is claim.item.answer.reading is None
        desk.queue.correct(who, claim.token, "Nam")
    answer = office.store.record("r7").answer("sex")
    assert (answer.value, answer.state) == ("Nam", "corrected")
    with pytest.raises(UsageError):
        desk.people.add(LAN, "template", "clerk", None)


def test_one_keys_from_the_image(desk: Desk) -> None:
    desk.keying.order(LAN, "form", Filter(field="name"), keyers=1)
    for _ in range(3):
        desk.queue.unreadable(HOA, claimed(desk, HOA, "key").token)
    assert desk.queue.claim(HOA, "key") is None
    states = [desk.review.store.record(f"r{n}").answer("name").state for n in (1, 2, 3)]
    assert states == ["unreadable"] * 3


def test_a_task_whose_claim_ran_out_is_done_once(office: Office) -> None:
    desk = office.desk
    desk.keying.order(LAN, "form", Filter(field="name", record="r1"), keyers=1)
    late = claimed(desk, HOA, "key")
    office.clock.pass_(minutes=11)
    desk.queue.correct(MAI, claimed(desk, MAI, "key").token, "An")
    with pytest.raises(Overtaken):
        desk.queue.correct(HOA, late.token, "Ân")
    assert office.store.record("r1").answer("name").value == "An"


def test_a_draw_is_the_same_for_the_same_seed_and_about_its_share() -> None:
    drawn = [chosen(1, 0.2, f"r{n}", "name") for n in range(5000)]
    assert drawn == [chosen(1, 0.2, f"r{n}", "name") for n in range(5000)]
    assert drawn != [chosen(2, 0.2, f"r{n}", "name") for n in range(5000)]
    assert 900 < sum(drawn) < 1100


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_a_share_is_a_share(desk: Desk, share: float) -> None:
    with pytest.raises(UsageError):
        desk.keying.order(LAN, "form", share=share)
    with pytest.raises(UsageError):
        desk.sample.draw(LAN, share)


def test_a_sample_measures_and_mends(desk: Desk) -> None:
    sample = desk.sample.draw(LAN, 1.0, Filter(field="sex"))
    assert (sample.answers, sample.done) == (3, 0)
    first = claimed(desk, MAI, "sample")
    assert first.blind
    desk.queue.correct(MAI, first.token, "Nam")
    desk.queue.correct(MAI, claimed(desk, MAI, "sample").token, "Nữ")
    desk.queue.correct(MAI, claimed(desk, MAI, "sample").token, "Nữ")
    assert desk.queue.claim(MAI, "settle") is None
    (judged, _) = desk.sample.measured(LAN)
    assert (judged.sampled, judged.wrong) == (1, 0)
    third = claimed(desk, TU, "settle")
    assert [each.value for each in third.options] == ["Nam", "Nữ"]
    desk.queue.correct(TU, third.token, "Nữ")
    desk.queue.correct(TU, claimed(desk, TU, "settle").token, "Nam")
    kind, everything = desk.sample.measured(LAN, bound=0.005)
    assert (kind.kind, everything.kind) == ("choice", "all")
    assert (kind.sampled, kind.wrong) == (everything.sampled, everything.wrong) == (3, 1)
    assert kind.low < 1 / 3 < kind.high
    assert kind.broken
    assert desk.review.store.record("r2").answer("sex").value == "Nữ"
    assert desk.review.store.record("r3").answer("sex").value == "Nam"
    assert desk.sample.all(LAN)[0].done == 3


def test_a_broken_bound_is_told_and_tightened_on_request(desk: Desk) -> None:
    desk.sample.draw(LAN, 1.0, Filter(field="sex"))
    assert desk.sample.broken() == []
    for typed in ("Nữ", "Nữ", "Nữ"):
        desk.queue.correct(MAI, claimed(desk, MAI, "sample").token, typed)
        desk.queue.correct(TU, claimed(desk, TU, "settle").token, typed)
    (kind, everything) = desk.sample.broken()
    assert (kind.kind, kind.unseen, kind.unseen_wrong) == ("choice", 3, 3)
    assert everything.bound == pytest.approx(DEFAULT_MAX_ERROR)
    assert [each.kind for each in desk.sample.by_batch(LAN)] == ["", "all"]

    factors = desk.sample.tighten(LAN)
    # They were said to be wrong once in a hundred thousand times, and all of them were.
    assert factors == {("form", "choice"): pytest.approx(1e5, rel=0.01)}
    kept = Tightening.from_json(desk.sample.room.store.setting(TIGHTENED)).applied(Bounds())
    choice, name = (kept["form"].factor(kind) for kind in ("choice", "text"))
    assert (choice, name) == (pytest.approx(1e5, rel=0.01), 1.0)
    assert bound_of(FORM.field("sex"), kept["form"]) == pytest.approx(
        DEFAULT_MAX_ERROR / 1e5, rel=0.01
    )
    assert bound_of(FORM.field("name"), kept["form"]) == DEFAULT_MAX_ERROR
    assert bound_of(FORM.field("sex"), kept["another"]) == DEFAULT_MAX_ERROR
    # What was drawn before says nothing of what is accepted from now on.
    assert desk.sample.broken() == []
    assert desk.sample.tighten(LAN) == {}


def test_a_threshold_that_was_tightened_in_vain_is_tightened_further(office: Office) -> None:
    desk, factors = office.desk, []
    for _ in range(2):
        office.clock.pass_(minutes=1)
        desk.sample.draw(LAN, 1.0, Filter(field="sex"))
        for _ in range(3):
            desk.queue.correct(MAI, claimed(desk, MAI, "sample").token, "Nữ")
            desk.queue.correct(TU, claimed(desk, TU, "settle").token, "Nữ")
        factors.append(desk.sample.tighten(LAN)["form", "choice"])
        for number in (1, 2, 3):  # the machine's answers once more, as if others had come in
            for row in office.store.decisions(f"r{number}"):
                if row.action == "correct" and row.by == "tu":
                    with suppress(Overtaken, UsageError):
                        desk.queue.undo(TU, str(row.seq))
    assert factors[1] > 2 * factors[0]


def test_what_no_kind_proves_alone_tightens_every_kind(desk: Desk) -> None:
    """One wrong answer of each of two kinds may be chance; together they are not."""
    found = [
        Found(_task(kind, number), FORM.field(kind), number > 0, True, 0.005)
        for kind in ("sex", "number")
        for number in range(6)
    ]
    assert [each.broken for each in measured(found, lambda each: each.field.kind)] == [
        False,
        False,
        True,
    ]


def test_a_tightening_is_kept_and_an_old_one_understood() -> None:
    at = datetime(2018, 10, 1, tzinfo=UTC)
    kept = Tightening({("form", "date"): Tighter(3.0, at), ("form", EVERY_KIND): Tighter(2.0, at)})
    assert Tightening.from_json(kept.as_json()) == kept
    assert kept.since("form", "text") == at
    assert kept.since("other", "text") is None
    bounds = kept.applied(Bounds(0.01))
    assert [bounds["form"].factor(kind) for kind in ("date", "text")] == [3.0, 2.0]
    assert bounds.changed(0.02)["form"] == Bound(0.02, {"date": 3.0, EVERY_KIND: 2.0})
    old = {"factors": {"form": 4.0}, "at": at.isoformat()}
    assert Tightening.from_json(old).applied(Bounds())["form"].factor("text") == 4.0
    assert Tightening.from_json(None) == Tightening()


def _task(field: str, number: int) -> TaskRow:
    return TaskRow(number, 1, "sample", f"r{number}", field, "form", False)


def test_the_bound_speaks_of_what_nobody_looked_at(desk: Desk) -> None:
    for record in ("r1", "r2", "r3"):
        version = desk.forms.open(LAN, record).versions["name"]
        desk.forms.correct(LAN, record, "name", "Sai Hết", version)
    desk.sample.draw(LAN, 1.0, Filter(field="name"))
    for _ in range(3):
        desk.queue.correct(MAI, claimed(desk, MAI, "sample").token, "Nguyễn Văn Ấn")
        desk.queue.correct(TU, claimed(desk, TU, "settle").token, "Nguyễn Văn Ấn")
    everything = desk.sample.measured(LAN)[-1]
    assert (everything.sampled, everything.wrong) == (3, 3)
    assert everything.unseen == 0
    assert not everything.broken
    assert desk.sample.tighten(LAN) == {}


def test_nobody_samples_his_own_work(desk: Desk) -> None:
    desk.forms.accept(MAI, "r1", "name", 0)
    desk.sample.draw(LAN, 1.0, Filter(field="name"))
    assert desk.queue.claim(MAI, "sample") is None
    assert claimed(desk, TU, "sample").item.record.id == "r1"


def test_seeded_checks_look_like_the_queue_and_change_nothing(office: Office) -> None:
    desk = office.desk
    desk.forms.correct(HOA_MAY, "r1", "name", "Nguyễn Văn Ân", 0)
    view = desk.forms.open(MAI, "r1")
    desk.forms.accept(MAI, "r1", "name", view.versions["name"])
    assert desk.seeds.from_confirmed(LAN, 10) == 1
    desk.seeds.set_share(LAN, 0.2)
    office.clock.pass_(seconds=5)
    office.chance = lambda: 0.0
    before = office.store.record("r1"), office.store.decisions("r1")
    seeded = desk.queue.claim(TU, only=Filter(field="name"))
    assert seeded is not None
    assert (seeded.work, seeded.item.record.id) == ("review", "r1")
    assert seeded.item.answer == answers()[0]
    desk.queue.accept(TU, seeded.token)
    ordinary = desk.queue.claim(TU, only=Filter(field="name"))
    assert ordinary is not None
    assert ordinary.item.record.id == "r2"
    assert (office.store.record("r1"), office.store.decisions("r1")) == before
    (measure,) = desk.seeds.measured(LAN)
    assert (measure.person, measure.kind, measure.shown, measure.wrong) == ("tu", "text", 1, 1)
    assert [mine.field for mine in desk.queue.recent(TU)] == ["name"]
    desk.queue.undo(TU)
    assert desk.seeds.measured(LAN) == []


HOA_MAY = replace(HOA, role="checker")


def test_seeds_are_few(desk: Desk) -> None:
    with pytest.raises(UsageError):
        desk.seeds.set_share(LAN, 0.5)


def test_a_group_is_accepted_but_for_what_is_struck_out(office: Office) -> None:
    for number in (4, 5, 6):
        office.save(f"r{number}", answers(unit="An Điền"), page=number)
    desk = office.desk
    groups = desk.groups.all(HOA, Filter(field="unit"), least=2)
    assert {(group.value, group.count) for group in groups} == {("Thạnh Hải", 3), ("An Điền", 3)}
    group = next(each for each in groups if each.value == "An Điền")
    sheet = desk.groups.claim(HOA, group)
    assert sheet is not None
    assert [item.record.id for item in sheet.items] == ["r4", "r5", "r6"]
    assert desk.groups.claim(MAI, group) is None
    with pytest.raises(Overtaken):
        desk.groups.accept(MAI, sheet.token)
    assert desk.queue.held(HOA) == []
    done = desk.groups.accept(HOA, sheet.token, {("r5", "unit")})
    assert len(done) == 2
    states = [office.store.record(f"r{n}").answer("unit").state for n in (4, 5, 6)]
    assert states == ["accepted", "pending", "accepted"]
    rows = [row for n in (4, 6) for row in office.store.decisions(f"r{n}")]
    assert {(row.by, row.action, row.how, row.lot) for row in rows} == {
        ("hoa", "accept", "group", sheet.token)
    }
    again = desk.groups.claim(MAI, group)
    assert again is not None
    assert [item.record.id for item in again.items] == ["r5"]
    desk.queue.undo(HOA, f"lot:{sheet.token}")
    assert office.store.record("r4").answer("unit").state == "pending"
    assert office.store.record("r6").answer("unit").state == "pending"
