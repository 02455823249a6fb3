"""A calibration through real worker processes: forms are filled, worn, read and judged."""

from __future__ import annotations

import pytest

from scanform.engine.calibrate import FormRead, faces_for, jobs, read_forms
from scanform.fields.fitting import fit
from scanform.template.draw import draw_pdf
from scanform.template.load import empty_form, load

pytestmark = pytest.mark.slow

TEMPLATE = """
id: small
title: Small
revision: 1
fields:
  - {id: hamlet, kind: text, label: Thôn/ấp, box: [50, 40, 61, 7], caption: {x: 17}}
  - id: sex
    kind: choice
    label: Giới tính
    options: [{value: Nam, at: [60, 60]}, {value: Nữ, at: [80, 60]}]
    caption: {x: 17}
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[FormRead]:
    folder = tmp_path_factory.mktemp("small")
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")

    (folder / "blank.pdf").write_bytes(draw_pdf(load(folder)))
    return [*read_forms(empty_form(folder), jobs(12, 40), faces_for(), 1, "tesseract")]


def test_each_form_is_read_once_and_beside_its_truth(read: list[FormRead]) -> None:
    assert sorted(each.number for each in read) == [*range(12)]
    samples = [each for form in read for each in form.samples or ()]
    assert {each.field for each in samples} == {"hamlet", "sex"}
    assert sum(each.right for each in samples) > 0.7 * len(samples)
    assert {each.reader.split()[0] for each in samples} >= {"marks", "tesseract-vie"}
    assert all("raw" in each.features for each in samples)


def test_the_strata_are_those_of_the_form(read: list[FormRead]) -> None:
    wears = {each.strata[:2] for form in read for each in form.samples or ()}
    assert {wear for _, wear in wears} >= {"light", "medium"}
    assert {hand for hand, _ in wears} == {"print", "hand"}


def test_samples_become_scales(read: list[FormRead]) -> None:
    some = [each for form in read for each in form.samples or ()]
    made = fit(some * 10)
    assert ("choice", "marks") in made.scales
