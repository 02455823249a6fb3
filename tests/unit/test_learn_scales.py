"""What a learnt reader's figures mean: fitted where it pays, used for what that model read."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from scanform.fields import learnt
from scanform.fields.calibration import LINE, scale_for, shipped
from scanform.fields.calibration_json import to_json
from scanform.fields.fitting import Sample
from scanform.learn.scales import LEAST, Taken, accepted_by, scales_of, worth_rehearsing
from scanform.model.calibration import Calibration, Cut, Scale, Seen, Step
from scanform.model.reading import Reading
from scanform.model.record import Answer

READER = "tesseract-vie+asterocr 5.3.0+1.0.2~20250301-3f9a1c07"
FIGURES = {"score": 0.0, "worst": 0.0, "all": 0.0, "ink": -3.0, "length": 2.0, "kind:place": 1.0}


def read(count: int, wrong_below: float, seed: int = 1, raw: float = 0.0) -> list[Sample]:
    """Answers of a reader whose own figure tells right from wrong, though the two readers never
    agree, as on real hands: all above that figure are right, half of those below."""
    rng = random.Random(seed)
    found = []
    for at in range(count):
        figure = rng.uniform(-3.0, 3.0)
        right = figure > wrong_below or rng.random() < 0.5
        told = {**FIGURES, "raw": figure + raw, "score": figure, "agree": 0.0, "margin": 0.0}
        found.append(Sample(LINE, READER, told, right, ("dc01", "place"), at // 4, "home"))
    return found


def bound(_sample: Sample) -> float:
    return 0.005


def test_a_scale_that_accepts_more_at_the_same_bound_is_kept() -> None:
    samples = read(3000, -1.0)
    found = scales_of(samples, bound, "here")
    (row,) = found.judged
    assert row.kept
    assert found.changed
    assert row.new.count > max(1000, row.old.count)
    assert row.new.wrong <= 0.005 * row.new.count
    # On answers that nothing was fitted on the bound is kept as well.
    fresh = read(3000, -1.0, seed=2)
    taken = accepted_by(next(iter(found.made.scales.values())), fresh, bound)
    assert taken.count > 1000
    assert taken.wrong <= 0.005 * taken.count


def test_too_few_answers_change_nothing() -> None:
    found = scales_of(read(LEAST - 1, -1.0), bound, "here")
    assert (found.judged, found.changed, dict(found.made.scales)) == ((), False, {})


def test_what_isnt_proved_accepts_nothing_and_the_old_scale_stays() -> None:
    found = scales_of(read(LEAST + 50, -1.0), bound, "here")
    (row,) = found.judged
    assert (row.new.count, row.kept) == (0, False)


def rehearsed(count: int, seed: int = 5) -> list[Sample]:
    """Made-up forms, whose two readers agree as a rule."""
    made = read(count, -2.0, seed, raw=1.0)
    return [replace(each, strata=("dc01", "hand", "light", "place")) for each in made]


def test_rehearsed_answers_stand_in_for_the_number_of_confirmed_ones() -> None:
    samples = read(300, -1.0)
    (alone,) = scales_of(samples, bound, "here").judged
    assert alone.new.count == 0  # 300 prove nothing at 0.5 %
    found = scales_of(samples, bound, "here", None, rehearsed(2000))
    (row,) = found.judged
    assert row.kept
    assert (row.count, row.new.wrong) == (300, 0)
    assert row.new.count > 138
    assert worth_rehearsing(samples)


def test_a_scale_that_would_send_back_what_is_accepted_now_is_not_kept() -> None:
    samples = read(3000, -1.0)
    # Until now: whatever both readers agree on, as on typed forms, though each doubts it.
    steps = (Step(0.0, 0.5, 0, 0), Step(10.0, 0.9999, 5000, 0))
    agreed = Scale({"agree": 10.0}, steps, (Cut(9.0, (Seen("", 5000, 0),)),))
    before = Calibration({(LINE, "tesseract-vie+asterocr"): agreed}, "", shipped().made_for)
    doubtful = {"raw": -3.0, "score": -3.0, "agree": 1.0}
    typed = [
        replace(each, right=True, features={**each.features, **doubtful}) for each in rehearsed(600)
    ]
    assert accepted_by(agreed, typed, bound).count == 600
    hands_alone = next(iter(scales_of(samples, bound, "here", before).made.scales.values()))
    assert hands_alone is not agreed
    assert accepted_by(hands_alone, typed, bound).count == 0
    made = scales_of(samples, bound, "here", before, typed).made.scales
    kept = made[LINE, "tesseract-vie+asterocr"]
    assert accepted_by(kept, typed, bound).count >= 0.98 * 600


def test_confirmed_answers_must_show_that_they_keep_the_bound_themselves() -> None:
    # As right as can be, but too few to show it: being without a wrong one isn't enough.
    few = read(120, -4.0)
    assert scales_of(few, bound, "here", None, rehearsed(2000)).changed is False
    # Hands on which the figures that rehearsals trust mean nothing.
    odd = read(400, 9.0)
    found = scales_of(odd, bound, "here", None, rehearsed(2000))
    made = next(iter(found.made.scales.values()), None)
    assert accepted_by(made, odd, bound).count == 0
    assert not worth_rehearsing(read(99, -1.0))


def test_an_old_scale_that_surely_breaks_the_bound_goes_even_if_nothing_is_proved() -> None:
    good = scales_of(read(3000, -1.0), bound, "one lesson").made
    changed = read(600, 9.0, seed=3)  # figures tell nothing any more: half are wrong
    before = accepted_by(next(iter(good.scales.values())), changed, bound)
    assert before.wrong > 50
    for some, beside in ((changed, ()), (changed[:150], rehearsed(2000))):
        found = scales_of(some, bound, "the next", good, beside)
        assert found.judged[0].kept
        assert accepted_by(next(iter(found.made.scales.values())), changed, bound).count == 0
    found = scales_of(changed, bound, "the next", good)
    assert accepted_by(next(iter(found.made.scales.values())), changed, bound).count == 0


def test_a_stricter_field_is_judged_by_its_own_bound() -> None:
    samples = [
        replace(each, field="home" if at % 2 else "number")
        for at, each in enumerate(read(3000, -1))
    ]

    def strict(sample: Sample) -> float:
        return 0.0001 if sample.field == "number" else 0.005

    (row,) = scales_of(samples, strict, "here").judged
    (easy,) = scales_of(samples, bound, "here").judged
    assert 0 < row.new.count < 0.6 * easy.new.count


def test_a_bound_is_broken_only_by_more_wrong_ones_than_chance_brings() -> None:
    assert not Taken(1000, 5, 5.0).breaks(0.95)
    assert not Taken(1000, 8, 5.0).breaks(0.95)
    assert Taken(1000, 8, 5.0).breaks(0.5)
    assert Taken(1000, 20, 5.0).breaks(0.95)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A workspace's models, one of which has scales of its own."""
    made = scales_of(read(3000, -1.0), bound, "here").made
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


@pytest.mark.parametrize("damage", ["{", "[]", '{"scales": 1, "source": "", "made_for": ""}'])
def test_damaged_scales_are_as_none(models: Path, damage: str) -> None:
    file = models / "20250301-3f9a1c07" / learnt.FILE_NAME
    file.write_text(damage)
    usual = shipped().scale_of(LINE, "tesseract-vie+asterocr")
    assert scale_for(answer_by(READER), "place") is usual
