"""Digits and dates by two readers: combs by the network as ever, lines by both."""

from __future__ import annotations

from collections.abc import Sequence

from scanform.model.reading import Reading
from scanform.model.template import Field
from scanform.programs import asterocr
from scanform.programs.tesseract import Line
from scanform.recognise.comb_reader import ReadLines
from scanform.recognise.ctc import Steps
from scanform.recognise.interface import Batch
from scanform.recognise.lines import Lines
from scanform.recognise.numbers import weigh_number
from scanform.recognise.outcomes import blank, unreadable
from scanform.recognise.tesseract import (
    LinesBatch,
    SecondReader,
    TesseractDigits,
    agreement,
    measures_of,
    other_ways,
    read_by_tesseract,
    said_by,
)


class TwoNumberReaders(TesseractDigits):
    """As ``TesseractDigits``; numbers and dates on lines are read by AsterOCR as well."""

    def __init__(
        self, read_lines: ReadLines = read_by_tesseract, second: SecondReader | None = None
    ) -> None:
        super().__init__(read_lines)
        if second is None:
            asterocr.require()
        self._second: SecondReader = second or asterocr
        own = getattr(self._second, "version", asterocr.version)()
        one, _, version = self._name.partition(" ")
        self._name = f"{one}+asterocr {version}+{own or '0'}"

    def _lines_batch(self, characters: str) -> Batch:
        return _NumbersBatch(self.name, self._read_lines, characters, self._second)


class _NumbersBatch(LinesBatch):
    """Numbers or dates on lines, read by both readers."""

    def __init__(
        self, reader: str, read_lines: ReadLines, characters: str, second: SecondReader
    ) -> None:
        super().__init__(reader, read_lines, characters, second)
        self._alphabet = second.alphabet()

    def _reading(
        self, field: Field, lines: Lines, found: Sequence[Line | None], steps: Sequence[Steps]
    ) -> Reading:
        if not lines.images:
            return blank(self._reader, lines.faint, lines.share)
        words = [line.words if line else () for line in found]
        dated = field.kind == "date"
        weighed = [
            weigh_number(one, other, self._alphabet, dated)
            for one, other in zip(words, steps, strict=True)
        ]
        read = [each for each in weighed if each is not None]
        if not read:
            return unreadable(self._reader, lines.share)
        every = [word for each in words for word in each]
        return Reading(
            "read",
            " ".join(each.text for each in read),
            min((word.score for word in every), default=0.0),
            self._reader,
            other_ways(read),
            measures=measures_of(lines, every)
            | agreement(read, failed=any(line is None for line in found)),
            said=said_by([[*each] for each in words], steps, self._alphabet, self._reader),
        )
