"""Crops of a batch of pages go to their readers, each of which is asked once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from scanform.fields import FIELD_KINDS
from scanform.model.geometry import Box
from scanform.model.reading import Crop, Reading
from scanform.model.template import Field, Option
from scanform.recognise.interface import AtOnce, Batch, Gathering, read_each
from scanform.recognise.marks import Marks, read_marks
from scanform.recognise.presence import Presence, read_presence

BOX = Box(10, 10, 30, 8)


def crop(name: str, kind: str) -> Crop:
    options = (Option("a", Box(12, 11, 4, 4)),) if kind == "choice" else ()
    field = Field(name, name, kind, page=1, box=BOX, options=options)
    pixels = np.full((8 * 12, 30 * 12, 3), 255, np.uint8)
    return Crop(field, BOX, pixels, pixels[..., 0].copy())


def said(of: Crop) -> Reading:
    return Reading("read", of.field.id, 1.0, "told")


class Whole:
    """Wants all crops at once."""

    name = "whole"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        self.asked.append([each.field.id for each in crops])
        return [said(each) for each in crops]


class OneByOne(Whole):
    """Takes crops as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0

    def begin(self) -> Batch:
        self.begun += 1
        return AtOnce(said)


def test_every_crop_has_its_own_reading_whatever_the_order() -> None:
    whole, one = Whole(), OneByOne()
    crops = [crop("b", "text"), crop("x", "choice"), crop("a", "text"), crop("y", "choice")]
    read = read_each(crops, FIELD_KINDS, {"text": whole, "marks": one})
    assert [each.text for each in read] == ["b", "x", "a", "y"]
    assert whole.asked == [["b", "a"]]
    assert one.begun == 1
    assert not one.asked


def test_what_is_taken_one_by_one_is_read_before_the_batch_is_full() -> None:
    gathering = Gathering(FIELD_KINDS, {"marks": Marks()})
    cut = crop("x", "choice")
    gathering.add(cut)
    cut.pixels[:] = 0  # the page is gone
    assert gathering.read() == [read_marks(crop("x", "choice"))]


@pytest.mark.parametrize(
    ("reader", "kind", "read_one"),
    [(Marks(), "choice", read_marks), (Presence(), "presence", read_presence)],
)
def test_a_batch_reads_as_the_reader_alone(reader, kind, read_one) -> None:
    cut = crop("x", kind)
    assert reader.read([cut, cut]) == [read_one(cut)] * 2
