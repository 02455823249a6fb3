"""What isn't learnt, and from which forms: the lines of every guard, from both sides."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from scanform.learn.apart import APART, chance_better, held_apart
from scanform.learn.confirmed import Confirmed
from scanform.learn.guards import LEAST_ALIKE, LEAST_JUDGED, guarded

T0 = datetime(2025, 3, 1, tzinfo=UTC)


def said(
    number: int, value: str | None, read: str | None, *, by: str = "lan", corrected: bool = True
) -> Confirmed:
    return Confirmed(f"r{number}", ("form", 1), "name", value, by, T0, corrected, read)


def same(
    count: int, value: str | None, read: str | None, corrected: bool = True
) -> list[Confirmed]:
    return [said(at, value, read, corrected=corrected) for at in range(count)]


def others(count: int) -> list[Confirmed]:
    return [said(1000 + at, f"Trần Văn {at}", f"Tran Van {at}") for at in range(count)]


@pytest.mark.parametrize(
    ("seen", "wrong", "careless"),
    [
        (LEAST_JUDGED, LEAST_JUDGED, True),
        (LEAST_JUDGED - 1, LEAST_JUDGED - 1, False),
        (40, 5, False),  # 12.5 %, but it may be less than 10 %
        (400, 60, True),
        (0, 0, False),
    ],
)
def test_a_person_is_held_out_who_is_surely_often_wrong(
    seen: int, wrong: int, careless: bool
) -> None:
    found = guarded(others(3), {"lan": (seen, wrong)})
    assert found.people == (("lan",) if careless else ())
    assert (len(found.answers), found.by_people) == ((0, 3) if careless else (3, 0))


def test_who_is_held_out_is_told_in_order() -> None:
    names = dict.fromkeys(("mai", "bao", "tam", "an"), (20, 15))
    assert guarded([], names).people == ("an", "bao", "mai", "tam")


@pytest.mark.parametrize(
    ("answers", "held_out"),
    [
        (same(LEAST_ALIKE, "Nguyễn Quý", "77/12 3"), LEAST_ALIKE),
        (same(LEAST_ALIKE, "Nguyễn Quý", None), LEAST_ALIKE),  # where nothing could be read
        (same(LEAST_ALIKE - 1, "Nguyễn Quý", "77/12 3"), 0),
        ([*same(9, "Nguyễn Quý", "77/12 3"), *others(21)], 9),  # just the share that is odd
        ([*same(9, "Nguyễn Quý", "77/12 3"), *others(22)], 0),
        (same(20, "abcdefghij", "abcxxxxxxx"), 20),  # three letters of ten
        (same(20, "abcdefghij", "abcdxxxxxx"), 0),  # four: the worst hands are read like that
        (same(20, "Nguyễn Quý", "77/12 3", corrected=False), 0),  # the machine's own, accepted
        (same(20, None, "77/12 3"), 0),  # nothing there: that may be so on all of them
    ],
)
def test_a_value_given_over_and_over_is_held_out_where_it_is_not_on_the_paper(
    answers: list[Confirmed], held_out: int
) -> None:
    found = guarded(answers, {})
    assert (found.repeated, len(found.answers)) == (held_out, len(answers) - held_out)


def test_the_same_forms_are_held_apart_every_night() -> None:
    forms = [f"{at:064x}" for at in range(4000)]
    apart = {form for form in forms if held_apart(form, 1)}
    assert len(apart) == pytest.approx(APART * len(forms), rel=0.1)
    assert apart == {form for form in reversed(forms) if held_apart(form, 1)}
    assert apart != {form for form in forms if held_apart(form, 2)}
    # As it was yesterday, and as any other machine has it.
    assert [at for at in range(26) if forms[at] in apart] == [0, 4, 13, 14, 15, 18, 25]


@pytest.mark.parametrize(
    ("gains", "low", "high"),
    [
        ([1.0] * 20, 1.0, 1.0),
        ([-1.0] * 20, 0.0, 0.0),
        ([0.0] * 20, 0.0, 0.0),  # no worse is no better
        ([5.0] + [-0.1] * 29, 0.5, 0.7),  # one form alone makes it: it may not be among others
        ([1.0] * 15 + [-1.0] * 15, 0.35, 0.5),
    ],
)
def test_how_sure_it_is_that_the_new_one_is_better(
    gains: list[float], low: float, high: float
) -> None:
    assert low <= chance_better(np.array(gains), np.random.default_rng(1)) <= high
