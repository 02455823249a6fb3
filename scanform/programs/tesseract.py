"""Tesseract: lines of text become words with scores, through pytesseract.

Many images go through one process, which stays for the next ones (``standing``) or is given a list
file: starting the program and loading the language costs more than reading a line. The output is
hOCR, which tells every word's and every character's score and place
(http://kba.github.io/hocr-spec/1.2/).
"""

from __future__ import annotations

import functools
import math
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import cv2
import pytesseract
from pytesseract.pytesseract import run_tesseract

from scanform.errors import MissingProgram
from scanform.model.scan import Pixels
from scanform.phrase import Phrase
from scanform.programs import standing
from scanform.programs.scratch import scratch

LANGUAGE = "vie"
PROBE_TIMEOUT = 30
SECONDS_STANDING = 5.0
"""For one image, and to start: whoever takes longer is asked again in a new process."""
SECONDS_TO_START = 15.0
SECONDS_AN_IMAGE = 0.5
"""Far above the 0.02 s that a line takes: only a process that hangs is stopped. It is given up, its
halves too, before the time of a batch of pages is over and takes the worker along."""

NOT_WRITTEN = "¬†‡§°~^_{}[]<>|=*#$€£¥©®™«»‹›•¿¡ÄäËëÏïÖöÜüÿŸÑñÇçÅåØøÆæŒœß"
"""Characters that nobody writes on a Vietnamese form (Ñ is a misread N or Ã); without them
Tesseract takes its next best guess."""

_NOT_HERE = Phrase("Chưa cài Tesseract.", "Tesseract is not installed.")
_NO_VIETNAMESE = Phrase(
    "Chưa cài tiếng Việt (vie) của Tesseract.", "Tesseract's Vietnamese (vie) is not installed."
)

