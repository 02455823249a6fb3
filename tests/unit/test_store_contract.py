"""What every store keeps, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scanform.errors import NoSuchField, NoSuchRecord, Overtaken, StoreError
from scanform.model.reading import Alternative, CellReading, Reading
from scanform.model.record import Answer, Decision, Doubt, Record, SheetRef
from scanform.model.scan import Rejected, ScanFile
from scanform.store.interface import PageRow, Selection, Store, UnitCount
from scanform.store.open import open_store
from scanform.testing import MemoryStore

T0 = datetime(2018, 10, 1, 8, 0, tzinfo=UTC)
READING = Reading(
    outcome="read",
    text="Thạnh Hải",
    score=0.123456789012345,
    reader="tesseract 5.3.0",
    alternatives=(Alternative("Thanh Hải", 0.1),),
    cells=(CellReading("1", 0.9, (Alternative("7", 0.1),)), CellReading("", 1.0)),
    measures={"ink": 0.25, "dark": 1e-9},
)
SHA = "ab" * 32


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    def clock() -> datetime:
        return T0

    made: Store
    if request.param == "memory":
        made = MemoryStore(clock)
    else:
        url = request.getfixturevalue("new_postgresql")() if request.param != "sqlite" else None
        made = open_store(tmp_path / "w", url, clock=clock)
    yield made
    made.close()


def scan(path: str = "box/a.pdf", sha256: str = SHA) -> ScanFile:
    return ScanFile(Path(path), sha256, 1000)


def form(number: int = 1, sha256: str = SHA) -> PageRow:
    return PageRow(sha256, number, "form", "cd" * 32)


def failed(number: int = 1, reason: str = "misaligned", sha256: str = SHA) -> PageRow:
    rejected = Rejected(Path("box/a.pdf"), sha256, number, reason, {"detail": "6 mm"})
    return PageRow(sha256, number, "rejected", "", rejected)


def a_record(
    record_id: str = "r1",
    *,
    unit: str | None = "Thạnh Hải",
    path: str = "box/a.pdf",
    page: int = 1,
    template: str = "dc01",
    sha256: str = SHA,
    created_at: datetime | None = T0,
) -> Record:
    doubts = (Doubt("low_confidence"), Doubt("place_disagrees", "district"))
    return Record(
        id=record_id,
        template=template,
        revision=2,
        scan_path=path,
        scan_sha256=sha256,
        scan_page=page,
        answers=(
            Answer("name", "Nguyễn Văn Ấn", 0.5, "pending", doubts, READING),
            Answer("commune", unit, 1.0, "accepted" if unit else "blank"),
            Answer("birth", None, 0.2, "pending", (Doubt("unreadable"),)),
        ),
        sheets=(SheetRef(1, page, "cd" * 32), SheetRef(2, page + 1, "ef" * 32)),
        created_at=created_at,
    )


def save_some(store: Store, *saved: Record) -> None:
    for each in saved:
        store.open_scan(scan(each.scan_path, each.scan_sha256))
        store.save([form(each.scan_page, each.scan_sha256)], each)


def test_a_record_comes_back_as_it_was_saved(store: Store) -> None:
    save_some(store, a_record())
    assert store.record("r1") == a_record()
    assert list(store.records()) == [a_record()]


def test_a_record_without_a_time_gets_the_clocks(store: Store) -> None:
    save_some(store, a_record(created_at=None))
    assert store.record("r1") == a_record(created_at=T0)


def test_another_time_zone_is_the_same_moment(store: Store) -> None:
    hanoi = T0.astimezone(tz=datetime.strptime("+0700", "%z").tzinfo)
    save_some(store, a_record(created_at=hanoi))
    assert store.record("r1").created_at == T0


def test_saving_again_adds_nothing(store: Store) -> None:
    store.open_scan(scan())
    assert store.save([form()], a_record()) is True
    before = store.figures()
    assert store.save([form()], a_record(unit="An Điền")) is False
    assert store.figures() == before
    assert store.record("r1") == a_record()


def test_saving_a_page_alone_makes_no_record(store: Store) -> None:
    store.open_scan(scan())
    assert store.save([form()]) is False
    assert store.page_rows(SHA) == [form()]


def test_nothing_is_saved_of_a_scan_that_was_not_opened(store: Store) -> None:
    with pytest.raises(StoreError):
        store.save([form()], a_record())
    assert list(store.records()) == []
    assert store.page_rows(SHA) == []


def test_a_scan_is_new_then_unfinished_then_finished(store: Store) -> None:
    assert store.open_scan(scan()) == "new"
    assert store.open_scan(scan()) == "unfinished"
    store.finish_scan(SHA)
    assert store.open_scan(scan()) == "finished"
    assert store.figures().duplicates == 0


def test_the_same_scan_under_another_name_is_a_duplicate(store: Store) -> None:
    store.open_scan(scan("box/a.pdf"))
    store.finish_scan(SHA)
    for _ in range(2):
        assert store.open_scan(scan("box/copy of a.pdf")) == "finished"
    assert store.figures().duplicates == 1
    assert store.figures().scans_digitised == 1


def test_a_rejected_page_may_become_a_form_but_never_the_reverse(store: Store) -> None:
    store.open_scan(scan())
    store.save([failed(1), PageRow(SHA, 2, "blank"), form(3)])
    assert [(each.page, each.reason) for each in store.rejected()] == [(1, "misaligned")]
    store.save([form(1), failed(2), failed(3)], a_record())
    assert [row.outcome for row in store.page_rows(SHA)] == ["form", "blank", "form"]
    assert store.rejected() == []


def test_a_page_rejected_again_has_the_newer_reason(store: Store) -> None:
    store.open_scan(scan())
    store.save([failed(1, "page_timeout")])
    store.save([failed(1, "unknown_form")])
    assert store.rejected() == [failed(1, "unknown_form").rejected]
    assert store.page_rows(SHA) == [failed(1, "unknown_form")]


def test_a_rejected_scan_that_is_taken_later_is_rejected_no_more(store: Store) -> None:
    rejected = Rejected(Path("box/a.pdf"), SHA, None, "encrypted", {"detail": "x"})
    store.open_scan(scan())
    store.reject_scan(rejected)
    assert store.rejected() == [rejected]
    assert store.figures().scans_rejected == 1
    assert store.open_scan(scan()) == "new"
    store.save([form()], a_record())
    assert store.rejected() == []
    assert store.figures().scans_unfinished == 1


def test_a_scan_may_be_rejected_before_it_was_opened(store: Store) -> None:
    store.reject_scan(Rejected(Path("box/a.pdf"), SHA, None, "empty_file"))
    assert [each.reason for each in store.rejected()] == ["empty_file"]
    assert store.open_scan(scan()) == "new"
    assert store.figures().duplicates == 0


def test_a_finished_scan_stays_finished(store: Store) -> None:
    save_some(store, a_record())
    store.finish_scan(SHA)
    store.reject_scan(Rejected(Path("box/a.pdf"), SHA, None, "damaged"))
    assert store.rejected() == []
    assert store.open_scan(scan()) == "finished"


def test_a_file_that_could_not_be_read_is_rejected_until_it_can(store: Store) -> None:
    gone = Rejected(Path("box/a.pdf"), "", None, "unreadable_file", {"detail": "permission"})
    store.reject_scan(gone)
    store.reject_scan(gone)
    assert store.rejected() == [gone]
    assert store.figures().scans_rejected == 1
    store.open_scan(scan())
    assert store.rejected() == []


def test_a_scan_without_one_good_page_counts_as_rejected(store: Store) -> None:
    store.open_scan(scan())
    store.save([failed(1)])
    store.finish_scan(SHA)
    figures = store.figures()
    assert (figures.scans_rejected, figures.scans_digitised) == (1, 0)
    assert (figures.pages, figures.pages_rejected) == (1, 1)


def test_records_come_in_the_order_of_the_scans_not_of_the_workers(store: Store) -> None:
    saved = [
        a_record("r4", path="box/é.pdf", sha256="4" * 64),
        a_record("r3", path="box/b.pdf", page=2, sha256="3" * 64),
        a_record("r2", path="box/b.pdf", page=10, sha256="3" * 64),
        a_record("r1", path="box/Z.pdf", sha256="1" * 64),
        a_record("r0", path="box/Z.pdf", sha256="1" * 64, template="ct01"),
    ]
    save_some(store, *saved)
    assert [each.id for each in store.records()] == ["r0", "r1", "r3", "r2", "r4"]
    assert [each.id for each in store.records("ct01")] == ["r0"]


def test_many_records_and_a_long_queue_come_in_one_piece(store: Store) -> None:
    store.open_scan(scan())
    for number in range(1, 432):
        store.save([form(number)], a_record(f"r{number:03}", page=number))
    assert [each.scan_page for each in store.records()] == list(range(1, 432))
    queue = [(each.answer.field, each.record) for each in store.waiting()]
    assert len(queue) == len(set(queue)) == 2 * 431
    assert [field for field, _ in queue] == ["name"] * 431 + ["birth"] * 431


def test_the_queue_is_grouped_and_holds_what_waits(store: Store) -> None:
    save_some(store, a_record("r1"), a_record("r2", page=2), a_record("r3", template="ct01"))
    queue = list(store.waiting())
    assert [(each.template, each.answer.field, each.record) for each in queue] == [
        ("ct01", "name", "r3"),
        ("ct01", "birth", "r3"),
        ("dc01", "name", "r1"),
        ("dc01", "name", "r2"),
        ("dc01", "birth", "r1"),
        ("dc01", "birth", "r2"),
    ]
    assert queue[0].answer == a_record().answer("name")
    assert queue[0].scan_path == "box/a.pdf"
    assert {each.record for each in store.waiting("ct01")} == {"r3"}


def test_the_store_may_be_written_while_the_queue_is_read(store: Store) -> None:
    save_some(store, a_record("r1"), a_record("r2", page=2))
    for waiting in store.waiting():
        store.decide(Decision(waiting.record, waiting.answer.field, "accept", None, "lan", at(1)))
    assert list(store.waiting()) == []
    assert store.figures().complete == 2


def test_decisions_are_appended_and_the_reading_stays(store: Store) -> None:
    save_some(store, a_record())
    log = [
        Decision("r1", "name", "correct", "Nguyễn Văn Ân", "lan", at(1)),
        Decision("r1", "birth", "accept", None, "lan", at(2)),
        Decision("r1", "name", "correct", "Nguyễn Văn An", "hoa", at(3)),
        Decision("r1", "commune", "unreadable", None, "hoa", at(4)),
    ]
    for decision in log:
        store.decide(decision)
    assert store.decisions("r1") == log
    record = store.record("r1")
    name = record.answer("name")
    assert (name.value, name.state, name.confidence) == ("Nguyễn Văn An", "corrected", 1.0)
    assert name.reading == READING
    assert name.doubts == a_record().answer("name").doubts
    assert record.answer("birth").state == "blank"
    assert record.answer("commune").value is None
    assert record.status == "complete"
    assert list(store.waiting()) == []


def test_what_waited_when_it_came_in_is_known_after_it_was_decided(store: Store) -> None:
    assert store.waited_at_first() is None
    save_some(store, a_record("r1"), a_record("r2", page=2, unit=None, created_at=at(10)))
    store.decide(Decision("r1", "name", "accept", None, "lan", at(11)))
    assert store.waited_at_first() == pytest.approx(4 / 6)
    assert store.waited_at_first(at(9)) == pytest.approx(2 / 3)
    assert store.waited_at_first(at(10)) is None  # after that moment


def test_the_past_is_the_log_up_to_then(store: Store) -> None:
    save_some(store, a_record("r1"), a_record("r2", page=2, created_at=at(10)))
    store.decide(Decision("r1", "name", "correct", "An", "lan", at(1)))
    store.decide(Decision("r1", "commune", "correct", "An Điền", "lan", at(2)))
    store.decide(Decision("r1", "commune", "accept", None, "lan", at(3)))
    store.decide(Decision("r1", "birth", "blank", None, "lan", at(4)))
    assert list(store.records(as_of=T0 - timedelta(seconds=1))) == []
    assert list(store.records(as_of=T0)) == [a_record("r1")]
    then = next(iter(store.records(as_of=at(2))))
    assert (then.answer("name").value, then.answer("commune").value) == ("An", "An Điền")
    assert then.status == "pending"
    assert [each.id for each in store.records(as_of=at(10))] == ["r1", "r2"]
    fields = {"dc01": "commune"}
    assert store.unit_counts(fields, at(1.5)) == [UnitCount("Thạnh Hải", 0, 1)]
    assert store.unit_counts(fields, at(3)) == [UnitCount("An Điền", 0, 1)]
    assert store.unit_counts(fields, at(4)) == [UnitCount("An Điền", 1, 0)]
    both = [UnitCount("An Điền", 1, 0), UnitCount("Thạnh Hải", 0, 1)]
    assert store.unit_counts(fields, at(10)) == store.unit_counts(fields) == both


def test_units_of_several_templates_are_counted_together(store: Store) -> None:
    save_some(
        store,
        a_record("r1"),
        a_record("r2", page=2, unit=None),
        a_record("r3", page=3, template="ct01"),
        a_record("r4", page=4, template="other"),
    )
    fields = {"dc01": "commune", "ct01": "commune"}
    assert store.unit_counts(fields) == [UnitCount(None, 0, 1), UnitCount("Thạnh Hải", 0, 2)]
    assert store.unit_counts({"dc01": "no such"}) == [UnitCount(None, 0, 2)]


def test_figures_are_after_decisions(store: Store) -> None:
    save_some(store, a_record("r1"), a_record("r2", page=2, unit=None))
    store.decide(Decision("r1", "name", "unreadable", None, "lan", at(1)))
    store.decide(Decision("r1", "birth", "correct", "1980", "lan", at(1)))
    figures = store.figures()
    assert (figures.records, figures.complete) == (2, 1)
    assert figures.answers_accepted == 2
    assert figures.answers_pending == 2
    assert figures.answers_blank == 1
    assert figures.answers_unreadable == 1


def test_an_empty_store_says_so(store: Store) -> None:
    assert list(store.records()) == []
    assert list(store.waiting()) == []
    assert store.unit_counts({"dc01": "commune"}) == []
    assert store.figures().records == 0


def plainly(record: Record) -> Record:
    answers = tuple(replace(answer, doubts=(), reading=None) for answer in record.answers)
    return replace(record, answers=answers, sheets=())


def shortly(record: Record) -> Record:
    """The record with readings as an export needs them."""
    answers = tuple(
        replace(answer, reading=read and Reading(read.outcome, read.text, read.score, read.reader))
        for answer in record.answers
        for read in [answer.reading]
    )
    return replace(record, answers=answers, sheets=())


def test_records_may_come_without_their_readings(store: Store) -> None:
    save_some(store, a_record("r1"), a_record("r2", page=2))
    store.decide(Decision("r2", "name", "correct", "An", "lan", at(1)))
    assert list(store.selected()) == list(store.records())
    chosen = list(store.selected(readings=False))
    assert chosen == [plainly(record) for record in store.records()]
    assert [record.version for record in chosen] == [0, 1]
    assert list(store.selected(readings="texts")) == [shortly(r) for r in store.records()]
    assert store.standing(["r2", "nope"]) == {"r2": chosen[1]}
    assert store.standing([]) == {}


def test_records_can_be_chosen(store: Store) -> None:
    save_some(
        store,
        a_record("r1"),
        a_record("r2", page=2, unit="Xã Thạnh Hải", created_at=at(5)),
        a_record("r3", page=3, unit=None),
        a_record("r4", page=4, template="ct01"),
    )
    for field in ("name", "birth"):
        store.decide(Decision("r3", field, "blank", None, "lan", at(3)))

    def ids(**chosen: Any) -> list[str]:
        return [each.id for each in store.selected(Selection(**chosen), readings=False)]

    assert ids() == ["r1", "r2", "r3", "r4"]
    assert ids(template="ct01") == ["r4"]
    assert ids(complete=True) == ["r3"]
    assert ids(since=at(3)) == ["r2", "r3"]
    assert ids(since=at(5.1)) == []
    both = frozenset({"Thạnh Hải", "Xã Thạnh Hải"})
    assert ids(units=both, unit_fields={"dc01": "commune"}) == ["r1", "r2"]
    assert ids(units=both, unit_fields={"dc01": "commune", "ct01": "commune"}, since=T0) == [
        "r1",
        "r2",
        "r4",
    ]
    path = {"dc01": "commune/name"}
    assert ids(units=frozenset({"Nguyễn Văn Ấn, Thạnh Hải"}), unit_fields=path) == ["r1"]
    assert ids(units=both, unit_fields=path) == []
    assert ids(units=both, unit_fields={"dc01": ""}) == []
    assert ids(units=frozenset(), unit_fields={"dc01": "commune"}) == []


def test_many_chosen_records_come_in_one_piece(store: Store) -> None:
    store.open_scan(scan())
    for number in range(1, 1032):
        store.save([form(number)], a_record(f"r{number:04}", page=number))
    chosen = store.selected(Selection(template="dc01"), readings=False)
    assert [each.scan_page for each in chosen] == list(range(1, 1032))
    assert len(store.standing([f"r{number:04}" for number in range(1, 1032)])) == 1031


def test_what_was_read_with_what_is_known(store: Store) -> None:
    assert (store.revisions(), store.newest()) == ([], None)
    save_some(store, a_record("r1"), a_record("r2", page=2, template="ct01", created_at=at(1)))
    assert store.revisions() == [("ct01", 2), ("dc01", 2)]
    assert store.fields("dc01", 2) == ["name", "commune", "birth"]
    assert store.fields("dc01", 1) == []
    assert store.newest() == at(1)
    store.decide(Decision("r1", "name", "accept", None, "lan", at(2)))
    assert store.newest() == at(2)


def test_a_record_as_it_stood_after_so_many_decisions(store: Store) -> None:
    save_some(store, a_record())
    for number, value in enumerate(["A", "B", "C"], 1):
        store.decide(Decision("r1", "name", "correct", value, "lan", at(1)))
        assert store.record("r1").version == number
    assert store.record_at("r1", 0) == a_record()
    assert store.record_at("r1", 2).answer("name").value == "B"
    assert store.record_at("r1", 3) == store.record("r1")
    with pytest.raises(NoSuchRecord, match="nope"):
        store.record_at("nope", 0)


def test_decisions_are_taken_together_or_not_at_all(store: Store) -> None:
    save_some(store, a_record("r1"), a_record("r2", page=2))
    good = Decision("r1", "name", "correct", "An", "lan", at(1))
    also = Decision("r2", "name", "blank", None, "lan", at(1))
    before = store.figures()
    with pytest.raises(NoSuchField):
        store.decide_all([good, replace(also, field="nope")], {"r1": 0, "r2": 0})
    with pytest.raises(NoSuchRecord):
        store.decide_all([good], {"r1": 0, "nope": 0})
    with pytest.raises(Overtaken):
        store.decide_all([good, also], {"r1": 0, "r2": 1})
    assert store.figures() == before
    assert store.decisions("r1") == store.decisions("r2") == []
    store.decide_all([good, also], {"r1": 0, "r2": 0})
    assert store.decisions("r1") == [good]
    assert store.record("r2").answer("name").state == "blank"
    with pytest.raises(Overtaken):
        store.decide_all([good], {"r1": 0})


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.record("nope"),
        lambda store: store.decisions("nope"),
        lambda store: store.decide(Decision("nope", "name", "accept", None, "lan", T0)),
    ],
)
def test_an_unknown_record_is_told(store: Store, ask: Callable[[Store], object]) -> None:
    with pytest.raises(NoSuchRecord, match="nope"):
        ask(store)


def test_an_unknown_field_is_told_and_nothing_logged(store: Store) -> None:
    save_some(store, a_record())
    with pytest.raises(NoSuchField, match="nope"):
        store.decide(Decision("r1", "nope", "accept", None, "lan", T0))
    assert store.decisions("r1") == []
