"""The bound on errors: what is accepted follows from it, and nothing else."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.errors import TemplateError
from scanform.fields.calibration import (
    Sample,
    calibrated,
    fit,
    fit_steps,
    from_json,
    shipped,
    steps_for,
    to_json,
    usable,
)
from scanform.fields.policy import (
    DEFAULT_MAX_ERROR,
    Bounds,
    expected_wrong,
    judged,
    parse_share,
    say_share,
)
from scanform.model.calibration import chance_of
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field
from scanform.template.load import load, parse

FIELD = Field("name", "Name", "text", 1, Box(0, 0, 10, 10))
STRICT = Field("number", "Number", "digits", 1, Box(0, 0, 10, 10), max_error=0.001)
SHARES = st.floats(0.0, 0.99)
PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80)


def answer(confidence: float, *doubts: Doubt) -> Answer:
    return Answer("name", "An", confidence, "pending", doubts, Reading("read", "An", 0.9, "test 1"))


@pytest.mark.parametrize(
    ("text", "share"), [("0.5%", 0.005), ("0,5 %", 0.005), ("2%", 0.02), ("0%", 0.0)]
)
def test_a_share_is_read_as_people_write_it(text: str, share: float) -> None:
    assert parse_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["0.5", "", "100%", "-1%", "half", "0.5 % of all", "5%%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="below 100%"):
        parse_share(text)


def test_a_share_is_said_as_it_was_written() -> None:
    assert [say_share(parse_share(each)) for each in ("0.5%", "12%", "0.02%")] == [
        "0.5%",
        "12%",
        "0.02%",
    ]


@given(st.lists(st.floats(0, 1), max_size=40), SHARES)
def test_the_expected_share_of_wrong_answers_stays_within_the_bound(
    confidences: list[float], bound: float
) -> None:
    taken = [judged(answer(each), FIELD, bound) for each in confidences]
    accepted = [each for each in taken if each.state == "accepted"]
    assert expected_wrong(taken) <= bound * len(accepted) + 1e-6
    assert all(each.doubts for each in taken if each.state == "pending")


@given(st.floats(0, 1), SHARES, SHARES)
def test_a_looser_bound_takes_no_answer_back(confidence: float, one: float, other: float) -> None:
    strict, loose = sorted((one, other))
    if judged(answer(confidence), FIELD, strict).state == "accepted":
        assert judged(answer(confidence), FIELD, loose).state == "accepted"


@given(st.floats(0, 1), SHARES, SHARES)
def test_the_last_bound_alone_counts(confidence: float, one: float, other: float) -> None:
    again = judged(judged(answer(confidence), FIELD, one), FIELD, other)
    assert again == judged(answer(confidence), FIELD, other)


def test_a_field_may_ask_for_more_and_never_for_less() -> None:
    assert judged(answer(0.996), FIELD, 0.005).state == "accepted"
    assert judged(answer(0.996), STRICT, 0.005).state == "pending"
    assert judged(answer(0.9995), STRICT, 0.005).state == "accepted"
    assert judged(answer(0.9995), STRICT, 0.0001).state == "pending"


def test_a_confidence_at_the_bound_is_within_it() -> None:
    assert judged(answer(0.995), FIELD, 0.005).state == "accepted"
    assert judged(answer(0.999), STRICT, 0.5).state == "accepted"


def test_a_doubt_waits_however_sure_the_reader_is() -> None:
    waits = judged(answer(1.0, Doubt("not_in_list")), FIELD, 0.9)
    assert (waits.state, waits.value, waits.confidence) == ("pending", "An", 1.0)


def test_a_pending_answer_keeps_its_value_and_confidence() -> None:
    waits = judged(answer(0.4), FIELD, 0.005)
    assert (waits.state, waits.value, waits.confidence) == ("pending", "An", 0.4)
    assert waits.doubts == (Doubt("low_confidence"),)


def test_what_a_person_corrected_stays() -> None:
    said = Answer("name", "An", 0.1, "corrected")
    assert judged(said, FIELD, 0.0) is said


def test_bounds_are_kept_as_they_were_said() -> None:
    bounds = Bounds().changed(0.01, ["dc01"])
    assert (bounds["dc01"], bounds["ct01"]) == (0.01, DEFAULT_MAX_ERROR)
    assert Bounds.from_json(json.loads(json.dumps(bounds.as_json()))) == bounds
    assert bounds.changed(0.002)["dc01"] == 0.002  # for all means for all
    assert Bounds.from_json(None) == Bounds()


@given(PAIRS)
def test_steps_rise_and_count_every_answer(pairs: list[tuple[float, bool]]) -> None:
    steps = fit_steps(pairs)
    assert sum(step.count for step in steps) == len(pairs)
    assert sum(step.wrong for step in steps) == sum(not right for _, right in pairs)
    for below, above in pairwise(steps):
        assert below.least < above.least
        assert below.chance < above.chance


@given(PAIRS.filter(len), st.floats(0, 1), st.floats(0, 1))
def test_a_better_figure_never_lowers_the_chance(
    pairs: list[tuple[float, bool]], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    steps = fit_steps(pairs)
    assert 0.0 < chance_of(steps, low) <= chance_of(steps, high) < 1.0


def test_few_right_answers_are_no_certainty() -> None:
    (step,) = fit_steps([(0.99, True)] * 10)
    assert step.chance == pytest.approx(1 - 1 / 12)
    (many,) = fit_steps([(0.99, True)] * 998)
    assert many.chance == pytest.approx(0.999)


def samples(count: int) -> list[Sample]:
    return [Sample("text", "test 1", 0.5 + (n % 50) / 100, n % 50 > 9) for n in range(count)]


def test_a_calibration_is_the_same_after_a_file() -> None:
    made = fit(samples(200), "t@1, 10 forms, seed 1")
    text = json.dumps(to_json(made))
    again = from_json(json.loads(text))
    assert json.dumps(to_json(again)) == text
    assert again.source == made.source


def test_a_templates_own_steps_come_before_those_that_are_shipped() -> None:
    own = fit(samples(200))
    sure = answer(0.9)
    assert calibrated(sure, "text", own).confidence == chance_of(own.steps["text", "test"], 0.9)
    assert calibrated(sure, "text").confidence == 0.9  # nothing is known of this reader


def test_another_version_of_the_reader_has_the_same_steps() -> None:
    own = fit(samples(200))
    other = Answer("name", "An", 0.9, "pending", (), Reading("read", "An", 0.9, "test 2.1"))
    assert steps_for(other, "text", own) == own.steps["text", "test"]


def test_steps_for_other_weights_are_not_used() -> None:
    own = from_json(to_json(fit(samples(200))) | {"made_for": "other"})
    assert not usable(own)
    assert calibrated(answer(0.9), "text", own).confidence == 0.9


def test_too_few_samples_make_no_steps() -> None:
    assert fit(samples(49)).steps == {}


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [[0.5, 0.9, 1, 0], [0.4, 0.95, 1, 0]],
        [[0.5, 0.9, 1, 0], [0.6, 0.8, 1, 0]],
        [[0, 2, 1, 0]],
        "x",
    ],
)
def test_a_damaged_calibration_is_refused(steps: object) -> None:
    data = {"source": "", "made_for": "", "steps": [{"sort": "a", "reader": "b", "steps": steps}]}
    with pytest.raises(ValueError):  # noqa: PT011
        from_json(data)


def test_steps_that_are_shipped_are_for_the_weights_that_are_shipped() -> None:
    assert usable(shipped()) or not shipped().made_for


def test_a_templates_steps_are_loaded_with_it(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "id: t\ntitle: T\nrevision: 1\nfields:\n"
        "  - {id: a, kind: text, label: A, box: [20, 30, 50, 8], max_error: 0.1%}\n"
    )
    assert load(tmp_path).calibration is None
    assert load(tmp_path).field("a").max_error == pytest.approx(0.001)
    made = fit(samples(200))
    (tmp_path / "confidence.json").write_text(json.dumps(to_json(made)))
    loaded = load(tmp_path).calibration
    assert loaded is not None
    assert loaded.steps.keys() == made.steps.keys()
    (tmp_path / "confidence.json").write_text("{")
    with pytest.raises(TemplateError, match="damaged"):
        load(tmp_path)


@pytest.mark.parametrize("share", ["0.1", "few", "100%", "[1]"])
def test_a_fields_bound_that_is_no_share_is_a_mistake(share: str) -> None:
    text = (
        "id: t\ntitle: T\nrevision: 1\nfields:\n"
        f"  - {{id: a, kind: text, label: A, box: [20, 30, 50, 8], max_error: {share}}}\n"
    )
    with pytest.raises(TemplateError, match=r"a share such as 0.1%"):
        parse(text.encode(), "t.yaml")
