"""The shipped templates against their own prints: with marks, as the ministry prints them, and
against each other."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from scanform.model.scan import Page, ScanFile
from scanform.page.misfit import Misfit
from scanform.page.place import locate
from scanform.page.reference import Reference, make_reference
from scanform.page.register import Registered
from scanform.programs import poppler
from scanform.template.draw import draw_pdf
from scanform.template.find import find
from scanform.template.load import load

pytestmark = pytest.mark.slow

NAMES = ("dc01", "ct01")


def printed(name: str, marks: bool):
    return poppler.render_bytes(draw_pdf(load(find(name)), marks=marks), 1, 300, grey=True)


@pytest.fixture(scope="module")
def references() -> dict[str, Reference]:
    return {name: make_reference(load(find(name)), 1, printed(name, True)) for name in NAMES}


def page_of(grey, quarters: int = 0) -> Page:
    pixels = cv2.cvtColor(np.ascontiguousarray(np.rot90(grey, quarters)), cv2.COLOR_GRAY2BGR)
    return Page(ScanFile(Path("page.png"), "0" * 64, 1), 1, 300.0, pixels)


@pytest.mark.parametrize("quarters", [0, 1, 2])
@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_a_print_lies_on_its_own_template(name, marks, quarters, references) -> None:
    found = locate(page_of(printed(name, marks), quarters), list(references.values()))
    assert isinstance(found, Registered), found
    assert found.reference.template.id == name
    assert found.residual_mm < 0.1
    if quarters == 0:
        boxes = [field.box for field in found.reference.template.fields]
        corners = np.array([(x, y) for b in boxes for x in (b.x, b.right) for y in (b.y, b.bottom)])
        assert np.abs(found.warp.places(corners) / 300 * 25.4 - corners).max() < 0.15


@pytest.mark.parametrize("marks", [True, False])
def test_a_print_of_one_form_is_not_the_other(marks, references) -> None:
    for name, other in (NAMES, NAMES[::-1]):
        refused = locate(page_of(printed(name, marks)), [references[other]])
        assert isinstance(refused, Misfit)
        assert refused.reason == "unknown_form"
