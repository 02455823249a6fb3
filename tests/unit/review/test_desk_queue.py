from __future__ import annotations

from dataclasses import replace

import pytest

from scanform.errors import NotAllowed, Overtaken, UsageError
from scanform.model.record import Answer, Doubt
from scanform.review import Claim, Desk, Filter, Person
from scanform.review.claims import Order
from scanform.review.showing import first
from tests.unit.review.conftest import HOA, LAN, MAI, Office, answers, read


def claimed(desk: Desk, who: Person = LAN, **asked: object) -> Claim:
    found = desk.queue.claim(who, **asked)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_unit_comes_first_then_what_is_required_one_field_in_a_row(desk: Desk) -> None:
    seen = []
    while (claim := desk.queue.claim(LAN)) is not None:
        seen.append((claim.item.field.id, claim.item.record.id))
        desk.queue.accept(LAN, claim.token)
    assert seen == [(field, f"r{n}") for field in ("unit", "birth", "name") for n in (1, 2, 3)]


def test_form_by_form_stays_in_a_form(desk: Desk) -> None:
    seen = []
    order: Order = "by_form"
    while (claim := desk.queue.claim(LAN, order=order)) is not None:
        seen.append((claim.item.record.id, claim.item.field.id))
        desk.queue.accept(LAN, claim.token)
    assert seen == [(f"r{n}", field) for n in (1, 2, 3) for field in ("name", "birth", "unit")]


def test_the_form_that_lacks_least_comes_first(office: Office) -> None:
    nearly = answers()[:1] + tuple(
        answer if answer.state == "accepted" else office.store.record("r1").answer("sex")
        for answer in answers()[2:3]
    )
    office.save("r9", nearly, page=9)
    assert claimed(office.desk, order="by_form").item.record.id == "r9"
    assert claimed(office.desk, HOA, only=Filter(field="name")).item.record.id == "r1"


def test_two_people_never_hold_the_same_answer(desk: Desk) -> None:
    people = [Person(f"p{number}") for number in range(12)]
    found = [desk.queue.claim(person) for person in people]
    held = [(claim.item.record.id, claim.item.field.id) for claim in found if claim is not None]
    assert len(held) == len(set(held)) == 9
    assert found[9:] == [None, None, None]


def test_form_by_form_two_people_have_two_forms(desk: Desk) -> None:
    first = claimed(desk, LAN, order="by_form")
    assert claimed(desk, HOA, order="by_form").item.record.id != first.item.record.id


def test_a_claim_survives_a_crash(office: Office) -> None:
    before = claimed(office.desk)
    office.crash()
    after = claimed(office.desk)
    assert (after.token, after.item) == (before.token, before.item)
    assert office.desk.queue.held(LAN) == [after]


def test_a_page_may_fetch_the_next_one_ahead(desk: Desk) -> None:
    first = claimed(desk)
    ahead = claimed(desk, holding=[first.token])
    assert ahead.token != first.token
    assert ahead.item.record.id != first.item.record.id


def test_a_claim_that_ran_out_is_good_until_somebody_takes_it(office: Office) -> None:
    first = claimed(office.desk)
    office.clock.pass_(minutes=11)
    assert office.desk.queue.accept(LAN, first.token).value == "Thạnh Hải"


def test_a_claim_that_ran_out_goes_to_the_next_and_the_late_one_is_told(office: Office) -> None:
    first = claimed(office.desk, LAN)
    office.clock.pass_(minutes=11)
    second = claimed(office.desk, HOA)
    assert second.item.record.id == first.item.record.id
    with pytest.raises(Overtaken):
        office.desk.queue.accept(LAN, first.token)
    assert office.store.decisions(first.item.record.id) == []
    office.desk.queue.accept(HOA, second.token)


def test_what_a_script_decides_overtakes_a_claim(desk: Desk) -> None:
    claim = claimed(desk)
    desk.review.correct(desk.review.item("r1", "unit"), "An Điền", "script")
    for call in (desk.queue.accept, desk.queue.get):
        with pytest.raises(Overtaken):
            call(LAN, claim.token)
    assert [each.by for each in desk.review.store.decisions("r1")] == ["script"]


