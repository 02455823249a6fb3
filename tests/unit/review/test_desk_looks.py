"""Who saw what: a look that leads to no decision is in the log as well."""

from __future__ import annotations

import pytest

from scanform.errors import StoreError
from scanform.review import Filter
from scanform.review.groups import Group
from scanform.store.desk import SqlDesk
from scanform.store.looks import accesses
from tests.unit.review.conftest import HOA, LAN, MAI, Office


def looks(office: Office, record: str) -> list[tuple[str, str, str]]:
    return [(each.by, each.what, each.how) for each in accesses(office.store, record)]


def test_a_form_that_is_opened_is_noted_once(office: Office) -> None:
    for _ in range(3):
        office.desk.forms.open(MAI, "r1")
        office.desk.forms.page(MAI, "r1", 1)
        office.desk.forms.picture(MAI, "r1", "name")
    assert looks(office, "r1") == [("mai", "show", "form")]
    assert looks(office, "r2") == []


def test_a_crop_is_noted_when_it_is_shown_whatever_becomes_of_it(office: Office) -> None:
    claim = office.desk.queue.claim(HOA, only=Filter(record="r1"))
    assert claim is not None
    assert looks(office, "r1") == [], "nothing was shown yet"
    for _ in range(3):
        office.desk.queue.picture(HOA, claim.token)
        office.desk.queue.picture(HOA, claim.token, "row")
    assert looks(office, "r1") == [("hoa", "show", "review")]
    office.clock.pass_(minutes=30)
    office.crash()  # the window is closed, and never comes back
    assert looks(office, "r1") == [("hoa", "show", "review")]


def test_one_look_is_noted_for_each_claim(office: Office) -> None:
    claim = office.desk.queue.claim(HOA, only=Filter(record="r1"))
    assert claim is not None
    office.desk.queue.picture(HOA, claim.token)
    office.clock.pass_(minutes=9)
    office.desk.queue.get(HOA, claim.token)
    office.clock.pass_(minutes=9)
    office.desk.queue.picture(HOA, claim.token)
    assert looks(office, "r1") == [("hoa", "show", "review")]
    office.desk.queue.accept(HOA, claim.token)
    assert looks(office, "r1")[1:] == [("hoa", "accept", "review")]


def test_blind_work_is_a_look_as_any_other(office: Office) -> None:
    office.desk.keying.order(LAN, "form", Filter(record="r2", field="name"))
    claim = office.desk.queue.claim(HOA, "key")
    assert claim is not None
    office.desk.queue.picture(HOA, claim.token)
    assert ("hoa", "show", "key") in looks(office, "r2")


def test_a_crop_that_can_not_be_noted_is_not_shown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = office.desk.queue.claim(HOA)
    assert claim is not None

    def full(*_: object) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(SqlDesk, "note_looks", full)
    for _ in range(2):
        with pytest.raises(StoreError):
            office.desk.queue.picture(HOA, claim.token)


def test_a_confirmed_answer_shown_as_a_check_is_a_look_at_its_record(office: Office) -> None:
    for who in (LAN, MAI):
        office.desk.forms.correct(who, "r1", "name", "Trần Thị Bưởi", version(office, "r1"))
    assert office.desk.seeds.from_confirmed(LAN, 1) == 1
    office.desk.seeds.set_share(LAN, 0.2)
    office.clock.pass_(seconds=6)
    office.chance = lambda: 0.0
    claim = office.desk.queue.claim(HOA, only=Filter(field="name"))
    assert claim is not None
    assert claim.item.record.id == "r1"
    office.desk.queue.picture(HOA, claim.token)
    assert looks(office, "r1")[-1] == ("hoa", "show", "review")


def version(office: Office, record: str) -> int:
    return office.desk.review.item(record, "name").version


def test_the_whole_page_and_what_is_skipped_are_noted(office: Office) -> None:
    claim = office.desk.queue.claim(HOA, only=Filter(record="r1"))
    assert claim is not None
    office.desk.queue.picture(HOA, claim.token, "page")
    office.desk.queue.skip(HOA, claim.token)
    assert looks(office, "r1") == [("hoa", "show", "page"), ("hoa", "show", "review")]


def test_a_sheet_is_noted_when_it_is_handed_out(office: Office) -> None:
    desk = office.desk
    group = Group("form", "unit", "Xã", "place", "Thạnh Hải", 3)
    sheet = desk.groups.claim(HOA, group)
    assert sheet is not None
    assert [looks(office, each) for each in ("r1", "r2", "r3")] == [
        [("hoa", "show", "group")] for _ in range(3)
    ]
    desk.groups.accept(HOA, sheet.token, {("r2", "unit")})
    assert looks(office, "r2") == [("hoa", "show", "group")]
    assert looks(office, "r1")[1:] == [("hoa", "accept", "group")]
