"""Made-up filled DC01 sheets for calibration: own wording, any fonts, wear, known answers.

Not the dress rehearsal: pages here are registered already (give or take a quarter millimetre), and
their answers hold more odd words than people write, so that no list is trusted blindly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanform.lexicon import lists, names, places
from scanform.lexicon.lists import rows
from scanform.lexicon.places import Entry
from scanform.model.geometry import to_pixels
from scanform.model.scan import SHEET_DPI, Pixels, Quality, Sheet
from scanform.model.template import Field, Template

LETTERS = (
    "AaĂăÂâĐđÊêÔôƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄ"
    "ễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ"
)


@dataclass(frozen=True, slots=True)
class Wear:
    """How a page was scanned."""

    dpi: int
    blur: float
    noise: float
    jpeg: int
    bitonal: bool
    shift_mm: float
    dark: int
    fade: float


def has_letters(font: Path) -> bool:
    """Whether a font has every Vietnamese letter: a missing one is drawn as its .notdef box."""
    face = ImageFont.truetype(str(font), 40)
    missing = bytes(face.getmask("\ufffe"))
    return all(bytes(face.getmask(letter)) != missing for letter in LETTERS)


def wear_of(level: str, rng: random.Random) -> Wear:
    strength = {"light": 0.5, "medium": 1.0, "strong": 1.7}[level]
    return Wear(
        dpi=rng.choice([150, 200, 300, 200, 300]),
        blur=rng.uniform(0.2, 0.8) * strength,
        noise=rng.uniform(2, 9) * strength,
        jpeg=int(rng.uniform(90, 60) - 15 * (strength - 0.5)),
        bitonal=rng.random() < 0.15,
        shift_mm=rng.uniform(0, 0.25) * min(1.2, strength + 0.3),
        dark=rng.randint(0, 70),
        fade=rng.uniform(0.0, 0.15) * strength,
    )


def worn(page: Pixels, wear: Wear, rng: np.random.Generator) -> Pixels:
    """A page as the scanner gives it, registered with a small error left."""
    height, width = page.shape[:2]
    scale = wear.dpi / SHEET_DPI
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if wear.blur > 0.15:
        small = cv2.GaussianBlur(small, (0, 0), wear.blur)
    shade = np.linspace(1.0, 1.0 - wear.fade, small.shape[1], dtype=np.float32)
    values = small.astype(np.float32) * 0.94 * (shade if small.ndim == 2 else shade[:, None])
    values += rng.normal(0, wear.noise, small.shape).astype(np.float32)
    small = np.clip(values, 0, 255).astype(np.uint8)
    if wear.bitonal:
        grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        small = np.where(grey > 150, 255, 0).astype(np.uint8)
        small = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    else:
        coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, wear.jpeg])[1]
        small = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    reach = to_pixels(wear.shift_mm, SHEET_DPI)
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = corners + rng.uniform(-reach, reach, (4, 2)).astype(np.float32)
    warp = cv2.getPerspectiveTransform(
        corners / np.float32([width, height]) * np.float32([small.shape[1], small.shape[0]]), moved
    )
    return cv2.warpPerspective(
        small, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


class Writer:
    """Makes up answers. The share of odd words keeps the calibration honest."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        table = list(rows("names.csv"))
        self._words = [row["token"] for row in table]
        self._weights = [[int(row[c]) for row in table] for c in ("surname", "middle", "given")]
        self._communes = [each for code, each in places.places().items() if len(code) == 5]
        self._local = [each for each in self._communes if each.parent == "837"]
        self._odd = [w for e in self._communes for w in e.name.split() if w.isalpha()]

    def name(self) -> str:
        count = self.rng.choice([2, 3, 3, 3, 4, 4])
        chosen = []
        for place in names.places_of(count):
            weights = [w**0.7 for w in self._weights[place]]
            word = self.rng.choices(self._words, weights)[0]
            if place and self.rng.random() < 0.08:
                word = self.rng.choice(self._odd)
            chosen.append(word)
        return " ".join(chosen).upper()

    def commune(self) -> Entry:
        return self.rng.choice(self._local if self.rng.random() < 0.4 else self._communes)

    def unit(self, entry: Entry, style: int) -> str:
        short = {"Xã": "X.", "Phường": "P.", "Thị trấn": "TT.", "Huyện": "H.", "Quận": "Q.",
                 "Thành phố": "TP.", "Thị xã": "TX.", "Tỉnh": "T."}  # fmt: skip
        if entry.name.isdigit() or style == 0:
            return f"{entry.unit} {entry.name}"
        if style == 1:
            return f"{entry.unit[0].lower()}{entry.unit[1:]} {entry.name}"
        return f"{short[entry.unit]} {entry.name}" if style == 2 else entry.name

    def hamlet(self) -> str:
        rng = self.rng
        kind = rng.choice(["Ấp", "Ấp", "Ấp", "Khu phố", "Thôn", "Tổ", "Khóm"])
        if kind in ("Khu phố", "Tổ") or rng.random() < 0.3:
            return f"{kind} {rng.randint(1, 14)}"
        name = f"{rng.choice(self._odd)} {rng.choice(self._odd)}".title()
        return f"{kind} {name}" + rng.choice(["", "", "", " A", " B", " 1", " 2"])

    def street(self) -> str:
        return f"Đường {self.name().title()}" if self.rng.random() < 0.7 else "Đường 30/4"

    def house(self) -> str:
        rng = self.rng
        number = f"{rng.randint(1, 400)}"
        number += rng.choice(["", "", "A", f"/{rng.randint(1, 60)}"])
        return rng.choice([f"Số {number}", number, f"Số nhà {number}"])

    def address(self) -> str:
        commune = self.commune()
        district = places.places()[commune.parent]
        province = places.places()[district.parent]
        style = self.rng.choice([0, 0, 1, 2, 3])
        parts = [self.unit(each, style) for each in (commune, district, province)]
        if self.rng.random() < 0.6:
            parts.insert(0, self.hamlet())
        elif self.rng.random() < 0.2:
            parts.insert(0, self.house())
        return self.rng.choice([", ", ", ", ", ", " - "]).join(parts)

    def closed(self, lexicon: str) -> str:
        entry = self.rng.choice([r for r in rows(f"{lexicon}.csv") if len(r["name"]) < 18])
        variants = [each for each in entry["variants"].split("|") if each]
        return self.rng.choice(variants) if variants and self.rng.random() < 0.2 else entry["name"]

    def answers(self, template: Template) -> dict[str, str]:
        """A value for most fields, in the form in which it is written."""
        rng = self.rng
        commune = self.commune()
        district = places.places()[commune.parent]
        province = places.places()[district.parent]
        style = rng.choice([0, 1, 3, 3])
        units = {"province": province, "district": district, "commune": commune}
        made: dict[str, str] = {}
        for field in template.fields:
            if rng.random() < 0.2 and field.id not in units:
                continue
            if field.lexicon in units and field.kind == "place":
                made[field.id] = self.unit(units[field.lexicon], style)
            else:
                value = self._value(field)
                if value:
                    made[field.id] = value
        return made

    def _value(self, field: Field) -> str:  # noqa: PLR0911 - one return a kind
        rng = self.rng
        match field.kind:
            case "capitals":
                return self.name()
            case "place":
                return self.address()
            case "closed":
                return self.closed(str(field.lexicon))
            case "choice":
                return rng.choice(field.options).value
            case "digits":
                count = rng.choice(field.lengths or (9,))
                if count == 12:
                    start = rng.choice(list(lists.province_of_number()))
                    return start + "".join(rng.choice("0123456789") for _ in range(9))
                return "".join(rng.choice("0123456789") for _ in range(count))
            case "date":
                year = rng.randint(1925, 2020)
                if rng.random() < 0.06:
                    return str(year)
                return f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
            case "text":
                return {"street": self.street, "house": self.house}.get(field.id, self.hamlet)()
        return ""