def test_another_persons_claim_is_not_ones_own(desk: Desk) -> None:
    claim = claimed(desk, LAN)
    for call in (desk.queue.accept, desk.queue.skip, desk.queue.get):
        with pytest.raises(Overtaken):
            call(HOA, claim.token)
    desk.queue.release(HOA, claim.token)
    assert desk.queue.held(LAN) == [claim]


def test_what_is_released_goes_to_the_next(desk: Desk) -> None:
    claim = claimed(desk, LAN)
    desk.queue.release(LAN, claim.token)
    desk.queue.release(LAN, claim.token)
    assert claimed(desk, HOA).item.record.id == claim.item.record.id


def test_what_is_skipped_comes_last_for_that_person_alone(desk: Desk) -> None:
    first = claimed(desk, LAN, only=Filter(field="unit"))
    desk.queue.skip(LAN, first.token)
    assert claimed(desk, HOA, only=Filter(field="unit")).item.record.id == first.item.record.id
    desk.queue.release(HOA, desk.queue.held(HOA)[0].token)
    rest = []
    while (claim := desk.queue.claim(LAN, only=Filter(field="unit"))) is not None:
        rest.append(claim.item.record.id)
        desk.queue.accept(LAN, claim.token)
    assert rest == ["r2", "r3", "r1"]


def test_filters(desk: Desk) -> None:
    assert claimed(desk, only=Filter(kind="date")).item.field.id == "birth"
    assert claimed(desk, HOA, only=Filter(record="r3")).item.record.id == "r3"
    assert desk.queue.claim(MAI, only=Filter(template="other")) is None
    assert desk.queue.claim(MAI, only=Filter(field="sex")) is None


def test_what_one_key_offers(desk: Desk) -> None:
    claim = claimed(desk, only=Filter(field="name"))
    found = [(option.value, option.source) for option in claim.options]
    assert found == [("Nguyễn Văn Ấn", "read"), ("Nguyễn Văn Ân", "alternative")]
    assert claim.doubts == (Doubt("low_confidence"),)
    assert not claim.blind


def test_a_typed_value_that_breaks_a_rule_is_warned_about_and_taken(desk: Desk) -> None:
    claim = claimed(desk, only=Filter(field="birth"))
    value, warnings = desk.queue.check(LAN, claim.token, "5/6/1986")
    assert value == "1986-06-05"
    assert ("birth", "birth_year_disagrees") in {(each.field, each.doubt.code) for each in warnings}
    done = desk.queue.correct(LAN, claim.token, "5/6/1986")
    assert done.warnings == warnings
    assert desk.review.store.record("r1").answer("birth").value == "1986-06-05"


def test_what_cant_be_a_value_is_refused_and_stays_in_hand(desk: Desk) -> None:
    claim = claimed(desk, only=Filter(field="birth"))
    with pytest.raises(UsageError, match="birth"):
        desk.queue.correct(LAN, claim.token, "hôm qua")
    assert desk.queue.held(LAN) == [claim]


def test_what_depends_on_a_correction_is_looked_at_again(desk: Desk) -> None:
    claim = claimed(desk, only=Filter(field="birth"))
    done = desk.queue.correct(LAN, claim.token, "5/6/1986")
    assert done.reopened == ("number",)
    number = desk.review.store.record("r1").answer("number")
    assert (number.state, number.value) == ("pending", "083085000123")
    assert number.doubts == (Doubt("birth_year_disagrees", "birth"),)
    rows = desk.review.store.decisions("r1")
    assert [(row.by, row.action, row.field) for row in rows] == [
        ("lan", "correct", "birth"),
        ("rules", "recheck", "number"),
    ]
    desk.queue.undo(LAN)
    again = desk.review.store.record("r1").answer("number")
    assert (again.state, again.doubts) == ("accepted", ())


def test_a_doubt_that_a_correction_clears_waits_no_more(office: Office) -> None:
    office.save("woman", answers(sex="Nữ"), page=7)
    doubted = office.store.record("woman")
    assert doubted.answer("number").state == doubted.answer("sex").state == "pending"
    done = office.desk.forms.correct(LAN, "woman", "sex", "Nam", 0)
    assert done.cleared == ("number",)
    assert office.store.record("woman").answer("number").state == "accepted"


