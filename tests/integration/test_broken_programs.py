"""Tesseract and Poppler that crash, hang, talk rubbish or are not there, through a whole run.

Whatever they do, the run says so in words, everything that went in is in the books, nothing is
accepted that was not read, and the next run with whole programs takes what was left.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import impatient
import pytest
from PIL import Image

from scanform.engine.local import LocalEngine
from scanform.engine.run import Summary, run_scans
from scanform.model.record import Answer
from scanform.store.images import ImageStore
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import empty_form

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is missing"),
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="Poppler is missing"),
]
SCAN = Path(__file__).parents[2] / "sample_scans" / "straight_300dpi" / "scan.jpg"
ASKED = 'case "$*" in *--version*|*--list-langs*) exec {real} "$@";; esac\n'
"""What is asked of Tesseract before it is used."""
BLANK = 'case "$*" in -v|*blank.pdf*) exec {real} "$@";; esac\n'
"""Poppler draws the empty form as ever."""


def broken(folder: Path, program: str, script: str) -> Path:
    """A folder that holds the program and goes before all others on the path."""
    place = folder / "broken"
    place.mkdir(exist_ok=True)
    real = shutil.which(program)
    (place / program).write_text("#!/bin/sh\n" + script.replace("{real}", str(real)))
    (place / program).chmod(0o755)
    return place


def without(folder: Path, *programs: str) -> str:
    """A path on which those programs are not."""
    place = folder / "path"
    place.mkdir()
    for name in ("tesseract", "pdftoppm", "pdfinfo", "pdfimages", "sh", "sleep"):
        found = shutil.which(name)
        if name not in programs and found:
            (place / name).symlink_to(found)
    return str(place)


def scanform(workspace: Path, path: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path, "SCANFORM_WORKSPACE": str(workspace)}
    return subprocess.run(
        [sys.executable, "-m", "scanform", *map(str, words)],
        capture_output=True,
        text=True,
        env={**environment, "SCANFORM_LANG": "en"},
        check=False,
        timeout=300,
    )


def run(workspace: Path, path: str, box: Path) -> subprocess.CompletedProcess[str]:
    words = ["-t", "dc01", "--json", "--jobs", "1", "--text-reader", "tesseract"]
    return scanform(workspace, path, "run", box, *words)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    (tmp_path / "box").mkdir()
    shutil.copy(SCAN, tmp_path / "box" / "form.jpg")
    return tmp_path / "box"


@pytest.mark.parametrize("programs", [("tesseract",), ("pdfinfo",)])
def test_a_program_that_is_not_there_is_named_before_anything_is_done(
    programs: tuple[str, ...], box: Path, tmp_path: Path
) -> None:
    done = run(tmp_path / "w", without(tmp_path, *programs), box)
    assert done.returncode == 4, done.stderr
    assert ("Tesseract" if programs == ("tesseract",) else "Poppler") in done.stderr
    assert "Traceback" not in done.stderr


def test_tesseract_without_vietnamese_is_told_before_anything_is_done(
    box: Path, tmp_path: Path
) -> None:
    langs = 'case "$*" in *--list-langs*) echo List; echo eng; exit 0;; esac\n'
    place = broken(tmp_path, "tesseract", langs + 'exec {real} "$@"')
    done = run(tmp_path / "w", f"{place}:{os.environ['PATH']}", box)
    assert done.returncode == 4, done.stderr
    assert "vie" in done.stderr


RUBBISH = 'printf \'\\377<p\' | if [ "$2" = - ]; then cat; else cat > "$2.hocr"; fi'
"""Where Tesseract writes: to whoever stands by, or to a file."""


@pytest.mark.parametrize("fault", ["kill -SEGV $$", RUBBISH, "exit 0"])
def test_what_tesseract_could_not_read_waits_for_a_person(
    fault: str, box: Path, tmp_path: Path
) -> None:
    place = broken(tmp_path, "tesseract", ASKED + fault)
    done = run(tmp_path / "w", f"{place}:{os.environ['PATH']}", box)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["records"] == 1
    check_unread(tmp_path / "w")


def check_unread(workspace: Path) -> None:
    """Every line of text with ink in it is pending and has a doubt; its image is there."""
    with open_store(workspace) as store:
        (record,) = store.records()
        assert ImageStore(workspace).get(record.sheets[0].image)
    form = empty_form(find("dc01")).template
    texts = [each for each in record.answers if form.field(each.field).kind in ("text", "name")]
    assert texts
    assert not [each.field for each in texts if each.state == "accepted"]
    waiting = [each for each in texts if each.state == "pending"]
    assert waiting
    assert all(each.doubts for each in waiting)
    assert not [each.field for each in texts if blank_without_reason(each)]


def blank_without_reason(answer: Answer) -> bool:
    """Called blank by a reader that read nothing: ink decides that, and there is some."""
    return answer.state == "blank" and answer.field == "full_name"


def digitised(
    box: Path, workspace: Path, start: Callable[..., None], page_seconds: float = 60.0
) -> Summary:
    form = empty_form(find("dc01"))
    with (
        open_store(workspace) as store,
        LocalEngine([form], 1, page_seconds, start=start) as engine,
    ):
        put = ImageStore(workspace).put
        return run_scans([box], {form.template.ref: form.template}, engine, store, put, Silent())


class Silent:
    def files_found(self, number: int) -> None: ...
    def scan_opened(self, pages: int) -> None: ...
    def page_done(self) -> None: ...
    def was_rejected(self, rejected: object) -> None: ...


def test_a_tesseract_that_hangs_is_given_up(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(tmp_path, "tesseract", ASKED + "exec sleep 600")
    monkeypatch.setenv("PATH", str(tmp_path / "broken"), prepend=":")
    assert digitised(box, tmp_path / "w", impatient.start).records == 1
    check_unread(tmp_path / "w")


def test_what_hangs_ends_with_its_page(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "pids"
    broken(tmp_path, "tesseract", ASKED + f"echo $$ >> {noted}; exec sleep 600")
    monkeypatch.setenv("PATH", str(tmp_path / "broken"), prepend=":")
    done = digitised(box, tmp_path / "w", impatient.patient, page_seconds=8)
    assert (done.rejected, done.records) == (1, 0)
    with open_store(tmp_path / "w") as store:
        assert [each.reason for each in store.rejected()] == ["page_timeout"]
    pids = [int(each) for each in noted.read_text().split()]
    assert pids
    deadline = time.monotonic() + 30
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("pdftoppm", "kill -SEGV $$"),
        ("pdfinfo", "echo 'Pages: many'"),
    ],
)
def test_a_pdf_that_poppler_fails_at_is_rejected_and_the_rest_goes_on(
    program: str, fault: str, box: Path, tmp_path: Path
) -> None:
    pdf = box / "form.pdf"
    with Image.open(box / "form.jpg") as image:
        image.save(pdf, resolution=300, quality=90)
    place, path = broken(tmp_path, program, BLANK + fault), os.environ["PATH"]
    done = run(tmp_path / "w", f"{place}:{path}", box)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(scanform(tmp_path / "w", path, "status", "--json").stdout)
    assert told["accounting"]["holds"]
    assert [Path(each["path"]).name for each in told["rejected"]] == ["form.pdf"]
    assert (told["scans"]["digitised"], told["scans"]["rejected"]) == (1, 1)
    if program == "pdfinfo":
        return  # once is enough for what follows
    # With a whole Poppler the same command takes it.
    assert run(tmp_path / "w", path, box).returncode == 0
    with open_store(tmp_path / "w") as store:
        assert store.figures().records == 2


def test_a_poppler_that_hangs_is_given_up(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Image.open(box / "form.jpg") as image:
        image.save(box / "form.pdf", resolution=300, quality=90)
    (box / "form.jpg").unlink()
    broken(tmp_path, "pdftoppm", BLANK + "exec sleep 600")
    monkeypatch.setenv("PATH", str(tmp_path / "broken"), prepend=":")
    assert digitised(box, tmp_path / "w", impatient.start).rejected == 1
    with open_store(tmp_path / "w") as store:
        assert [each.reason for each in store.rejected()] == ["page_timeout"]
