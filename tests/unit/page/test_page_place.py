from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.model.scan import Page, Sheet
from scanform.page import place as placing
from scanform.page.misfit import Misfit
from scanform.page.place import locate, place
from scanform.page.register import Registered


def located(scan, *references) -> Registered:
    found = locate(scan.page, references)
    assert isinstance(found, Registered), found
    return found


def with_pixels(page: Page, pixels) -> Page:
    return Page(page.scan, page.number, page.dpi, np.ascontiguousarray(pixels))


@pytest.mark.parametrize("form", ["marked", "bare"])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 3, -17, 107, 200])
def test_fields_are_found_whichever_way_the_page_lies(form, degrees, request, scanned) -> None:
    demo = request.getfixturevalue(form)
    scan = scanned(demo.blank, degrees)
    found = located(scan, demo.reference)
    assert scan.error_mm(found.warp.places(demo.corners), demo.corners) < 0.15
    turned = (found.warp.rotation() + degrees + 180) % 360 - 180
    assert abs(turned) < 0.3
    assert found.residual_mm < 0.15


@pytest.mark.parametrize("form", ["marked", "bare"])
@pytest.mark.parametrize(
    "geometry",
    [
        {"dpi": 150.0},
        {"dpi": 300.0, "degrees": 1.0},
        {"stretch": (0.95, 0.95)},
        {"stretch": (1.05, 1.03)},
        {"tilt": (0.08, -0.05), "around": 40, "margin_mm": 15.0},
        {"tilt": (-0.1, 0.06), "degrees": 95.0, "around": 90, "margin_mm": 10.0},
    ],
    ids=str,
)
def test_scale_stretch_and_perspective(form, geometry, request, scanned) -> None:
    demo = request.getfixturevalue(form)
    scan = scanned(demo.blank, **geometry)
    found = located(scan, demo.reference)
    assert scan.error_mm(found.warp.places(demo.corners), demo.corners) < 0.2


def shadow(pixels):
    ramp = np.linspace(0.35, 1.0, pixels.shape[1])[None, :, None]
    return (pixels * ramp).astype(np.uint8)


def noise(pixels):
    grains = np.random.default_rng(1).normal(0, 18, pixels.shape)
    return np.clip(pixels + grains, 0, 255).astype(np.uint8)


def blur(pixels):
    return cv2.GaussianBlur(pixels, (0, 0), 1.8)


def bitonal(pixels):
    return np.where(noise(pixels) > 150, 255, 0).astype(np.uint8)


def yellow_paper(pixels):
    return (pixels * np.array([0.6, 0.9, 0.95])).astype(np.uint8)


def stamp(pixels):
    stamped = pixels.copy()
    cv2.circle(stamped, (520, 700), 130, (60, 60, 210), 12)
    cv2.circle(stamped, (520, 700), 60, (60, 60, 210), -1)
    return stamped


def scribbled(pixels):
    rng = np.random.default_rng(4)
    written = pixels.copy()
    for _ in range(150):
        x, y = rng.uniform((500, 180), (900, 1150))
        points = np.cumsum(np.vstack([[x, y], rng.normal(0, 12, (8, 2))]), axis=0)
        cv2.polylines(written, [points.astype(np.int32)], False, (120, 50, 30), 3, cv2.LINE_AA)
    return written


@pytest.mark.parametrize("form", ["marked", "bare"])
@pytest.mark.parametrize(
    "wear", [shadow, noise, blur, bitonal, yellow_paper, stamp, scribbled], ids=lambda f: f.__name__
)
def test_wear_and_writing_do_not_move_fields(form, wear, request, scanned) -> None:
    demo = request.getfixturevalue(form)
    scan = scanned(demo.blank, degrees=4.0)
    worn = type(scan)(with_pixels(scan.page, wear(scan.page.pixels)), scan.truth)
    found = located(worn, demo.reference)
    assert scan.error_mm(found.warp.places(demo.corners), demo.corners) < 0.25


def test_a_fold_is_mended_where_one_homography_would_be_off(bare, scanned) -> None:
    scan = scanned(bare.blank, dpi=200.0)
    per_mm = 200 / 25.4
    height, width = scan.page.pixels.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    crease = 80.0 * per_mm

    def lean(rows):
        """Below the crease the paper leans to the right, at last by 1.2 mm."""
        return 1.2 * per_mm * np.clip((rows - crease) / (60 * per_mm), 0, 1)

    folded = cv2.remap(scan.page.pixels, (x - lean(y)).astype(np.float32), y, cv2.INTER_LINEAR)
    found = locate(with_pixels(scan.page, folded), [bare.reference])
    assert isinstance(found, Registered)
    truth = scan.truth[:2, :2] @ bare.corners.T + scan.truth[:2, 2:]
    truth[0] += lean(truth[1])
    off = np.linalg.norm(found.warp.places(bare.corners) - truth.T, axis=1) / per_mm
    assert np.percentile(off, 99) < 0.3


def test_three_marks_are_enough(marked, scanned) -> None:
    form = marked.blank.copy()
    form[-160:, -160:] = 255
    found = located(scanned(form, degrees=5.0), marked.reference)
    assert found.method == "marks"


