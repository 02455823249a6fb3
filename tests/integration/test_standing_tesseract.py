"""A Tesseract that stays between calls: it reads what a new one reads, and nobody depends on it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanform.model.scan import Pixels
from scanform.programs import standing, tesseract

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        tesseract.LANGUAGE not in tesseract.languages(), reason="needs Tesseract with vie"
    ),
    pytest.mark.skipif(not standing.can_stand(), reason="needs stdbuf"),
]
FONT = Path(__file__).parents[2] / "scanform/template/fonts/Tinos-Regular.ttf"
TEXTS = ["Ấp Thạnh Lợi A", "NGUYỄN THỊ ÁNH TUYẾT", "", "Xã Thạnh Hải, huyện Thạnh Phú", "<&>"]


def line(text: str) -> Pixels:
    image = Image.new("L", (900, 80), 255)
    ImageDraw.Draw(image).text((20, 10), text, 0, ImageFont.truetype(str(FONT), 44))
    return np.asarray(image)


LINES = [line(text) for text in TEXTS]


@pytest.fixture(autouse=True)
def nobody_stands(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    standing.end_all()
    monkeypatch.setattr(standing, "_never", set())
    yield
    standing.end_all()


def those_standing() -> list[int]:
    """The processes of this one's that take names of images as they come."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"stream_filelist=1" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def in_its_place(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a standing Tesseract is begun, the script is; any other is the real one. Each start is
    a line in the file that is returned."""
    real, noted = shutil.which("tesseract"), folder / "starts"
    program = folder / "tesseract"
    program.write_text(
        f'#!/bin/sh\ncase "$1" in -) echo stands >> {noted};; *) exec {real} "$@";; esac\n'
        + script.replace("{real}", str(real))
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return noted


def read_by_new_ones(monkeypatch: pytest.MonkeyPatch) -> list[tesseract.Line | None]:
    with monkeypatch.context() as patch:
        patch.setattr(standing, "can_stand", lambda: False)
        return tesseract.read_lines(LINES)


def test_it_reads_what_a_new_one_reads_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_by_new_ones(monkeypatch)
    assert [each.text for each in wanted if each][:2] == TEXTS[:2]
    assert not those_standing()
    assert tesseract.read_lines(LINES) == wanted
    (first,) = those_standing()
    assert b"OMP_THREAD_LIMIT=1\0" in Path(f"/proc/{first}/environ").read_bytes()
    assert tesseract.read_lines(LINES[::-1]) == wanted[::-1]
    assert those_standing() == [first]
    assert tesseract.read_lines([line("083185001234")], 7, "0123456789") != wanted[:1]
    assert len(those_standing()) == 2  # of other settings


def test_one_that_was_killed_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_by_new_ones(monkeypatch)
    tesseract.read_lines(LINES)
    (first,) = those_standing()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert tesseract.read_lines(LINES) == wanted
    assert tesseract.read_lines(LINES) == wanted
    (second,) = those_standing()
    assert second != first


HANGS_LATER = 'head -n 2 | {real} "$@"; exec cat > /dev/null'
"""Two lines are answered, a third is not."""


@pytest.mark.parametrize(
    "script", [HANGS_LATER, "kill -SEGV $$", "printf '\\377<p'", "yes '<div>'"]
)
def test_whatever_it_does_a_new_one_reads_the_rest(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = read_by_new_ones(monkeypatch)
    noted = in_its_place(tmp_path, script, monkeypatch)
    monkeypatch.setattr(tesseract, "SECONDS_STANDING", 1.0)
    for _ in range(2):
        assert tesseract.read_lines(LINES) == wanted
    assert not those_standing()
    # One that answered at first is begun again, one that never did is not.
    assert len(noted.read_text().split()) == (2 if script == HANGS_LATER else 1)


def test_without_stdbuf_none_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tesseract").symlink_to(str(shutil.which("tesseract")))
    monkeypatch.setenv("PATH", str(tmp_path))
    standing.can_stand.cache_clear()
    try:
        assert not standing.can_stand()
        assert [each.text for each in tesseract.read_lines(LINES[:2]) if each] == TEXTS[:2]
        assert not those_standing()
    finally:
        standing.can_stand.cache_clear()


@pytest.mark.parametrize("end", ["", "import os; os._exit(0)", "import time; time.sleep(600)"])
def test_it_ends_with_who_began_it(end: str, tmp_path: Path) -> None:
    """At the end of the program, without one, and when it is killed."""
    told = tmp_path / "standing"
    program = f"""
import numpy
from scanform.programs import standing, tesseract
tesseract.read_lines([numpy.full((60, 200), 255, numpy.uint8)])
(one,) = standing._standing.values()
open({str(told)!r}, "w").write(str(one._process.pid))
{end}
"""
    with subprocess.Popen([sys.executable, "-W", "error", "-c", program]) as began:
        if "sleep" in end:
            while not (told.exists() and told.read_text()):
                assert began.poll() is None
                time.sleep(0.05)
            os.kill(began.pid, signal.SIGKILL)
    assert began.returncode == (-signal.SIGKILL if "sleep" in end else 0)
    deadline = time.monotonic() + 30
    while Path("/proc", told.read_text()).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
