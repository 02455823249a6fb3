"""Each step of the page room alone, on arrays with known geometry."""

from __future__ import annotations

import pickle
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanform.model.geometry import Box
from scanform.model.scan import FieldFit, Quality, Sheet
from scanform.model.template import Field, Option
from scanform.page.arrays import apply
from scanform.page.crop import MARGIN_MM, crop
from scanform.page.deskew import skew
from scanform.page.evidence import beside_print, compare
from scanform.page.features import find_features, guess_from_features
from scanform.page.ink import ink_of
from scanform.page.layout import lay_out
from scanform.page.marks import find_marks, find_marks_in_corners, guess_from_marks
from scanform.page.orient import orientations
from scanform.page.place import locate
from scanform.page.preview import draw_preview
from scanform.page.printed_code import (
    SAME_PATTERN,
    likeness_of_code,
    pattern_of,
    read_code,
)
from scanform.page.quality import contrast, is_blank, sharpness
from scanform.page.reference import features_of, make_reference
from scanform.page.warp import Warp, bending, fit_shift, knots, shift_solver, splines_at
from scanform.template.marks import code as qr


def small_ink(blank, dpi=75):
    times = 300 // dpi
    small = cv2.resize(blank, None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA)
    return ink_of(small, dpi)


# Ink


def test_ink_is_the_same_in_the_shadow_and_on_coloured_paper(bare) -> None:
    grey = cv2.resize(bare.blank, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    plain = ink_of(grey, 100).astype(int)
    ramp = np.linspace(0.3, 1.0, grey.shape[1])[None]
    shaded = ink_of((grey * ramp).astype(np.uint8), 100).astype(int)
    assert np.percentile(np.abs(plain - shaded), 99.5) < 12


def test_paper_has_no_ink() -> None:
    assert ink_of(np.full((200, 150), 180, np.uint8), 100).max() == 0


# Deskew and orientation


@pytest.mark.parametrize("degrees", [-30.0, -20.0, -3.3, -0.4, 0.0, 0.7, 12.0, 19.5, 44.0])
def test_skew_is_measured(bare, scanned, degrees) -> None:
    page = scanned(bare.blank, degrees, dpi=100.0).page
    ink = ink_of(cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY), 100)
    assert abs(skew(ink) - degrees) < 0.25


def test_an_empty_image_has_no_skew() -> None:
    assert skew(np.zeros((50, 60), np.uint8)) == 0.0


@pytest.mark.parametrize("quarters", range(4))
def test_the_quarter_turn_and_place_are_found(bare, stranger, quarters) -> None:
    form = small_ink(bare.blank)
    page = np.rot90(np.pad(form, ((9, 5), (4, 21))), quarters)
    lying, other = orientations(page, [form, small_ink(stranger.blank)])
    assert (lying.quarters, lying.across, lying.down) == (quarters, 4, 9)
    assert lying.likeness > other.likeness


# Marks


def test_corners_of_marks_are_found_to_a_fraction_of_a_dot(marked, scanned) -> None:
    scan = scanned(marked.blank, 8.0, dpi=150.0)
    grey = cv2.cvtColor(scan.page.pixels, cv2.COLOR_BGR2GRAY)
    found = find_marks(cv2.resize(grey, None, fx=2, fy=2), (2.0, 2.0))
    assert sorted(found) == [0, 1, 2, 3]
    for mark in marked.reference.marks.corners:
        b = mark.box
        corners = np.array([(b.x, b.y), (b.right, b.y), (b.right, b.bottom), (b.x, b.bottom)])
        assert np.abs(found[mark.number] - apply(scan.truth, corners)).max() < 0.8


@pytest.mark.parametrize("lost", [(), (0,), (3,), (0, 2), (0, 1, 2, 3)])
def test_three_marks_make_a_guess(marked, scanned, lost) -> None:
    scan = scanned(marked.blank, 5.0)
    found = find_marks(cv2.cvtColor(scan.page.pixels, cv2.COLOR_BGR2GRAY), (1.0, 1.0))
    seen = {number: corners for number, corners in found.items() if number not in lost}
    guess = guess_from_marks(seen, marked.reference.marks, 1.0)
    if len(lost) > 1:
        assert guess is None
        return
    assert guess is not None
    error = scan.error_mm(apply(guess.homography, marked.corners), marked.corners)
    assert error < (0.3 if not lost else 0.8)


