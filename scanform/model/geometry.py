"""Places on a page, in millimetres.

The origin is the top left corner of the page; x runs right and y runs down.
Pixels appear only where a box meets an image of known resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

MM_PER_INCH = 25.4


def to_pixels(mm: float, dpi: float) -> float:
    """Length in pixels of ``mm`` millimetres at ``dpi`` dots per inch."""
    return mm * dpi / MM_PER_INCH


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle on a page: left, top, width and height in millimetres."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def grown(self, mm: float) -> Box:
        """The box with every side moved outwards by ``mm`` (inwards when negative)."""
        return Box(self.x - mm, self.y - mm, max(0.0, self.w + 2 * mm), max(0.0, self.h + 2 * mm))

    def shifted(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.w, self.h)

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        """Whether ``other`` lies inside this box, give or take ``slack`` millimetres."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def overlap(self, other: Box) -> float:
        """Area shared with ``other``, in square millimetres."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)

    def pixels(self, dpi: float) -> tuple[int, int, int, int]:
        """``(left, top, right, bottom)`` in whole pixels at ``dpi``; right and bottom exclusive."""
        return (
            round(to_pixels(self.x, dpi)),
            round(to_pixels(self.y, dpi)),
            round(to_pixels(self.right, dpi)),
            round(to_pixels(self.bottom, dpi)),
        )


def bounding_box(boxes: tuple[Box, ...]) -> Box:
    """The smallest box that holds all ``boxes``; raises ``ValueError`` for none."""
    if not boxes:
        raise ValueError("no boxes to bound")
    left = min(box.x for box in boxes)
    top = min(box.y for box in boxes)
    right = max(box.right for box in boxes)
    bottom = max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)
