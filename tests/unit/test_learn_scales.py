"""What a learnt reader's figures mean: fitted where it pays, used for what that model read."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scanform.fields import learnt
from scanform.fields.calibration import COMB, LINE, features, scale_for, shipped, usual_scale
from scanform.fields.calibration_json import to_json
from scanform.fields.fitting import Sample
from scanform.learn import scales
from scanform.learn.scales import LEAST, Bench, Taken, kind_of, scales_of
from scanform.model.calibration import Calibration, Cut, Scale, Seen, Step
from scanform.model.reading import Reading
from scanform.model.record import Answer

READER = "tesseract-vie+asterocr 5.3.0+1.0.2~20250301-3f9a1c07"
KEY = (LINE, "tesseract-vie+asterocr")
FIGURES = {"score": 0.0, "worst": 0.0, "all": 0.0, "ink": -3.0, "length": 2.0, "kind:place": 1.0}
SURE = {"raw": 13.0, "score": 6.0, "worst": 6.0, "all": 6.0, "agree": 1.0, "margin": 12.0}
"""What both readers agree on, as on typed forms."""


def read(count: int, wrong_below: float, seed: int = 1) -> list[Sample]:
    """Answers of a reader whose own figure tells right from wrong, though the two readers never
    agree, as on real hands: all above that figure are right, half of those below."""
    rng = random.Random(seed)
    found = []
    for at in range(count):
        figure = rng.uniform(-3.0, 3.0)
        right = figure > wrong_below or rng.random() < 0.5
        told = {**FIGURES, "raw": figure, "score": figure, "agree": 0.0, "margin": 0.0}
        found.append(Sample(LINE, READER, told, right, ("dc01", "place"), at // 4, "home"))
    return found


def sure(count: int, wrong: int = 0) -> list[Sample]:
    """Answers that the scales which scanform brings accept."""
    told = {**FIGURES, **SURE}
    return [
        Sample(LINE, READER, told, at >= wrong, ("dc01", "place"), at, "home")
        for at in range(count)
    ]


def bound(_sample: Sample) -> float:
    return 0.005


BENCH = Bench(bound, 0.005, {})


def scale_in(found: scales.Scales) -> Scale | None:
    return found.made.scales.get(KEY)


def test_a_scale_that_accepts_more_at_the_same_bound_is_kept() -> None:
    found = scales_of(read(3000, -1.0), (), BENCH, "here")
    (row,) = found.judged
    assert row.kept
    assert found.changed
    assert row.new.count > max(1000, row.old.count)
    assert row.new.wrong <= 0.005 * row.new.count
    # On answers that nothing was fitted on the bound is kept as well.
    taken = BENCH.taken(scale_in(found), read(3000, -1.0, seed=2))
    assert taken.count > 1000
    assert taken.wrong <= 0.005 * taken.count


def test_too_few_answers_change_nothing() -> None:
    few = read(LEAST - 1, -1.0)
    found = scales_of(few[:80], few[80:], BENCH, "here")
    assert (found.judged, found.changed, dict(found.made.scales)) == ((), False, {})


def test_what_isnt_proved_accepts_nothing_and_is_not_kept() -> None:
    found = scales_of(read(LEAST + 50, -1.0), (), BENCH, "here")
    (row,) = found.judged
    assert (row.new.count, row.kept, found.changed) == (0, False, False)


def test_what_models_read_when_forms_came_in_is_proof() -> None:
    apart, before = read(150, -1.0), read(1200, -1.0, seed=4)
    assert scales_of(apart, (), BENCH, "here").judged == ()
    found = scales_of(apart, before, BENCH, "here")
    (row,) = found.judged
    assert (row.count, row.kept) == (1350, True)
    assert row.new.count > 500
    taken = BENCH.taken(scale_in(found), read(3000, -1.0, seed=9))
    assert taken.wrong <= 0.005 * taken.count


def test_the_new_reader_must_itself_keep_the_bound_where_it_is_trusted() -> None:
    before = read(3000, -1.0, seed=4)
    apart = read(60, -1.0)
    assert scales_of(apart, before, BENCH, "here").changed
    worse = [replace(each, right=at % 9 > 0) for at, each in enumerate(apart)]
    found = scales_of(worse, before, BENCH, "here")
    assert (found.changed, scale_in(found)) == (False, None)


def test_forms_read_before_are_other_forms_than_those_held_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    def fitted(samples: Sequence[Sample]) -> Scale:
        seen.extend(each.form for each in samples)
        return Scale({"bias": -9.0}, (Step(0.0, 0.5, 1, 1),), ())

    monkeypatch.setattr(scales, "fit_scale", fitted)
    scales_of(read(200, 0.0), read(40, 0.0), BENCH, "here")
    assert sorted(set(seen)) == [*range(60)]


def test_the_latest_answers_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scales, "MOST", 900)
    early = [replace(each, right=False) for each in read(600, -1.0, seed=7)]
    late, apart = read(700, -1.0, seed=8), read(200, -1.0)
    made = scale_in(scales_of(apart, [*early, *late], BENCH, "here"))
    assert made is not None
    assert made.cuts[-1].seen[0].count == 900
    assert made.cuts[-1].seen[0].wrong < 350  # none of the early ones


def test_what_the_usual_scales_accept_they_go_on_judging() -> None:
    easy, hard = sure(700), read(1800, -1.0)
    found = scales_of(easy, hard, BENCH, "here")
    made = scale_in(found)
    assert made is not None
    assert made.beyond == 0.005
    assert made.cuts[-1].seen[0].count == 1800  # nothing easy made it look better
    (row,) = found.judged
    assert row.old.count == 700
    assert row.new.count > 1500
    assert BENCH.taken(made, easy).count == 700


def test_a_scale_of_ones_own_takes_nothing_from_the_usual_ones() -> None:
    nothing = Scale({"raw": 1.0}, (Step(0.0, 0.5, 1, 1),), ())
    assert BENCH.taken(replace(nothing, beyond=0.005), sure(10)).count == 10
    assert BENCH.taken(nothing, sure(10)).count == 0


def test_a_templates_own_calibration_is_the_usual_one() -> None:
    steps = (Step(-3.0, 0.1, 0, 0), Step(3.0, 0.9999, 5000, 0))
    trusting = Scale({"raw": 1.0}, steps, (Cut(0.0, (Seen("", 5000, 0),)),))
    own = Calibration({KEY: trusting}, "", shipped().made_for)
    bench = Bench(bound, 0.005, {"dc01": own})
    some = read(40, -4.0)
    assert sum(bench.left(each) for each in some) == sum(e.features["raw"] < 0 for e in some)
    other = [replace(each, strata=("ct01", "place")) for each in some]
    assert all(bench.left(each) for each in other)


def test_where_the_usual_scales_surely_break_the_bound_another_judges_everything() -> None:
    wrong = [*sure(300, wrong=30), *read(600, -1.0)]
    found = scales_of(wrong, (), BENCH, "here")
    (row,) = found.judged
    assert (row.kept, row.old.wrong, row.new.wrong) == (True, 30, 0)
    made = scale_in(found)
    assert made is not None
    assert made.beyond is None
    # Three of 300 may be chance.
    beyond = scale_in(scales_of([*sure(300, wrong=3), *read(600, -1.0)], (), BENCH, "here"))
    assert beyond is not None
    assert beyond.beyond == 0.005


def test_a_scale_of_before_goes_when_it_breaks_the_bound() -> None:
    good = scales_of(read(3000, -1.0), (), BENCH, "one lesson").made
    changed = read(600, 9.0, seed=3)  # figures tell nothing any more: half are wrong
    assert BENCH.taken(good.scales[KEY], changed).wrong > 50
    found = scales_of(changed, (), BENCH, "the next", good)
    assert found.judged[0].kept
    assert BENCH.taken(scale_in(found), changed).count == 0
    # Too little to fit another is no reason to keep it: of these 199 wait.
    few = [*changed[: LEAST - 1], *sure(50)]
    found = scales_of(few, (), BENCH, "the next", good)
    assert (found.changed, scale_in(found)) == (True, None)
    # One that does well stays.
    fine = read(600, -1.0, seed=3)
    found = scales_of(fine, (), BENCH, "the next", good)
    assert (found.changed, scale_in(found)) == (False, good.scales[KEY])


def test_a_stricter_field_is_judged_by_its_own_bound() -> None:
    samples = [
        replace(each, field="home" if at % 2 else "number")
        for at, each in enumerate(read(3000, -1))
    ]

    def strict(sample: Sample) -> float:
        return 0.0001 if sample.field == "number" else 0.005

    (row,) = scales_of(samples, (), Bench(strict, 0.005, {}), "here").judged
    (easy,) = scales_of(samples, (), BENCH, "here").judged
    assert 0 < row.new.count < 0.6 * easy.new.count


def test_sorts_are_judged_each_by_itself() -> None:
    combs = [replace(each, sort=COMB, reader="digit-net 1") for each in read(300, -1.0)]
    others = [replace(each, sort="presence", reader="presence 3") for each in read(300, -1.0)]
    found = scales_of([*read(300, -1.0), *others], combs, BENCH, "here").judged
    assert [(each.sort, each.reader) for each in found] == [(COMB, "digit-net"), KEY]
    assert kind_of(replace(combs[0], features={"raw": 1.0, "kind:place": 1.0})) == "place"


def test_a_bound_is_broken_only_by_more_wrong_ones_than_chance_brings() -> None:
    assert not Taken(1000, 5, 5.0).breaks(0.95)
    assert not Taken(1000, 8, 5.0).breaks(0.95)
    assert Taken(1000, 8, 5.0).breaks(0.5)
    assert Taken(1000, 20, 5.0).breaks(0.95)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A workspace's models, one of which has scales of its own."""
    made = scales_of(read(3000, -1.0), (), BENCH, "here").made
    folder = tmp_path / "20250301-3f9a1c07"
    folder.mkdir()
    (folder / learnt.FILE_NAME).write_text(json.dumps(to_json(made)))
    learnt.use(tmp_path)
    yield tmp_path
    learnt.use(None)