def test_a_mark_seen_twice_is_believed_in_neither_place() -> None:
    page = np.full((400, 700), 255, np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, left in ((0, 50), (0, 250), (1, 450)):
        page[100:200, left : left + 100] = cv2.aruco.generateImageMarker(dictionary, number, 100)
    assert list(find_marks(page, (1.0, 1.0))) == [1]


def test_the_code_is_read() -> None:
    encoded = cv2.QRCodeEncoder.create().encode("scanform:demo@3/1")
    sheet = np.full((600, 600), 255, np.uint8)
    side = round(15 / 25.4 * 300)
    sheet[118 : 118 + side, 236 : 236 + side] = cv2.resize(
        encoded, (side, side), interpolation=cv2.INTER_NEAREST
    )
    assert read_code(sheet, Box(20, 10, 15, 15), 300) == "scanform:demo@3/1"
    assert read_code(np.full((600, 600), 255, np.uint8), Box(20, 10, 15, 15), 300) == ""


def test_a_known_code_is_known_by_its_look_and_no_other() -> None:
    code = Box(20, 10, 13.75, 13.75)

    def page(says):
        square = np.array([list(row) for row in qr(says).matrix], np.uint8)
        sheet = np.full((600, 700), 255, np.uint8)
        left, top, right, bottom = code.pixels(300)
        size = (right - left, bottom - top)
        sheet[top:bottom, left:right] = 255 - 255 * cv2.resize(square, size, interpolation=0)
        return sheet

    pattern = pattern_of(page("scanform:demo@3/1"), code, 300)
    to_image = np.array([[6.0, 0.1, 4.0], [-0.1, 6.0, 9.0], [0, 0, 1]])

    def likeness(says):
        seen = cv2.warpPerspective(
            cv2.GaussianBlur(page(says), (0, 0), 1.0),
            to_image @ np.diag([25.4 / 300, 25.4 / 300, 1]),
            (400, 400),
            borderValue=255,
        )
        return likeness_of_code(seen, to_image, code, pattern)

    assert likeness("scanform:demo@3/1") > SAME_PATTERN
    for other in ("scanform:demo@3/2", "scanform:demo@2/1", "scanform:dema@3/1"):
        assert likeness(other) < SAME_PATTERN - 0.08


def test_marks_in_the_corners_are_found_where_they_are(marked, scanned) -> None:
    grey = cv2.cvtColor(scanned(marked.blank, 4.0).page.pixels, cv2.COLOR_BGR2GRAY)
    everywhere, corners = (f(grey, (0.5, 0.25)) for f in (find_marks, find_marks_in_corners))
    assert sorted(corners) == [0, 1, 2, 3]
    for number, places in corners.items():
        assert np.abs(places - everywhere[number]).max() < 1.5


# Features


def test_features_guess_any_rotation_and_scale(bare, scanned) -> None:
    scan = scanned(bare.blank, 130.0, dpi=90.0, tilt=(0.05, 0.03))
    features = find_features(cv2.cvtColor(scan.page.pixels, cv2.COLOR_BGR2GRAY), 1.0)
    guess = guess_from_features(features, features_of(bare.reference), 1.0)
    assert guess is not None
    assert scan.error_mm(apply(guess.homography, bare.corners), bare.corners) < 2.0


def test_no_features_make_no_guess(bare) -> None:
    empty = find_features(np.full((300, 300), 255, np.uint8), 1.0)
    assert guess_from_features(empty, features_of(bare.reference), 1.0) is None


# Warp


@settings(max_examples=25, deadline=None)
@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_an_even_shift_is_fitted_exactly(dx, dy, grow, turn) -> None:
    points = np.random.default_rng(0).uniform((0, 0), (210, 297), (150, 2))
    shifts = points @ np.array([[grow, turn], [-turn, grow]]) + (dx, dy)
    weights = np.ones_like(points)
    fitted = Warp((210, 297), np.eye(3), fit_shift(points, shifts, weights, (210, 297), 0.02))
    assert np.abs(fitted.shifts(points) - shifts).max() < 0.02


def test_weights_are_heeded_each_way_apart() -> None:
    points = np.random.default_rng(0).uniform((0, 0), (210, 297), (200, 2))
    shifts = np.tile([0.5, 9.0], (200, 1))
    weights = np.tile([1.0, 0.0], (200, 1))
    fitted = Warp((210, 297), np.eye(3), fit_shift(points, shifts, weights, (210, 297), 0.02))
    assert np.allclose(fitted.shifts(points), (0.5, 0.0), atol=0.01)


def test_what_is_pulled_lies_where_places_says() -> None:
    image = np.zeros((700, 600), np.uint8)
    homography = np.array([[3.9, 0.3, 30.0], [-0.3, 4.0, 60.0], [1e-4, 2e-4, 1.0]])
    points = np.array([[20.0, 30.0], [100.0, 140.0], [60.0, 90.0]])
    anywhere = np.random.default_rng(1).uniform((0, 0), (120, 160), (80, 2))
    bend = np.stack([np.sin(anywhere[:, 1] / 30), np.cos(anywhere[:, 0] / 40)], axis=1)
    shift = fit_shift(anywhere, bend, np.ones_like(bend), (120, 160), 0.01)
    warp = Warp((120.0, 160.0), homography, shift)
    for x, y in warp.places(points):
        cv2.circle(image, (round((x - 0.5) * 16), round((y - 0.5) * 16)), 48, 255, -1, shift=4)
    pulled = warp.pull(image, 150, (709, 945), (1.0, 1.0), outside=0)
    _, _, _, centres = cv2.connectedComponentsWithStats((pulled > 127).astype(np.uint8))
    found = (centres[1:] + 0.5) / 150 * 25.4
    for point in points:
        assert np.linalg.norm(found - point, axis=1).min() < 0.12


@pytest.mark.parametrize("colour", [True, False])
def test_a_page_on_its_side_is_drawn_as_one_that_stands(colour: bool) -> None:
    rng = np.random.default_rng(6)
    upright = rng.integers(0, 256, (945, 709, 3) if colour else (945, 709), np.uint8)
    bent = 0.5 * rng.normal(size=(knots(160), knots(120), 2))
    stands = np.diag([150 / 25.4, 150 / 25.4, 1.0])
    aside = np.array([[0.0, -1.0, 945.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]) @ stands
    asked = 150.0, (709, 945), (1.0, 1.0), 255
    drawn = Warp((120, 160), stands, bent).pull(upright, *asked)
    turned = Warp((120, 160), aside, bent).pull(np.rot90(upright, -1).copy(), *asked)
    # A 32nd of a pixel is all that the maps tell.
    assert np.abs(drawn.astype(int) - turned).max() <= 16


def test_the_short_way_to_a_shift_leads_where_the_long_one_does() -> None:
    rng = np.random.default_rng(4)
    points, shifts = rng.uniform((0, 0), (120, 160), (90, 2)), rng.normal(size=(90, 2))
    weights = rng.uniform(0, 1, (90, 2))
    weights[::5] = 0.0
    splines = splines_at(points, (120, 160))
    solver = shift_solver(points, (120, 160), 0.01)
    penalty = 0.01 * bending(knots(120), knots(160)) + 1e-6 * np.eye(splines.shape[1])
    for k in (0, 1):
        normal = splines.T @ (splines * weights[:, k : k + 1]) + penalty
        long_way = np.linalg.solve(normal, splines.T @ (weights[:, k] * shifts[:, k]))
        assert np.allclose(solver.solve(shifts, weights)[..., k].ravel(), long_way, atol=1e-5)


def test_dpi_and_rotation_are_read_off() -> None:
    turned = np.radians(30)
    scale = 200 / 25.4
    homography = np.array(
        [
            [scale * np.cos(turned), -scale * np.sin(turned), 900.0],
            [scale * np.sin(turned), scale * np.cos(turned), 100.0],
            [0.0, 0.0, 1.0],
        ]
    )
    warp = Warp((210, 297), homography)
    assert abs(warp.dpi() - 200) < 1e-6
    assert abs(warp.rotation() + 30) < 1e-6


# Evidence


def test_print_is_evidence_whatever_is_written_between(bare) -> None:
    level = bare.reference.fine

    def fits(sheet):
        return compare(sheet, level.stencils).in_place

    assert fits(level.ink).min() > 0.99
    written = level.ink.copy()
    written[level.mask == 0] = np.maximum(written[level.mask == 0], 90)
    assert np.median(fits(written)) > 0.9
    assert np.median(fits(np.roll(level.ink, (9, 12), axis=(0, 1)))) < 0.3
    assert np.abs(fits(np.zeros_like(level.ink))).max() < 0.05
    assert beside_print(level.ink).max() == 1


@pytest.mark.parametrize(("right", "down"), [(0.4, -0.7), (-0.9, 0.3)])
def test_a_comparison_tells_how_far_print_is_off(bare, right, down) -> None:
    level = bare.reference.fine
    height, width = level.ink.shape
    moved = np.array([[1, 0, right], [0, 1, down]], np.float64)
    pale = (level.ink * 0.6).astype(np.uint8)
    compared = compare(cv2.warpAffine(pale, moved, (width, height)), level.stencils)
    tells = level.distinct > 0.4
    off = np.abs(compared.shifts - (right, down))
    assert np.median(off[tells]) < 0.2
    assert np.percentile(off[tells], 90) < 0.4
    assert np.median(compared.fits) > 0.95
    assert (compared.fits >= compared.in_place - 1e-9).all()


# Reference


def test_a_reference_travels_between_processes(marked, scanned) -> None:
    copied = pickle.loads(pickle.dumps(marked.reference))
    found = locate(scanned(marked.blank, 2.0).page, [copied])
    assert found.reference.ref == marked.reference.ref


def test_a_blank_a_dot_off_is_fitted(marked) -> None:
    grown = np.pad(marked.blank, ((0, 1), (0, 2)), constant_values=255)
    assert make_reference(marked.template, 1, grown).blank.shape == marked.reference.blank.shape


# Crop


def sheet_of(pixels) -> Sheet:
    return Sheet(pixels, "demo1@1", 1, Quality(0.0, 0.0, 1.0, 300.0, 0.0, "marks"))


def test_a_crop_has_the_field_and_a_margin(marked) -> None:
    pixels = cv2.cvtColor(marked.blank, cv2.COLOR_GRAY2BGR)
    sheet = sheet_of(pixels)
    for field in marked.template.fields:
        cut = crop(sheet, field, marked.blank)
        assert cut.pixels.shape[:2] == cut.blank.shape
        assert cut.area.holds(field.box.grown(MARGIN_MM), slack=0.1)
        assert np.array_equal(cut.pixels[:, :, 0], cut.blank)
        left, top, _, _ = cut.area.pixels(300)
        height, width = cut.blank.shape
        assert np.array_equal(cut.blank, marked.blank[top : top + height, left : left + width])
        assert np.shares_memory(cut.blank, marked.blank), "its print is worked out once"


def test_a_choices_crop_holds_all_its_boxes(marked) -> None:
    options = tuple(Option(str(k), Box(20 + 20 * k, 30, 4, 4)) for k in range(3))
    field = Field("sex", "", "choice", 1, Box(20, 30, 4, 4), options=options)
    cut = crop(sheet_of(cv2.cvtColor(marked.blank, cv2.COLOR_GRAY2BGR)), field, marked.blank)
    assert all(cut.area.holds(option.box.grown(1.0), slack=0.1) for option in options)


def test_a_crop_at_the_edge_stays_on_the_page(marked) -> None:
    field = Field("edge", "", "text", 1, Box(-2, 155, 30, 9))
    cut = crop(sheet_of(cv2.cvtColor(marked.blank, cv2.COLOR_GRAY2BGR)), field, marked.blank)
    assert cut.area.x == 0
    assert cut.pixels.shape[:2] == cut.blank.shape
    assert min(cut.blank.shape) > 0


# Quality


def test_a_sharp_page_is_sharper_than_a_blurred_one(marked) -> None:
    pixels = cv2.cvtColor(marked.blank, cv2.COLOR_GRAY2BGR)
    assert sharpness(pixels) > 4 * sharpness(cv2.GaussianBlur(pixels, (0, 0), 3))


def test_contrast_is_paper_less_print() -> None:
    page = np.full((400, 400), 200, np.uint8)
    page[100:140] = 50
    assert abs(contrast(page) - 150 / 255) < 0.01


def paper(shape=(1169, 827), shade=240, noise=3.0):
    rng = np.random.default_rng(5)
    return np.clip(rng.normal(shade, noise, (*shape, 3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shade", [120, 200, 250])
@pytest.mark.parametrize("noise", [0.0, 4.0, 10.0])
def test_an_empty_back_is_blank(shade, noise) -> None:
    back = paper(shade=shade, noise=noise)
    back[:, :8] = 20
    cv2.circle(back, (300, 400), 1, (60, 60, 60), -1)
    assert is_blank(back)


def test_an_empty_back_in_a_shadow_is_blank() -> None:
    ramp = np.linspace(0.6, 1, 827)[None, :, None]
    assert is_blank((paper() * ramp).astype(np.uint8))


@pytest.mark.parametrize("ink", [205, 215])
def test_a_faint_line_of_writing_is_not_blank(ink) -> None:
    page = paper(noise=2.0)
    cv2.putText(page, "Nguyen Van An", (200, 500), 0, 1.0, (ink,) * 3, 2, cv2.LINE_AA)
    assert not is_blank(page)


@pytest.mark.parametrize("strength", [1.0, 0.4, 0.15])
def test_a_form_is_never_blank_however_pale(marked, strength) -> None:
    pale = 255 - (255 - marked.blank.astype(np.float32)) * strength
    assert not is_blank(pale.astype(np.uint8))


def test_darkness_is_not_blank() -> None:
    assert not is_blank(paper(shade=30))


# Preview


def test_a_preview_colours_regions_and_leaves_the_sheet(marked, scanned) -> None:
    found = locate(scanned(marked.blank).page, [marked.reference])
    sheet = lay_out(scanned(marked.blank).page, found)
    before = sheet.pixels.copy()
    drawn = draw_preview(sheet, marked.template)
    assert drawn.shape == (*sheet.pixels.shape[:2], 3)
    assert np.array_equal(sheet.pixels, before)
    cell = marked.template.fields[0].cells[0]
    x, y = (round(value / 25.4 * 300) for value in cell.centre)
    blue, _, red = drawn[y, x].astype(int)
    assert red - blue > 10
    assert drawn[5, 5].min() > 240


def test_a_preview_tells_what_is_doubted_and_how_the_page_was_bent(marked, scanned) -> None:
    found = locate(scanned(marked.blank).page, [marked.reference])
    sheet = lay_out(scanned(marked.blank).page, found)
    first = marked.template.fields[0]
    _, top, right, _ = first.box.pixels(300)
    flag = np.s_[top - 20 : top, right - 60 : right]

    def reds(fit):
        drawn = draw_preview(replace(sheet, fields={first.id: fit}), marked.template)
        blue, green, red = cv2.split(drawn[flag])
        return int(((red > 170) & (green < 60) & (blue < 60)).sum())

    assert reds(FieldFit(0.0, 0.95)) == 0
    assert reds(FieldFit(0.0, 0.2)) > 100
    shift = np.full((knots(160.0), knots(120.0), 2), 0.5)
    bent = Warp(marked.template.page_mm, np.eye(3), shift)
    arrows = draw_preview(sheet, marked.template, bent).astype(int) - draw_preview(
        sheet, marked.template
    )
    x, y = (round((7.5 + 0.5 * 5) / 25.4 * 300) for _ in range(2))
    assert np.abs(arrows[y - 3 : y + 4, x - 3 : x + 4]).max() > 50
