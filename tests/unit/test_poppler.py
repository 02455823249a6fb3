"""Poppler's wrapper: what it draws, and that it tells its troubles apart."""

from __future__ import annotations

import io
import pickle
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from scanform.errors import MissingProgram
from scanform.programs import poppler

POINTS_A4 = (595.28, 841.89)

needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="Poppler is missing")


def make_pdf(
    pages: int = 1, size: tuple[float, float] = POINTS_A4, password: str | None = None
) -> bytes:
    """A PDF whose pages have a red square at the top left."""
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password) if password else None
    canvas = Canvas(buffer, pagesize=size, encrypt=encrypt)
    for _ in range(pages):
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(0, size[1] - 72, 72, 72, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def trouble(data: bytes, page: int = 1, dpi: int = 72, timeout: float = 60) -> str:
    with pytest.raises(poppler.PdfError) as caught:
        poppler.render_bytes(data, page, dpi, timeout=timeout)
    return caught.value.kind


@needs_poppler
def test_a_page_is_drawn_in_blue_green_red() -> None:
    pixels = poppler.render_bytes(make_pdf(), 1, 144)
    assert pixels.shape == (1684, 1191, 3)
    assert pixels.dtype == np.uint8
    assert pixels[50, 50].tolist() == [0, 0, 255]
    assert pixels[400, 400].tolist() == [255, 255, 255]


@needs_poppler
def test_what_may_only_not_be_printed_or_copied_opens() -> None:
    """Encrypted, but nobody is asked for a password."""
    buffer = io.BytesIO()
    locked = StandardEncryption("", ownerPassword="secret", canPrint=0, canCopy=0)
    canvas = Canvas(buffer, pagesize=POINTS_A4, encrypt=locked)
    canvas.rect(0, 0, 300, 300, fill=1)
    canvas.save()
    assert poppler.render_bytes(buffer.getvalue(), 1, 72).shape == (842, 596, 3)


@needs_poppler
def test_grey_has_one_channel() -> None:
    pixels = poppler.render_bytes(make_pdf(), 1, 72, grey=True)
    assert pixels.ndim == 2
    assert pixels[400, 400] == 255
    assert pixels[10, 10] < 128


@needs_poppler
def test_pages_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "-r 9 mẫu đơn.pdf"
    path.write_bytes(make_pdf(pages=3))
    assert poppler.page_count(path) == 3
    assert poppler.render(path, 3, 72).shape[2] == 3


@needs_poppler
def test_troubles_are_told_apart() -> None:
    assert trouble(make_pdf(password="secret")) == "encrypted"
    assert trouble(b"") == "damaged"
    assert trouble(b"%PDF-1.4 and then nothing") == "damaged"
    assert trouble(make_pdf()[:300]) == "damaged"
    assert trouble(make_pdf(), page=2) == "damaged"


@needs_poppler
@pytest.mark.parametrize("size", [(6000.0, 6000.0), (2e7, 2e7)])
def test_a_page_too_large_is_never_drawn(
    size: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poppler.pdf2image, "convert_from_path", None)
    assert trouble(make_pdf(size=size), dpi=300) == "too_large"


def fake_program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@needs_poppler
def test_a_renderer_that_hangs_is_a_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "pdftoppm", '[ "$1" = -v ] || exec sleep 20')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert trouble(make_pdf(), timeout=0.1) == "timeout"


@needs_poppler
@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "printf 'P6\\n10 10\\n255\\nxx'"])
def test_a_renderer_that_dies_is_damage(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "pdftoppm", script)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert trouble(make_pdf()) == "damaged"


def test_without_poppler_the_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    poppler.version.cache_clear()
    assert poppler.version() is None
    poppler.version.cache_clear()
    with pytest.raises(MissingProgram, match="Poppler"):
        poppler.render_bytes(make_pdf(), 1, 72)


@needs_poppler
def test_the_version_is_known() -> None:
    poppler.version.cache_clear()
    told = poppler.version()
    assert told is not None
    assert told[0].isdigit()


def test_trouble_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(poppler.PdfError("encrypted", "x")))
    assert (error.kind, error.detail) == ("encrypted", "x")


@pytest.mark.parametrize(
    ("script", "kind"), [("exec sleep 20", "timeout"), ("exec yes Title: x", "damaged")]
)
def test_counting_takes_no_more_time_and_room_than_it_may(
    script: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "pdfinfo", script)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(poppler, "INFO_TIMEOUT", 0.3 if kind == "timeout" else 30)
    monkeypatch.setattr(poppler, "INFO_BYTES", 10_000)
    with pytest.raises(poppler.PdfError) as caught:
        poppler.page_count(tmp_path / "a.pdf")
    assert caught.value.kind == kind


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it can't be said")
def test_counting_takes_no_more_memory_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "pdfinfo", 'sleep 0.2; echo "Pages: $(ulimit -v)"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert poppler.page_count(tmp_path / "a.pdf") == poppler.INFO_MEMORY // 1024


@pytest.mark.parametrize("said", ["Pages: -1", "Pages: x", "Pages:", "Page: 3", "\\\\0\\\\377"])
def test_rubbish_from_the_counter_is_damage(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "pdfinfo", f'printf "{said}"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(poppler.PdfError, match="damaged"):
        poppler.page_count(tmp_path / "a.pdf")


def test_a_program_that_may_not_be_run_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pdfinfo").write_text("no program")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram):
        poppler.page_count(tmp_path / "a.pdf")
