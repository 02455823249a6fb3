"""Seeded checks: unmarked in the queue, apart from every record."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from scanform.model.record import Record
from scanform.review import Claim, Desk, Filter, Person
from scanform.store import open as opening
from scanform.store.open import DATABASE_NAME, open_store
from tests.unit.review.conftest import HOA, LAN, MAI, Office, answers, read

TU = Person("tu", "checker")
MADE = Record("made", "form", 1, "reh/1.jpg", "ef" * 32, 1, answers(name="Lê Văn Tám"), ())
TRUTH = {"name": "Lê Thị Tám", "birth": "1985-06-05", "sex": "Nam", "number": None}


@pytest.fixture
def seeded(office: Office) -> Office:
    """Two answers of a rehearsed form are doubted and known: its name and its birth date."""
    kept: list[str] = []
    laid = office.desk.seeds.from_rehearsed(
        LAN, [(MADE, TRUTH)], None, lambda form: kept.append(form.id)
    )
    assert (laid, kept) == (2, ["made"]), "a form's pages are stored once, whatever is asked of it"
    office.desk.seeds.set_share(LAN, 0.2)
    office.clock.pass_(seconds=6)
    office.chance = lambda: 0.0
    return office


def claimed(desk: Desk, who: Person = HOA, field: str = "name") -> Claim:
    found = desk.queue.claim(who, only=Filter(field=field))
    assert found is not None
    return found


def test_a_rehearsed_answer_comes_as_any_other(seeded: Office) -> None:
    claim = claimed(seeded.desk)
    assert (claim.work, claim.item.record.id, claim.blind) == ("review", "made", False)
    assert claim.item.answer == MADE.answer("name")
    assert [option.value for option in claim.options] == ["Lê Văn Tám", "Nguyễn Văn Ân"]
    assert seeded.desk.queue.get(HOA, claim.token).item.answer == claim.item.answer
    assert seeded.desk.queue.complete(HOA, claim.token, "x") == []
    _, warnings = seeded.desk.queue.check(HOA, claim.token, "Lê Thị Tám")
    assert warnings == ()
    seeded.desk.queue.note(HOA, claim.token, "nét mờ")
    assert seeded.desk.queue.get(HOA, claim.token).notes == ("nét mờ",)
    seeded.crash()
    assert claimed(seeded.desk).token == claim.token


def test_it_is_no_record_and_no_row_of_the_log(seeded: Office) -> None:
    store = seeded.store
    before = store.figures(), list(store.records()), store.unit_counts({"form": "unit"})
    for who, value in ((HOA, "Lê Thị Tám"), (MAI, "Lê Văn Tám")):
        seeded.desk.queue.correct(who, claimed(seeded.desk, who).token, value)
    after = store.figures(), list(store.records()), store.unit_counts({"form": "unit"})
    assert after == before
    assert list(seeded.desk.log.rows(LAN)) == []
    assert list(store.selected()) == before[1]
    assert seeded.desk.seeds.count(LAN) == (0, 2)


def test_people_are_measured_and_passing_on_is_no_error(seeded: Office) -> None:
    desk = seeded.desk
    desk.queue.correct(HOA, claimed(desk, HOA).token, "Lê Thị Tám")
    desk.queue.accept(MAI, claimed(desk, MAI).token)
    desk.queue.paper(TU, claimed(desk, TU).token)
    desk.queue.unreadable(TU, claimed(desk, TU, "birth").token)
    found = {
        (each.person, each.kind): (each.shown, each.wrong, each.left)
        for each in desk.seeds.measured(LAN)
    }
    assert found == {
        ("hoa", "text"): (1, 0, 0),
        ("mai", "text"): (1, 1, 0),
        ("tu", "text"): (0, 0, 1),
        ("tu", "date"): (0, 0, 1),
    }
    (mine,) = desk.queue.recent(MAI)
    assert (mine.label, mine.action) == ("Họ và tên", "accept")
    desk.queue.undo(MAI, mine.number)
    assert ("mai", "text") not in {(each.person, each.kind) for each in desk.seeds.measured(LAN)}


def test_nobody_has_the_same_check_twice(seeded: Office) -> None:
    desk = seeded.desk
    desk.queue.accept(HOA, claimed(desk).token)
    assert claimed(desk).item.record.id != "made"
    assert claimed(desk, MAI).item.record.id == "made"


def test_a_check_may_be_skipped_as_any_other(seeded: Office) -> None:
    desk = seeded.desk
    desk.queue.skip(HOA, claimed(desk).token)
    assert claimed(desk).item.record.id != "made"
    (measure,) = desk.seeds.measured(LAN)
    assert (measure.shown, measure.wrong, measure.left) == (0, 0, 1)
    assert desk.queue.recent(HOA) == []


def test_who_goes_on_form_by_form_after_a_check_gets_a_form(seeded: Office) -> None:
    desk = seeded.desk
    desk.queue.accept(HOA, claimed(desk).token)
    following = desk.queue.claim(HOA, order="by_form")
    assert following is not None
    assert following.item.record.id == "r1"


def test_the_same_rehearsal_is_laid_out_once(seeded: Office) -> None:
    again = seeded.desk.seeds.from_rehearsed(LAN, [(MADE, TRUTH)], None, lambda _: None)
    assert again == 0


def test_only_what_is_asked_for_is_laid_out(office: Office) -> None:
    other = replace(MADE, id="other")
    forms = [(MADE, TRUTH), (other, TRUTH)]
    kept: list[str] = []
    laid = office.desk.seeds.from_rehearsed(
        LAN, forms, 1, lambda form: kept.append(form.id), Filter(kind="date"), seed=3
    )
    assert laid == len(kept) == 1
    with sqlite3.connect(office.folder / DATABASE_NAME) as database:
        assert database.execute("SELECT field FROM seeds").fetchall() == [("birth",)]
        assert database.execute("SELECT id FROM rehearsed").fetchall() == [(kept[0],)]


def test_a_signature_that_is_not_there_may_be_called_blank(office: Office) -> None:
    from scanform.model.geometry import Box  # noqa: PLC0415
    from scanform.model.template import Field  # noqa: PLC0415
    from scanform.review.seeds import _plain  # noqa: PLC0415

    signed = Field("signed", "Chữ ký", "presence", 1, Box(0, 0, 10, 10))
    assert _plain(signed, "value", "absent") == _plain(signed, "blank", None)
    assert _plain(signed, "value", "present") != _plain(signed, "blank", None)


def test_seeds_of_an_older_workspace_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite makes the table anew to let a column be empty; what stood in it must be there."""
    from alembic import command  # noqa: PLC0415

    upgrade = command.upgrade
    monkeypatch.setattr(opening, "HEAD", "0005")
    monkeypatch.setattr(command, "upgrade", lambda config, _to: upgrade(config, "0005"))
    office = Office(tmp_path / "w")
    office.save("r1")
    office.store.close()
    with sqlite3.connect(tmp_path / "w" / DATABASE_NAME) as database:
        row = "1, 1, 'name', 'form', 'value', 'An', 'lan', '2018-10-01 08:00:00.000000'"
        database.execute(
            "INSERT INTO seeds (number, record, field, template, outcome, truth, by, at)"
            f" VALUES ({row})"
        )
        database.execute(
            "INSERT INTO seed_answers VALUES (7, 1, 'hoa', '2018-10-01 08:00:00.000000',"
            " 'accept', 'An', 1, 2.5, 0)"
        )
    monkeypatch.undo()
    with open_store(tmp_path / "w") as store:
        office.store = store
    office.open()
    (measure,) = office.desk.seeds.measured(LAN)
    assert (measure.person, measure.shown, measure.wrong) == ("hoa", 1, 0)
    assert office.desk.seeds.count(LAN) == (1, 0)
    office.store.close()


def test_what_was_read_of_a_rehearsed_form_comes_back_whole(office: Office) -> None:
    form = replace(MADE, answers=(replace(MADE.answers[0], reading=read("Lê", "Lé")),))
    number = office.desk.seeds.room.store.add_rehearsed(form)
    back = office.desk.seeds.room.store.rehearsed(number)
    assert back.answers == form.answers
