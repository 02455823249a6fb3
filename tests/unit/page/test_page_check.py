"""A page is judged for the person at the scanner."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.phrases import CHECKS, REJECTIONS
from scanform.model.scan import TORN, Page
from scanform.model.template import Field
from scanform.page.check import check_page
from scanform.page.misfit import cut_mm
from scanform.page.place import locate
from scanform.page.register import Registered


def checked(page: Page, *demos, pixels=None):
    pixels = page.pixels if pixels is None else np.ascontiguousarray(pixels)
    again = Page(page.scan, page.number, page.dpi, pixels)
    return check_page(again, [demo.reference for demo in demos])


def codes(check) -> list[str]:
    return [reason.code for reason in check.reasons]


def test_a_good_page_is_good(marked, scanned) -> None:
    check = checked(scanned(marked.blank, 2.0).page, marked)
    assert (check.verdict, check.reasons) == ("good", ())
    assert (check.template, check.page) == (marked.template.ref, 1)
    assert check.dpi == pytest.approx(200, abs=3)
    assert check.residual_mm is not None
    assert check.residual_mm < 0.2


@pytest.mark.parametrize(("degrees", "code"), [(180, "upside_down"), (90, "sideways")])
def test_a_turned_page_is_good_and_told(degrees, code, marked, scanned) -> None:
    check = checked(scanned(marked.blank, degrees).page, marked)
    assert check.verdict == "good"
    assert codes(check) == [code]


@pytest.mark.parametrize(("dpi", "verdict"), [(150.0, "poor"), (80.0, "bad")])
def test_few_dots_are_told_with_their_number(dpi, verdict, marked, scanned) -> None:
    check = checked(scanned(marked.blank, dpi=dpi).page, marked)
    assert check.verdict == verdict
    (reason,) = check.reasons
    assert reason.code == "low_dpi"
    assert float(reason.details["detail"]) == pytest.approx(dpi, abs=2)


def test_a_cut_edge_is_named_as_the_form_stands(bare, scanned) -> None:
    page = scanned(bare.blank, margin_mm=0.0).page
    rightmost = max(field.box.right for field in bare.template.fields)
    pixels = page.pixels[:, : round((rightmost - 6) * 200 / 25.4)]
    check = checked(page, bare, pixels=pixels)
    assert check.verdict == "bad"
    assert codes(check) == ["cut_right"]
    assert float(check.reasons[0].details["detail"]) == pytest.approx(6, abs=1)
    turned = checked(page, bare, pixels=np.rot90(pixels, 2))
    assert codes(turned)[0] == "cut_right"


def test_corners_without_a_field_may_be_cut_off(bare, scanned) -> None:
    boxes = Box(45, 100, 30, 6), Box(10, 40, 20, 6), Box(80, 40, 30, 6)
    fields = [Field(f"f{k}", "", "text", 1, box) for k, box in enumerate(boxes)]
    page = scanned(bare.blank, -10.0).page
    found = locate(page, [bare.reference])
    assert isinstance(found, Registered)
    template = replace(bare.template, fields=tuple(fields))
    found = replace(found, reference=replace(bare.reference, template=template))
    # The foot of all fields' hull: its left end is below the image, its right end beside it.
    left, right = found.warp.places(np.array([(10.0, 106.0), (110.0, 106.0)]))
    pixels = page.pixels[: round(left[1]) - 20, : round(right[0]) - 20]
    assert cut_mm(found, replace(page, pixels=pixels)) == {}
    at_foot = found.warp.places(np.array([(45.0, 104.0), (75.0, 104.0)]))
    cut = cut_mm(found, replace(page, pixels=page.pixels[: round(at_foot[:, 1].min())]))
    assert cut["bottom"] == pytest.approx(2.0, abs=0.4)


def test_dark_pale_and_blurred_pages_are_told(marked, scanned) -> None:
    page = scanned(marked.blank).page
    dark = (page.pixels * 0.3).astype(np.uint8)
    pale = (255 - (255 - page.pixels) * 0.15).astype(np.uint8)
    blurred = cv2.GaussianBlur(page.pixels, (0, 0), 4.0)
    assert codes(checked(page, marked, pixels=dark)) == ["too_dark"]
    assert codes(checked(page, marked, pixels=pale)) == ["too_pale"]
    assert codes(checked(page, marked, pixels=blurred)) == ["blurred"]


def test_a_blank_back_is_no_fault(marked, scanned) -> None:
    page = scanned(marked.blank).page
    check = checked(page, marked, pixels=np.full_like(page.pixels, 250))
    assert (check.verdict, codes(check)) == ("good", ["blank_back"])


def test_another_form_is_bad(bare, stranger, scanned) -> None:
    check = checked(scanned(stranger.blank).page, bare)
    assert check.verdict == "bad"
    assert codes(check)[0] in ("unknown_form", "misaligned")


def test_every_reason_is_worded_in_both_languages() -> None:
    for code, phrase in CHECKS.items():
        assert code not in REJECTIONS
        assert phrase.say("vi") != phrase.say("en")


@pytest.mark.parametrize("level", [255, 128])
def test_a_page_that_lost_its_data_is_no_blank_back(level: int, marked, scanned) -> None:
    page = scanned(marked.blank, 2.0).page
    white = np.full_like(page.pixels, level)
    whole, torn = (
        check_page(replace(page, pixels=white, torn=torn), [marked.reference])
        for torn in (False, True)
    )
    assert (whole.verdict, codes(whole)) == ("good", ["blank_back"])
    assert (torn.verdict, codes(torn)) == ("bad", ["damaged"])
    assert torn.reasons[0].details == {"detail": TORN}


def test_a_torn_page_that_is_no_form_is_damaged(marked, scanned) -> None:
    page = scanned(marked.blank, 2.0).page
    part = page.pixels.copy()
    part[len(part) // 5 :] = 255
    torn = check_page(replace(page, pixels=part, torn=True), [marked.reference])
    assert codes(torn) == ["damaged"]
