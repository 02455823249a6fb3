"""A sheet of 24 people, each with the combs and tick boxes of DC01: proof of 0.1 % by the thousand.

To prove that at most one answer in a thousand is wrong takes some 3,000 right ones, and a DC01 has
five combs. Here a row is one person: personal number, birth date, sex and marital status in the
cells and boxes that DC01 has, under the rule that binds them there, answered as ``rehearse``
answers DC01 and written by a hand and a pen of that person's own. The page is worn as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scanform.model.template import Template
from scanform.rehearse import Filled, Plan, draw_blanks, first_day, hands, levels, wear_form
from scanform.rehearse.answers import answers
from scanform.rehearse.filling import Sitting, fill
from scanform.rehearse.people import respondents
from scanform.template.draw import draw_pdf
from scanform.template.load import load

NAME = "people"
ROWS = 24
ASKED = ("id_number", "birth_date", "sex", "marital_status")
ROW = """  - id: id_number_{row}
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
RULE = "  - id_number: {{number: id_number_{row}, sex: sex_{row}, birth_date: birth_date_{row}}}\n"
HEAD = """id: people
title: Danh sách nhân khẩu
revision: 1
register: {marks: corners}
print:
  - {text: DANH SÁCH NHÂN KHẨU, at: [105, 24], size: 15, bold: true, align: centre}
  - {text: Số ĐDCN/Số CMND, at: [45, 36], align: centre}
  - {text: "Ngày, tháng, năm sinh", at: [98, 36], align: centre}
  - {text: Giới tính, at: [137, 36], align: centre}
  - {text: Tình trạng hôn nhân, at: [172, 36], align: centre}
"""


def form(folder: Path) -> None:
    """Writes the template and its empty form."""
    places = [(row, 40 + 9.4 * (row - 1)) for row in range(1, ROWS + 1)]
    text = HEAD + "rules:\n" + "".join(RULE.format(row=row) for row, _ in places) + "fields:\n"
    text += "".join(ROW.format(row=n, y=round(y, 2), tick=round(y + 1, 2)) for n, y in places)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    (folder / "blank.pdf").write_bytes(draw_pdf(load(folder)))


def sheets(sheet: Template, dc01: Template, plan: Plan) -> Iterator[Filled]:
    """``plan.count`` filled sheets, by the people and the habits of a rehearsal of DC01."""
    people = respondents(np.random.default_rng([plan.seed, 0]), plan.district, first_day(dc01))
    blanks = draw_blanks(sheet, plan.marks)
    for number in range(1, plan.count + 1):
        page, truth = blanks[0].copy(), {}
        for row in range(1, ROWS + 1):
            who, rng = next(people), np.random.default_rng([plan.seed, number, row])
            said = answers(dc01, who, rng, plan.habits)
            mine = {f"{name}_{row}": said[name] for name in ASKED}
            writer = hands.writer(plan.faces, rng) if plan.faces else hands.typist(rng)
            sitting = Sitting(writer, corrections=plan.corrections)
            page = fill(page, sheet, 1, mine, sitting, rng)
            truth |= mine
        rng = np.random.default_rng([plan.seed, number])
        yield Filled(number, truth, wear_form([page], sheet, levels.LEVELS[plan.wear], rng, who))
