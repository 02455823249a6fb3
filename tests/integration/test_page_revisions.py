"""Two revisions of dc01 that differ in three labels and two combs."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from revisions import DC01_LABELS, revised, revised_dc01

from scanform.digitise import MISALIGNED_CONFIDENCE, FormPage, Toolbox, read_pages
from scanform.fields import FIELD_KINDS
from scanform.fields.interface import ReaderName
from scanform.model.scan import Page, Pixels, ScanFile, Sheet
from scanform.model.template import Template
from scanform.page.fieldfit import is_misaligned
from scanform.page.layout import lay_out
from scanform.page.misfit import Misfit
from scanform.page.place import place
from scanform.page.reference import Reference, make_reference
from scanform.programs import poppler
from scanform.recognise.choose import for_kind, recogniser
from scanform.template.draw import draw_pdf
from scanform.template.find import find
from scanform.template.load import load
from scanform.testing import CannedRecogniser

pytestmark = pytest.mark.slow

READERS: tuple[ReaderName, ...] = ("text", "digits", "marks", "presence")


def printed(template: Template, marks: bool) -> Pixels:
    return poppler.render_bytes(draw_pdf(template, marks=marks), 1, 300, grey=True)


@pytest.fixture(scope="module")
def pair() -> tuple[Reference, Reference]:
    first = load(find("dc01"))
    forms = (first, revised_dc01(first))
    one, two = (make_reference(each, 1, printed(each, True)) for each in forms)
    return one, two


def scanned(template: Template, marks: bool, seed: int = 1) -> Page:
    """The empty form with strokes in half of its fields, turned a little, at 200 dpi."""
    rng = np.random.default_rng(seed)
    pixels = cv2.cvtColor(printed(template, marks), cv2.COLOR_GRAY2BGR)
    for field in template.fields:
        if rng.random() < 0.5:
            left, top, right, bottom = field.box.pixels(300)
            points = rng.uniform((left, top), (right, bottom), (12, 2)).astype(np.int32)
            cv2.polylines(pixels, [points], False, (120, 50, 30), 4, cv2.LINE_AA)
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 1.5, 2 / 3)
    turn[:, 2] -= width / 6, height / 6
    size = round(width * 2 / 3), round(height * 2 / 3)
    small = cv2.warpAffine(
        cv2.GaussianBlur(pixels, (3, 3), 0), turn, size, borderValue=(255, 255, 255)
    )
    return Page(ScanFile(Path("page.png"), "0" * 64, 0), 1, 200.0, np.asarray(small, np.uint8))


@pytest.mark.parametrize("marks", [True, False])
def test_of_both_the_right_one_is_taken(marks, pair) -> None:
    for reference in pair:
        for order in (pair, pair[::-1]):
            sheet = place(scanned(reference.template, marks), order)
            assert isinstance(sheet, Sheet), sheet
            assert sheet.template == reference.template.ref


def test_the_code_gives_the_other_revision_away(pair) -> None:
    one, two = pair
    for page, asked in ((one, two), (two, one)):
        refused = place(scanned(page.template, marks=True), [asked])
        assert isinstance(refused, Misfit)
        assert page.template.ref in refused.detail


def test_without_a_code_what_is_printed_otherwise_gives_it_away(pair) -> None:
    one, two = pair
    for page, asked in ((one, two), (two, one)):
        refused = place(scanned(page.template, marks=False), [asked])
        assert isinstance(refused, Misfit)
        assert refused.reason == "other_revision"
        assert asked.template.ref in refused.detail
        assert "Dân tộc" in refused.detail


def test_its_own_pages_are_taken_however_stamped(pair) -> None:
    one, _ = pair
    page = scanned(one.template, marks=False, seed=3)
    pixels = page.pixels.copy()
    for x, y in ((200, 250), (700, 700), (900, 1000)):
        cv2.rectangle(pixels, (x, y), (x + 360, y + 150), (140, 60, 40), 6)
        for row, text in enumerate(("CONG VAN DEN", "So: 1234", "12/03/2024")):
            cv2.putText(pixels, text, (x + 12, y + 45 * (row + 1)), 2, 1.1, (140, 60, 40), 3)
    assert isinstance(place(replace(page, pixels=pixels), [one]), Sheet)


def reworded(template: Template, field: str) -> Template:
    return revised(template, {field: DC01_LABELS[field]}, {})


def test_one_label_alone_is_no_other_form_but_a_doubt(pair) -> None:
    one, _ = pair
    field = "mother_name"
    reader = CannedRecogniser({field: "Một"})
    toolbox = Toolbox([one], dict.fromkeys(READERS, reader), FIELD_KINDS)
    page_of_another = scanned(reworded(one.template, field), marks=False)
    (page,) = read_pages([page_of_another], toolbox)
    assert isinstance(page, FormPage)
    told = next(answer for answer in page.answers if answer.field == field)
    assert any(doubt.code == "misaligned_field" for doubt in told.doubts)
    assert told.state == "pending"
    assert told.confidence <= MISALIGNED_CONFIDENCE
    assert told.reading is not None
    assert "field_support" in told.reading.measures


def test_a_page_is_not_kept_until_its_batch_is_read(pair, monkeypatch) -> None:
    one, _ = pair
    sheets: list[weakref.ref[Pixels]] = []

    def placed(page: Page, references: Sequence[Reference]) -> Sheet:
        sheet = place(page, references)
        assert isinstance(sheet, Sheet)
        sheets.append(weakref.ref(sheet.pixels))
        return sheet

    def pages() -> Iterator[Page]:
        for seed in (1, 2):
            assert all(each() is None for each in sheets)
            yield scanned(one.template, marks=True, seed=seed)

    monkeypatch.setattr("scanform.digitise.pages.place", placed)
    readers = {name: recogniser(for_kind(name, "tesseract")) for name in READERS}
    found = read_pages(pages(), Toolbox([one], readers, FIELD_KINDS))
    assert len(sheets) == 2
    assert all(isinstance(each, FormPage) for each in found)


@pytest.mark.parametrize("right", [4.7, -4.7])
def test_a_comb_moved_by_just_one_cell_is_told(right, pair) -> None:
    one, _ = pair
    moved = revised(one.template, {}, {"mother_id_number": (right, 0.0)})
    for template, told in ((moved, True), (one.template, False)):
        sheet = place(scanned(template, marks=False), [one])
        if isinstance(sheet, Misfit):
            assert told
            assert sheet.found is not None
            sheet = lay_out(scanned(template, marks=False), sheet.found)
        assert is_misaligned(sheet.fields["mother_id_number"]) == told


def test_of_two_that_differ_in_one_word_the_right_one_is_taken(pair) -> None:
    one, _ = pair
    template = revised(one.template, {"sex": ("4. Giới tính:", "4. Số thẻ:")}, {})
    two = make_reference(template, 1, printed(template, True))
    sheet = place(scanned(one.template, marks=False), [one, two])
    assert isinstance(sheet, Sheet), sheet
    assert sheet.template == one.template.ref
