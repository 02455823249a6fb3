"""Readers of text and digits with Tesseract: one process for all crops of a sort."""

from __future__ import annotations

from collections.abc import Sequence

from scanform.model.reading import Crop, Reading
from scanform.model.scan import Pixels
from scanform.programs import tesseract
from scanform.programs.tesseract import Line
from scanform.recognise.case import recased
from scanform.recognise.comb_reader import DIGITS, ReadLines, read_combs
from scanform.recognise.lines import Lines, clean_lines
from scanform.recognise.outcomes import blank, unreadable
from scanform.recognise.variants import alternatives
from scanform.recognise.words import respaced


def _read_lines(images: Sequence[Pixels], psm: int, whitelist: str) -> list[Line | None]:
    return tesseract.read_lines(images, psm, whitelist)


class TesseractText:
    """Lines of text, any characters."""

    def __init__(self, read_lines: ReadLines = _read_lines) -> None:
        self._name = f"tesseract-{tesseract.LANGUAGE} {tesseract.require()}"
        self._read_lines = read_lines

    @property
    def name(self) -> str:
        return self._name

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_text(crops, self.name, self._read_lines, "")


class TesseractDigits:
    """Combs of digits, digits on a line, and dates on a line, which may have words."""

    def __init__(self, read_lines: ReadLines = _read_lines) -> None:
        self._name = f"tesseract-{tesseract.LANGUAGE}-digits {tesseract.require()}"
        self._read_lines = read_lines

    @property
    def name(self) -> str:
        return self._name

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        combs = [at for at, crop in enumerate(crops) if crop.field.cells]
        dates = [at for at, c in enumerate(crops) if not c.field.cells and c.field.kind == "date"]
        others = [at for at in range(len(crops)) if at not in {*combs, *dates}]
        readings = dict(zip(combs, self._combs([crops[at] for at in combs]), strict=True))
        readings |= zip(dates, self._lines([crops[at] for at in dates], ""), strict=True)
        readings |= zip(others, self._lines([crops[at] for at in others], DIGITS), strict=True)
        return [readings[at] for at in range(len(crops))]

    def _combs(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_combs(crops, self.name, self._read_lines)

    def _lines(self, crops: Sequence[Crop], characters: str) -> list[Reading]:
        return read_text(crops, self.name, self._read_lines, characters)


def read_text(
    crops: Sequence[Crop], reader: str, read_lines: ReadLines, whitelist: str
) -> list[Reading]:
    """Written lines of each crop, read in one call."""
    prepared = [clean_lines(crop) for crop in crops]
    images = [image for lines in prepared for image in lines.images]
    found = iter(read_lines(images, 7, whitelist) if images else ())
    return [_text_reading(lines, [next(found) for _ in lines.images], reader) for lines in prepared]


def _text_reading(lines: Lines, found: list[Line | None], reader: str) -> Reading:
    if not lines.images:
        return blank(reader, lines.faint, lines.share)
    if any(line is None for line in found):
        return unreadable(reader, lines.share)
    words = [
        word
        for image, line in zip(lines.images, found, strict=True)
        for word in recased(respaced(line.words if line else (), image), image)
    ]
    if not words:
        return unreadable(reader, lines.share)
    scores = [word.score for word in words]
    characters = [each.score for word in words for each in word.characters]
    return Reading(
        "read",
        " ".join(word.text for word in words),
        min(scores),
        reader,
        alternatives(words),
        measures={
            "ink": lines.share,
            "mean": sum(scores) / len(scores),
            "worst_character": min(characters),
            "lines": float(len(found)),
            "unsure_dots": float(lines.unsure_dots),
        },
    )
