"""What teaches the reader most comes first in a share of what the queue gives; all else stays."""

from __future__ import annotations

from scanform.review import Filter
from scanform.review.teaching import SETTING, TRIES, Teaching
from tests.unit.review.conftest import HOA, MAI, Office, answers

NAMES = Filter(field="name")


def office_with(office: Office, count: int, share: float, listed: tuple[str, ...]) -> Office:
    for at in range(1, count + 1):
        office.save(f"t{at}", answers(), at + 20)
    teach(office, share, listed)
    return office


def teach(office: Office, share: float, listed: tuple[str, ...], made: str = "one") -> None:
    found = Teaching(share, made, {("form", "name"): listed})
    office.desk.queue.room.store.set_setting(SETTING, found.as_json())
    office.clock.pass_(seconds=6)


def given(office: Office, count: int) -> list[str]:
    found = []
    for _ in range(count):
        claim = office.desk.queue.claim(HOA, only=NAMES)
        assert claim is not None
        found.append(claim.item.record.id)
        office.desk.queue.accept(HOA, claim.token)
    return found


def test_the_list_comes_in_its_order_then_the_rest(office: Office) -> None:
    office.chance = lambda: 0.0
    office_with(office, 4, 1.0, ("t3", "t2"))
    assert given(office, 4)[:2] == ["t3", "t2"]


def test_without_a_share_the_list_changes_nothing(office: Office) -> None:
    office.chance = lambda: 0.0
    usual = given(office_with(office, 4, 0.0, ("t3", "t2")), 2)
    assert "t3" not in usual


def test_only_a_share_of_what_is_given(office: Office) -> None:
    draws = iter([0.5, 0.5, 0.05, 0.05, 0.5, 0.5])  # each claim asks for seeds, then for this
    office.chance = lambda: next(draws)
    found = given(office_with(office, 4, 0.1, ("t4",)), 3)
    assert found[1] == "t4"
    assert found[0] != "t4"


def test_what_is_decided_held_or_gone_is_passed_over(office: Office) -> None:
    office.chance = lambda: 0.0
    office_with(office, 4, 1.0, ("no such record", "t2", "t3", "t4"))
    held = office.desk.queue.claim(MAI, only=NAMES)
    assert held is not None
    assert held.item.record.id == "t2"
    assert given(office, 2) == ["t3", "t4"]


def test_a_long_list_of_the_past_costs_no_more_than_a_few_looks_a_claim(office: Office) -> None:
    office.chance = lambda: 0.0
    gone = tuple(f"gone{at}" for at in range(TRIES))
    office_with(office, 4, 1.0, (*gone, "t4"))
    found = given(office, 2)
    assert found[0] != "t4"  # looked for in vain, and given what comes next
    assert found[1] == "t4"
    # A new list is looked through anew.
    teach(office, 1.0, ("t3",), "two")
    assert given(office, 1) == ["t3"]


def test_a_form_that_is_asked_for_by_name_is_given(office: Office) -> None:
    office.chance = lambda: 0.0
    office_with(office, 3, 1.0, ("t3",))
    claim = office.desk.queue.claim(HOA, only=Filter(field="name", record="t1"))
    assert claim is not None
    assert claim.item.record.id == "t1"


def test_what_a_store_kept_comes_back_and_nonsense_is_nothing() -> None:
    one = Teaching(0.1, "now", {("form", "name"): ("a", "b")})
    assert Teaching.from_json(one.as_json()) == one
    assert Teaching.from_json("x") == Teaching() == Teaching.from_json({})
