"""Readers of text and digits with Tesseract: one process for all crops of a sort.

With the extra ``handwriting`` AsterOCR reads each line of text as well (``weigh.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from scanform.model.reading import Alternative, Crop, Reading, Said
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import asterocr, tesseract
from scanform.programs.tesseract import Line, Word
from scanform.recognise.case import recased
from scanform.recognise.comb_reader import DIGITS, CombBatch, ReadLines
from scanform.recognise.ctc import Steps, best_text
from scanform.recognise.inform import informed
from scanform.recognise.interface import Batch, read_all
from scanform.recognise.known import lexicon_for
from scanform.recognise.lines import Lines, clean_lines
from scanform.recognise.outcomes import blank, unreadable
from scanform.recognise.variants import alternatives
from scanform.recognise.weigh import Weighed, weigh
from scanform.recognise.words import respaced


def read_by_tesseract(images: Sequence[Pixels], psm: int, whitelist: str) -> list[Line | None]:
    return tesseract.read_lines(images, psm, whitelist)


class TesseractText:
    """Lines of text, any characters."""

    def __init__(self, read_lines: ReadLines = read_by_tesseract) -> None:
        self._name = f"tesseract-{tesseract.LANGUAGE} {tesseract.require()}"
        self._read_lines = read_lines

    @property
    def name(self) -> str:
        return self._name

    def begin(self) -> Batch:
        return LinesBatch(self.name, self._read_lines, "")

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_all(self.begin(), crops)


class SecondReader(Protocol):
    """Reads lines of writing step by step, as ``programs.asterocr`` does."""

    def read_lines(self, images: Sequence[Pixels]) -> list[Steps]: ...

    def alphabet(self) -> tuple[str, ...]: ...


class TwoReaders:
    """Lines of text, read by Tesseract and by AsterOCR."""

    def __init__(
        self, read_lines: ReadLines = read_by_tesseract, second: SecondReader | None = None
    ) -> None:
        if second is None:
            asterocr.require()
        self._second: SecondReader = second or asterocr
        own = getattr(self._second, "version", asterocr.version)()
        versions = f"{tesseract.require()}+{own or '0'}"
        self._name = f"tesseract-{tesseract.LANGUAGE}+asterocr {versions}"
        self._read_lines = read_lines

    @property
    def name(self) -> str:
        return self._name

    def begin(self) -> Batch:
        return LinesBatch(self.name, self._read_lines, "", self._second)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_all(self.begin(), crops)


class TesseractDigits:
    """Digits and dates on a line, which may have words; combs, which the network of
    ``comb_reader`` reads first."""

    def __init__(self, read_lines: ReadLines = read_by_tesseract) -> None:
        self._name = f"tesseract-{tesseract.LANGUAGE}-digits {tesseract.require()}"
        self._read_lines = read_lines

    @property
    def name(self) -> str:
        return self._name

    def begin(self) -> Batch:
        return _DigitsBatch(
            CombBatch(self._read_lines), self._lines_batch(""), self._lines_batch(DIGITS)
        )

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_all(self.begin(), crops)

    def _lines_batch(self, characters: str) -> Batch:
        return LinesBatch(self.name, self._read_lines, characters)


class _DigitsBatch:
    """Combs, dates on a line (which may have words), and other numbers, each read together."""

    def __init__(self, combs: Batch, dates: Batch, others: Batch) -> None:
        self._combs, self._dates, self._others = combs, dates, others
        self._taken_by: list[Batch] = []

    def add(self, crop: Crop) -> None:
        on_line = self._dates if crop.field.kind == "date" else self._others
        batch = self._combs if crop.field.cells else on_line
        batch.add(crop)
        self._taken_by.append(batch)

    def read(self) -> list[Reading]:
        found = {batch: iter(batch.read()) for batch in (self._combs, self._dates, self._others)}
        return [next(found[batch]) for batch in self._taken_by]


class LinesBatch:
    """Lines of writing, cleaned crop by crop and read in one call; ``second`` reads each line
    too."""

    def __init__(
        self,
        reader: str,
        read_lines: ReadLines,
        whitelist: str,
        second: SecondReader | None = None,
    ) -> None:
        self._reader = reader
        self._read_lines = read_lines
        self._whitelist = whitelist
        self._second = second
        self._taken: list[tuple[Field, Lines]] = []

    def add(self, crop: Crop) -> None:
        self._taken.append((crop.field, clean_lines(crop)))

    def read(self) -> list[Reading]:
        images = [image for _, lines in self._taken for image in lines.images]
        found = iter(self._read_lines(images, 7, self._whitelist) if images else ())
        steps = iter(self._second.read_lines(images) if self._second and images else ())
        readings = []
        for field, lines in self._taken:
            count = len(lines.images)
            both = ([*islice(found, count)], [*islice(steps, count)])
            readings.append(self._reading(field, lines, *both))
        return readings

    def _reading(
        self, field: Field, lines: Lines, found: Sequence[Line | None], steps: Sequence[Steps]
    ) -> Reading:
        """The reading of a crop, line by line what Tesseract ``found`` and the second reader's
        ``steps``, which are none without one."""
        words = [_words(line, image) for line, image in zip(found, lines.images, strict=True)]
        if self._second is None:
            return _text_reading(lines, words, self._reader)
        weighed = [
            _weighed(each or (), one, self._second, field)
            for each, one in zip(words, steps, strict=True)
        ]
        reading = _weighed_reading(lines, words, weighed, self._reader)
        said = said_by(words, steps, self._second.alphabet(), self._reader)
        return replace(reading, said=said)


def said_by(
    found: Sequence[list[Word] | None], read: Sequence[Steps], alphabet: tuple[str, ...], name: str
) -> tuple[Said, ...]:
    """What each of the two readers read by itself, for people to see."""
    if not read:
        return ()
    names, _, versions = name.partition(" ")
    one, other = (
        " ".join(pair) for pair in zip(names.split("+"), versions.split("+"), strict=True)
    )
    words = [word for each in found for word in each or ()]
    texts = " ".join(best_text(steps, alphabet) for steps in read)
    sure = math.exp(sum(float(steps.max(axis=1).sum()) for steps in read))
    return (
        Said(
            one, " ".join(word.text for word in words), min((w.score for w in words), default=0.0)
        ),
        Said(other, texts, sure),
    )


def _weighed(
    words: Sequence[Word], steps: Steps, second: SecondReader, field: Field
) -> Weighed | None:
    """Both readers' text of one line, and what the field's lexicon makes of it."""
    found = weigh(words, steps, second.alphabet())
    if found is None or field.rows > 1:
        return found
    return informed(found, words, steps, second.alphabet(), lexicon_for(field))


def _words(line: Line | None, image: Pixels) -> list[Word] | None:
    return None if line is None else recased(respaced(line.words, image), image)


def _text_reading(lines: Lines, found: Sequence[list[Word] | None], reader: str) -> Reading:
    if not lines.images:
        return blank(reader, lines.faint, lines.share)
    if any(words is None for words in found):
        return unreadable(reader, lines.share, whole=lines.whole)
    words = [word for each in found for word in each or ()]
    if not words:
        return unreadable(reader, lines.share, whole=lines.whole)
    scores = [word.score for word in words]
    text = " ".join(word.text for word in words)
    measures = measures_of(lines, words)
    return Reading("read", text, min(scores), reader, alternatives(words), measures=measures)


def measures_of(lines: Lines, words: Sequence[Word]) -> dict[str, float]:
    """What Tesseract's words say of a crop's lines, whatever is made of them."""
    scores = [word.score for word in words] or [0.0]
    return {
        "ink": lines.share,
        "mean": sum(scores) / len(scores),
        "worst_character": min((c.score for word in words for c in word.characters), default=0.0),
        "lines": float(len(lines.images)),
        "unsure_dots": float(lines.unsure_dots),
        "whole": lines.whole,
        "struck": float(lines.struck),
    }


def _weighed_reading(
    lines: Lines,
    found: Sequence[list[Word] | None],
    weighed: Sequence[Weighed | None],
    reader: str,
) -> Reading:
    """The reading of a crop whose lines two readers read; its score is the first one's."""
    if not lines.images:
        return blank(reader, lines.faint, lines.share)
    read = [each for each in weighed if each is not None]
    if not read:
        return unreadable(reader, lines.share, whole=lines.whole)
    words = [word for each in found for word in each or ()]
    text = " ".join(each.text for each in read)
    measures = measures_of(lines, words) | {
        **agreement(read, failed=any(each is None for each in found)),
        "fit": min(each.fit for each in read),
        "overruled": sum(each.overruled for each in read),
        "own": float(text == " ".join(word.text for word in words)),
    }
    score = min((word.score for word in words), default=0.0)
    return Reading("read", text, score, reader, other_ways(read), measures=measures)


def other_ways(read: Sequence[Weighed]) -> tuple[Alternative, ...]:
    """The whole text of the lines with one of them read another way."""
    texts = [each.text for each in read]
    return tuple(
        Alternative(" ".join((*texts[:at], other.text, *texts[at + 1 :])), other.score)
        for at, each in enumerate(read)
        for other in each.alternatives
    )


def agreement(read: Sequence[Weighed], *, failed: bool) -> dict[str, float]:
    """How far the two readers of the lines agree; ``failed``: the first crashed or hung at one."""
    figures = {
        "readers": 2.0,
        "agree": float(all(each.agree for each in read)),
        "readers_margin": min(each.margin for each in read),
    }
    return {**figures, "failed": 1.0} if failed else figures
