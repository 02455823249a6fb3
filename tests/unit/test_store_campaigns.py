"""What a store keeps of a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from scanform.errors import BatchClosed, NoSuchBatch, NoSuchRecord
from scanform.model.campaign import (
    BY_BATCH,
    Campaign,
    Entered,
    Office,
    PairVerdict,
    Slip,
    Unit,
)
from scanform.model.record import Answer, Decision, Record
from scanform.model.scan import Rejected, ScanFile
from scanform.store import units
from scanform.store.campaign_interface import (
    BatchScan,
    DayCount,
    DayRefused,
    Settlement,
    ValueCount,
)
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.store.sql import SqlStore

T0 = datetime(2018, 10, 1, 8, 0, tzinfo=UTC)
HANOI = timezone(timedelta(hours=7))
SHA = "ab" * 32
PLAN = Campaign(
    "Đợt 1",
    {"dc01": "commune"},
    (Unit("Huyện", None, "837"), Unit("Thạnh Hải", 9000, "29221", "837")),
    date(2018, 9, 26),
    date(2018, 12, 31),
    0.7,
    frozenset({0, 1, 2, 3, 4, 5}),
    frozenset({date(2018, 12, 24)}),
    frozenset({date(2018, 12, 30)}),
    "2021",
    Office("trên", "dưới", "đây"),
)


class Clock:
    def __init__(self) -> None:
        self.time = T0

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[SqlStore]:
    url = request.getfixturevalue("new_postgresql")() if request.param != "sqlite" else None
    with open_store(tmp_path / "w", url, clock=clock) as opened:
        yield opened


@pytest.fixture
def kept(store: SqlStore) -> SqlCampaigns:
    return SqlCampaigns(store)


def save(
    store: SqlStore,
    name: str,
    at: datetime = T0,
    unit: str | None = "Thạnh Hải",
    pending: bool = False,
    sha: str = SHA,
) -> None:
    store.open_scan(ScanFile(Path(f"{sha[:2]}.pdf"), sha, 1))
    answers = (
        Answer("commune", unit, 1.0, "accepted" if unit else "blank"),
        Answer("sex", "Nữ", 0.5, "pending" if pending else "accepted"),
    )
    record = Record(name, "dc01", 1, f"{sha[:2]}.pdf", sha, 1, answers, (), at)
    store.save([PageRow(sha, 1, "form", "cd" * 32)], record)


def test_a_campaign_comes_back_as_it_was(kept: SqlCampaigns) -> None:
    assert kept.campaign() is None
    kept.save_campaign(PLAN, "lan")
    assert kept.campaign() == PLAN


def test_an_earlier_moment_has_the_plan_of_then(kept: SqlCampaigns, clock: Clock) -> None:
    kept.save_campaign(PLAN, "lan")
    clock.time = T0 + timedelta(days=10)
    later = Campaign("Đợt 1", {}, PLAN.units, PLAN.start, PLAN.deadline, 0.9)
    kept.save_campaign(later, "lan")
    assert kept.campaign() == later
    assert kept.campaign(T0 + timedelta(days=9)) == PLAN
    assert kept.campaign(T0 + timedelta(days=10)) == later
    # A plan that is written after its first day holds for that day too.
    assert kept.campaign(T0 - timedelta(days=9)) == PLAN


def test_reported_figures_are_of_their_day(kept: SqlCampaigns) -> None:
    figures = [Entered("Thạnh Hải", date(2018, 10, n), 10 * n, "lan", T0) for n in (5, 3, 5)]
    kept.enter(figures)
    kept.enter([])
    assert kept.entered() == figures
    assert kept.entered(date(2018, 10, 4)) == figures[1:2]


def test_days_begin_at_midnight_of_the_zone(store: SqlStore, kept: SqlCampaigns) -> None:
    save(store, "a", datetime(2018, 10, 1, 16, 59, tzinfo=UTC), sha="aa" * 32)
    save(store, "b", datetime(2018, 10, 1, 17, 0, tzinfo=UTC), pending=True, sha="bb" * 32)
    save(store, "c", datetime(2018, 10, 2, 17, 0, tzinfo=UTC), unit=None, sha="cc" * 32)
    counts = kept.day_counts({"dc01": "commune"}, HANOI)
    assert counts == [
        DayCount("Thạnh Hải", date(2018, 10, 1), 1, 0),
        DayCount("Thạnh Hải", date(2018, 10, 2), 0, 1),
        DayCount(None, date(2018, 10, 3), 1, 0),
    ]


def test_a_duplicate_is_counted_as_nothing_else(store: SqlStore, kept: SqlCampaigns) -> None:
    for number, name in enumerate("abc"):
        save(store, name, pending=name == "b", sha=f"{number:02d}" * 32)
    counts = kept.day_counts({"dc01": "commune"}, HANOI, None, {"b", "c", "nobody"})
    assert counts == [DayCount("Thạnh Hải", date(2018, 10, 1), 1, 0, 2)]
    as_of = kept.day_counts({"dc01": "commune"}, HANOI, T0, {"c"})
    assert as_of == [DayCount("Thạnh Hải", date(2018, 10, 1), 1, 1, 1)]


def test_an_earlier_moment_has_the_unit_and_state_of_then(
    store: SqlStore, kept: SqlCampaigns
) -> None:
    save(store, "a", pending=True)
    at = T0 + timedelta(days=2)
    store.decide(Decision("a", "commune", "correct", "An Điền", "lan", at))
    store.decide(Decision("a", "sex", "accept", None, "lan", at))
    fields = {"dc01": "commune"}
    assert kept.day_counts(fields, HANOI) == [DayCount("An Điền", date(2018, 10, 1), 1, 0)]
    then = kept.day_counts(fields, HANOI, T0 + timedelta(days=1))
    assert then == [DayCount("Thạnh Hải", date(2018, 10, 1), 0, 1)]
    assert kept.day_counts(fields, HANOI, T0 - timedelta(days=1)) == []


@pytest.mark.parametrize("field", ["commune", "commune/hamlet"])
def test_the_unit_that_is_kept_follows_the_answers(
    store: SqlStore, kept: SqlCampaigns, field: str
) -> None:
    """Whether the unit is looked up or was kept beside the record makes no difference."""
    fields, at = {"dc01": field}, T0 + timedelta(days=2)
    save(store, "a", pending=True)
    kept.save_campaign(replace(PLAN, unit_fields=fields), "lan")  # the records that are there
    save(store, "b", unit=None, sha="bb" * 32)  # those that come later
    save(store, "c", sha="cc" * 32)
    said = store.decide(Decision("a", "commune", "correct", "An Điền", "lan", at))
    store.decide(Decision("b", "commune", "correct", "An Qui", "lan", at))
    store.decide(Decision("b", "sex", "correct", "Nam", "lan", at))
    store.decide(Decision("a", "commune", "undo", None, "lan", at, undoes=said.seq))
    with store.reading() as connection:
        assert units.fields_of(connection) == fields
        assert list(units.strayed(connection)) == []
    moments = [None, T0, T0 + timedelta(days=1), T0 + timedelta(days=3)]
    quick = [kept.day_counts(fields, HANOI, moment) for moment in moments]
    assert [each.unit for each in quick[0]] == ["An Qui", "Thạnh Hải"]
    assert quick[1] == [DayCount(None, date(2018, 10, 1), 1, 0),
                        DayCount("Thạnh Hải", date(2018, 10, 1), 1, 1)]  # fmt: skip
    kept.save_campaign(replace(PLAN, unit_fields={"dc01": "sex"}), "lan")
    assert [kept.day_counts(fields, HANOI, moment) for moment in moments] == quick
    assert {each.unit for each in store.unit_counts({"dc01": "sex"})} == {"Nữ", "Nam"}


def test_a_run_does_not_change_what_the_campaign_counts_by(
    store: SqlStore, kept: SqlCampaigns
) -> None:
    kept.save_campaign(replace(PLAN, unit_fields={"dc01": "sex", "x": BY_BATCH}), "lan")
    kept.count_by({"dc01": "commune", "ct01": "authority"})
    with store.reading() as connection:
        assert units.fields_of(connection) == {"dc01": "sex", "ct01": "authority"}


def test_the_days_sum_to_what_the_units_count(store: SqlStore, kept: SqlCampaigns) -> None:
    for number in range(12):
        at = T0 + timedelta(hours=13 * number)
        save(store, f"r{number}", at, ["A", "B", None][number % 3], number % 2 == 0,
             f"{number:02d}" * 32)  # fmt: skip
    for moment in (None, T0 + timedelta(days=3)):
        days = kept.day_counts({"dc01": "commune"}, HANOI, moment)
        for unit in store.unit_counts({"dc01": "commune"}, moment):
            mine = [each for each in days if each.unit == unit.unit]
            assert sum(each.complete for each in mine) == unit.complete
            assert sum(each.pending for each in mine) == unit.pending


def test_the_batch_may_say_the_unit(store: SqlStore, kept: SqlCampaigns) -> None:
    save(store, "a", unit=None)
    batch = kept.open_batch(Slip("An Điền", date(2018, 10, 1), "Bình", 1), "lan")
    kept.add_to_batch(batch.id, [BatchScan("ab.pdf", SHA)])
    assert kept.day_counts({"dc01": BY_BATCH}, HANOI) == [
        DayCount("An Điền", date(2018, 10, 1), 1, 0)
    ]


def test_what_was_refused_stays_refused_in_the_past(
    store: SqlStore, kept: SqlCampaigns, clock: Clock
) -> None:
    bad = Rejected(Path("b.pdf"), "bb" * 32, 2, "unknown_form")
    store.open_scan(ScanFile(Path("b.pdf"), "bb" * 32, 1))
    store.save([PageRow("bb" * 32, 2, "rejected", "", bad)])
    store.save([PageRow("bb" * 32, 2, "rejected", "", bad)])  # again: still one page
    store.reject_scan(Rejected(Path("c.pdf"), "cc" * 32, None, "damaged"))
    store.reject_scan(Rejected(Path("d.pdf"), "", None, "unreadable_file"))
    box = kept.open_batch(Slip("Thạnh Hải", T0.date(), "Bình", 3), "lan").id
    kept.add_to_batch(box, [BatchScan("b.pdf", "bb" * 32), BatchScan("d.pdf", "")])
    day, before = date(2018, 10, 1), T0
    refused = [DayRefused(None, day, 1), DayRefused("Thạnh Hải", day, 2)]
    assert kept.day_refused(HANOI) == refused
    clock.time = T0 + timedelta(days=1)
    store.save([PageRow("bb" * 32, 2, "form", "cd" * 32)])
    store.open_scan(ScanFile(Path("c.pdf"), "cc" * 32, 1))
    store.finish_scan("cc" * 32)
    assert kept.day_refused(HANOI) == [DayRefused("Thạnh Hải", day, 1)]
    store.open_scan(ScanFile(Path("d.pdf"), "dd" * 32, 1))
    assert kept.day_refused(HANOI) == []
    assert kept.day_refused(HANOI, before) == refused


def test_the_last_word_on_a_difference_holds(kept: SqlCampaigns) -> None:
    box = kept.open_batch(Slip("Thạnh Hải", T0.date(), "Bình", 3), "lan").id
    settled = Settlement(box, "abc", True, "gọi điện", "lan", T0)
    again = Settlement(box, "abc", False, "", "chi", T0)
    kept.settle(settled)
    kept.settle(Settlement(box, "def", True, "", "lan", T0))
    assert [each.task for each in kept.settlements(box)] == ["abc", "def"]
    assert kept.settlements()[0] == settled
    kept.settle(again)
    assert kept.settlements(box)[1] == again
    assert kept.settlements("B0009") == []
    with pytest.raises(NoSuchBatch):
        kept.settle(Settlement("B0009", "abc", True, "", "lan", T0))


def test_answers_of_a_field_are_counted(store: SqlStore, kept: SqlCampaigns) -> None:
    for number, unit in enumerate(["A", "B", "B", None]):
        save(store, f"r{number}", unit=unit, sha=f"{number:02d}" * 32)
    both = ("commune", "sex")
    found = [ValueCount(None, "Nữ", 1), ValueCount("A", "Nữ", 1), ValueCount("B", "Nữ", 2)]
    assert kept.value_counts("dc01", both) == found
    assert kept.value_counts("dc01", both, T0) == found
    assert kept.value_counts("dc01", both, T0 - timedelta(seconds=1)) == []
    assert kept.value_counts("dc01", both, None, {"r0", "r1", "nobody"}) == [
        found[0],
        ValueCount("B", "Nữ", 1),
    ]
    # A path of fields: the smaller unit first; without it the larger alone.
    assert kept.value_counts("dc01", ("commune/sex", "nothing"))[1:] == [
        ValueCount("Nữ, A", None, 1),
        ValueCount("Nữ, B", None, 2),
    ]
    assert kept.value_counts("dc01", ("commune/nothing", "sex"), T0) == found
    store.decide(Decision("r0", "sex", "correct", "Nam", "lan", T0 + timedelta(days=1)))
    assert ValueCount("A", "Nam", 1) in kept.value_counts("dc01", both)
    assert kept.value_counts("dc01", both, T0) == found


def test_verdicts_are_of_records_that_are_there(store: SqlStore, kept: SqlCampaigns) -> None:
    save(store, "a")
    verdict = PairVerdict("a", "a", "same", "lan", T0)
    kept.judge(verdict)
    assert kept.verdicts() == [verdict]
    assert kept.verdicts(T0 - timedelta(days=1)) == []
    with pytest.raises(NoSuchRecord):
        kept.judge(PairVerdict("a", "b", "same", "lan", T0))


def test_work_tells_what_people_did(store: SqlStore, kept: SqlCampaigns) -> None:
    save(store, "a", pending=True, sha="aa" * 32)
    save(store, "b", sha="bb" * 32)
    assert (kept.work().records, kept.work().complete, kept.work().doubted) == (2, 1, 1)
    store.decide(Decision("a", "sex", "correct", "Nam", "lan", T0 + timedelta(hours=1)))
    store.decide(Decision("b", "sex", "accept", None, "lan", T0 + timedelta(hours=2)))
    work = kept.work()
    assert (work.complete, work.decided, work.changed) == (2, 2, 1)
    before = kept.work(T0)
    assert (before.complete, before.decided, before.changed) == (1, 0, 0)


def test_lines_have_the_answers_asked_for(store: SqlStore, kept: SqlCampaigns) -> None:
    save(store, "a", sha="aa" * 32)
    save(store, "b", sha="bb" * 32)
    batch = kept.open_batch(Slip("x", date(2018, 10, 1), "y", 1), "lan")
    kept.add_to_batch(batch.id, [BatchScan("bb.pdf", "bb" * 32)])
    every = kept.lines({"dc01": {"commune"}})
    assert [line.id for line in every] == ["a", "b"]
    assert every[0].answers == {"commune": "Thạnh Hải"}
    assert [line.id for line in kept.lines({"dc01": set()}, batch.id)] == ["b"]


def test_lines_are_found_by_an_answer(store: SqlStore, kept: SqlCampaigns) -> None:
    for number, unit in enumerate("ABB"):
        save(store, f"r{number}", unit=unit, sha=f"{number:02d}" * 32)
    found = kept.lines_with("dc01", {"sex"}, "commune", ["B", "C"])
    assert [(line.id, line.answers) for line in found] == [("r1", {"sex": "Nữ"}),
                                                           ("r2", {"sex": "Nữ"})]  # fmt: skip
    assert kept.lines_with("ct01", {"sex"}, "commune", ["B"]) == []


def test_batches_are_opened_listed_and_closed(kept: SqlCampaigns, clock: Clock) -> None:
    slip = Slip("An Điền", date(2018, 10, 1), "Bình", 120)
    first = kept.open_batch(slip, "lan")
    second = kept.open_batch(slip, "lan")
    assert (first.id, second.id) == ("B0001", "B0002")
    assert kept.batches() == [first, second]
    closed = kept.close_batch("b1")
    assert closed.closed_at == T0
    clock.time = T0 + timedelta(days=1)
    assert kept.close_batch("B0001") == closed == kept.batch("1")
    with pytest.raises(BatchClosed):
        kept.add_to_batch("B0001", [BatchScan("a", "")])
    for wrong in ("B0003", "x", ""):
        with pytest.raises(NoSuchBatch):
            kept.batch(wrong)


def test_a_batch_knows_its_files(store: SqlStore, kept: SqlCampaigns) -> None:
    save(store, "a")
    slip = Slip("An Điền", date(2018, 10, 1), "Bình", 2)
    one, other = kept.open_batch(slip, "lan"), kept.open_batch(slip, "lan")
    kept.add_to_batch(one.id, [BatchScan("ab.pdf", SHA)])
    files = [BatchScan("copy.pdf", SHA), BatchScan("lost.pdf", ""), BatchScan("new.pdf", "ee" * 32)]
    kept.add_to_batch(other.id, files)
    kept.add_to_batch(other.id, files[:1])
    assert kept.batch_scans(other.id) == [BatchScan("copy.pdf", SHA, ("B0001",)), *files[1:]]
    # The first is not finished in the store, the last was never opened.
    assert kept.batch_unfinished(other.id) == ["copy.pdf", "new.pdf"]
    store.finish_scan(SHA)
    store.reject_scan(Rejected(Path("lost.pdf"), "", None, "unreadable_file"))
    store.reject_scan(Rejected(Path("new.pdf"), "ee" * 32, None, "damaged"))
    assert kept.batch_unfinished(other.id) == []
    found = kept.batch_rejected(other.id)
    assert [(str(each.path), each.reason) for each in found] == [
        ("lost.pdf", "unreadable_file"),
        ("new.pdf", "damaged"),
    ]
    assert kept.batch_rejected(one.id) == []
