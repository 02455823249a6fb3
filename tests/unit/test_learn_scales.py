"""What a learnt reader's figures mean: fitted where it pays, used for what that model read."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from scanform.fields import learnt
from scanform.fields.calibration import COMB, LINE, scale_for, shipped
from scanform.fields.calibration_json import to_json
from scanform.fields.fitting import Sample
from scanform.learn import scales
from scanform.learn.scales import (
    CONFIRMED,
    LEAST,
    LEAST_BESIDE,
    Taken,
    accepted_by,
    scales_of,
    worth_rehearsing,
)
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


# The choice between scales, which are as they are told to be


@dataclass(frozen=True)
class Told:
    """A scale that accepts so many, ``wrong`` of them wrong, of what people confirmed and of what
    was rehearsed."""

    name: str
    count: int
    wrong: int = 0
    easy: int = 0


class Choice:
    """What ``scales_of`` makes of scales that were fitted alone and beside rehearsed answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.old: Told | None = Told("old", 100, 0, 400)
        self.alone: Told | None = Told("alone", 150, 0, 400)
        self.beside: Told | None = Told("beside", 120, 0, 400)
        monkeypatch.setattr(scales, "shipped", lambda: self)
        monkeypatch.setattr(scales, "fit_scale", self._fitted)
        monkeypatch.setattr(scales, "accepted_by", self._accepted)
        monkeypatch.setattr(scales, "proves", lambda wrong, *_: not wrong)

    def scale_of(self, _sort: str, _reader: str) -> Told | None:
        return self.old

    def _fitted(self, samples: Sequence[Sample]) -> Told | None:
        together = any(CONFIRMED in each.strata for each in samples)
        if together:  # no two forms are taken for one
            confirmed = {each.form for each in samples if CONFIRMED in each.strata}
            others = {each.form for each in samples if CONFIRMED not in each.strata}
            assert not confirmed & others
            assert others
        return self.beside if together else self.alone

    def _accepted(self, scale: Told | None, samples: Sequence[Sample], _bound: object) -> Taken:
        if scale is None:
            return Taken()
        if samples and "hand" in samples[0].strata:
            return Taken(scale.easy, 0, 0.005 * scale.easy)
        return Taken(scale.count, scale.wrong, 0.005 * scale.count)

    def __call__(
        self, confirmed: int = LEAST, easy: int = 500, sort: str = LINE
    ) -> tuple[str, bool] | None:
        """The name of the scale that was judged, and whether it is kept; None: none was."""
        some = [replace(ONE, sort=sort, form=at) for at in range(confirmed)]
        made = [replace(ONE, sort=sort, form=at, strata=("dc01", "hand")) for at in range(easy)]
        found = scales_of(some, bound, "here", None, made)
        if not found.judged:
            return None
        (row,) = found.judged
        name = next(e.name for e in (self.alone, self.beside) if e and e.count == row.new.count)
        kept = list(found.made.scales.values())
        assert [each.name for each in kept] == ([name] if row.kept else [])  # type: ignore[attr-defined]
        return name, row.kept


ONE = Sample(LINE, READER, {"raw": 1.0}, True, ("dc01", "place"), 0, "home")


@pytest.fixture
def choice(monkeypatch: pytest.MonkeyPatch) -> Choice:
    return Choice(monkeypatch)


def test_the_scale_that_accepts_most_is_kept_if_that_is_more(choice: Choice) -> None:
    assert choice() == ("alone", True)
    choice.alone = Told("alone", 110, 0, 400)
    assert choice() == ("beside", True)
    choice.old = Told("old", 120, 0, 400)
    assert choice() == ("beside", False)  # no more is no reason


def test_how_many_answers_it_takes(choice: Choice) -> None:
    assert choice(LEAST, easy=0) == ("alone", True)
    assert choice(LEAST - 1, easy=0) is None
    assert choice(LEAST - 1) == ("beside", True)  # too few for one of their own
    assert choice(LEAST_BESIDE) == ("beside", True)
    assert choice(LEAST_BESIDE - 1) is None
    assert choice(sort="presence") is None  # no reader that learns reads that
    assert choice(sort=COMB) == ("alone", True)


def test_hardly_fewer_rehearsed_answers_are_accepted(choice: Choice) -> None:
    choice.alone = Told("alone", 150, 0, 390)  # of 500 it may be 10 fewer
    assert choice() == ("alone", True)
    choice.alone = Told("alone", 150, 0, 389)
    assert choice() == ("beside", True)
    choice.beside = Told("beside", 120, 0, 389)
    assert choice() is None


def test_what_people_confirmed_must_show_that_it_keeps_the_bound(choice: Choice) -> None:
    choice.alone, choice.beside = None, Told("beside", 120, 1, 400)
    assert choice() is None


def test_an_old_scale_that_breaks_the_bound_goes(choice: Choice) -> None:
    choice.old = Told("old", 160, 20, 500)  # surely: whatever is proved, and rehearsals or not
    choice.alone, choice.beside = Told("alone", 0), Told("beside", 0)
    assert choice() == ("alone", True)
    assert choice(LEAST_BESIDE) == ("alone", True)
    choice.old = Told("old", 400, 4, 400)  # more likely than not
    choice.alone = Told("alone", 0, 0, 400)
    assert choice() == ("alone", False)
    choice.alone = Told("alone", 150, 0, 400)
    assert choice() == ("alone", True)
    choice.old = Told("old", 400, 1, 400)  # it may well keep it
    assert choice() == ("alone", False)


def test_sorts_are_judged_in_order_and_any_of_them_is_worth_rehearsing(choice: Choice) -> None:
    some = [replace(ONE, sort=sort) for sort in (LINE, COMB) for _ in range(LEAST)]
    found = scales_of(some, bound, "here").judged
    assert [each.sort for each in found] == sorted((LINE, COMB))
    few = [replace(ONE, sort=COMB)] * (LEAST_BESIDE - 1)
    assert worth_rehearsing([ONE] * LEAST_BESIDE + few)
    assert not worth_rehearsing([replace(ONE, sort="presence")] * LEAST_BESIDE + few)
    assert scales._beside([ONE], [], bound) is None
    assert scales._kind(replace(ONE, features={"raw": 1.0, "kind:place": 1.0})) == "place"
