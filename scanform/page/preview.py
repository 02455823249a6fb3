"""A page with what the template asks drawn over it: is every region where it should be?"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanform.model.geometry import MM_PER_INCH, Box, to_pixels
from scanform.model.scan import SHEET_DPI, FieldFit, Pixels, Sheet
from scanform.model.template import Field, Template
from scanform.page.arrays import in_colour
from scanform.page.fieldfit import is_misaligned
from scanform.page.warp import Warp

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "text": (38, 110, 190),
    "capitals": (24, 72, 150),
    "place": (20, 130, 130),
    "closed": (110, 80, 180),
    "digits": (200, 105, 10),
    "date": (190, 60, 20),
    "choice": (30, 135, 60),
    "presence": (150, 40, 110),
    "code": (90, 90, 90),
}
"""Red, green, blue by field kind; a kind not named is grey."""

_DOUBTED: Colour = (200, 0, 0)
_ARROW: Colour = (200, 0, 120)
_EVERY_MM, _TIMES = 15.0, 10
_OTHER: Colour = (90, 90, 90)
_FILL, _LINE = 38, 200
_LABEL_MM = 1.9
_FADE = 0.25
"""How far the page is lightened, so that colours stand out."""


def draw_preview(sheet: Sheet, template: Template, warp: Warp | None = None) -> Pixels:
    """The sheet in colour (height x width x 3, blue, green, red) with regions, comb cells and tick
    boxes drawn over it in the colour of their kind, each with its field's id. The sheet stays as it
    is. The flag of a field says how surely it lies right, red where its answer would be doubted.
    ``warp``: how the page was bent straight, drawn as arrows ``_TIMES`` as long as the shift.
    """
    colour = in_colour(sheet.pixels)
    faded = colour + (255 - colour) * np.float32(_FADE)
    page = Image.fromarray(np.ascontiguousarray(faded.astype(np.uint8)[:, :, ::-1]))
    over = Image.new("RGBA", page.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(over)
    font = ImageFont.load_default(to_pixels(_LABEL_MM, SHEET_DPI))
    fields = template.on_page(sheet.page)
    for field in fields:
        _draw_regions(pen, field)
    for field in fields:
        _draw_id(pen, field, sheet.fields.get(field.id), font)
    if warp is not None:
        _draw_shifts(pen, warp)
    drawn = Image.alpha_composite(page.convert("RGBA"), over).convert("RGB")
    return np.ascontiguousarray(np.asarray(drawn, np.uint8)[:, :, ::-1])


def _draw_regions(pen: ImageDraw.ImageDraw, field: Field) -> None:
    colour = COLOURS.get(field.kind, _OTHER)
    parts = (*field.cells, *(option.box for option in field.options))
    for box in parts or (field.box,):
        _draw_box(pen, box, colour, _FILL, 3)
    if len(parts) > 1:
        _draw_box(pen, field.box.grown(0.5), colour, 0, 2)


def _draw_box(pen: ImageDraw.ImageDraw, box: Box, colour: Colour, fill: int, width: int) -> None:
    left, top, right, bottom = box.pixels(SHEET_DPI)
    pen.rounded_rectangle(
        (left, top, right - 1, bottom - 1),
        radius=5,
        fill=(*colour, fill) if fill else None,
        outline=(*colour, _LINE),
        width=width,
    )


def _draw_id(
    pen: ImageDraw.ImageDraw,
    field: Field,
    fit: FieldFit | None,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """The id on a small flag that sits on the region's upper edge, at the right, where labels of
    the form seldom are."""
    colour = COLOURS.get(field.kind, _OTHER)
    says = field.id
    if fit is not None:
        says += f"  {fit.support:.0%}"
        colour = _DOUBTED if is_misaligned(fit) else colour
    _, top, right, _ = field.box.pixels(SHEET_DPI)
    width = pen.textlength(says, font=font)
    height = to_pixels(_LABEL_MM, SHEET_DPI)
    left = max(0.0, right - width - 10)
    pen.rounded_rectangle((left, top - height - 2, right, top + 2), radius=4, fill=(*colour, 215))
    pen.text((left + 5, top - height / 2), says, font=font, fill="white", anchor="lm")


def _draw_shifts(pen: ImageDraw.ImageDraw, warp: Warp) -> None:
    """Arrows from where one homography has a place to where it is, on a grid over the page."""
    x, y = (np.arange(_EVERY_MM / 2, side, _EVERY_MM) for side in warp.page_mm)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    for place, shift in zip(places, warp.shifts(places) * _TIMES, strict=True):
        (x1, y1), (x2, y2) = np.array([place, place + shift]) / MM_PER_INCH * SHEET_DPI
        pen.line((x1, y1, x2, y2), fill=(*_ARROW, _LINE), width=3)
        pen.ellipse((x1 - 4, y1 - 4, x1 + 4, y1 + 4), fill=(*_ARROW, _LINE))
