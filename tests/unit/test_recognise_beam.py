"""Prefix beam search, the letters of a unit's texts, and the evening of a photographed cell."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanform.lexicon import hamlets
from scanform.lexicon.hamlets import Hamlets
from scanform.lexicon.ngrams import counted
from scanform.model.geometry import Box
from scanform.model.template import Field
from scanform.recognise.beam import searched
from scanform.recognise.decode import Addresses
from scanform.recognise.known import lexicon_for, log_prior, use_words
from scanform.recognise.soft import soft_line

NAMES = ("", "a", "b", "ă")


def steps_of(*rows: tuple[float, ...]) -> np.ndarray:
    return np.log(np.array(rows, np.float32) + 1e-9)


def test_the_sum_over_all_ways_decides() -> None:
    # Each step's best is none, yet "a" is likelier than nothing: 1 - 0.6 * 0.6.
    steps = steps_of((0.6, 0.4, 0.0, 0.0), (0.6, 0.4, 0.0, 0.0))
    best, chance = searched(steps, NAMES, lambda _before, _letter: 0.0, weight=0.0, bonus=0.0)[0]
    assert best == "a"
    assert math.isclose(math.exp(chance), 0.64, abs_tol=1e-3)


def test_like_letters_need_a_step_between() -> None:
    steps = steps_of((0.0, 1.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0))
    assert searched(steps, NAMES, lambda _before, _letter: 0.0, bonus=0.0)[0][0] == "aa"


def test_what_the_unit_writes_tips_the_scale() -> None:
    language = counted(["ăb", "ăb", "ăb"])
    steps = steps_of((0.0, 0.52, 0.0, 0.48), (0.0, 0.0, 1.0, 0.0))
    assert searched(steps, NAMES, lambda _before, _letter: 0.0, bonus=0.0)[0][0] == "ab"
    assert searched(steps, NAMES, language.chance)[0][0] == "ăb"


def test_letters_chances_sum_to_one() -> None:
    language = counted(["an bình", "an hoà"], size=60)
    seen = sorted({c for text in ("an bình", "an hoà") for c in text} | {"\n"})
    whole = sum(math.exp(language.chance("\nan", letter)) for letter in seen)
    unseen = (60 - len(seen)) * math.exp(language.chance("\nan", "w"))
    assert math.isclose(whole + unseen, 1.0, abs_tol=1e-6)
    assert language.text("an bình") > language.text("bình an")


def cell() -> np.ndarray:
    """A photographed cell: grey paper, a border at the right and one below, faint writing."""
    image = np.full((80, 900), 190, np.uint8)
    image[:, 400:] -= 25
    image[70:73, :] = 60
    image[:, 850:853] = 60
    cv2.putText(image, "An Binh", (60, 52), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 120, 2)
    return image


def test_a_cells_borders_go_and_its_writing_stays() -> None:
    line = soft_line(cell())
    assert line.shape[1] < 300  # cut to the writing: the border at 850 is gone
    assert line.shape[0] < 70  # so is the one below
    assert (line < 100).sum() > 500


def test_an_empty_cell_is_white() -> None:
    assert soft_line(np.full((80, 600), 200, np.uint8)).min() == 255


HOME = Field("home", "Nơi ở", "place", 1, Box(0, 0, 9, 9), lexicon="address")


def test_an_address_is_read_with_the_words_of_the_unit() -> None:
    ours = {"cồn": 40.0, "bửng": 40.0}
    plain_prior = log_prior("cồn bửng", Addresses())
    try:
        use_words(ours)
        lexicon = lexicon_for(HOME)
        assert isinstance(lexicon, Addresses)
        assert lexicon.own is not None
        assert log_prior("cồn bửng", lexicon) > plain_prior + 1.0
    finally:
        use_words({})
    assert lexicon_for(HOME) == Addresses(None)


def test_hamlets_and_names_are_read_as_the_unit_writes_them() -> None:
    hamlet = replace(HOME, kind="text", lexicon="hamlets")
    name = replace(HOME, kind="capitals", lexicon=None)
    usual = log_prior("bản nậm", lexicon_for(hamlet)), log_prior("giàng", lexicon_for(name))
    strange = log_prior("xyz", lexicon_for(name))
    try:
        use_words({}, {"bản nậm": 30.0}, {"giàng": 60.0})
        assert log_prior("bản nậm", lexicon_for(hamlet)) > usual[0] + 1.0
        assert log_prior("giàng", lexicon_for(name)) > usual[1] + 1.0
        # What nobody wrote is as unlikely as ever.
        assert log_prior("xyz", lexicon_for(name)) == pytest.approx(strange, abs=0.1)
        # Of an office's own list, those come first that its people live in.
        hamlets.use(Hamlets([("Xã An Điền", "Ấp 1"), ("Xã An Điền", "Ấp 7")]))
        use_words({}, {"ấp 7": 30.0})
        listed = lexicon_for(hamlet)
        assert log_prior("ấp 7", listed) > log_prior("ấp 1", listed) + 1.0
        assert log_prior("ấp 1", listed) > log_prior("ấp 4", listed)
    finally:
        hamlets.use(None)
        use_words({})
    assert log_prior("giàng", lexicon_for(name)) == usual[1]
