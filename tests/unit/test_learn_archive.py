"""Lines from another office: what is larger or other than it can be is refused, and nothing told
of the forms."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from scanform.cli.learn_lines import taken_in
from scanform.errors import UsageError
from scanform.learn import archive
from scanform.learn.archive import LONGEST, packed, unpacked
from scanform.learn.cells import Cell
from scanform.learn.gather import Material
from scanform.learn.lesson import FormLine
from scanform.recognise.digit_net import NO_CHARACTER, SIDE
from scanform.store import age

IMAGE = np.full((40, 90), 255, np.uint8)
ROW = ["000000.png", "a form", "place", "Ấp 3"]


def png(*shape: int) -> bytes:
    done, data = cv2.imencode(".png", np.full(shape, 255, np.uint8))
    assert done
    return data.tobytes()


def zipped(*rows: list[Any], pictures: Mapping[str, bytes] | None = None, **told: Any) -> bytes:
    """An archive as a stranger may make one."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in (pictures or {"000000.png": png(40, 90)}).items():
            made.writestr(name, data)
        made.writestr("lines.json", json.dumps({"format": archive.FORMAT, "lines": rows, **told}))
    return target.getvalue()


def test_what_is_as_it_should_be_is_taken() -> None:
    (line,) = unpacked(zipped(ROW)).lines
    assert (line.form, line.kind, line.text) == ("a form", "place", "Ấp 3")
    assert unpacked(zipped([*ROW[:3], "x" * LONGEST])).lines
    assert unpacked(zipped(ROW, pictures={"000000.png": png(*archive.MOST_PIXELS)})).lines


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (zipped(ROW, format="scanform-lines 2"), "format"),
        (zipped([*ROW[:3], "x" * (LONGEST + 1)]), "larger than can be right"),
        (zipped(ROW, pictures={"000000.png": png(40, 90)[:60]}), "broken"),
        (zipped(ROW, pictures={"000000.png": png(601, 90)}), "none of a line"),
        (zipped(ROW, pictures={"000000.png": png(40, 6001)}), "none of a line"),
        # A JPEG whose bytes would pass for a small picture's.
        (zipped(ROW, pictures={"000000.png": b"\xff\xd8\xff" + bytes(40)}), "none of a line"),
        (zipped(["gone.png", *ROW[1:]]), "no lines"),
        (zipped(ROW[:3]), "no lines"),
        (zipped([*ROW[:3], None]), "no lines"),
        (zipped(ROW, lines=5), "no lines"),
        (b"PK", "no lines"),
    ],
)
def test_what_can_not_be_right_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        unpacked(data)


@pytest.mark.parametrize("label", ["-1", str(NO_CHARACTER + 1)])
def test_a_cell_has_a_digit_or_none(label: str) -> None:
    pictures = {"000000.png": png(SIDE, SIDE)}
    assert unpacked(zipped([*ROW[:2], "cells", str(NO_CHARACTER)], pictures=pictures)).cells
    with pytest.raises(UsageError, match="none of a cell"):
        unpacked(zipped([*ROW[:2], "cells", label], pictures=pictures))


def test_more_than_can_be_right_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {f"{at:06}.png": png(40, 90) for at in range(3)}
    whole = zipped(*([name, *ROW[1:]] for name in more), pictures=more)
    monkeypatch.setattr(archive, "MOST_LINES", 3)
    assert len(unpacked(whole).lines) == 3
    monkeypatch.setattr(archive, "MOST_LINES", 1)
    monkeypatch.setattr(archive, "LONGEST", 10**6)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("opened"))
    with pytest.raises(UsageError, match="more lines"):
        unpacked(whole)
    monkeypatch.setattr(archive, "MOST_LINES", 3)
    monkeypatch.setattr(archive, "LONGEST", 1)
    with pytest.raises(UsageError, match="more lines"):  # the list alone is longer than can be
        unpacked(whole)


def test_a_picture_that_unpacks_to_too_much_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", len(png(40, 90)))
    assert unpacked(zipped(ROW)).lines
    monkeypatch.setattr(archive, "MOST_BYTES", len(png(40, 90)) - 1)
    with pytest.raises(UsageError, match="larger than can be right"):
        unpacked(zipped(ROW))


LINES = tuple(FormLine(f"record-{at % 5}", "place", IMAGE, f"Ấp {at}") for at in range(10))
NIGHT = (1000, 1)
WHOLE = Material(LINES, (Cell("record-1", np.zeros((SIDE, SIDE), np.float32), 1),))


def texts(data: bytes) -> set[str]:
    return {each.text for each in unpacked(data).lines}


def test_what_is_packed_is_the_same_each_time_and_names_no_form() -> None:
    data = packed(WHOLE, (), 4, seed=1)
    assert data == packed(WHOLE, (), 4, seed=1)
    assert b"record-" not in data
    turned = Material(tuple(sorted(LINES, key=lambda each: each.form, reverse=True)), WHOLE.cells)
    assert texts(packed(turned, (), 4, seed=1)) == texts(data)
    assert texts(packed(WHOLE, (), 4, seed=3)) != texts(data)


@pytest.mark.parametrize("most", [None, 11, 10, 4, 1])
def test_forms_are_packed_whole(most: int | None) -> None:
    found = unpacked(packed(WHOLE, (), most, seed=1))
    count = len(found.lines) + len(found.cells)
    assert count <= (11 if most is None else most)
    assert len(found.lines) == 2 * len({each.form for each in found.lines})
    assert count == 11 or most not in (None, 11)
    assert count or most == 1


def test_other_offices_lines_stand_beside_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "district.lines"
    file.write_bytes(zipped(ROW))
    own = unpacked(zipped([*ROW[:3], "Ấp 4"]))
    assert [each.text for each in taken_in(own, (file, file), None, NIGHT).lines] == [
        "Ấp 4",
        "Ấp 3",
        "Ấp 3",
    ]
    locked = tmp_path / "district.age"
    locked.write_bytes(age.MAGIC + b"locked")
    with pytest.raises(UsageError, match=r"district\.age is encrypted"):
        taken_in(own, (locked,), None, NIGHT)


def test_a_night_takes_of_other_offices_no_more_than_it_can_learn(tmp_path: Path) -> None:
    files = tuple(tmp_path / f"{name}.lines" for name in "ab")
    for file in files:
        file.write_bytes(packed(WHOLE, (), None, seed=1))
    found = taken_in(Material((), (), 7), files, None, (5, 1))
    assert len(found.lines) + len(found.cells) <= 10
    assert len({each.form for each in found.lines}) == 2  # the same forms of both, each whole
    assert found.left == 7 + 22 - len(found.lines) - len(found.cells)


def test_a_file_that_memory_can_t_hold_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.lines"
    with file.open("wb") as made:
        made.truncate(archive.MOST_IN_ALL + 1)  # takes no room on the disk
    with pytest.raises(UsageError, match=r"huge\.lines is larger than"):
        taken_in(Material(()), (file,), None, NIGHT)
