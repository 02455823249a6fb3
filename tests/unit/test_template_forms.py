"""The forms that come with scanform: what is asked on them, and that they can be filled in."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from scanform.fields.rules import RULES
from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.model.template import Field, Template
from scanform.programs import poppler
from scanform.template.draw import draw_pdf, print_id
from scanform.template.empty import printed_id
from scanform.template.load import blank_pdf, load
from scanform.template.marks import quiet_zones

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = ("dc01", "ct01")

TICKS = {
    "blood_group": ("O", "A", "B", "AB"),
    "sex": ("Nam", "Nữ"),
    "marital_status": ("Chưa kết hôn", "Đã kết hôn", "Đã ly hôn"),
}
PERSON = {"name": "capitals", "nationality": "choice", "nationality_other": "closed"}
DC01 = {
    "province": "place",
    "district": "place",
    "commune": "place",
    "hamlet": "text",
    "street": "text",
    "house": "text",
    "full_name": "capitals",
    "birth_date": "date",
    "blood_group": "choice",
    "sex": "choice",
    "marital_status": "choice",
    "birth_registration_place": "place",
    "hometown": "place",
    "ethnic_group": "closed",
    "nationality": "choice",
    "nationality_other": "closed",
    "religion": "closed",
    "id_number": "digits",
    "permanent_address": "place",
    "current_address": "place",
    "father_name": "capitals",
    "father_nationality": "choice",
    "father_nationality_other": "closed",
    "father_id_number": "digits",
    "mother_name": "capitals",
    "mother_nationality": "choice",
    "mother_nationality_other": "closed",
    "mother_id_number": "digits",
    "spouse_name": "capitals",
    "spouse_nationality": "choice",
    "spouse_nationality_other": "closed",
    "spouse_id_number": "digits",
    "representative_name": "capitals",
    "representative_nationality": "choice",
    "representative_nationality_other": "closed",
    "representative_id_number": "digits",
    "head_name": "capitals",
    "head_nationality": "choice",
    "head_nationality_other": "closed",
    "head_id_number": "digits",
    "relation_to_head": "closed",
    "household_book_number": "digits",
    "declared_on": "date",
    "signed_police_chief": "presence",
    "stamp": "presence",
    "signed_officer": "presence",
    "signed_declarant": "presence",
}
MEMBER = {
    "name": "text",
    "birth_date": "date",
    "sex": "choice",
    "id_number": "digits",
    "relation": "closed",
}
CT01 = {
    "authority": "place",
    "full_name": "capitals",
    "birth_date": "date",
    "sex": "choice",
    "id_number": "digits",
    "phone": "digits",
    "email": "text",
    "head_name": "capitals",
    "relation_to_head": "closed",
    "head_id_number": "digits",
    "request": "text",
    **{f"member{row}_{name}": kind for row in range(1, 6) for name, kind in MEMBER.items()},
    "declared_on": "date",
    "signed_head": "presence",
    "signed_owner": "presence",
    "signed_guardian": "presence",
    "signed_declarant": "presence",
    "owner_name": "text",
    "owner_id_number": "digits",
    "guardian_name": "text",
    "guardian_id_number": "digits",
}


@pytest.fixture(scope="module", params=NAMES)
def form(request: pytest.FixtureRequest) -> Template:
    return load(TEMPLATES / request.param)


@pytest.fixture(scope="module")
def bare(form: Template) -> Pixels:
    return poppler.render_bytes(draw_pdf(form, marks=False), 1, 150, grey=True)


def dark(pixels: Pixels, box: Box) -> float:
    """Share of pixels inside ``box`` that have ink."""
    left, top, right, bottom = box.pixels(150)
    return float(np.mean(pixels[top:bottom, left:right] < 200))


def parts(field: Field) -> tuple[Box, ...]:
    return tuple(option.box for option in field.options) or (field.box,)


@pytest.mark.parametrize(("name", "kinds"), [("dc01", DC01), ("ct01", CT01)])
def test_fields_and_kinds_are_as_agreed(name: str, kinds: dict[str, str]) -> None:
    fields = load(TEMPLATES / name).fields
    assert {field.id: field.kind for field in fields} == kinds
    assert len(fields) == len(kinds)


def test_the_choices_of_dc01_are_as_agreed() -> None:
    for field in load(TEMPLATES / "dc01").fields:
        if field.kind == "choice":
            values = tuple(option.value for option in field.options)
            assert values == TICKS.get(field.id, ("Việt Nam",))


def test_the_combs_of_dc01_are_as_agreed() -> None:
    template = load(TEMPLATES / "dc01")
    numbers = [field for field in template.fields if field.id.endswith("id_number")]
    assert {len(field.cells) for field in numbers} == {12}
    assert len(template.field("household_book_number").cells) == 9
    for date in ("birth_date", "declared_on"):
        assert template.field(date).groups == (2, 2, 4)
        assert len(template.field(date).cells) == 8


def test_what_counts_and_what_is_checked() -> None:
    dc01 = load(TEMPLATES / "dc01")
    assert (dc01.unit, dc01.marks) == ("commune", "corners")
    assert {rule.name for rule in dc01.rules} == set(RULES)
    assert dc01.field("commune").within == ("district",)
    ct01 = load(TEMPLATES / "ct01")
    assert ct01.field(str(ct01.unit)).lexicon == "commune"
    assert sum(rule.name == "id_number" for rule in ct01.rules) == 2 + 5
    assert sum(rule.name == "relation_fits" for rule in ct01.rules) == 1 + 5


def test_it_is_one_a4_page(form: Template) -> None:
    assert (form.pages, form.page_mm) == (1, (210, 297))


def test_every_region_is_on_the_page_and_none_overlap(form: Template) -> None:
    page = Box(5, 5, 200, 287)
    assert all(page.holds(field.box) for field in form.fields)
    for one, other in combinations(form.fields, 2):
        shared = sum(a.overlap(b) for a in parts(one) for b in parts(other))
        assert shared == pytest.approx(0, abs=0.01), (one.id, other.id)
    for field in form.fields:
        for one_cell, other_cell in combinations(field.cells, 2):
            assert one_cell.overlap(other_cell) == pytest.approx(0, abs=1e-6)


def test_there_is_room_to_write(form: Template) -> None:
    for field in form.fields:
        if field.cells:
            assert min(cell.w for cell in field.cells) >= 4.5
            assert min(cell.h for cell in field.cells) >= 5.5
        elif field.options:
            assert all((option.box.w, option.box.h) == (4, 4) for option in field.options)
        elif field.kind == "presence":
            assert field.box.w >= 30
            assert field.box.h >= 20
        else:
            assert field.box.h / field.rows >= 6.5
            assert field.box.w >= 20


def test_nothing_is_printed_where_people_write(form: Template, bare: Pixels) -> None:
    for field in form.fields:
        places = field.cells or tuple(option.box for option in field.options) or writing_rows(field)
        for place in places:
            inner = Box(place.x + 0.4, place.y + 0.4, place.w - 0.8, place.h - 1.4)
            assert dark(bare, inner) == 0, field.id


def writing_rows(field: Field) -> tuple[Box, ...]:
    height = field.box.h / field.rows
    return tuple(
        Box(field.box.x, field.box.y + row * height, field.box.w, height)
        for row in range(field.rows)
    )


def test_writing_lines_are_drawn_at_the_foot(form: Template, bare: Pixels) -> None:
    lined = [
        field
        for field in form.fields
        if not (field.cells or field.options or field.kind == "presence" or "member" in field.id)
    ]
    assert lined
    for field in lined:
        for row in writing_rows(field):
            foot = Box(row.x, row.bottom - 0.9, row.w, 0.9)
            assert 0.01 < dark(bare, foot) < 0.3, field.id


def test_marks_have_a_quiet_zone(form: Template, bare: Pixels) -> None:
    (marks,) = form.page_marks
    for zone in quiet_zones(marks):
        assert dark(bare, zone) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_blank_form_is_up_to_date(name: str) -> None:
    template = load(TEMPLATES / name)
    kept = blank_pdf(TEMPLATES / name).read_bytes()
    renew = f"run: scanform template blank templates/{name} -o templates/{name}/blank.pdf"
    assert printed_id(kept) == print_id(template), renew
    # The bytes depend on the version of reportlab, what is seen does not.
    drawn = poppler.render_bytes(draw_pdf(template), 1, 100, grey=True)
    assert np.array_equal(drawn, poppler.render_bytes(kept, 1, 100, grey=True)), renew
