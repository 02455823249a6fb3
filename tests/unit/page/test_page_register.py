"""A page is measured until its fit keeps still, and no longer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scanform.page import register as registering
from scanform.page.marks import find_marks, guess_from_marks
from scanform.page.place import locate
from scanform.page.register import Registered, register


@pytest.fixture
def start(marked, scanned):
    """An aligned page's ink, its form and a good first guess."""
    page = scanned(marked.blank, 2.0).page
    found = locate(page, [marked.reference])
    assert isinstance(found, Registered)
    marks = find_marks(page.pixels[..., 0], (1.0, 1.0))
    guess = guess_from_marks(marks, marked.reference.marks, 1.0)
    assert guess is not None
    ink = registering.PageInk(255 - page.pixels[..., 0], (1.0, 1.0))
    return ink, marked.reference, guess, found


@pytest.mark.parametrize(
    ("moves", "support", "times"),
    [
        ([0.1], 1.0, 1),
        ([1.5, 0.4, 0.1], 1.0, 3),
        ([2.0] * 9, 1.0, 5),
        ([2.0] * 9, 0.05, 1),
    ],
    ids=["still at once", "still at last", "never still", "another form"],
)
def test_how_often_a_page_is_measured(moves, support, times, start, monkeypatch) -> None:
    ink, reference, guess, found = start
    measured = []

    def canned(*_):
        measured.append(moves[len(measured)])
        return replace(found, support=support, weakest=support), measured[-1]

    monkeypatch.setattr(registering, "_measured", canned)
    register(ink, reference, guess)
    assert len(measured) == times


@pytest.mark.parametrize(("voice", "weakest"), [(0.12, 1.0), (0.5, 0.0)], ids=["dots", "words"])
def test_a_part_with_nothing_but_rows_of_dots_is_not_judged(voice, weakest, bare) -> None:
    words, more = np.full((6, 2), 20.0), np.full((16, 2), 100.0)
    voices = np.array([0.5] * len(words) + [voice] * len(more))
    level = replace(bare.reference.fine, centres=np.vstack([words, more]), voice=voices)
    found = np.arange(len(voices)) < len(words)
    assert registering._support(level, found, (120.0, 160.0))[1] == weakest