def answer_by(reader: str) -> Answer:
    return Answer("home", "Ấp 3", 0.9, "pending", (), Reading("read", "Ấp 3", 0.9, reader))


def test_a_models_scales_judge_what_it_read_and_nothing_else(models: Path) -> None:
    by_model = scale_for(answer_by(READER), "place")
    others = [
        answer_by("tesseract-vie+asterocr 5.3.0+1.0.2"),
        answer_by("tesseract-vie+asterocr 5.3.0+1.0.2~20250301-00000000"),
        answer_by("tesseract-vie+asterocr 5.3.0+1.0.2~../20250301-3f9a1c07"),
    ]
    usual = shipped().scale_of(LINE, "tesseract-vie+asterocr")
    assert by_model is not None
    assert by_model is not usual
    assert all(scale_for(each, "place") is usual for each in others)
    # A form's own calibration was fitted on the reader as shipped: it doesn't speak of this one.
    own = Calibration({(LINE, "tesseract-vie+asterocr"): usual}, "", shipped().made_for)  # type: ignore[dict-item]
    assert scale_for(answer_by(READER), "place", own) is by_model
    assert scale_for(others[0], "place", own) is usual


def test_a_single_letter_may_be_a_speck_and_is_left_to_people(models: Path) -> None:
    usual = shipped().scale_of(LINE, "tesseract-vie+asterocr")
    ours = [scale_for(replace(answer_by(READER), value=said), "place") for said in ("3", "Ấp")]
    assert ours[0] is usual
    assert ours[1] not in (None, usual)
    hard = read(1800, -1.0)
    made = scale_in(scales_of([], hard, BENCH, "here"))
    specks = [replace(e, features={**e.features, "length": math.log1p(1)}) for e in hard]
    assert BENCH.taken(made, hard).count > 1000
    assert BENCH.taken(made, specks) == BENCH.taken(None, specks)
    assert scale_in(scales_of([], specks, BENCH, "here")) is None