_WORD_SCORE = re.compile(r"x_wconf\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Character:
    """One character: where it begins and ends (pixels from the left), the score (0..1) of the
    best choice, and the other choices, best first."""

    text: str
    left: int
    right: int
    score: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    score: float
    """Tesseract's own figure, 0..1; overconfident."""
    characters: tuple[Character, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What was read in one image; no words when nothing was found."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@functools.cache
def version() -> str | None:
    """The installed version, as ``5.3.0``; None when there is none."""
    try:
        return str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractNotFoundError, OSError, SystemExit):
        return None


@functools.cache
def languages() -> frozenset[str]:
    """The installed languages; none when Tesseract isn't there."""
    try:
        run = subprocess.run(  # noqa: S603
            [pytesseract.pytesseract.tesseract_cmd, "--list-langs"],
            capture_output=True,
            timeout=PROBE_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    told = (run.stdout + run.stderr).decode("utf-8", "replace").splitlines()
    return frozenset(line.strip() for line in told[1:] if line.strip())


def require() -> str:
    """The version; raises ``MissingProgram`` when Tesseract or its Vietnamese isn't there."""
    found = version()
    if found is None:
        raise MissingProgram(_NOT_HERE)
    if LANGUAGE not in languages():
        raise MissingProgram(_NO_VIETNAMESE)
    return found


def read_lines(
    images: Sequence[Pixels], psm: int = 7, whitelist: str = "", timeout: float = 0.0
) -> list[Line | None]:
    """Reads each image; None where the process crashed, hung or wrote rubbish.

    Where a process can stand it is asked. From the image on at which it failed, and where none can
    stand, a new one is given all that is left; a batch that it fails at is halved until the image
    is alone, so that a poisonous one doesn't take the rest along; where both halves fail, it is
    not the images, and no more is tried. ``timeout`` in seconds, of the standing one for each
    image, of a new one for all, worked out from their number when 0. Raises ``MissingProgram``
    when Tesseract isn't there.
    """
    told = list(_told_standing(images, psm, whitelist, timeout))
    left = images[len(told) :]
    found = _run(left, psm, whitelist, timeout)
    return [*told, *(_halved(left, psm, whitelist, timeout) if found is None else found)]


def _told_standing(
    images: Sequence[Pixels], psm: int, whitelist: str, timeout: float
) -> Iterator[Line]:
    """The lines of the first images, as far as a standing process came."""
    if not images:
        return
    words = ["-l", LANGUAGE, *_settings(psm, whitelist)]
    try:
        with (
            scratch(max(image.nbytes for image in images)) as folder,
            _one_thread(),
            standing.at_hand(pytesseract.pytesseract.tesseract_cmd, words) as process,
        ):
            if process is None:
                return
            for image in images:
                name = _written(image, folder / "line.bmp")
                yield _line(process.read(name, timeout or SECONDS_STANDING))
    except (standing.NoAnswerError, OSError, ValueError):
        return


def _halved(
    images: Sequence[Pixels], psm: int, whitelist: str, timeout: float
) -> list[Line | None]:
    """What can be read of images that failed together."""
    if len(images) < 2:
        return [None] * len(images)
    middle = len(images) // 2
    halves = images[:middle], images[middle:]
    found = [_run(half, psm, whitelist, timeout) for half in halves]
    lines: list[Line | None] = []
    for half, read in zip(halves, found, strict=True):
        if read is not None:
            lines += read
        elif not any(found):
            lines += [None] * len(half)
        else:
            lines += _halved(half, psm, whitelist, timeout)
    return lines


def _run(images: Sequence[Pixels], psm: int, whitelist: str, timeout: float) -> list[Line] | None:
    if not images:
        return []
    config = " ".join(_settings(psm, whitelist))
    seconds = timeout or SECONDS_TO_START + SECONDS_AN_IMAGE * len(images)
    try:
        with scratch(sum(image.nbytes for image in images)) as folder, _one_thread():
            listed = _save(images, folder)
            base = folder / "out"
            run_tesseract(str(listed), str(base), "hocr", LANGUAGE, config, timeout=seconds)
            return parse(base.with_suffix(".hocr").read_bytes(), len(images))
    except pytesseract.TesseractNotFoundError as error:
        raise MissingProgram(_NOT_HERE) from error
    except (pytesseract.TesseractError, RuntimeError, OSError, ElementTree.ParseError, ValueError):
        return None


def _settings(psm: int, whitelist: str) -> list[str]:
    settings = (
        "hocr_char_boxes=1",
        "lstm_choice_mode=2",
        "hocr_font_info=0",
        "textord_all_prop=1",  # nobody writes with a typewriter's pitch: it needn't look for one
        f"tessedit_char_whitelist={whitelist}"
        if whitelist
        else f"tessedit_char_blacklist={NOT_WRITTEN}",
    )
    return ["--psm", str(psm), *(word for each in settings for word in ("-c", each))]


def _save(images: Sequence[Pixels], folder: Path) -> Path:
    """Writes the images and a list of their names."""
    names = [_written(each, folder / f"{n:05}.bmp") for n, each in enumerate(images)]
    listed = folder / "list.txt"
    listed.write_text("\n".join(names) + "\n", encoding="utf-8")
    return listed


def _written(image: Pixels, path: Path) -> str:
    """The name of the image's file. As BMP: nothing is spent on compression, and Tesseract's
    library reads it in one go, PGM byte by byte."""
    if not cv2.imwrite(str(path), image):
        raise OSError("the image could not be written")
    return str(path)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread for the call: with more, workers of one machine wait for each other."""
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("OMP_THREAD_LIMIT", None)
        else:
            os.environ["OMP_THREAD_LIMIT"] = before


def parse(hocr: bytes, count: int) -> list[Line]:
    """The lines of an hOCR document of ``count`` pages, one line of words a page.

    Raises ``ElementTree.ParseError`` or ``ValueError`` when it is none, or has other pages.
    """
    root = ElementTree.fromstring(hocr)  # noqa: S314  # nosec B314
    pages = list(_elements(root, "ocr_page"))
    if len(pages) != count:
        raise ValueError(f"{len(pages)} pages instead of {count}")
    return [_line(page) for page in pages]


def _elements(within: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """The elements of class ``name``; what lies in one of them isn't looked through."""
    if within.get("class") == name:
        yield within
        return
    for each in within:
        yield from _elements(each, name)


def _line(page: ElementTree.Element) -> Line:
    words = (_word(each) for each in _elements(page, "ocrx_word"))
    return Line(tuple(word for word in words if word.text))


def _word(element: ElementTree.Element) -> Word:
    characters: list[Character] = []
    for each in element:
        told = each.get("title", "")
        if told.startswith("x_bboxes"):
            # x_bboxes LEFT TOP RIGHT BOTTOM; x_conf SCORE
            text = (each.text or "").strip()
            if text:
                parts = told.split()
                if len(parts) != 7:
                    raise ValueError("a character without its figures")
                left, right = (int(float(parts[at])) for at in (1, 3))
                characters.append(Character(text, left, right, _share(parts[6])))
        elif characters and each.get("id", "").startswith("lstm_choices"):
            characters[-1] = _with_choices(characters[-1], each)
    found = _WORD_SCORE.search(element.get("title", ""))
    sure = int(found[1]) / 100.0 if found else 0.0
    return Word("".join(each.text for each in characters), sure, tuple(characters))


def _with_choices(character: Character, element: ElementTree.Element) -> Character:
    """The character with the score among its choices, which tells more than the word's."""
    others = []
    score = None
    for choice in element:
        name, _, told = choice.get("title", "").partition(" ")
        if name != "x_confs":
            continue
        text = (choice.text or "").strip()
        figure = _share(told)
        if text == character.text and score is None:
            score = figure
        elif text:
            others.append((figure, text))
    others.sort(key=lambda pair: -pair[0])
    return Character(
        character.text,
        character.left,
        character.right,
        character.score if score is None else min(1.0, score),
        tuple(text for _, text in others),
    )


def _share(told: str) -> float:
    """A percentage as 0..1; raises ``ValueError`` for what is no number."""
    share = float(told) / 100.0
    if math.isnan(share):
        raise ValueError("a character without its figure")
    return share
