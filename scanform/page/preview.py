"""A page with what the template asks drawn over it: is every region where it should be?"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanform.model.geometry import Box, to_pixels
from scanform.model.scan import SHEET_DPI, Pixels, Sheet
from scanform.model.template import Field, Template
from scanform.page.arrays import in_colour

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

_OTHER: Colour = (90, 90, 90)
_FILL, _LINE = 38, 200
_LABEL_MM = 1.9
_FADE = 0.25
"""How far the page is lightened, so that colours stand out."""


def draw_preview(sheet: Sheet, template: Template) -> Pixels:
    """The sheet in colour (height x width x 3, blue, green, red) with regions, comb cells and tick
    boxes drawn over it in the colour of their kind, each with its field's id. The sheet stays as it
    is.
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
        _draw_id(pen, field, font)
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
    pen: ImageDraw.ImageDraw, field: Field, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> None:
    """The id on a small flag that sits on the region's upper edge, at the right, where labels of
    the form seldom are."""
    colour = COLOURS.get(field.kind, _OTHER)
    _, top, right, _ = field.box.pixels(SHEET_DPI)
    width = pen.textlength(field.id, font=font)
    height = to_pixels(_LABEL_MM, SHEET_DPI)
    left = max(0.0, right - width - 10)
    pen.rounded_rectangle((left, top - height - 2, right, top + 2), radius=4, fill=(*colour, 215))
    pen.text((left + 5, top - height / 2), field.id, font=font, fill="white", anchor="lm")