@pytest.mark.parametrize("damage", ["{", "[]", '{"scales": 1, "source": "", "made_for": ""}'])
def test_damaged_scales_are_as_none(models: Path, damage: str) -> None:
    file = models / "20250301-3f9a1c07" / learnt.FILE_NAME
    file.write_text(damage)
    usual = shipped().scale_of(LINE, "tesseract-vie+asterocr")
    assert scale_for(answer_by(READER), "place") is usual
    assert learnt.scales_in(file) is None  # and the next night goes on without them


def test_a_models_scales_judge_only_what_the_usual_ones_leave_waiting(models: Path) -> None:
    measures = {"readers": 2.0, "agree": 1.0, "readers_margin": 12.0, "raw": 1.0 - 1e-6}
    agreed = Reading("read", "Bến Tre", 0.99, READER, measures=measures)
    answer = Answer("home", "Bến Tre", 0.99, "pending", (), agreed)
    usual = shipped().scale_of(*KEY)
    assert scale_for(answer, "place") is usual
    unsure = {**measures, "agree": 0.0, "readers_margin": 0.0, "raw": 0.5}
    doubtful = replace(agreed, score=0.3, measures=unsure)
    by_model = scale_for(replace(answer, reading=doubtful), "place")
    assert by_model is not usual
    # One that judges everything does so.
    file = models / "20250301-3f9a1c07" / learnt.FILE_NAME
    told = json.loads(file.read_text())
    del told["scales"][0]["beyond"]
    file.write_text(json.dumps(told))
    found = scale_for(answer, "place")
    assert found not in (usual, None)
    assert usual_scale(LINE, READER, features(answer, "place")) is usual
