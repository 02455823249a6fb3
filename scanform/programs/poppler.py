"""Poppler: PDF pages become pixels, through pdf2image.

``pdfinfo`` is asked first, with a time limit: it tells an encrypted file from a damaged one, and
how large a page is, before anything is drawn.
"""

from __future__ import annotations

import functools
import math
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

import numpy as np
import pdf2image
from pdf2image.exceptions import (
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
    PopplerNotInstalledError,
)
from PIL import Image

from scanform.errors import MissingProgram
from scanform.model.scan import Pixels
from scanform.phrase import Phrase

PdfTrouble = Literal["encrypted", "damaged", "timeout", "too_large"]

MAX_PIXELS = 89_000_000
"""The largest raster that is drawn. A4 at 600 dpi has 35 million pixels; Pillow takes more than
89.4 million for an attack (``PIL.Image.MAX_IMAGE_PIXELS``)."""

RENDER_TIMEOUT = 30.0
"""Seconds for a page: less than an engine gives it, so that one that takes for ever is told from
one that takes its worker down. A page of 600 dpi in JPEG 2000 takes some three."""

INFO_TIMEOUT = 30
"""Seconds for ``pdfinfo``, which reads no page's content."""
INFO_MEMORY = 2 * 2**30
INFO_BYTES = 2**20
"""What it may say: title and author are whatever the file's maker wrote."""
FOLDER_BYTES = 256 * 2**20
"""What the pictures of a page may fill: one of 600 dpi in colour has 105 MB."""
_LOOK_EVERY = 0.05

POINTS_PER_INCH = 72

_NOT_HERE = Phrase(
    "Chưa cài Poppler (pdftoppm, pdfinfo và pdfimages).",
    "Poppler (pdftoppm, pdfinfo and pdfimages) is not installed.",
)

_LOCKED = re.compile(r"password|security handler|encrypt", re.IGNORECASE)
_VERSION = re.compile(r"version\s+([\d.]+)")


