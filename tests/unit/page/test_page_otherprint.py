"""Other words in the place of the form's own are told from words that are covered or gone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.page.fieldfit import field_fits
from scanform.page.otherprint import ENOUGH, named, printed_otherwise
from scanform.page.piecefit import piece_fits

FIELDS = ("f2", "f5", "f8")


def otherwise(demo, ink):
    pieces = piece_fits(ink, demo.reference)
    return printed_otherwise(ink, demo.reference, pieces, field_fits(demo.reference, pieces))


@pytest.fixture
def page(bare):
    """The empty form's ink, and the rectangles of some fields' labels."""
    boxes = [bare.template.field(name).box for name in FIELDS]
    areas = [Box(8, box.y, box.x - 9, box.h).pixels(100) for box in boxes]
    return bare.reference.fine.ink.copy(), [np.s_[t:b, x:r] for x, t, r, b in areas]


def test_the_empty_form_is_printed_as_it_is(bare) -> None:
    assert not otherwise(bare, bare.reference.fine.ink)


def test_other_words_are_told_with_the_labels_they_stand_for(bare, page) -> None:
    ink, labels = page
    for here in labels:
        ink[here] = ink[here][::-1, ::-1]
    found = otherwise(bare, ink)
    assert len(found) >= ENOUGH
    told = {name for piece in found for name in piece.fields}
    assert told <= set(FIELDS)
    for name in told:
        assert bare.template.field(name).label in named(bare.reference, found)


def test_words_that_are_gone_are_no_other_words(bare, page) -> None:
    ink, labels = page
    for here in labels:
        ink[here] = 0
    assert not otherwise(bare, ink)


def test_words_that_are_stamped_over_are_no_other_words(bare, page) -> None:
    ink, labels = page
    for here in labels:
        stamp = np.zeros_like(ink[here])
        cv2.putText(stamp, "No 12/34", (2, 18), 0, 0.7, 230, 3)
        ink[here] = np.maximum(ink[here], stamp)
    assert not otherwise(bare, ink)


def test_words_that_lie_a_little_off_are_the_forms_own(bare, page) -> None:
    ink, labels = page
    for here in labels:
        ink[here] = np.roll(ink[here], 9, axis=1)
    assert not otherwise(bare, ink)
