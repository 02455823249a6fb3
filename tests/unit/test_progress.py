"""Following a campaign day by day: nothing is counted twice, nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scanform.model.campaign import Campaign, Entered, PairVerdict, Slip, Unit
from scanform.store.campaign_interface import DayCount, DayRefused
from scanform.tally.pace import laggards, pace, paces
from scanform.tally.progress import duplicates, follow
from scanform.tally.tree import at_level, levels, roll_up

START = date(2018, 10, 1)  # a Monday
T0 = datetime(2018, 10, 1, tzinfo=UTC)
UNITS = (
    Unit("Huyện Thạnh Phú", None, "837"),
    Unit("Thạnh Hải", 1000, "29221", "837"),
    Unit("An Điền", 500, "29209", "837"),
    Unit("Ấp 1", 100),
)
PLAN = Campaign("x", {"dc01": "commune"}, UNITS, START, START + timedelta(days=59), 0.7)


def day(number: int) -> date:
    return START + timedelta(days=number)


def box(unit: str, forms: int, on: int) -> Slip:
    return Slip(unit, day(on), "Bình", forms)


def figure(unit: str, number: int, on: int) -> Entered:
    return Entered(unit, day(on), number, "lan", T0)


names = st.sampled_from(["Thạnh Hải", "xã thạnh hải", "An Điền", "Ấp 1", "Lạ", "Xã Lạ", None])
counts = st.lists(
    st.builds(
        DayCount,
        names,
        st.integers(-5, 30).map(day),
        st.integers(0, 50),
        st.integers(0, 50),
        st.integers(0, 5),
    )
)
figures = st.lists(st.builds(figure, names.filter(bool), st.integers(0, 400), st.integers(-5, 30)))


boxes = st.lists(st.builds(box, names.filter(bool), st.integers(0, 90), st.integers(-5, 30)))
refusals = st.lists(st.builds(DayRefused, names, st.integers(-5, 30).map(day), st.integers(1, 9)))


@given(counts, figures, boxes, refusals, st.integers(-3, 30))
def test_the_units_sum_to_the_total_at_every_date(
    counted: list[DayCount],
    entered: list[Entered],
    slips: list[Slip],
    refused: list[DayRefused],
    until: int,
) -> None:
    progress = follow(PLAN, counted, entered, day(until), slips, refused)
    assert progress.total.refused == sum(r.number for r in refused if r.day <= day(until))
    in_boxes = [slip.forms for slip in slips if slip.day <= day(until)]
    assert progress.total.handed == (sum(in_boxes) if in_boxes else None)
    for name in ("complete", "pending", "duplicate", "counted", "refused"):
        assert sum(getattr(line, name) for line in progress.lines) == getattr(progress.total, name)
    for at in range(len(progress.days)):
        assert sum(line.series[at] for line in progress.lines) == progress.total.series[at]
    assert progress.total.target == 1600


@given(counts, st.integers(-3, 30))
def test_every_record_is_in_exactly_one_state(counted: list[DayCount], until: int) -> None:
    progress = follow(PLAN, counted, [], day(until))
    seen = [each for each in counted if each.day <= day(until)]
    total = progress.total
    assert total.complete + total.pending + total.duplicate == sum(
        each.complete + each.pending + each.duplicate for each in seen
    )
    assert total.counted == total.complete + total.pending


@given(counts, figures, st.integers(0, 30), st.integers(0, 30))
def test_an_earlier_day_is_what_it_was(
    counted: list[DayCount], entered: list[Entered], one: int, other: int
) -> None:
    early, late = sorted((one, other))
    then = follow(PLAN, counted, entered, day(early))
    now = follow(PLAN, counted, entered, day(late))
    assert now.total.series[: early + 1] == then.total.series
    assert then.total.series[-1] == then.total.counted


def test_a_reported_figure_and_its_forms_are_the_same_people() -> None:
    counted = [DayCount("Thạnh Hải", day(1), 60, 20), DayCount("An Điền", day(2), 5, 0)]
    progress = follow(PLAN, counted, [figure("Xã Thạnh Hải", 100, 1)], day(5))
    hai, dien, hamlet = progress.lines
    assert (hai.records, hai.entered, hai.counted, hai.rate) == (80, 100, 100, 0.1)
    assert (dien.records, dien.entered, dien.counted) == (5, None, 5)
    assert (hamlet.counted, hamlet.rate) == (0, 0.0)
    assert progress.total.counted == 105


def test_the_last_word_on_a_day_holds() -> None:
    entered = [figure("An Điền", 100, 1), figure("An Điền", 90, 3), figure("An Điền", 10, 1)]
    progress = follow(PLAN, [], entered, day(4))
    assert progress.lines[1].series == (0, 10, 10, 90, 90)


def test_the_tree_sums_its_branches() -> None:
    progress = follow(PLAN, [DayCount("An Điền", day(0), 7, 0)], [], day(0))
    (district,) = roll_up(progress)
    assert (district.unit, district.target, district.counted) == ("Huyện Thạnh Phú", 1500, 7)


HAMLETS = (
    Unit("Huyện Thạnh Phú", None, "837"),
    Unit("Xã Thạnh Hải", None, "29221", "837"),
    Unit("Xã An Điền", None, "29209", "837"),
    Unit("Ấp 1, Xã Thạnh Hải", 300, "", "29221"),
    Unit("Ấp 2, Xã Thạnh Hải", 200, "02", "29221"),
    Unit("Ấp 1, Xã An Điền", 100, "", "29209"),
)


def test_hamlets_sum_up_to_communes_and_districts() -> None:
    plan = Campaign("x", {"dc01": "commune/hamlet"}, HAMLETS, START, START + timedelta(days=59))
    counted = [
        DayCount("ấp 01, Thạnh Hải", day(0), 5, 1),
        DayCount("Ấp 2, xã Thạnh Hải", day(1), 2, 0),
        DayCount("Thôn 1, An Điền", day(1), 4, 0),
        DayCount("Xã Thạnh Hải", day(1), 1, 0),  # nobody knows which hamlet
        DayCount("Ấp 3, Xã An Nhơn", day(1), 7, 0),
    ]
    progress = follow(plan, counted, [], day(1))
    assert [(line.unit, line.records) for line in progress.lines] == [
        ("Ấp 1, Xã Thạnh Hải", 6),
        ("Ấp 2, Xã Thạnh Hải", 2),
        ("Ấp 1, Xã An Điền", 4),
        ("Xã Thạnh Hải", 1),
        ("Ấp 3, Xã An Nhơn", 7),
    ]
    assert [(line.unit, line.target, line.records) for line in roll_up(progress)] == [
        ("Huyện Thạnh Phú", 600, 13),
        ("Xã Thạnh Hải", 500, 9),
        ("Xã An Điền", 100, 4),
    ]
    assert levels(progress) == ["district", "commune", "hamlet"]
    for level, units in (
        ("district", ["Huyện Thạnh Phú", "Ấp 3, Xã An Nhơn"]),
        ("commune", ["Xã Thạnh Hải", "Xã An Điền", "Ấp 3, Xã An Nhơn"]),
    ):
        at = at_level(progress, level)  # type: ignore[arg-type]
        assert [line.unit for line in at.lines] == units
        assert at.total == progress.total
        for number in range(len(at.days)):
            assert sum(line.series[number] for line in at.lines) == at.total.series[number]


def test_units_without_a_target_and_unknown_ones_are_lines_too() -> None:
    counted = [DayCount("Xã Lạ", day(0), 1, 0), DayCount(None, day(0), 2, 0)]
    progress = follow(PLAN, counted, [], day(0))
    assert [line.unit for line in progress.lines[3:]] == ["Xã Lạ", None]
    assert progress.total.counted == 3


def test_pace_counts_working_days() -> None:
    # Two weeks of work, 10 people on each of their 10 working days.
    worked = PLAN.working_days(START, day(11))
    counted = [DayCount("Thạnh Hải", each, 10, 0) for each in worked]
    progress = follow(PLAN, counted, [], day(11))
    hai = pace(progress, progress.lines[0])
    assert (hai.goal, hai.missing, hai.recent, hai.idle) == (700, 600, 10.0, 0)
    # 12/10/2018 is a Friday; from 15/10 to 29/11 (a Thursday) lie 6 weeks of 5 and 4 days.
    assert hai.days_left == 34
    assert hai.needed == 600 / 34
    assert hai.state == "behind"


def test_the_pace_is_of_the_last_two_weeks() -> None:
    counted = [DayCount("Thạnh Hải", day(0), 300, 0), DayCount("Thạnh Hải", day(21), 50, 0)]
    progress = follow(PLAN, counted, [], day(25))
    assert pace(progress, progress.lines[0]).recent == 5.0
    assert pace(progress, progress.lines[0]).idle == 4


def test_who_has_reached_the_goal_does_not_lag_however_slow() -> None:
    counted = [DayCount("Thạnh Hải", day(0), 700, 0)]
    progress = follow(PLAN, counted, [], day(25))
    assert [each.line.unit for each in laggards(progress)] == ["An Điền", "Ấp 1"]
    assert paces(progress)[0].state == "reached"


def test_after_the_deadline_nothing_can_be_needed() -> None:
    progress = follow(PLAN, [], [], PLAN.deadline)
    late = pace(progress, progress.total)
    assert (late.needed, late.state, late.days_left) == (None, "late", 0)


def verdict(first: str, second: str, said: str) -> PairVerdict:
    return PairVerdict(first, second, said, "lan", T0)  # type: ignore[arg-type]


def test_one_record_of_a_person_counts() -> None:
    assert duplicates([verdict("a", "b", "same"), verdict("b", "c", "same")]) == {"b", "c"}
    assert duplicates([verdict("a", "b", "same"), verdict("b", "a", "different")]) == frozenset()
    assert duplicates([verdict("a", "b", "same"), verdict("b", "a", "same")]) == {"a"}
    assert duplicates([verdict("a", "a", "same")]) == frozenset()


@given(
    st.lists(st.tuples(*[st.sampled_from("abcdef")] * 2, st.sampled_from(["same", "different"])))
)
def test_of_those_who_are_one_person_exactly_one_is_left(said: list[tuple[str, str, str]]) -> None:
    left = duplicates([verdict(*each) for each in said])
    last = {frozenset(each[:2]): each[2] for each in said if each[0] != each[1]}
    group = {name: {name} for name in "abcdef"}
    for pair, what in last.items():
        if what == "same":
            joined = set().union(*(group[name] for name in pair))
            group.update(dict.fromkeys(joined, joined))
    for members in group.values():
        assert len(members - left) == 1


def test_before_the_campaign_begins_nobody_lags_and_no_day_is_lost() -> None:
    progress = follow(PLAN, [], [], START - timedelta(days=30))
    assert laggards(progress) == []
    whole = len(PLAN.working_days(START, PLAN.deadline))
    assert pace(progress, progress.total).days_left == whole == len(progress.ahead)
    last = follow(PLAN, [], [], PLAN.deadline)
    assert last.ahead == []