def fill(
    blank: Pixels,
    template: Template,
    made: dict[str, str],
    font: Path,
    rng: random.Random,
    dark: int,
) -> Pixels:
    """The blank page (grey, ``SHEET_DPI``) with the answers written in ``font``; BGR."""
    image = Image.fromarray(blank).convert("RGB")
    draw = ImageDraw.Draw(image)
    ink = rng.choice([(dark, dark, dark), (dark // 2, dark // 2, 90 + dark)])
    points = rng.uniform(10.0, 13.0)
    for field in template.fields:
        value = made.get(field.id)
        if value is None:
            continue
        if field.options:
            _tick(draw, next(o for o in field.options if o.value == value).box, ink, rng)
        elif field.cells:
            _comb(draw, field, value, font, ink, points, rng)
        else:
            _line(draw, field, value, font, ink, points, rng)
    return cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR)


def _face(font: Path, points: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font), round(points * SHEET_DPI / 72))


def _line(draw, field, value, font, ink, points, rng) -> None:  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    box = field.box
    width = to_pixels(box.w - 1.5, SHEET_DPI)
    while _face(font, points).getlength(value) > width and points > 6.5:
        points -= 0.25
    x = to_pixels(box.x + rng.uniform(0.5, 2.0), SHEET_DPI)
    y = to_pixels(box.bottom - rng.uniform(1.1, 1.9), SHEET_DPI)
    draw.text((x, y), value, font=_face(font, points), fill=ink, anchor="ls")


def _comb(draw, field, value, font, ink, points, rng) -> None:  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    digits = value
    if field.kind == "date":
        parts = value.split("-")
        digits = "".join(reversed(parts)) if len(parts) == 3 else "    " + value
    offset = rng.choice([0, len(field.cells) - len(digits)]) if field.kind == "digits" else 0
    lift = rng.uniform(0.8, 1.6)
    for at, digit in enumerate(digits):
        cell = field.cells[offset + at]
        x = to_pixels(cell.centre[0] + rng.uniform(-0.3, 0.3), SHEET_DPI)
        y = to_pixels(cell.bottom - lift, SHEET_DPI)
        draw.text((x, y), digit, font=_face(font, points), fill=ink, anchor="ms")


def _tick(draw, box, ink, rng) -> None:  # type: ignore[no-untyped-def]
    left, top, right, bottom = box.grown(-rng.uniform(0.2, 0.8)).pixels(SHEET_DPI)
    wide = rng.randint(3, 7)
    match rng.choice(["cross", "cross", "tick", "fill", "stroke"]):
        case "cross":
            draw.line((left, top, right, bottom), fill=ink, width=wide)
            draw.line((left, bottom, right, top), fill=ink, width=wide)
        case "tick":
            low = ((left * 2 + right) // 3, bottom)
            draw.line((left, (top + bottom) // 2, *low), fill=ink, width=wide)
            draw.line(
                (*low, right + rng.randint(0, 14), top - rng.randint(0, 14)), fill=ink, width=wide
            )
        case "fill":
            draw.rectangle((left, top, right, bottom), fill=ink)
        case "stroke":
            draw.line((left, bottom, right, top), fill=ink, width=wide)


def sheets(
    template: Template, blank: Pixels, fonts: list[Path], level: str, count: int, seed: int
) -> Iterator[tuple[Sheet, dict[str, str], Path]]:
    """``count`` worn sheets with what is written on each and the font."""
    rng = random.Random(seed)
    noise = np.random.default_rng(seed)
    writer = Writer(rng)
    for number in range(count):
        font = fonts[number % len(fonts)]
        wear = wear_of(level, rng)
        made = writer.answers(template)
        page = worn(fill(blank, template, made, font, rng, wear.dark), wear, noise)
        quality = Quality(wear.shift_mm, 0.1, 0.9, wear.dpi, 0.0, "drawn")
        yield Sheet(page, template.id, 1, quality), made, font
