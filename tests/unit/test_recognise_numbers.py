"""Numbers and dates on lines: two readers' figures, weighed one by one."""

from __future__ import annotations

import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.template import Field
from scanform.programs import tesseract
from scanform.programs.tesseract import Character, Line, Word
from scanform.recognise.ctc import Steps
from scanform.recognise.number_reader import TwoNumberReaders
from scanform.recognise.numbers import weigh_number
from scanform.recognise.tesseract import TwoReaders

ALPHABET = ("", *"0123456789Ol/.- ngày")


def spoken(text: str, sure: float = 0.9) -> Steps:
    """Steps of a reader that says ``text``."""
    rows = []
    for character in text:
        row = np.full(len(ALPHABET), (1 - sure) / len(ALPHABET))
        row[ALPHABET.index(character)] += sure
        rows += [row, np.eye(len(ALPHABET))[0] * 0.98 + 0.02 / len(ALPHABET)]
    return np.log(np.array(rows)).astype(np.float32)


def words(text: str, score: float = 0.9, **of: float) -> list[Word]:
    """Words whose characters have that score; ``c3=0.2`` for the fourth of all."""
    scores = [of.get(f"c{at}", score) for at in range(len(text))]
    found, at = [], 0
    for each in text.split():
        here = scores[at : at + len(each)]
        at += len(each)
        characters = tuple(Character(c, 0, 1, s) for c, s in zip(each, here, strict=True))
        found.append(Word(each, min(here), characters))
    return found


@pytest.mark.parametrize(
    ("said", "other", "dated", "text"),
    [
        ("0831", "O83l", False, "0831"),
        ("05/06/1985", "05.06.1985", True, "05/06/1985"),
        ("5 6 1985", "5 6 1985", True, "5/6/1985"),
        ("05 / 06/1985", "05-06-1985", True, "05/06/1985"),
    ],
)
def test_what_means_the_same_agrees(said: str, other: str, dated: bool, text: str) -> None:
    found = weigh_number(words(said), spoken(other), ALPHABET, dated)
    assert found is not None
    assert (found.text, found.agree) == (text, True)


def test_each_figure_is_taken_from_the_reader_that_is_sure_of_it() -> None:
    found = weigh_number(words("7234", c0=0.1), spoken("1239"), ALPHABET, False)
    assert found is not None
    # The first by the second reader; of the last each is as sure, and either may be right.
    assert found.text[:3] == "123"
    assert not found.agree
    assert {each.text for each in found.alternatives} >= {"7234", "1239"} - {found.text}


def test_one_reader_alone_is_no_agreement() -> None:
    found = weigh_number([], spoken("0831"), ALPHABET, False)
    assert found is not None
    assert (found.text, found.agree) == ("0831", False)
    assert weigh_number([], spoken("này"), ALPHABET, False) is None


class Speaks:
    def read_lines(self, images: object) -> list[Steps]:
        return [spoken("0831")]

    def alphabet(self) -> tuple[str, ...]:
        return ALPHABET


def inked(kind: str = "digits") -> Crop:
    page = np.full((90, 300), 255, np.uint8)
    blank = page.copy()
    page[30:60, 60:66] = page[30:60, 80:86] = 0
    area = Box(0, 0, 25.4, 7.62)
    return Crop(Field("it", "", kind, 1, area), area, page, blank)


def test_a_number_on_a_line_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "require", lambda: "5.3.0")
    crop = inked()
    said = Line(tuple(words("0881", c2=0.3)))
    (read,) = TwoNumberReaders(lambda *_: [said], Speaks()).read([crop])
    assert (read.text, read.measures["agree"]) == ("0831", 0.0)
    assert [each.text for each in read.said] == ["0881", "0831"]
    assert read.reader.startswith("tesseract-vie-digits+asterocr 5.3.0+")


def test_it_is_told_where_one_of_two_readers_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "require", lambda: "5.3.0")
    for reader, kind in ((TwoNumberReaders, "digits"), (TwoReaders, "text")):
        for said, failed in ((None, 1.0), (Line(()), None)):
            (read,) = reader(lambda *_, s=said: [s], Speaks()).read([inked(kind)])
            assert (read.text, read.measures.get("failed")) == ("0831", failed)