class PdfError(Exception):
    """A PDF that can't be used. ``kind`` says why, ``detail`` in a few words more."""

    def __init__(self, kind: PdfTrouble, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind: PdfTrouble = kind
        self.detail = detail

    def __reduce__(self) -> tuple[type[PdfError], tuple[PdfTrouble, str]]:
        return type(self), (self.kind, self.detail)


@functools.cache
def version() -> str | None:
    """The version of ``pdftoppm``; None unless it, ``pdfinfo`` and ``pdfimages`` are installed."""
    program = shutil.which("pdftoppm")
    if program is None or not all(map(shutil.which, ("pdfinfo", "pdfimages"))):
        return None
    try:
        told = subprocess.run(  # noqa: S603 - the program was found on the path, no input of others
            [program, "-v"], capture_output=True, timeout=INFO_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search((told.stderr + told.stdout).decode("utf-8", "replace"))
    return match[1] if match else None


def require() -> None:
    """Raises ``MissingProgram`` unless it is installed."""
    if version() is None:
        raise _missing()


def page_count(path: Path) -> int:
    """Number of pages; raises ``PdfError`` and ``MissingProgram``."""
    return int(_info(path)["Pages"])


def render(
    path: Path, page: int, dpi: int, *, grey: bool = False, timeout: float = RENDER_TIMEOUT
) -> Pixels:
    """Page ``page`` (counted from 1) at ``dpi``: height x width x 3 (blue, green, red), or
    height x width when ``grey``.

    What is drawn is the crop box, as a viewer shows it, turned as the file says. ``timeout`` is
    in seconds, rounded up. Raises ``PdfError`` (also for a page that is not there) and
    ``MissingProgram``.
    """
    _check_size(_info(path, page), page, dpi)
    try:
        images = pdf2image.convert_from_path(
            path.resolve(),  # absolute, so that no file name looks like an option
            dpi=dpi,
            first_page=page,
            last_page=page,
            grayscale=grey,
            use_cropbox=True,
            timeout=math.ceil(timeout),
        )
        return _array(images[0], grey)
    except PDFPopplerTimeoutError:
        raise PdfError("timeout", f"page {page}, {timeout:g} s") from None
    except PopplerNotInstalledError:
        raise _missing() from None
    except (PDFPageCountError, PDFSyntaxError, OSError, ValueError, IndexError) as error:
        # A renderer that died leaves no image, or a stream that ends too soon.
        raise PdfError("damaged", f"page {page}") from error


def render_bytes(
    data: bytes, page: int, dpi: int, *, grey: bool = False, timeout: float = RENDER_TIMEOUT
) -> Pixels:
    """As ``render``, for a PDF in memory."""
    with tempfile.TemporaryDirectory(prefix="scanform-") as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(data)
        return render(path, page, dpi, grey=grey, timeout=timeout)


def _array(image: Image.Image, grey: bool) -> Pixels:
    if grey:
        return np.asarray(image.convert("L"))
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _info(path: Path, page: int | None = None) -> dict[str, str]:
    """What ``pdfinfo`` says; with ``page`` also of that page."""
    of_page = [] if page is None else ["-f", str(page), "-l", str(page)]
    # The path is absolute, so that no file name looks like an option.
    said, complaint = asked(["pdfinfo", *of_page, str(path.resolve())])
    lines = (line.partition(":") for line in said.splitlines())
    info = {key.strip(): value.strip() for key, _, value in lines}
    if not re.fullmatch(r"[0-9]{1,9}", info.get("Pages", "")):
        if _LOCKED.search(complaint):
            raise PdfError("encrypted")
        raise PdfError("damaged", "no pages found")
    return info


def asked(
    command: list[str], seconds: float | None = None, folder: Path | None = None
) -> tuple[str, str]:
    """What a program of Poppler's says and complains of that reads an untrusted file. The run asks
    this in its own process, so the program's time is limited (``INFO_TIMEOUT``) and, where the
    system can, its memory; of what it says no more than ``INFO_BYTES`` are taken in, and what it
    writes into ``folder`` is no more than ``FOLDER_BYTES``. Raises ``PdfError`` and
    ``MissingProgram``."""
    seconds = INFO_TIMEOUT if seconds is None else seconds
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaint:
        try:
            process = subprocess.Popen(command, stdout=said, stderr=complaint)  # noqa: S603
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            raise _missing() from None
        try:
            _limit(process.pid, INFO_BYTES if folder is None else FOLDER_BYTES)
            if folder is None:
                process.wait(seconds)
            else:
                _watched(process, seconds, folder)
        except subprocess.TimeoutExpired:
            raise PdfError("timeout", f"{command[0]}, {seconds} s") from None
        finally:
            process.kill()
            process.wait()
        return _beginning(said), _beginning(complaint)


def _watched(process: subprocess.Popen[bytes], seconds: float, folder: Path) -> None:
    """Waits for a program that writes files: each is limited, their sum is by looking at it."""
    until = time.monotonic() + seconds
    while True:
        try:
            process.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise
        if sum(each.stat().st_size for each in folder.iterdir()) >= FOLDER_BYTES:
            raise PdfError("too_large", f"{FOLDER_BYTES // 2**20} MB")
        if process.returncode is not None:
            return


def _limit(process: int, file_bytes: int) -> None:
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return
    if hasattr(resource, "prlimit"):  # Linux alone
        with suppress(ProcessLookupError, PermissionError):
            for what, most in (
                (resource.RLIMIT_AS, INFO_MEMORY),
                (resource.RLIMIT_FSIZE, file_bytes),
            ):
                soft, hard = resource.prlimit(process, what)
                if soft == resource.RLIM_INFINITY or soft > most:
                    resource.prlimit(process, what, (most, hard))


def _beginning(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(INFO_BYTES).decode("utf-8", "replace")


def _check_size(info: dict[str, str], page: int, dpi: int) -> None:
    if not 1 <= page <= int(info["Pages"]):
        raise PdfError("damaged", f"no page {page}")
    told = next((text for key, text in info.items() if re.fullmatch(r"Page.* size", key)), "")
    size = re.match(r"([\d.e+]+) x ([\d.e+]+) pts", str(told))
    if size is None:
        raise PdfError("damaged", f"page {page} has no size")
    width, height = (float(points) * dpi / POINTS_PER_INCH for points in size.groups())
    if width * height > MAX_PIXELS:
        raise PdfError("too_large", f"{width:.0f} x {height:.0f} px")


def _missing() -> MissingProgram:
    return MissingProgram(_NOT_HERE)
