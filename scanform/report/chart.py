"""The progress curve, drawn once for paper, web and word processor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from reportlab.graphics.shapes import Drawing, Line, Polygon, PolyLine, String
from reportlab.lib.colors import Color, HexColor

from scanform.report import fonts
from scanform.report.interface import Chart

INK, GREY, PALE = HexColor("#1a1a1a"), HexColor("#6b6b6b"), HexColor("#d9d9d9")
COUNT, GOAL, FAN = HexColor("#0b5394"), HexColor("#b45f06"), HexColor("#cfe2f3")
SIZE = 8.0


def draw(chart: Chart, width: float, height: float) -> Drawing:
    """The chart, ``width`` x ``height`` points."""
    fonts.register()
    left, right, bottom, top = 42.0, width - 13, 16.0, height - 16
    last = max((chart.deadline, chart.days[-1]))
    first = chart.days[0]
    most = max((*(v for v, _ in chart.count_ticks), chart.goal, *chart.counts, *_highs(chart), 1))
    span = max(1, (last - first).days)

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / span

    def y(count: float) -> float:
        return bottom + (top - bottom) * count / most

    drawing = Drawing(width, height)
    for count, label in chart.count_ticks:
        drawing.add(Line(left, y(count), right, y(count), strokeColor=PALE, strokeWidth=0.4))
        drawing.add(_text(left - 4, y(count) - 2.8, label, "end", GREY))
    for day, label in chart.day_ticks:
        drawing.add(Line(x(day), bottom, x(day), bottom - 3, strokeColor=GREY, strokeWidth=0.5))
        drawing.add(_text(x(day), bottom - 12, label, "middle", GREY))
    _add_fan(drawing, chart, x, y)
    drawing.add(_text(left + 4, y(chart.goal) + 3, chart.labels[3], "start", GOAL))
    points = [z for day, n in zip(chart.days, chart.counts, strict=True) for z in (x(day), y(n))]
    if len(points) > 2:
        drawing.add(PolyLine(points, strokeColor=COUNT, strokeWidth=1.8))
    drawing.add(Line(left, bottom, right, bottom, strokeColor=INK, strokeWidth=0.7))
    _add_legend(drawing, chart, left, height - 8)
    # Dashes come last: reportlab's SVG forgets to end them.
    if chart.fan is not None:
        days, middles = (chart.days[-1], *chart.fan.days), (chart.counts[-1], *chart.fan.middles)
        path = [z for d, n in zip(days, middles, strict=True) for z in (x(d), y(n))]
        drawing.add(PolyLine(path, strokeColor=COUNT, strokeWidth=1.1, strokeDashArray=[2, 2]))
        at = left + _key_width(chart.labels[0])
        key = [at, height - 6, at + 14, height - 6]
        drawing.add(PolyLine(key, strokeColor=COUNT, strokeWidth=1.1, strokeDashArray=[2, 2]))
    goal = [left, y(chart.goal), right, y(chart.goal)]
    drawing.add(PolyLine(goal, strokeColor=GOAL, strokeWidth=1, strokeDashArray=[5, 3]))
    return drawing


def _highs(chart: Chart) -> Sequence[int]:
    return chart.fan.highs if chart.fan else ()


def _add_fan(
    drawing: Drawing, chart: Chart, x: Callable[[date], float], y: Callable[[float], float]
) -> None:
    if chart.fan is None:
        return
    days = (chart.days[-1], *chart.fan.days)
    now = chart.counts[-1]
    lows, highs = (now, *chart.fan.lows), (now, *chart.fan.highs)
    outline = [(x(d), y(n)) for d, n in zip(days, highs, strict=True)]
    outline += [(x(d), y(n)) for d, n in reversed(list(zip(days, lows, strict=True)))]
    flat = [z for point in outline for z in point]
    drawing.add(Polygon(flat, fillColor=FAN, strokeColor=None, strokeWidth=0))


def _add_legend(drawing: Drawing, chart: Chart, left: float, y: float) -> None:
    """Count, middle, interval in one line above the curve; the middle's dashes come later."""
    at = left
    for number, label in enumerate(chart.labels[: 3 if chart.fan else 1]):
        if number == 0:
            drawing.add(PolyLine([at, y + 2, at + 14, y + 2], strokeColor=COUNT, strokeWidth=1.8))
        elif number == 2:
            box = [at, y - 1, at + 14, y - 1, at + 14, y + 5, at, y + 5]
            drawing.add(Polygon(box, fillColor=FAN, strokeColor=None, strokeWidth=0))
        drawing.add(_text(at + 18, y - 1, label, "start", INK))
        at += _key_width(label)


def _key_width(label: str) -> float:
    return 18 + fonts.width(label, SIZE) + 16


def _text(
    x: float, y: float, text: str, anchor: Literal["start", "middle", "end"], colour: Color
) -> String:
    return String(
        x, y, text, fontName=fonts.REGULAR, fontSize=SIZE, textAnchor=anchor, fillColor=colour
    )
