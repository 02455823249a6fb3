"""Keying and samples of an answer that somebody decides without them."""

from __future__ import annotations

import pytest

from scanform.errors import Overtaken
from scanform.model.record import TO_KEY
from scanform.review import Claim, Desk, Filter, Person, Work
from tests.unit.review.conftest import HOA, LAN, MAI

TU, HOA_C = Person("tu", "checker"), Person("hoa", "checker")
NAME = Filter(record="r1", field="name")


def claimed(desk: Desk, who: Person, work: Work) -> Claim:
    found = desk.queue.claim(who, work, only=Filter(record="r1"))
    assert found is not None
    return found


def decide(desk: Desk, who: Person, value: str) -> None:
    version = desk.review.item("r1", "name").version
    desk.forms.correct(who, "r1", "name", value, version)


def state(desk: Desk) -> tuple[str, str | None]:
    answer = desk.review.store.record("r1").answer("name")
    return answer.state, answer.value


def test_an_officer_s_decision_withdraws_what_is_open_of_keying(desk: Desk) -> None:
    desk.keying.order(LAN, "form", NAME)
    claim = claimed(desk, HOA, "key")
    decide(desk, LAN, "Trần Thị Bưởi")
    assert desk.queue.claim(MAI, "key") is None
    assert desk.queue.waits(MAI).key == 0
    with pytest.raises(Overtaken):
        desk.queue.correct(HOA, claim.token, "Nguyễn Văn Ấn")
    assert desk.queue.claim(HOA, "key") is None, "it isn't given to him again and again"
    assert state(desk) == ("corrected", "Trần Thị Bưởi")
    (order,) = desk.keying.all(LAN)
    assert (order.answers, order.done, order.differed) == (1, 1, 0)
    assert desk.figures.of(LAN).agreement == ()


def test_an_order_takes_the_answer_out_of_a_reviewer_s_hands(desk: Desk) -> None:
    claim = desk.queue.claim(HOA, only=NAME)
    assert claim is not None
    desk.keying.order(LAN, "form", NAME)
    assert desk.queue.claim(HOA, only=NAME) is None, "he would see what the machine read"
    with pytest.raises(Overtaken):
        desk.queue.accept(HOA, claim.token)
    assert desk.queue.waits(MAI).key == 2


def test_what_waits_for_its_paper_is_not_ordered(desk: Desk) -> None:
    claim = desk.queue.claim(HOA, only=NAME)
    assert claim is not None
    desk.queue.paper(HOA, claim.token, "mờ")
    assert desk.keying.order(LAN, "form", Filter(field="name")).answers == 2
    assert [(each.record, each.fields) for each in desk.queue.to_pull(LAN)] == [("r1", ("name",))]


def test_a_difference_that_an_officer_decides_needs_no_third(desk: Desk) -> None:
    desk.keying.order(LAN, "form", NAME)
    for who, text in ((HOA, "Nguyễn Văn An"), (MAI, "Nguyễn Văn Ân")):
        desk.queue.correct(who, claimed(desk, who, "key").token, text)
    assert desk.queue.waits(TU).settle == 1
    decide(desk, LAN, "Trần Thị Bưởi")
    assert desk.queue.waits(TU).settle == 0
    assert state(desk) == ("corrected", "Trần Thị Bưởi")


def test_who_takes_his_decision_back_asks_for_the_keying_again(desk: Desk) -> None:
    desk.keying.order(LAN, "form", NAME)
    desk.queue.correct(HOA, claimed(desk, HOA, "key").token, "Nguyễn Văn Ân")
    decide(desk, LAN, "Trần Thị Bưởi")
    desk.queue.undo(LAN)
    answer = desk.review.store.record("r1").answer("name")
    assert (answer.state, TO_KEY in answer.doubts) == ("pending", True)
    assert desk.queue.claim(HOA, "key") is None, "he has keyed it already"
    assert desk.queue.claim(HOA, only=NAME) is None, "it is keyed, not reviewed"
    desk.queue.correct(MAI, claimed(desk, MAI, "key").token, "Nguyễn Văn Ân")
    assert state(desk) == ("corrected", "Nguyễn Văn Ân")


def test_a_sample_goes_on_and_does_not_overrule(desk: Desk) -> None:
    """It measures what was accepted; what was mended since stays."""
    desk.sample.draw(LAN, 1.0, Filter(record="r1", field="sex"))
    desk.forms.correct(LAN, "r1", "sex", "Nữ", 0)
    desk.queue.blank(HOA_C, claimed(desk, HOA_C, "sample").token)
    desk.queue.blank(TU, claimed(desk, TU, "settle").token)
    assert desk.review.store.record("r1").answer("sex").value == "Nữ"
    whole = desk.sample.measured(LAN)[-1]
    assert (whole.sampled, whole.wrong) == (1, 1)