def test_what_a_person_decided_is_not_reopened(desk: Desk) -> None:
    desk.forms.accept(MAI, "r1", "number", 0)
    done = desk.forms.correct(LAN, "r1", "birth", "5/6/1986", 0)
    assert done.reopened == ()
    assert desk.review.store.record("r1").answer("number").state == "accepted"


def test_paper_leaves_the_queue_until_it_is_pulled(desk: Desk) -> None:
    claim = claimed(desk, HOA, only=Filter(field="unit"))
    desk.queue.paper(HOA, claim.token, "mờ")
    assert claimed(desk, LAN, only=Filter(field="unit")).item.record.id == "r2"
    found = desk.queue.to_pull(MAI)
    assert [(each.record, each.fields, each.why, each.by) for each in found] == [
        ("r1", ("unit",), ("mờ",), ("hoa",))
    ]
    assert desk.review.store.record("r1").answer("unit").state == "pending"
    assert desk.queue.waits(LAN).paper == 1
    desk.queue.pulled(MAI, "r1")
    assert desk.queue.to_pull(MAI) == []
    assert desk.queue.claim(MAI, only=Filter(field="unit", record="r1")) is not None


def test_notes_are_seen_by_the_next(desk: Desk) -> None:
    claim = claimed(desk, HOA, only=Filter(field="unit"))
    desk.queue.note(HOA, claim.token, "Chữ của ông trưởng ấp")
    desk.queue.release(HOA, claim.token)
    assert claimed(desk, LAN, only=Filter(field="unit")).notes == ("Chữ của ông trưởng ấp",)


def test_undo_an_hour_later(office: Office) -> None:
    before = office.store.record("r1").answers
    claim = claimed(office.desk)
    office.desk.queue.blank(LAN, claim.token)
    office.clock.pass_(minutes=60)
    (mine,) = office.desk.queue.recent(LAN)
    assert (mine.action, mine.label, mine.undoable) == ("blank", "Xã", True)
    assert office.desk.queue.undo(LAN, mine.number).record == "r1"
    assert office.store.record("r1").answers == before
    assert office.desk.queue.recent(LAN) == []
    with pytest.raises(UsageError):
        office.desk.queue.undo(LAN)
    assert claimed(office.desk).item.record.id == "r1"


def test_nobody_undoes_over_anothers_decision(desk: Desk) -> None:
    claim = claimed(desk, HOA)
    desk.queue.blank(HOA, claim.token)
    (mine,) = desk.queue.recent(HOA)
    view = desk.forms.open(MAI, "r1")
    desk.forms.correct(MAI, "r1", "unit", "An Điền", view.versions["unit"])
    assert not desk.queue.recent(HOA)[0].undoable
    with pytest.raises(Overtaken):
        desk.queue.undo(HOA, mine.number)
    with pytest.raises(UsageError):
        desk.queue.undo(LAN, mine.number)
    assert desk.review.store.record("r1").answer("unit").value == "An Điền"


def test_nobody_decides_on_a_form_over_what_he_hasnt_seen(desk: Desk) -> None:
    view = desk.forms.open(MAI, "r1")
    desk.forms.correct(LAN, "r1", "unit", "An Điền", view.versions["unit"])
    with pytest.raises(Overtaken):
        desk.forms.blank(MAI, "r1", "unit", view.versions["unit"])


def test_seconds_are_from_the_claim_or_the_last_decision(office: Office) -> None:
    first = claimed(office.desk)
    ahead = claimed(office.desk, holding=[first.token])
    office.clock.pass_(seconds=7)
    office.desk.queue.accept(LAN, first.token)
    office.clock.pass_(seconds=3)
    office.desk.queue.accept(LAN, ahead.token)
    took = [row.seconds for n in (1, 2) for row in office.store.decisions(f"r{n}")]
    assert took == [7.0, 3.0]
    (pace,) = office.desk.figures.of(LAN).paces
    assert (pace.decided, pace.corrected, pace.seconds, pace.per_hour) == (2, 0, 5.0, 720.0)


