"""Readings of regions where nothing is written or nothing could be read."""

from __future__ import annotations

from scanform.model.reading import Reading

BLANK_SCORE = 0.995
FAINT_SCORE = 0.7


def blank(reader: str, faint: bool, share: float) -> Reading:
    """Nothing is written; ``share`` of the region is ink, ``faint`` tells of lighter strokes."""
    measures = {"ink": share, "faint": float(faint)}
    return Reading("blank", None, FAINT_SCORE if faint else BLANK_SCORE, reader, measures=measures)


def unreadable(reader: str, share: float, **measures: float) -> Reading:
    """Something is written, but the reader made nothing of it."""
    return Reading("unreadable", None, 0.0, reader, measures={"ink": share, **measures})
