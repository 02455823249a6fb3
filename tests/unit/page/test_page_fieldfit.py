"""Each field is judged by the print around it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.scan import FieldFit, Sheet
from scanform.model.template import Field
from scanform.page.fieldfit import field_fits, is_misaligned
from scanform.page.labels import pieces_of
from scanform.page.piecefit import piece_fits
from scanform.page.place import place

CHANGED = "f5"


def fits_of(demo, ink):
    return field_fits(demo.reference, piece_fits(ink, demo.reference))


def moved(ink, dx: int, dy: int):
    return np.roll(ink, (dy, dx), axis=(0, 1))


def label_of(demo, field: Field) -> tuple[int, int, int, int]:
    """The label's rectangle at the fine level: what stands to the left on the field's line."""
    return Box(8, field.box.y, field.box.x - 9, field.box.h).pixels(demo.reference.fine.plan.dpi)


def test_every_field_of_the_empty_form_fits(bare) -> None:
    fits = fits_of(bare, bare.reference.fine.ink)
    assert set(fits) == {field.id for field in bare.template.fields}
    assert min(each.support for each in fits.values()) > 0.95
    assert max(each.residual_mm for each in fits.values()) < 0.05


@pytest.mark.parametrize("pixels", [2, 4])
def test_how_far_print_lies_off_is_measured(bare, pixels) -> None:
    fits = fits_of(bare, moved(bare.reference.fine.ink, 0, pixels))
    off = [each.residual_mm for each in fits.values()]
    assert np.allclose(off, pixels * 25.4 / 100, atol=0.1)
    assert all(is_misaligned(each) == (pixels == 4) for each in fits.values())


def test_a_changed_label_is_told_and_no_other_field(bare) -> None:
    ink = bare.reference.fine.ink.copy()
    left, top, right, bottom = label_of(bare, bare.template.field(CHANGED))
    ink[top:bottom, left:right] = ink[top:bottom, left:right][:, ::-1]
    fits = fits_of(bare, ink)
    assert {name for name, fit in fits.items() if is_misaligned(fit)} == {CHANGED}


def test_a_label_that_is_gone_is_told(bare) -> None:
    ink = bare.reference.fine.ink.copy()
    left, top, right, bottom = label_of(bare, bare.template.field(CHANGED))
    ink[top:bottom, left:right] = 0
    assert fits_of(bare, ink)[CHANGED].support < 0.1


def test_writing_and_a_stamp_across_the_print_raise_no_doubt(bare) -> None:
    ink = bare.reference.fine.ink.copy()
    rng = np.random.default_rng(2)
    for field in bare.template.fields:
        for cell in field.cells:
            left, top, right, bottom = cell.grown(0.4).pixels(100)
            stroke = rng.uniform((left, top), (right, bottom), (5, 2)).astype(np.int32)
            cv2.polylines(ink, [stroke], False, 200, 2)
    cv2.circle(ink, (140, 250), 60, 120, 5)
    fits = fits_of(bare, ink)
    assert not [name for name, fit in fits.items() if is_misaligned(fit)]


def test_a_sheet_says_how_its_fields_lie(marked, scanned) -> None:
    sheet = place(scanned(marked.blank, 3.0).page, [marked.reference])
    assert isinstance(sheet, Sheet)
    assert set(sheet.fields) == {field.id for field in marked.template.fields}
    assert not any(is_misaligned(fit) for fit in sheet.fields.values())
    assert max(fit.residual_mm for fit in sheet.fields.values()) < 0.2


def test_tolerances_bound_both_figures() -> None:
    assert not is_misaligned(FieldFit(0.1, 0.9))
    assert is_misaligned(FieldFit(0.9, 0.9))
    assert is_misaligned(FieldFit(0.1, 0.2))


def drawn(*boxes: Box):
    ink = np.zeros((400, 600), np.uint8)
    for box in boxes:
        left, top, right, bottom = box.pixels(100)
        ink[top:bottom, left:right] = 200
    return ink


def labels(ink, *fields: Field) -> dict[str, list[Box]]:
    found: dict[str, list[Box]] = {field.id: [] for field in fields}
    for piece in pieces_of(ink, 100, fields, []):
        for name in piece.fields:
            if not piece.own:
                found[name].append(piece.box)
    return found


def test_a_label_stands_to_the_left_whatever_the_gap() -> None:
    field = Field("a", "", "text", 1, Box(60, 20, 40, 7))
    (label,) = labels(drawn(Box(30, 22, 5, 3), Box(30, 50, 5, 3)), field)["a"]
    assert label.centre == pytest.approx((32.5, 23.5), abs=0.5)


def test_what_belongs_to_a_neighbour_is_no_label() -> None:
    first = Field("first", "", "text", 1, Box(40, 20, 20, 7))
    second = Field("second", "", "text", 1, Box(70, 20, 20, 7))
    found = labels(drawn(Box(30, 22, 5, 3)), first, second)
    assert found["first"]
    assert not found["second"]


def test_a_label_may_stand_above() -> None:
    field = Field("a", "", "text", 1, Box(60, 20, 40, 7))
    assert labels(drawn(Box(70, 14, 5, 3)), field)["a"]


def asked_for(ink, field: Field) -> int:
    return sum(piece.own for piece in pieces_of(ink, 100, [field], []))


def test_a_field_without_a_label_is_judged_by_lines_of_its_table_not_by_dots() -> None:
    field = Field("a", "", "text", 1, Box(60, 20, 35, 7))
    dots = [Box(60 + 0.8 * each, 26.5, 0.3, 0.3) for each in range(44)]
    assert asked_for(drawn(*dots), field) == 0
    assert asked_for(drawn(Box(40, 27.5, 80, 0.3), *dots), field) == 5
    upright = drawn(Box(59.2, 15, 0.3, 20), *dots)
    assert asked_for(upright, field) == 1