def test_a_clerk_sees_the_crop_in_hand_and_no_register(desk: Desk) -> None:
    claim = claimed(desk, HOA)
    assert desk.queue.picture(HOA, claim.token) == f"image {'cd' * 32} 16 66 68 16".encode()
    left, top, width, height = desk.queue.region(HOA, claim.token, "page")
    assert (left, top, width, height) == (20 / 210, 70 / 297, 60 / 210, 8 / 297)
    for call in (
        lambda: desk.forms.open(HOA, "r1"),
        lambda: desk.forms.find(HOA),
        lambda: desk.forms.page(HOA, "r1", 1),
        lambda: desk.queue.to_pull(HOA),
        lambda: desk.log.verify(HOA),
        lambda: desk.people.all(HOA),
        lambda: desk.keying.order(HOA, "form"),
        lambda: desk.sample.draw(HOA, 0.5),
        lambda: desk.seeds.share(HOA),
        lambda: desk.figures.of(HOA),
        lambda: desk.queue.claim(HOA, "sample"),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert desk.figures.of(HOA, "hoa").paces == ()


def test_the_log_says_which_ink_and_which_reader(desk: Desk) -> None:
    desk.queue.accept(LAN, claimed(desk).token)
    (row,) = desk.review.store.decisions("r1")
    assert (row.crop, row.template, row.readers, row.how) == (
        f"{'cd' * 32}#mm=20,70,60,8",
        "form@1",
        "canned 1",
        "review",
    )


def test_completion_ignores_marks(desk: Desk) -> None:
    claim = claimed(desk, only=Filter(field="unit"))
    found = desk.queue.complete(LAN, claim.token, "thanh ha")
    assert "Thạnh Hải" in found
    assert desk.queue.complete(LAN, claim.token, "") == []


def test_records_are_found_page_by_page(desk: Desk) -> None:
    assert [each.id for each in desk.forms.find(MAI, limit=2)] == ["r1", "r2"]
    assert [each.id for each in desk.forms.find(MAI, after="r2")] == ["r3"]
    assert desk.forms.find(MAI, status="complete") == []
    assert len(desk.forms.find(MAI, scan="BOX/", template="form")) == 3
    assert desk.forms.find(MAI, scan="%") == []


def test_an_alternative_that_a_list_nearly_has_is_offered_as_the_list_spells_it(
    office: Office,
) -> None:
    found = tuple(
        replace(answer, reading=read("Thạnh Hải", "Thoạnh Hải", "An Địên"))
        if answer.field == "unit"
        else answer
        for answer in answers()
    )
    office.save("r7", found, page=7)
    claim = claimed(office.desk, only=Filter(field="unit", record="r7"))
    assert [option.value for option in claim.options] == ["Thạnh Hải", "An Điền"]


def unlisted(text: str) -> tuple[Answer, ...]:
    """Answers of which the commune was read as what no list has."""
    place = Answer("unit", text, 0.3, "pending", (Doubt("not_in_list"),), read(text))
    return tuple(place if each.field == "unit" else each for each in answers())


def test_the_one_entry_that_is_like_what_was_read_comes_before_it(office: Office) -> None:
    office.save("r7", unlisted("Krông Buuk Xa"), page=7)
    claim = claimed(office.desk, only=Filter(field="unit", record="r7"))
    assert [(each.value, each.source) for each in claim.options] == [
        ("KRông Búk", "match"),
        ("Krông Buuk Xa", "read"),
    ]
    begun = first(claim)
    assert begun is not None
    assert begun.value == "KRông Búk"


def test_what_is_like_no_entry_or_like_several_is_offered_as_it_was_read(office: Office) -> None:
    for at, text in enumerate(("Qqqq Wwww", "An")):
        office.save(f"q{at}", unlisted(text), page=20 + at)
        claim = claimed(office.desk, Person(f"p{at}"), only=Filter(field="unit", record=f"q{at}"))
        assert [each.source for each in claim.options] == ["read"]
