"""Who writes: a writer's font, pen and habits, drawn at random from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from importlib.resources import files
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont, TTLibError

from scanform.errors import UsageError
from scanform.phrase import Phrase, Words
from scanform.rehearse.ink import Pen, Wobble
from scanform.rehearse.strokes import MARKS

_NO_FOLDER = Phrase("Không có thư mục phông chữ {folder}.", "No folder of fonts at {folder}.")
_A_FOLDER = Phrase(
    "Hãy cho --hand một thư mục có tệp .ttf hoặc .otf, hoặc `auto`, hoặc `none`.",
    "Give --hand a folder that holds .ttf or .otf files, or `auto`, or `none`.",
)
_NONE_FIT = Phrase(
    "Không phông nào trong {folder} viết được tiếng Việt. {found}",
    "No font in {folder} can write Vietnamese. {found}",
)
_NONE_THERE = Phrase("Không có tệp .ttf hay .otf nào.", "It holds no .ttf or .otf file.")
_SHIPPED = Phrase(
    "Dùng `--hand auto` cho các phông đi kèm.", "Use `--hand auto` for the fonts that are shipped."
)
_NO_FONT = Phrase(
    "Bỏ qua {file}: không mở được như phông chữ ({why}).",
    "{file} skipped: it can't be opened as a font ({why}).",
)
_LACKS = Phrase(
    "Bỏ qua {file}: thiếu {count} chữ ({letters}).",
    "{file} skipped: it lacks {count} letters ({letters}).",
)
_BOTH = Phrase("{one} {other}", "{one} {other}")

PLAIN = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
TONED = "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
NEEDED = frozenset(PLAIN + TONED + (PLAIN + TONED).upper() + "0123456789,.-/()'")
"""What a font must hold to write any answer in Vietnamese."""

BLUES = ((140, 50, 20), (165, 75, 35), (120, 45, 40), (150, 60, 10))
BLACKS = ((40, 36, 36), (60, 52, 50), (30, 28, 30))

# Each font's em against the height of its letters: written side by side they look as large.
SIZES = {"Mali": 0.92, "PlaypenSans": 0.9, "Sriracha": 1.08, "Itim": 1.05, "PatrickHand": 1.08}


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and how large its em is drawn against the usual one."""

    path: Path
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Writer:
    """One person's way of filling a form."""

    face: Face
    em: float
    """Millimetres."""
    pen: Pen
    mark_pen: Pen
    wobble: Wobble
    mark: str
    """A key of ``strokes.MARKS``."""
    digits: float
    """Height of a digit's em as a share of its cell."""
    right_aligned: bool
    """Writes a short number at the right end of its comb."""


def shipped() -> tuple[Face, ...]:
    """The hand fonts that come with the package."""
    folder = Path(str(files("scanform.rehearse") / "fonts"))
    return tuple(_face(path) for path in sorted(folder.glob("*.ttf")))


def print_face() -> Face:
    """The font that forms are typed in."""
    return Face(Path(str(files("scanform.template") / "fonts" / "Tinos-Regular.ttf")))


def _face(path: Path) -> Face:
    return Face(path, SIZES.get(path.stem.split("-")[0], 1.0))


def missing_letters(path: Path) -> str:
    """The letters of ``NEEDED`` that the font lacks, in order; raises ``TTLibError`` or
    ``OSError`` when the file is no font."""
    with TTFont(str(path), lazy=True, fontNumber=0) as opened:
        known = opened.getBestCmap() or {}
    return "".join(sorted(letter for letter in NEEDED if ord(letter) not in known))


def _and(one: Words, other: Words) -> Words:
    return _BOTH.of(one=one, other=other)


def fonts_in(folder: Path) -> tuple[tuple[Face, ...], tuple[Words, ...]]:
    """The fonts of ``folder`` (with its subfolders) that can write Vietnamese, and a message for
    each one that can't. Raises ``UsageError`` when none can."""
    if not folder.is_dir():
        raise UsageError(_NO_FOLDER.of(folder=str(folder)), _A_FOLDER)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf"))
    usable: list[Face] = []
    skipped: list[Words] = []
    for path in paths:
        try:
            missing = missing_letters(path)
        except (TTLibError, OSError) as error:
            skipped.append(_NO_FONT.of(file=path.name, why=str(error)))
            continue
        if missing:
            shown = missing if len(missing) <= 12 else f"{missing[:12]}…"
            skipped.append(_LACKS.of(file=path.name, count=str(len(missing)), letters=shown))
        else:
            usable.append(_face(path))
    if not usable:
        found = reduce(_and, skipped) if skipped else _NONE_THERE
        raise UsageError(_NONE_FIT.of(folder=str(folder), found=found), _SHIPPED)
    return tuple(usable), tuple(skipped)


def typist(rng: np.random.Generator) -> Writer:
    """Someone who types the answers and marks and signs by pen."""
    size = float(rng.uniform(11.0, 12.5)) * 25.4 / 72
    ink = Pen((25, 22, 22), 0.3)
    return Writer(
        face=print_face(),
        em=size,
        pen=ink,
        mark_pen=_pen(rng),
        wobble=Wobble(),
        mark=_mark(rng),
        digits=0.78,
        right_aligned=False,
    )


def writer(faces: Sequence[Face], rng: np.random.Generator) -> Writer:
    """Someone who writes by hand, in one of ``faces``."""
    face = faces[int(rng.integers(len(faces)))]
    pen = _pen(rng)
    care = float(rng.uniform(0.4, 1.0))
    return Writer(
        face=face,
        em=float(rng.uniform(4.3, 5.2)) * face.size,
        pen=pen,
        mark_pen=pen,
        wobble=Wobble(
            slant=float(rng.uniform(-0.06, 0.28)),
            angle=2.2 * care,
            scale=0.045 * care,
            rise=0.022 * care,
            drift=0.035 * care,
            bend=0.016 * care,
            spacing=float(rng.uniform(-0.01, 0.05)),
        ),
        mark=_mark(rng),
        digits=float(rng.uniform(0.72, 0.95)),
        right_aligned=bool(rng.random() < 0.12),
    )


def _pen(rng: np.random.Generator) -> Pen:
    inks = BLUES if rng.random() < 0.7 else BLACKS
    colour = inks[int(rng.integers(len(inks)))]
    return Pen(colour, float(rng.uniform(0.28, 0.45)), float(rng.uniform(0.72, 0.93)))


def _mark(rng: np.random.Generator) -> str:
    """Most people cross or tick; the shares of the rest are a guess."""
    names = list(MARKS)
    shares = {"tick": 0.37, "cross": 0.45, "fill": 0.07, "circle": 0.03, "slash": 0.08}
    return str(rng.choice(names, p=[shares[name] for name in names]))
