"""Find scans, hash them, turn away what is none.

What a file is, its first bytes say; its name only decides whether a file that merely lies in a
folder is passed over without a word (notes, lists and data beside the scans).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from scanform.intake.joints import Joints
from scanform.model.scan import Rejected, ScanFile

Kind = Literal["pdf", "jpeg", "png", "tiff", "bmp", "webp"]

MAX_BYTES = 512 * 1024 * 1024
"""A scan of 5,000 bitonal pages is far smaller; a larger file is a mistake or an attack."""

HEAD_BYTES = 1024
"""A PDF's header may stand anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1)."""

_CHUNK = 1024 * 1024

_NO_SCANS = frozenset(
    f".{suffix}"
    for suffix in re.findall(
        r"\w+",
        "json jsonl yaml yml toml ini cfg txt md rst csv tsv log xml html htm py sh bat cmd ps1 "
        "db sqlite lnk",
    )
)

_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
)

_PACKED = (
    b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c",
    b"\xd0\xcf\x11\xe0", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"MSCF",
)  # fmt: skip
"""ZIP (so Office documents, too; empty, spanned), RAR, 7-Zip, what Office wrote before, gzip,
bzip2, xz, cabinet."""
_TAR = slice(257, 262), b"ustar"
BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
"""Lengths of the second header, which say what version it is."""
_PHONE_BRANDS = (
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs",
    b"heif", b"mif1", b"msf1", b"avif", b"avis",
)  # fmt: skip


def sniff(head: bytes) -> Kind | None:
    """The sort of file that begins with ``head`` (its first ``HEAD_BYTES``), None: no scan."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"BM") and _is_bitmap(head):
        return "bmp"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    # An archive whose first file is a PDF has the sign in it; Poppler would draw the last one.
    return "pdf" if b"%PDF-" in head[:HEAD_BYTES] and not _is_packed(head) else None


def _is_bitmap(head: bytes) -> bool:
    # A text may begin with "BM", too. Bytes 6 to 9 are reserved and zero, but not in every file.
    return head[6:10] == bytes(4) or int.from_bytes(head[14:18], "little") in BMP_HEADERS


def _is_packed(head: bytes) -> bool:
    place, sign = _TAR
    return head.startswith(_PACKED) or head[place] == sign


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Every file that is named or lies in a named folder, each once, in a stable order.

    Paths keep the order in which they were given; inside a folder names are in natural order
    (``scan2`` before ``scan10``), files before subfolders. Hidden files, links that lead out of
    the named folder and files that are clearly no scans are passed over; a file that is named
    itself is always taken. What can't be opened comes out too, so that it is rejected aloud.
    """
    seen: set[Path] = set()
    for path in paths:
        found = _in_folder(path, path.resolve()) if path.is_dir() else iter((path,))
        for each in found:
            real = each.resolve()
            if real not in seen:
                seen.add(real)
                yield each


def _in_folder(folder: Path, root: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: _natural(entry.name))
    except OSError:
        yield folder
        return
    folders = []
    for entry in listed:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(path)
        elif path.suffix.lower() not in _NO_SCANS and _is_file_within(path, root):
            yield path
    for path in folders:
        yield from _in_folder(path, root)


def _is_file_within(path: Path, root: Path) -> bool:
    # A link to a folder is not followed either: it could lead round in a circle.
    return path.is_file() and path.resolve().is_relative_to(root)


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    key = [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts]
    return key, name


def scan_file(path: Path) -> ScanFile | Rejected:
    """The file with the SHA-256 of its raw bytes, or why it can't be a scan.

    A file that could not be read to its end, or was too large to, has no hash (``""``).
    """
    try:
        about = path.stat()
        if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
            # A pipe would be waited for without end, a device read without end.
            return _rejected(path, "unreadable_file", detail="no file")
        size = about.st_size
        if size > MAX_BYTES:
            return _rejected(path, "too_large", detail=f"{size / 1024 / 1024:.0f} MB")
        if size == 0 and path.is_file():
            return _rejected(path, "empty_file", sha256=hashlib.sha256().hexdigest())
        head, sha256, joined = _read(path)
    except OSError as error:
        return _rejected(path, "unreadable_file", detail=error.strerror or type(error).__name__)
    if joined or sniff(head) is None:
        return _rejected(path, "joined_pdfs" if joined else _why_no_scan(head), sha256=sha256)
    return ScanFile(path, sha256, size)


def _why_no_scan(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _PHONE_BRANDS:
        return "phone_photo"
    return "packed" if _is_packed(head) else "unknown_type"


def _read(path: Path) -> tuple[bytes, str, bool]:
    """The file's beginning, its hash, and whether it is several PDFs one after the other."""
    digest, joints = hashlib.sha256(), Joints()
    with path.open("rb") as file:
        chunk = head = file.read(HEAD_BYTES)
        is_pdf = sniff(head) == "pdf"
        while chunk:
            digest.update(chunk)
            if is_pdf:
                joints.take(chunk)
            chunk = file.read(_CHUNK)
        return head, digest.hexdigest(), joints.are_in(file)


def _rejected(path: Path, reason: str, sha256: str = "", detail: str = "") -> Rejected:
    return Rejected(path, sha256, None, reason, {"detail": detail} if detail else {})
