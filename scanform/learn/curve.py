"""The learning curve: errors and waiting answers against confirmed lines, and what comes next."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from scanform.model.phrases import Language, Phrase
from scanform.report import fonts
from scanform.report.png import picture
from scanform.store.models import LESSONS
from scanform.whole import write_whole

Anchor = Literal["start", "middle", "end"]
USUAL_SLOPE = -0.35
"""Errors fall with the lines to this power, until a unit's own lessons tell otherwise."""
NEXT = 500

_TITLE = Phrase("Học nét chữ của đơn vị", "Learning the hands of the unit")
_ERRORS = Phrase("lỗi mỗi chữ cái (phiếu chưa thấy)", "errors a letter (forms not seen)")
_WAITS = Phrase("phần phải chờ duyệt khi mới đọc", "share that waits when it comes in")
_LINES = Phrase("dòng đã xác nhận", "confirmed lines")
_NEXT = Phrase(
    "{count} dòng xác nhận nữa: khoảng {cer} lỗi mỗi chữ cái",
    "{count} more confirmed lines: about {cer} errors a letter",
)


@dataclass(frozen=True, slots=True)
class Point:
    """A lesson: ``lines`` and ``forms`` confirmed, errors a letter of the reader before and after
    on forms held apart, share of answers that waited as the reader before read them, whether the
    new reader was kept."""

    at: str
    forms: int
    lines: int
    old_cer: float
    new_cer: float
    waiting: float
    kept: bool


def lessons(models: Path) -> list[Point]:
    """Every lesson of the workspace's ``models`` folder, oldest first."""
    file = models / LESSONS
    if not file.exists():
        return []
    return [Point(**row) for row in json.loads(file.read_text("utf-8"))]


def note(models: Path, point: Point) -> None:
    models.mkdir(parents=True, exist_ok=True)
    rows = [asdict(each) for each in [*lessons(models), point]]
    write_whole(models / LESSONS, json.dumps(rows, indent=1).encode())


def expected(points: Sequence[Point], more: int = NEXT) -> float | None:
    """Errors a letter after ``more`` confirmed lines; None before the first lesson."""
    known = [(p.lines, min(p.old_cer, p.new_cer)) for p in points if p.lines and p.new_cer > 0]
    if not known:
        return None
    slope = USUAL_SLOPE
    logs = [(math.log(lines), math.log(cer)) for lines, cer in known]
    spread = max(x for x, _ in logs) - min(x for x, _ in logs)
    if len(logs) >= 3 and spread > 0.7:
        middle_x = sum(x for x, _ in logs) / len(logs)
        middle_y = sum(y for _, y in logs) / len(logs)
        up = sum((x - middle_x) * (y - middle_y) for x, y in logs)
        slope = min(0.0, up / sum((x - middle_x) ** 2 for x, _ in logs))
    lines, cer = known[-1]
    return float(cer * ((lines + more) / lines) ** slope)


Curve = list[tuple[int, float]]
"""Confirmed lines, and a share."""


def curves(points: Sequence[Point]) -> tuple[Curve, Curve]:
    """Errors a letter, and the share of answers that waited, by the lines that people had confirmed
    when the reader learnt, which were none at first. What waits after the last lesson isn't known
    yet."""
    if not points:
        return [], []
    errors = [(0, points[0].old_cer)]
    errors += [(each.lines, each.new_cer if each.kept else each.old_cer) for each in points]
    learnt = [0, *(each.lines for each in points[:-1])]
    return errors, [(lines, each.waiting) for lines, each in zip(learnt, points, strict=True)]


def drawn(points: Sequence[Point], lang: Language) -> bytes:
    """The curve as a PNG. Raises ``MissingProgram`` without Poppler."""
    target = io.BytesIO()
    page = Canvas(target, pagesize=(420, 250))
    renderPDF.draw(_drawing(points, lang), page, 0, 0)
    page.showPage()
    page.save()
    return picture(target.getvalue(), 150)


def _drawing(points: Sequence[Point], lang: Language) -> Drawing:
    fonts.register()
    ink, grey, blue, brown = (HexColor(c) for c in ("#1a1a1a", "#6b6b6b", "#0b5394", "#b45f06"))
    left, right, bottom, top = 44.0, 404.0, 46.0, 196.0
    shares = [max(p.old_cer, p.new_cer, p.waiting) for p in points]
    most = max(0.1, math.ceil(10 * max(shares, default=0.1)) / 10)
    last = max([p.lines for p in points], default=1)
    drawing = Drawing(420, 250)

    def say(x: float, y: float, text: str, anchor: Anchor = "start", colour: Color = ink) -> None:
        drawing.add(
            String(
                x, y, text, fontName=fonts.REGULAR, fontSize=8, textAnchor=anchor, fillColor=colour
            )
        )

    def place(lines: int, share: float) -> tuple[float, float]:
        return left + (right - left) * lines / last, bottom + (top - bottom) * share / most

    for at in range(6):
        y = bottom + (top - bottom) * at / 5
        drawing.add(Line(left, y, right, y, strokeColor=HexColor("#d9d9d9"), strokeWidth=0.4))
        say(left - 4, y - 3, f"{most * at / 5:.0%}", "end", grey)
    errors, waits = curves(points)
    for shares_of, colour in ((errors, blue), (waits, brown)):
        path = [z for lines, share in shares_of for z in place(lines, share)]
        if len(shares_of) > 1:
            drawing.add(PolyLine(path, strokeColor=colour, strokeWidth=1.8))
        for x, y in zip(path[::2], path[1::2], strict=True):
            drawing.add(Line(x - 2, y, x + 2, y, strokeColor=colour, strokeWidth=4))
    for lines, _ in errors:
        say(place(lines, 0)[0], bottom - 12, str(lines), "middle", grey)
    say(right, bottom - 24, _LINES.say(lang, {}), "end", grey)
    say(left, 232, _TITLE.say(lang, {}))
    say(left, 216, "— " + _ERRORS.say(lang, {}), colour=blue)
    say(left + 190, 216, "— " + _WAITS.say(lang, {}), colour=brown)
    if (cer := expected(points)) is not None:
        told = _NEXT.say(lang, {"count": str(NEXT), "cer": f"{cer:.1%}"})
        say(left, 10, told)
    return drawing
