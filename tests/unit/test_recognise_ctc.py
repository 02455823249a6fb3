"""A line reader's steps give a best text and every text's chance; two readers are weighed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.errors import MissingProgram
from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import asterocr, tesseract
from scanform.programs.tesseract import Character, Word
from scanform.recognise import choose
from scanform.recognise.ctc import NEVER, Steps, best_text, log_chance
from scanform.recognise.interface import read_all
from scanform.recognise.tesseract import LinesBatch, TwoReaders
from scanform.recognise.weigh import SURE, weigh

ALPHABET = ("", *"abcỄÊNGUYĂ ")


def spoken(text: str, sure: float = 0.9, doubtful: dict[int, str] | None = None) -> Steps:
    """Steps of a reader that says ``text``, and half as much what ``doubtful`` has at a place."""
    rows = []
    for at, character in enumerate(text):
        row = np.full(len(ALPHABET), (1 - sure) / len(ALPHABET))
        row[ALPHABET.index(character)] += sure
        if other := (doubtful or {}).get(at):
            row[ALPHABET.index(other)] += sure / 2
        rows += [row, np.eye(len(ALPHABET))[0] * 0.98 + 0.02 / len(ALPHABET)]
    chances = np.array(rows)
    return np.log(chances / chances.sum(axis=1, keepdims=True)).astype(np.float32)


def word(text: str, score: float = 0.9) -> Word:
    return Word(text, score, tuple(Character(c, 0, 1, score) for c in text))


@given(st.text(alphabet="abcỄÊN", min_size=1, max_size=12))
def test_the_best_text_is_the_spoken_one(text: str) -> None:
    steps = spoken(text)
    assert best_text(steps, ALPHABET) == text
    assert log_chance(steps, text, ALPHABET) > log_chance(steps, text + "a", ALPHABET)


@given(st.integers(0, 1000))
def test_the_chances_of_all_texts_sum_to_one(seed: int) -> None:
    alphabet = ("", "a", "b")
    chances = np.random.default_rng(seed).dirichlet(np.ones(3), size=3)
    steps = np.log(chances).astype(np.float32)
    texts = ["".join(t) for n in range(4) for t in itertools.product("ab", repeat=n)]
    total = sum(math.exp(log_chance(steps, text, alphabet)) for text in texts)
    assert total == pytest.approx(1.0, abs=1e-4)


def test_an_unknown_character_never_comes() -> None:
    assert log_chance(spoken("ab"), "aß", ALPHABET) == NEVER


def test_readers_that_agree_are_sure() -> None:
    found = weigh([word("NGUYỄN"), word("Ăb")], spoken("NGUYỄN Ăb"), ALPHABET)
    assert found is not None
    assert (found.text, found.agree, found.margin) == ("NGUYỄN Ăb", True, SURE)


def test_a_crumb_at_the_end_is_no_disagreement() -> None:
    found = weigh([word("NGUYỄN"), word("Ăb:")], spoken("NGUYỄN Ăb"), ALPHABET)
    assert found is not None
    assert (found.agree, found.margin) == (True, SURE)


def test_each_word_may_come_from_another_reader() -> None:
    steps = spoken("NGUYỄN aÊ", doubtful={8: "b"})
    found = weigh([word("NGUYÊN", 0.6), word("ab", 0.97)], steps, ALPHABET)
    assert found is not None
    assert (found.text, found.agree) == ("NGUYỄN ab", False)
    assert 0 < found.margin < SURE
    assert "NGUYỄN aÊ" in [each.text for each in found.alternatives]


def test_one_reader_is_enough() -> None:
    found = weigh([], spoken("ab"), ALPHABET)
    assert found is not None
    assert (found.text, found.agree) == ("ab", False)
    assert weigh([], spoken("a")[1:], ALPHABET) is None


class Speaks:
    """A second reader that says the same of every line."""

    def __init__(self, text: str) -> None:
        self.text = text

    def alphabet(self) -> tuple[str, ...]:
        return ALPHABET

    def read_lines(self, images: Sequence[Pixels]) -> list[Steps]:
        return [spoken(self.text) for _ in images]


def test_the_second_reader_stands_in_where_the_first_dies(written: Crop) -> None:
    readings = read_all(
        LinesBatch("one+two 1+2", lambda images, _, __: [None] * len(images), "", None), [written]
    )
    assert readings[0].outcome == "unreadable"
    (read,) = read_all(
        LinesBatch("one+two 1+2", lambda images, _, __: [None] * len(images), "", Speaks("ab")),
        [written],
    )
    assert (read.text, read.measures["agree"], read.measures["own"]) == ("ab", 0.0, 0.0)


@pytest.fixture
def written() -> Crop:
    page = np.full((90, 300), 255, np.uint8)
    blank = page.copy()
    page[30:60, 60:66] = page[30:60, 80:86] = 0
    area = Box(0, 0, 25.4, 7.62)
    return Crop(Field("it", "", "text", 1, area), area, page, blank)


def test_the_second_reader_is_chosen_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = ("tesseract+asterocr", "tesseract-digits+asterocr")
    for told, names in (("1.0.2", pairs), (None, ("tesseract", "tesseract-digits"))):
        there = {name: lambda told=told: told for name in pairs}
        monkeypatch.setattr(choose, "_INSTALLED", there)
        assert (choose.for_kind("text"), choose.for_kind("digits")) == names
    monkeypatch.setattr(choose, "_INSTALLED", {name: lambda: "1.0.2" for name in pairs})
    assert choose.for_kind("digits", "tesseract") == "tesseract-digits"
    assert choose.for_kind("digits", "tesseract+asterocr") == "tesseract-digits+asterocr"


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asterocr, "version", lambda: None)
    monkeypatch.setattr(tesseract, "require", lambda: "5.3.0")
    with pytest.raises(MissingProgram):
        TwoReaders()
