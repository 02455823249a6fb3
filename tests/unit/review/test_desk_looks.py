"""Who saw what: a look that leads to no decision is in the log as well."""

from __future__ import annotations

from scanform.review import Filter
from scanform.review.groups import Group
from scanform.store.looks import accesses
from tests.unit.review.conftest import HOA, MAI, Office


def looks(office: Office, record: str) -> list[tuple[str, str, str]]:
    return [(each.by, each.what, each.how) for each in accesses(office.store, record)]


def test_a_form_that_is_opened_is_noted_once(office: Office) -> None:
    for _ in range(3):
        office.desk.forms.open(MAI, "r1")
        office.desk.forms.page(MAI, "r1", 1)
        office.desk.forms.picture(MAI, "r1", "name")
    assert looks(office, "r1") == [("mai", "show", "form")]
    assert looks(office, "r2") == []


def test_the_whole_page_and_what_is_skipped_are_noted(office: Office) -> None:
    claim = office.desk.queue.claim(HOA, only=Filter(record="r1"))
    assert claim is not None
    office.desk.queue.picture(HOA, claim.token)
    assert looks(office, "r1") == []
    office.desk.queue.picture(HOA, claim.token, "page")
    office.desk.queue.skip(HOA, claim.token)
    assert looks(office, "r1") == [("hoa", "show", "page"), ("hoa", "show", "review")]


def test_crops_of_a_sheet_that_are_struck_out_or_left_are_noted(office: Office) -> None:
    desk = office.desk
    group = Group("form", "unit", "Xã", "place", "Thạnh Hải", 3)
    sheet = desk.groups.claim(HOA, group)
    assert sheet is not None
    desk.groups.accept(HOA, sheet.token, {("r2", "unit")})
    assert looks(office, "r2") == [("hoa", "show", "group")]
    assert looks(office, "r1") == [("hoa", "accept", "group")]
    again = desk.groups.claim(MAI, group)
    assert again is not None
    desk.groups.release(MAI, again.token)
    assert looks(office, "r2")[-1] == ("mai", "show", "group")
