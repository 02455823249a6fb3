"""Makes ``sample_scans/``: every case a folder with a scan and what is to be read from it.

    python benchmarks/make_samples.py [DIR]

All people are made up. The same code, fonts and library versions give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from scanform.lexicon.places import inside
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import Template
from scanform.rehearse import Plan, fill_form, first_day, wear_form
from scanform.rehearse.answers import Habits
from scanform.rehearse.files import jpeg, save
from scanform.rehearse.hands import Face, print_face, shipped
from scanform.rehearse.homes import written
from scanform.rehearse.ink import font
from scanform.rehearse.levels import Fold, Wear
from scanform.rehearse.people import Respondent, respondents
from scanform.rehearse.wear import Worn, apply
from scanform.template.blank import draw_pages
from scanform.template.find import find
from scanform.template.load import load

SEED = 2018
DISTRICT = "837"

SCANNER = Wear(
    dpi=200,
    rotation=0.6,
    shift=(0.8, -0.6),
    blur_mm=0.035,
    noise=2.0,
    paper=247,
    fade=0.04,
    specks=0.05,
    mode="grey",
    quality=72,
)
CAREFUL = Habits(blanks=0.0, unsigned=0.0)


@dataclass(frozen=True, slots=True)
class Case:
    """One scan: how many respondents, how they write, what happens to their pages and how they
    are saved. ``family`` takes the respondents from one household."""

    name: str
    wears: tuple[Wear, ...]
    template: str = "dc01"
    hand: str = ""
    """Names of shipped fonts, parted by commas, one for each respondent; empty for typed."""
    habits: Habits = CAREFUL
    corrections: float = 0.0
    marks: bool = True
    family: bool = False


CASES = (
    Case("straight_300dpi", (replace(SCANNER, dpi=300, rotation=0.2, mode="colour", quality=74),)),
    Case("tilted_200dpi", (replace(SCANNER, rotation=3.4, mode="colour"),)),
    Case("skewed_150dpi", (replace(SCANNER, dpi=150, rotation=-2.3, quality=80),)),
    Case(
        "folded_hand",
        (replace(SCANNER, rotation=-1.1, mode="colour", folds=(Fold(0.5, 0.2),), shadow=0.12),),
        hand="PatrickHand",
    ),
    Case("neat_hand", (replace(SCANNER, dpi=240, mode="colour"),), hand="Itim"),
    Case(
        "office_pdf",
        tuple(replace(SCANNER, rotation=turn) for turn in (0.4, -0.7, 1.2, 0.1)),
        family=True,
    ),
    Case(
        "bitonal_tiff",
        tuple(
            replace(SCANNER, dpi=300, rotation=turn, mode="bitonal", quality=None, specks=0.3)
            for turn in (-0.5, 0.9, 0.2, -1.4)
        ),
        hand=",,,PlaypenSans",
    ),
    Case(
        "upside_down_png",
        (replace(SCANNER, dpi=150, turn=2, rotation=0.8, noise=0.0, specks=0.0, quality=None),),
    ),
    Case(
        "phone_photo",
        (
            Wear(
                dpi=210,
                rotation=-4.0,
                corners=((5, 3), (-4, 6), (3, -2), (-6, -5)),
                bend=0.9,
                desk=14,
                shadow=0.3,
                shadow_angle=30,
                blur_mm=0.05,
                noise=3,
                paper=232,
                fade=0.06,
                quality=70,
            ),
        ),
    ),
    Case("many_blanks", (SCANNER,), habits=Habits(blanks=0.3, unsigned=0.6)),
    Case("corrected_ticks", (replace(SCANNER, mode="colour"),), hand="Mali", corrections=0.9),
    Case("ministry_print", (replace(SCANNER, rotation=-0.8),), marks=False),
    Case("ct01", (replace(SCANNER, rotation=0.9, mode="colour"),), template="ct01"),
)


def main(folder: Path) -> None:
    people = {name: _people(name) for name in ("dc01", "ct01")}
    for number, case in enumerate(CASES, start=1):
        _make(case, folder / case.name, people[case.template], number * 100)
    _encrypted(folder / "encrypted_pdf", people["dc01"])
    _truncated(folder / "truncated_jpeg", folder / "tilted_200dpi" / "scan.jpg")
    _letter(folder / "typed_letter")
    _targets(folder / "targets.csv")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{len(CASES) + 3} cases, {size / 1e6:.1f} MB in {folder}")


def _people(template: str) -> Callable[[bool], Respondent]:
    """Those who fill ``template``, in its years."""
    day = first_day(_form(template))
    return _spread(respondents(np.random.default_rng([SEED, 0]), DISTRICT, day))


def _spread(people: Iterator[Respondent]) -> Callable[[bool], Respondent]:
    """Gives the next respondent: of the same household, or of the next one that is large enough
    and of a commune not seen lately."""
    communes: list[str] = []
    last: list[Respondent] = []

    def following(same_household: bool) -> Respondent:
        while True:
            who = next(people)
            home = who.household
            if same_household and last and home == last[-1].household:
                return who
            if same_household or len(home.members) < 5 or home.home.commune.code in communes[-9:]:
                continue
            communes.append(home.home.commune.code)
            last.append(who)
            return who

    return following


@cache
def _form(name: str) -> Template:
    return load(find(name))


@cache
def _blanks(name: str, marks: bool) -> tuple[Pixels, ...]:
    return draw_pages(_form(name), marks)


def _faces(hand: str, index: int) -> tuple[Face, ...]:
    names = hand.split(",") if hand else []
    name = names[index] if index < len(names) else ""
    return tuple(face for face in shipped() if name and face.path.stem == name)


def _make(case: Case, folder: Path, people: Callable[[bool], Respondent], number: int) -> None:
    form = _form(case.template)
    pages: list[Worn] = []
    expected = []
    for index, wear in enumerate(case.wears):
        who = people(case.family and index > 0)
        plan = Plan(
            1, SEED, _faces(case.hand, index), habits=case.habits, corrections=case.corrections
        )
        truth, filled = fill_form(form, _blanks(form.id, case.marks), who, plan, number + index)
        expected.append({"page": len(pages) + 1, "template": form.id, "answers": truth})
        rng = np.random.default_rng([SEED, number + index])
        pages += wear_form(filled, form, lambda _, how=wear: how, rng, who)
    folder.mkdir(parents=True, exist_ok=True)
    save(pages, folder / "scan")
    _expect(folder, {"respondents": expected})


def _expect(folder: Path, expected: dict[str, object]) -> None:
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _encrypted(folder: Path, people: Callable[[bool], Respondent]) -> None:
    """A PDF that opens with a password only."""
    form = _form("dc01")
    who = people(False)
    _, filled = fill_form(form, _blanks(form.id, True), who, Plan(1, SEED), 9000)
    page = apply(filled[0], form.page_mm, replace(SCANNER, dpi=100), np.random.default_rng(SEED))
    lock = StandardEncryption("mat-khau", strength=40)
    folder.mkdir(parents=True, exist_ok=True)
    pdf = canvas.Canvas(str(folder / "scan.pdf"), invariant=True, encrypt=lock)
    width, height = (mm * 72 / 25.4 for mm in form.page_mm)
    pdf.setPageSize((width, height))
    pdf.drawImage(ImageReader(io.BytesIO(jpeg(page))), 0, 0, width, height)
    pdf.save()
    _expect(folder, {"rejected": "encrypted"})


def _truncated(folder: Path, whole: Path) -> None:
    """A JPEG whose copying was cut off."""
    folder.mkdir(parents=True, exist_ok=True)
    data = whole.read_bytes()
    (folder / "scan.jpg").write_bytes(data[: len(data) * 2 // 5])
    _expect(folder, {"rejected": "damaged"})


LETTER = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

GIẤY MỜI

Kính gửi: Ông Nguyễn Văn Mẫu, ấp Thạnh Lợi

Ủy ban nhân dân xã trân trọng kính mời ông đến dự buổi họp
triển khai việc thu thập thông tin dân cư trên địa bàn.

Thời gian: 8 giờ 00, thứ ba.
Địa điểm: Hội trường nhà văn hóa ấp.

Rất mong ông đến dự đúng giờ để buổi họp thành công tốt đẹp.

NGƯỜI MỜI"""


def _letter(folder: Path) -> None:
    """A page that is no form: an invitation in the same box of papers."""
    sheet = Image.new("RGB", (2480, 3508), "white")
    draw = ImageDraw.Draw(sheet)
    face = font(print_face().path, round(14 / 72 * SHEET_DPI))
    for row, line in enumerate(LETTER.splitlines()):
        draw.text((300, 300 + row * 100), line, fill=(20, 20, 20), font=face)
    pixels: Pixels = np.asarray(sheet)[:, :, ::-1].copy()
    worn = apply(pixels, (210.0, 297.0), SCANNER, np.random.default_rng(SEED))
    folder.mkdir(parents=True, exist_ok=True)
    save([worn], folder / "scan")
    _expect(folder, {"rejected": "unknown_form"})


def _targets(path: Path) -> None:
    """How many forms each commune was to hand in for this trial: a few."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(("unit", "target"))
        for index, commune in enumerate(inside("commune", [DISTRICT])):
            rows.writerow((written(commune, short=False), 2 + index % 3))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "sample_scans"))
