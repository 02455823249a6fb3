"""What one night learns from: whole forms, no more than its time allows, old and new ones."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("torch")

from scanform.cli.known import KnownTemplates
from scanform.fields import FIELD_KINDS
from scanform.learn.confirmed import Confirmed
from scanform.learn.gather import (
    ANSWERS_A_MINUTE,
    LEAST_ANSWERS,
    MOST_ANSWERS,
    Books,
    answers_in,
    for_one_night,
    written_on,
)
from scanform.learn.priors import Written

T0 = datetime(2025, 3, 1, tzinfo=UTC)
BOOKS = Books(
    None,  # type: ignore[arg-type] - records aren't looked up to choose
    lambda _image: b"",
    KnownTemplates(("dc01",)),
    lambda _template: {},
    FIELD_KINDS,
)
FORM = ("dc01", KnownTemplates(("dc01",))("dc01", 1).revision)
LINE, COMB, TICK = "full_name", "birth_date", "sex"


def said(form: int, field: str = LINE, value: str | None = "NGUYỄN VĂN MẪU") -> Confirmed:
    at = T0 + timedelta(minutes=form)
    return Confirmed(f"r{form}", FORM, field, value, "lan", at, True, "NGUYEN")


def numbers(found: list[Confirmed]) -> set[int]:
    return {int(each.record.removeprefix("r")) for each in found}


def test_what_a_small_unit_confirmed_is_learnt_whole() -> None:
    found = [said(at, field) for at in range(300) for field in (LINE, COMB)]
    assert for_one_night(found, 600, seed=1) == found


def test_lines_and_cells_can_be_learnt_and_nothing_else() -> None:
    assert [BOOKS.learnable(said(1, field)) for field in (LINE, COMB, TICK)] == [True, True, False]


def test_half_of_what_a_night_learns_came_in_last_and_the_rest_is_drawn_from_all_before() -> None:
    found = [said(at) for at in range(10_000)]
    most = 1500
    chosen = numbers(for_one_night(found, most, seed=1))
    assert len(chosen) == most
    assert {*range(10_000 - most // 2, 10_000)} <= chosen
    old = sorted(chosen)[: most // 2]
    assert old[len(old) // 2] == pytest.approx(4600, abs=500)  # from all of them, not the next
    assert numbers(for_one_night(found, 1500, seed=1)) == chosen  # a killed night goes on
    assert numbers(for_one_night(found, 1500, seed=2)) != chosen


@pytest.mark.parametrize(
    ("minutes", "count"),
    [(0.1, LEAST_ANSWERS), (6.0, 6 * ANSWERS_A_MINUTE), (600.0, MOST_ANSWERS)],
)
def test_longer_nights_learn_more_as_far_as_memory_goes(minutes: float, count: int) -> None:
    assert answers_in(minutes) == count


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=150, max_size=400), st.integers(0, 9))
def test_forms_are_learnt_whole_and_nearly_as_many_as_there_is_time_for(
    sizes: list[int], seed: int
) -> None:
    found = [said(form, LINE) for form, size in enumerate(sizes) for _ in range(size)]
    kept = for_one_night(found, 600, seed)
    counts = Counter(each.record for each in kept)
    assert all(count == sizes[int(record[1:])] for record, count in counts.items())
    assert min(len(found), 600 - 9) <= len(kept) <= 600
    assert f"r{len(sizes) - 1}" in counts  # the latest
    assert kept == sorted(kept, key=lambda each: each.at)


def test_what_stands_in_lines_is_told_with_its_form_and_kind() -> None:
    kind = BOOKS.field_of(said(1)).handled_by
    found = [said(1), said(2, LINE, None), said(3, COMB, "01/01/2000"), said(4, TICK, "nam")]
    assert list(written_on(found, BOOKS)) == [Written("r1", kind, "NGUYỄN VĂN MẪU")]
