"""Sheets of many people, to prove 0.1 % by the thousand: what DC01 and CT01 have a few of a page.

To prove that at most one answer in a thousand is wrong takes some 3,000 right ones, and a DC01 has
five combs. On ``people`` a row is one person: personal number, birth date, sex and marital status
in the cells and boxes that DC01 has. On ``table`` it is two, as CT01's household table has its
members: date and number on a line, sex in boxes. Each under the rule that binds them there,
answered as ``rehearse`` answers the form, and written by a hand and a pen of that person's own. The
page is worn as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scanform.model.template import Template
from scanform.rehearse import Filled, Plan, first_day, hands, levels, wear_form
from scanform.rehearse.answers import answers
from scanform.rehearse.filling import Sitting, fill
from scanform.rehearse.people import respondents
from scanform.template.blank import draw_pages
from scanform.template.draw import draw_pdf
from scanform.template.find import find
from scanform.template.load import load

CELLS = """  - id: id_number_{row}
    kind: digits
    label: Số định danh {row}
    lengths: [9, 12]
    cells: {{at: [17, {y}], size: [4.7, 6], groups: [12]}}
    caption: {{text: "{row}.", x: 9}}
  - id: birth_date_{row}
    kind: date
    label: Ngày sinh {row}
    cells: {{at: [77.5, {y}], size: [4.7, 6], groups: [2, 2, 4], gap: 2}}
  - id: sex_{row}
    kind: choice
    label: Giới tính {row}
    options:
      - {{value: Nam, at: [124, {tick}]}}
      - {{value: Nữ, at: [137, {tick}]}}
  - id: marital_status_{row}
    kind: choice
    label: Hôn nhân {row}
    options:
      - {{value: Chưa kết hôn, label: Chưa, at: [152, {tick}]}}
      - {{value: Đã kết hôn, label: Đã, at: [168, {tick}]}}
      - {{value: Đã ly hôn, label: Ly hôn, at: [180, {tick}]}}
"""
LINES = """  - id: birth_date_{row}
    kind: date
    label: Ngày sinh {row}
    box: [{date}, {y}, 24.2, 7]
    line: none
  - id: sex_{row}
    kind: choice
    label: Giới tính {row}
    options:
      - {{value: Nam, at: [{first}, {tick}]}}
      - {{value: Nữ, at: [{second}, {tick}]}}
  - id: id_number_{row}
    kind: digits
    label: Số định danh {row}
    lengths: [12]
    box: [{number}, {y}, 31.2, 7]
    line: none
"""
RULE = "  - id_number: {{number: id_number_{row}, sex: sex_{row}, birth_date: birth_date_{row}}}\n"
HEAD = """id: {name}
title: Danh sách nhân khẩu
revision: 1
register: {{marks: corners}}
print:
  - {{text: DANH SÁCH NHÂN KHẨU, at: [105, 24], size: 15, bold: true, align: centre}}
"""
CAPTIONS = """  - {text: Số ĐDCN/Số CMND, at: [45, 36], align: centre}
  - {text: "Ngày, tháng, năm sinh", at: [98, 36], align: centre}
  - {text: Giới tính, at: [137, 36], align: centre}
  - {text: Tình trạng hôn nhân, at: [172, 36], align: centre}
"""


@dataclass(frozen=True)
class Sheet:
    """``people`` on a sheet, asked for ``asked`` as the form ``like`` asks."""

    like: str
    people: int
    asked: tuple[str, ...]


SHEETS = {
    "people": Sheet("dc01", 24, ("id_number", "birth_date", "sex", "marital_status")),
    "table": Sheet("ct01", 36, ("id_number", "birth_date", "sex")),
}


def form(folder: Path, name: str = "people") -> None:
    """Writes the template and its empty form."""
    rows = range(1, SHEETS[name].people + 1)
    text = HEAD.format(name=name) + (_columns() if name == "table" else CAPTIONS)
    text += "rules:\n" + "".join(RULE.format(row=row) for row in rows) + "fields:\n"
    text += "".join(map(_in_lines if name == "table" else _in_cells, rows))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    (folder / "blank.pdf").write_bytes(draw_pdf(load(folder)))


def _in_cells(row: int) -> str:
    y = 40 + 9.4 * (row - 1)
    return CELLS.format(row=row, y=round(y, 2), tick=round(y + 1, 2))


def _in_lines(row: int) -> str:
    left, y = 14 + 92 * ((row - 1) % 2), 40.2 + 8.5 * ((row - 1) // 2)
    places = {"date": 0.9, "first": 27.3, "second": 41.6, "number": 54.9}
    across = {name: round(left + x, 2) for name, x in places.items()}
    return LINES.format(row=row, y=round(y, 2), tick=round(y + 1.45, 2), **across)


def _columns() -> str:
    """The lines of CT01's table, twice side by side."""
    deep = SHEETS["table"].people // 2
    lines = []
    for left in (14, 106):
        lines += [(left + x, 39.4, left + x, 39.4 + 8.5 * deep) for x in (0, 26, 54, 87)]
        lines += [(left, 39.4 + 8.5 * k, left + 87, 39.4 + 8.5 * k) for k in range(deep + 1)]
    return "".join(
        f"  - {{line: [{a}, {round(b, 2)}, {c}, {round(d, 2)}]}}\n" for a, b, c, d in lines
    )


def sheets(sheet: Template, plan: Plan) -> Iterator[Filled]:
    """``plan.count`` filled sheets, by the people and the habits of a rehearsal of the form."""
    kind = SHEETS[sheet.id]
    like = load(find(kind.like))
    people = respondents(np.random.default_rng([plan.seed, 0]), plan.district, first_day(like))
    blanks = draw_pages(sheet, plan.marks)
    for number in range(1, plan.count + 1):
        page, truth = blanks[0].copy(), {}
        for row in range(1, kind.people + 1):
            who, rng = next(people), np.random.default_rng([plan.seed, number, row])
            said = answers(like, who, rng, plan.habits)
            mine = {f"{name}_{row}": said[name] for name in kind.asked}
            writer = hands.writer(plan.faces, rng) if plan.faces else hands.typist(rng)
            sitting = Sitting(writer, corrections=plan.corrections)
            page = fill(page, sheet, 1, mine, sitting, rng)
            truth |= mine
        rng = np.random.default_rng([plan.seed, number])
        yield Filled(number, truth, wear_form([page], sheet, levels.LEVELS[plan.wear], rng, who))
