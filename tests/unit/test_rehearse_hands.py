from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from scanform.errors import UsageError
from scanform.phrase import say
from scanform.rehearse.hands import fonts_in, missing_letters, print_face, shipped, typist, writer
from scanform.rehearse.strokes import MARKS


def poor_font(to: Path) -> None:
    """A font that has lost ``ữ``."""
    with TTFont(str(print_face().path)) as opened:
        cut = Subsetter(Options())
        cut.populate(unicodes=[ord(letter) for letter in "aăâbcdđeêghiklmnoôơ"])
        cut.subset(opened)
        opened.save(str(to))


def test_every_shipped_font_can_write_vietnamese() -> None:
    assert len(shipped()) == 6
    for face in (*shipped(), print_face()):
        assert missing_letters(face.path) == ""


def test_a_folder_gives_its_good_fonts_and_says_why_not_the_others(tmp_path: Path) -> None:
    shutil.copy(shipped()[0].path, tmp_path / "good.ttf")
    poor_font(tmp_path / "poor.ttf")
    (tmp_path / "broken.otf").write_bytes(b"no font at all")
    (tmp_path / "readme.txt").write_text("not looked at")
    faces, skipped = fonts_in(tmp_path)
    assert [face.path.name for face in faces] == ["good.ttf"]
    assert len(skipped) == 2
    why = {language: " ".join(say(each, language) for each in skipped) for language in ("vi", "en")}
    assert "poor.ttf skipped: it lacks" in why["en"]
    assert "broken.otf skipped: it can't be opened" in why["en"]
    assert "Bỏ qua poor.ttf: thiếu" in why["vi"]


def test_a_folder_without_a_fit_font_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no \.ttf or \.otf file"):
        fonts_in(tmp_path)
    poor_font(tmp_path / "poor.ttf")
    with pytest.raises(UsageError, match=r"poor\.ttf skipped") as caught:
        fonts_in(tmp_path)
    assert "tiếng Việt. Bỏ qua poor.ttf" in caught.value.told("vi")[0]
    with pytest.raises(UsageError, match="No folder of fonts"):
        fonts_in(tmp_path / "nowhere")


def test_writers_differ_and_come_from_their_seed() -> None:
    drawn = [writer(shipped(), np.random.default_rng(seed)) for seed in range(60)]
    assert drawn[7] == writer(shipped(), np.random.default_rng(7))
    assert {each.face for each in drawn} == set(shipped())
    assert {each.mark for each in drawn} >= {"tick", "cross", "fill"}
    assert {each.mark for each in drawn} <= set(MARKS)
    assert len({each.pen.colour for each in drawn}) > 3


def test_typed_writing_is_steady() -> None:
    hand = typist(np.random.default_rng(0))
    assert hand.wobble.steady
    assert hand.face == print_face()
