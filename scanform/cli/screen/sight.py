"""What the terminal draws of an answer: its picture, nearer or wider, turned, with its region."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from scanform.review import Person
from scanform.review.queue import Queue, View

CLOSER = 1.6
CLOSEST = 16.0
COLUMN, RULE, FAINT = 0.12, 0.85, 40.0
"""Where something is written: the least dark share of a column of pixels, that of a printed stroke,
and the least levels of grey between ink and paper."""
_EDGE = (11, 122, 145)


@dataclass(frozen=True, slots=True)
class Sight:
    """How somebody looks: ``scale`` 1 shows the whole of ``view``; ``at`` is the middle of what is
    shown, as shares of the picture; ``turns`` are quarter turns to the right."""

    view: View = "field"
    scale: float = 1.0
    turns: int = 0
    at: tuple[float, float] | None = None

    def closer(self) -> Sight:
        if self.view == "row":
            return Sight("field", turns=self.turns)
        return replace(self, scale=min(CLOSEST, self.scale * CLOSER))

    def wider(self) -> Sight:
        if self.scale > 1:
            scale = max(1.0, self.scale / CLOSER)
            return replace(self, scale=scale, at=None if scale == 1 else self.at)
        return Sight("row", turns=self.turns) if self.view == "field" else self

    def turned(self) -> Sight:
        return replace(self, turns=(self.turns + 1) % 4)


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture as it is drawn, and where its middle lies in the whole of the view."""

    image: Image.Image
    at: tuple[float, float]


def look(queue: Queue, who: Person, token: str, sight: Sight) -> Looked:
    """Raises ``ScanformError`` where the record has no such sheet."""
    region = queue.region(who, token, sight.view)
    return drawn(queue.picture(who, token, sight.view), region, sight)


def fitted(queue: Queue, who: Person, token: str) -> Sight:
    """The field as large as its writing lets it be: for terminals that draw few pixels. Raises
    ``ScanformError`` where the record has no such sheet."""
    left, top, w, h = queue.region(who, token, "field")
    picture = np.asarray(Image.open(io.BytesIO(queue.picture(who, token, "field"))).convert("L"))
    height, width = picture.shape
    inside = picture[
        round(top * height) : round((top + h) * height),
        round(left * width) : round((left + w) * width),
    ]
    # A column of strokes has much that is dark; dots and lines to write on have little.
    ink, paper = np.percentile(inside, [1, 75]) if inside.size else (0.0, 0.0)
    dark = (inside < (ink + paper) / 2).mean(axis=0)
    written = np.flatnonzero((dark > COLUMN) & (dark < RULE))
    if paper - ink < FAINT or not written.size:
        return Sight()
    first, last = (left + w * float(at) / inside.shape[1] for at in (written[0], written[-1]))
    scale = min(1 / (last - first + 0.06), 1 / min(1.0, h * 1.2))
    return Sight(scale=max(1.0, min(CLOSEST, scale)), at=((first + last) / 2, top + h / 2))


def drawn(png: bytes, region: tuple[float, float, float, float], sight: Sight) -> Looked:
    """The picture with its region framed, cut to what is looked at, turned."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    width, height = image.size
    left, top, w, h = region
    box = [left * width, top * height, (left + w) * width, (top + h) * height]
    if sight.view != "field":
        ImageDraw.Draw(image).rectangle(box, outline=_EDGE, width=max(2, round(height / 150)))
    middle = sight.at or (left + w / 2, top + h / 2)
    half = 0.5 / sight.scale
    x, y = (min(1 - half, max(half, share)) for share in middle)
    if sight.scale > 1:
        image = image.crop(
            (
                round((x - half) * width),
                round((y - half) * height),
                round((x + half) * width),
                round((y + half) * height),
            )
        )
    if sight.turns:
        image = image.rotate(-90 * sight.turns, expand=True)
    return Looked(image, (x, y))
