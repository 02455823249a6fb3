"""Readers of text and digits with Tesseract: one process for all crops of a sort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from scanform.model.reading import Alternative, CellReading, Crop, Reading
from scanform.model.scan import Pixels
from scanform.programs import tesseract
from scanform.programs.tesseract import Line
from scanform.recognise.combs import Comb, Glyph, alone, as_line, clean_comb, holes
from scanform.recognise.lines import Lines, clean_lines
from scanform.recognise.variants import alternatives
from scanform.recognise.words import respaced

DIGITS = "0123456789"
DOUBTFUL = 0.80
"""A comb whose worst character scores less is read cell by cell as well."""
HOLES: Mapping[str, frozenset[int]] = MappingProxyType(
    {digit: frozenset({0}) for digit in "12357"}
    | {digit: frozenset({1}) for digit in "069"}
    | {"4": frozenset({0, 1}), "8": frozenset({2})}
)
"""How many holes each digit has. Tesseract takes an italic 8 for a 6 with full confidence; the
holes are evidence that doesn't come from it."""
BLANK_SCORE = 0.995
FAINT_SCORE = 0.7

ReadLines = Callable[[Sequence[Pixels], int, str], list[Line | None]]
"""Images, page segmentation mode and character set -> what was read in each."""


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
        readings: dict[int, Reading] = {}
        for group, read in (
            (combs, lambda some: read_combs(some, self.name, self._read_lines)),
            (dates, lambda some: read_text(some, self.name, self._read_lines, "")),
            (others, lambda some: read_text(some, self.name, self._read_lines, DIGITS)),
        ):
            some = [crops[at] for at in group]
            readings.update(zip(group, read(some), strict=True))
        return [readings[at] for at in range(len(crops))]


def blank(reader: str, faint: bool, share: float) -> Reading:
    measures = {"ink": share, "faint": float(faint)}
    return Reading("blank", None, FAINT_SCORE if faint else BLANK_SCORE, reader, measures=measures)


def unreadable(reader: str, share: float) -> Reading:
    return Reading("unreadable", None, 0.0, reader, measures={"ink": share})


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
        for word in respaced(line.words if line else (), image)
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
        },
    )


def read_combs(crops: Sequence[Crop], reader: str, read_lines: ReadLines) -> list[Reading]:
    """The digits of each comb: all combs as lines in one call, doubtful cells alone in another."""
    combs = [clean_comb(crop) for crop in crops]
    laid = [as_line(comb.glyphs) if comb.glyphs else None for comb in combs]
    images = [each[0] for each in laid if each]
    found = iter(read_lines(images, 7, DIGITS) if images else ())
    cells: list[dict[int, CellReading]] = []
    for comb, each in zip(combs, laid, strict=True):
        line = next(found) if each else None
        cells.append(_place(comb, each[1], line) if each and line else {})
    again = [(at, glyph) for at, comb in enumerate(combs) for glyph in _doubtful(comb, cells[at])]
    alone_found = read_lines([alone(glyph) for _, glyph in again], 10, DIGITS) if again else []
    for (at, glyph), line in zip(again, alone_found, strict=True):
        cells[at][glyph.cell] = _second(cells[at].get(glyph.cell), line, glyph)
    recounted = {at for at, _ in again}
    return [
        _comb_reading(crop, comb, cells[at], at in recounted, reader)
        for at, (crop, comb) in enumerate(zip(crops, combs, strict=True))
    ]


def _place(comb: Comb, spans: list[tuple[int, int]], line: Line) -> dict[int, CellReading]:
    """The characters of a line by the cell in whose span their middle lies."""
    found: dict[int, list[CellReading]] = {}
    for word in line.words:
        for each in word.characters:
            middle = (each.left + each.right) / 2
            at = min(range(len(spans)), key=lambda i: _away(spans[i], middle))
            found.setdefault(at, []).append(CellReading(each.text, each.score))
    if sum(map(len, found.values())) == len(comb.glyphs):
        # As many as were written: their order is surer than their places.
        every = [one for word in line.words for one in word.characters]
        return {
            glyph.cell: CellReading(one.text, one.score)
            for glyph, one in zip(comb.glyphs, every, strict=True)
        }
    return {comb.glyphs[at].cell: each[0] for at, each in found.items() if len(each) == 1}


def _away(span: tuple[int, int], middle: float) -> float:
    return max(span[0] - middle, middle - span[1], 0.0)


def _doubtful(comb: Comb, cells: dict[int, CellReading]) -> list[Glyph]:
    return [
        glyph
        for glyph in comb.glyphs
        if glyph.cell not in cells
        or cells[glyph.cell].score < DOUBTFUL
        or not _fits(cells[glyph.cell].text, glyph)
    ]


def _fits(digit: str, glyph: Glyph) -> bool:
    """Whether a character has the holes that the digit must have."""
    return holes(glyph.image) in HOLES.get(digit, frozenset())


def _second(first: CellReading | None, line: Line | None, glyph: Glyph) -> CellReading:
    """One cell after a second look, alone: what agrees with the other look or with the holes
    counts, disagreement lowers the score."""
    characters = [each for word in line.words for each in word.characters] if line else []
    looks = [first] if first else []
    if len(characters) == 1:
        looks.append(CellReading(characters[0].text, characters[0].score))
    fitting = [look for look in looks if _fits(look.text, glyph)]
    texts = {look.text for look in fitting or looks}
    if not looks:
        return CellReading("8", 0.6) if holes(glyph.image) == 2 else CellReading("?", 0.0)
    if not fitting and holes(glyph.image) == 2:
        return CellReading("8", 0.8)
    best = max(fitting or looks, key=lambda look: look.score)
    agreed = len(texts) == 1 and len(fitting) == len(looks) == 2
    return CellReading(best.text, best.score if agreed else best.score * (0.85 if fitting else 0.5))


def _comb_reading(
    crop: Crop, comb: Comb, cells: dict[int, CellReading], recounted: bool, reader: str
) -> Reading:
    if not comb.glyphs:
        return blank(reader, comb.faint, comb.share)
    row = tuple(cells.get(at, CellReading("", 1.0)) for at in range(len(crop.field.cells)))
    text = "".join(cell.text for cell in row)
    if "?" in text:
        return Reading("unreadable", None, 0.0, reader, (Alternative(text, 0.0),), row)
    odd = sum(not _fits(row[glyph.cell].text, glyph) for glyph in comb.glyphs)
    measures = {"ink": comb.share, "recounted": float(recounted), "odd_shapes": float(odd)}
    score = min(cell.score for cell in row if cell.text)
    return Reading("read", text, score, reader, cells=row, measures=measures)
