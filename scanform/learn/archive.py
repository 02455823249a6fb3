"""Confirmed lines and cells from one office to another: pictures and texts, no more than asked.

A province teaches one reader from what its districts send. The archive is a ZIP of PNGs with one
JSON list; a form is named by a hash, so that its lines stay together and nothing else is told.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Collection

import cv2
import numpy as np

from scanform.errors import UsageError
from scanform.learn.cells import Cell
from scanform.learn.gather import Material
from scanform.learn.lesson import FormLine
from scanform.learn.whole_forms import drawn, fitting
from scanform.model.scan import Pixels
from scanform.phrase import Phrase
from scanform.recognise.digit_net import NO_CHARACTER, SIDE

FORMAT = "scanform-lines 1"
CELLS = "cells"
"""Stands for a kind where the characters of combs are meant; a cell's text is its label."""
MOST_LINES = 200_000
MOST_BYTES = 2 * 2**20
"""Of one picture, and of a line's share of the list."""
MOST_IN_ALL = 2**30
"""Bytes of an archive: it is held in memory, beside what a lesson needs."""
MOST_PIXELS = (600, 6000)
LONGEST = 400
"""Letters of a text."""

_NO_LINES = Phrase(
    "Tệp không chứa dòng nào của scanform.", "The file holds no lines of scanform's."
)
_MORE = Phrase(
    "Tệp chứa nhiều dòng hơn mức có thể.", "The file holds more lines than can be right."
)
_OTHER_FORMAT = Phrase(
    "Các dòng ở định dạng mà bản scanform này không biết.",
    "The lines are in a format that this scanform doesn't know.",
)
_LARGER = Phrase("Dòng {name} lớn hơn mức có thể.", "The line {name} is larger than can be right.")
_NO_CELL = Phrase(
    "Một hình trong tệp không phải của một ô.", "A picture in the file is none of a cell."
)
_NO_LINE = Phrase(
    "Một hình trong tệp không phải của một dòng.", "A picture in the file is none of a line."
)
_BROKEN = Phrase("Một hình trong tệp bị hỏng.", "A picture in the file is broken.")


def packed(material: Material, kinds: Collection[str], most: int | None, seed: int) -> bytes:
    """Lines of fields of those kinds, and cells of combs where ``CELLS`` is among them (none named:
    all), whole forms drawn with the seed until there are ``most`` pictures."""
    lines = [each for each in material.lines if not kinds or each.kind in kinds]
    cells = [each for each in material.cells if not kinds or CELLS in kinds]
    sizes = Counter([*(each.form for each in lines), *(each.form for each in cells)])
    target = io.BytesIO()
    rows: list[list[str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for form in fitting(drawn(sizes, seed), sizes, most):
            mine = [(each.kind, each.text, each.image) for each in lines if each.form == form]
            mine += [
                (CELLS, str(each.label), np.asarray(np.round(255.0 * each.image), np.uint8))
                for each in cells
                if each.form == form
            ]
            for kind, text, image in mine:
                name = f"{len(rows):06}.png"
                rows.append([name, _hidden(form), kind, text])
                _write(archive, name, _png(image))
        told = json.dumps({"format": FORMAT, "lines": rows}, ensure_ascii=False)
        _write(archive, "lines.json", told.encode())
    return target.getvalue()


def _hidden(form: str) -> str:
    return hashlib.sha256(f"{FORMAT}/{form}".encode()).hexdigest()[:16]


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data)


def _png(image: Pixels) -> bytes:
    done, data = cv2.imencode(".png", image)
    if not done:
        raise ValueError("the line can't be encoded")
    return data.tobytes()


def unpacked(data: bytes, most: int | None = None, seed: int = 1) -> Material:
    """Lines and cells of such an archive, ``most`` of them, whole forms drawn with the seed; raises
    ``UsageError`` for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _material(archive, most, seed)
    except UsageError:
        raise
    except Exception as error:  # zipfile, zlib and json raise whatever they trip over
        raise UsageError(_NO_LINES) from error


def _material(archive: zipfile.ZipFile, most: int | None, seed: int) -> Material:
    inside = {each.filename: each.file_size for each in archive.infolist()}
    if len(inside) > MOST_LINES + 1 or inside["lines.json"] > MOST_LINES * LONGEST:
        raise UsageError(_MORE)
    told = json.loads(archive.read("lines.json"))
    if told["format"] != FORMAT:
        raise UsageError(_OTHER_FORMAT)
    lines: list[FormLine] = []
    cells: list[Cell] = []
    sizes = Counter(str(form) for _, form, _, _ in told["lines"])
    chosen = {*fitting(drawn(sizes, seed), sizes, most)}
    for name, form, kind, text in told["lines"]:
        if str(form) not in chosen:
            continue
        if inside[name] > MOST_BYTES or len(text) > LONGEST:
            raise UsageError(_LARGER.of(name=str(name)[:20]))
        image = picture(archive.read(name))
        if kind == CELLS:
            cells.append(_cell(str(form), image, int(text)))
        else:
            lines.append(FormLine(str(form), str(kind), image, str(text)))
    return Material(tuple(lines), tuple(cells), sizes.total() - len(lines) - len(cells))


def _cell(form: str, image: Pixels, label: int) -> Cell:
    if image.shape != (SIDE, SIDE) or not 0 <= label <= NO_CHARACTER:
        raise UsageError(_NO_CELL)
    return Cell(form, np.asarray(image, np.float32) / 255.0, label)


def picture(data: bytes) -> Pixels:
    """A line's picture; raises ``UsageError`` before it opens what is too large."""
    height, width = int.from_bytes(data[20:24]), int.from_bytes(data[16:20])  # of a PNG's header
    if not data.startswith(b"\x89PNG") or height > MOST_PIXELS[0] or width > MOST_PIXELS[1]:
        raise UsageError(_NO_LINE)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise UsageError(_BROKEN)
    return np.asarray(image, np.uint8)