def test_fewer_marks_leave_the_way_without(marked, scanned) -> None:
    form = marked.blank.copy()
    form[-160:] = 255
    scan = scanned(form, degrees=5.0)
    found = located(scan, marked.reference)
    assert found.method != "marks"
    assert scan.error_mm(found.warp.places(marked.corners), marked.corners) < 0.15


def test_turning_failing_leaves_features(bare, scanned, monkeypatch) -> None:
    monkeypatch.setattr(placing, "by_turning", lambda *_: iter(()))
    scan = scanned(bare.blank, degrees=100.0)
    found = located(scan, bare.reference)
    assert found.method == "features"
    assert scan.error_mm(found.warp.places(bare.corners), bare.corners) < 0.15


def test_the_right_form_is_chosen_whatever_the_order(marked, stranger, scanned) -> None:
    for references in ([marked, stranger], [stranger, marked]):
        for demo in references:
            found = located(scanned(demo.blank, 2.0), *(each.reference for each in references))
            assert found.reference.template.id == demo.template.id


@pytest.mark.parametrize("form", ["marked", "bare"])
def test_another_form_is_refused(form, request, stranger, scanned) -> None:
    demo = request.getfixturevalue(form)
    for degrees in (0.0, 7.0):
        refused = locate(scanned(stranger.blank, degrees).page, [demo.reference])
        assert isinstance(refused, Misfit), refused.support


def no_form(name: str, shape: tuple[int, int]):
    rng = np.random.default_rng(8)
    page = np.full((*shape, 3), 245, np.uint8)
    if name == "lines":
        page[::40] = 90
    elif name == "grid":
        page[::40] = page[:, ::40] = 90
    elif name == "photo":
        small = rng.integers(0, 255, (20, 15, 3), np.uint8)
        page = cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC)
    elif name == "text":
        for y in range(60, shape[0] - 40, 34):
            text = "".join(rng.choice(list("abcdefgh ijklmnop qrstuvw"), 50))
            cv2.putText(page, text, (40, y), cv2.FONT_HERSHEY_COMPLEX, 0.8, (20,) * 3, 2)
    return page


@pytest.mark.parametrize("name", ["paper", "lines", "grid", "photo", "text"])
def test_what_is_no_form_is_refused(name, marked, bare, scanned) -> None:
    shape = scanned(bare.blank).page.pixels.shape[:2]
    page = with_pixels(scanned(bare.blank).page, no_form(name, shape))
    for demo in (marked, bare):
        refused = locate(page, [demo.reference])
        assert isinstance(refused, Misfit)
        assert refused.reason == "unknown_form"


def test_a_form_with_rows_moved_is_not_read(bare, scanned) -> None:
    form = bare.blank.copy()
    form[920:1800] = bare.blank[880:1760]
    refused = locate(scanned(form).page, [bare.reference])
    assert isinstance(refused, Misfit)


def test_fields_cut_off_are_not_read(bare, scanned) -> None:
    page = scanned(bare.blank).page
    refused = locate(with_pixels(page, page.pixels[:, : round(75 * 200 / 25.4)]), [bare.reference])
    assert isinstance(refused, Misfit)


def test_too_few_dots_are_told(bare, scanned) -> None:
    refused = locate(scanned(bare.blank, dpi=80.0).page, [bare.reference])
    assert isinstance(refused, Misfit)
    assert refused.reason == "too_small"


@pytest.mark.parametrize("marks", [True, False])
def test_revisions_that_look_alike_are_told_apart(marks, demo, scanned) -> None:
    first, second = demo(1, marks), demo(1, marks, revision=2)
    references = [first.reference, second.reference]
    for each in (first, second):
        for ordered in (references, references[::-1]):
            found = located(scanned(each.blank, 2.0), *ordered)
            assert found.reference.template.revision == each.template.revision


def test_forms_printed_alike_are_not_guessed(demo, scanned) -> None:
    first = demo(1)
    twin = demo(1)
    object.__setattr__(twin.template, "id", "twin")
    refused = locate(scanned(first.blank).page, [first.reference, twin.reference])
    assert isinstance(refused, Misfit)
    assert "twin" in refused.detail


def test_a_sheet_has_the_forms_size_and_keeps_colour(marked, scanned) -> None:
    scan = scanned(stamp(cv2.cvtColor(marked.blank, cv2.COLOR_GRAY2BGR)), degrees=90.0)
    sheet = place(scan.page, [marked.reference])
    assert isinstance(sheet, Sheet)
    assert sheet.pixels.shape == (*marked.reference.blank.shape, 3)
    assert (sheet.template, sheet.page) == (marked.template.ref, 1)
    blue, _, red = sheet.pixels[700, 520].astype(int)
    assert red - blue > 60
    assert abs(sheet.quality.dpi - 200) < 3
    assert sheet.quality.contrast > 0.5
    off = np.abs(sheet.pixels.min(axis=2).astype(int) - marked.blank)[900:]
    assert np.percentile(cv2.blur(off.astype(np.float32), (9, 9)), 99) < 40
