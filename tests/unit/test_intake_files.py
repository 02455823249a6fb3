from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scanform.intake import files
from scanform.intake.files import HEAD_BYTES, find_files, scan_file, sniff
from scanform.model.scan import Rejected, ScanFile

PDF = b"%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF"
MEBIBYTE = 2**20

no_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


def write(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(folder: Path, *paths: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find_files(paths or [folder])]


def test_files_come_in_natural_order_and_before_subfolders(tmp_path: Path) -> None:
    for name in ("b/1.jpg", "scan10.jpg", "scan2.jpg", "Scan1.jpg", "a/z.png", "a/y.png"):
        write(tmp_path / name)
    expected = ["Scan1.jpg", "scan2.jpg", "scan10.jpg", "a/y.png", "a/z.png", "b/1.jpg"]
    assert names(tmp_path) == expected


def test_a_file_is_found_once_however_often_it_is_named(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.jpg"), write(tmp_path / "2.jpg")
    assert list(find_files([two, tmp_path, one])) == [two, one]


def test_hidden_files_and_what_is_clearly_no_scan_are_passed_over(tmp_path: Path) -> None:
    for name in (
        ".hidden.jpg",
        ".cache/1.jpg",
        "truth.jsonl",
        "notes.TXT",
        "t.yaml",
        "scan",
        "x.doc",
    ):
        write(tmp_path / name)
    assert names(tmp_path) == ["scan", "x.doc"]


def test_a_named_file_is_always_taken(tmp_path: Path) -> None:
    named = [write(tmp_path / "notes.txt"), write(tmp_path / ".hidden"), tmp_path / "missing.pdf"]
    assert list(find_files(named)) == named


@no_links
def test_links_do_not_lead_out_of_the_folder_or_round_in_circles(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.jpg")
    inside = tmp_path / "inside"
    write(inside / "1.jpg")
    (inside / "out.jpg").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    (inside / "round").symlink_to(inside)
    (inside / "gone.jpg").symlink_to(inside / "nowhere")
    assert names(inside) == ["1.jpg"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert list(find_files([tmp_path])) == [closed]


def test_the_hash_is_of_the_raw_bytes(tmp_path: Path) -> None:
    data = b"%PDF-1.7\n" + os.urandom(3 * 1024 * 1024)
    one = scan_file(write(tmp_path / "a.pdf", data))
    other = scan_file(write(tmp_path / "under another name.bin", data))
    assert isinstance(one, ScanFile)
    assert isinstance(other, ScanFile)
    assert one.sha256 == other.sha256 == hashlib.sha256(data).hexdigest()
    assert one.size == len(data)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.jpg", b"", "empty_file"),
        ("letter.jpg", b"Dear clerk, this is no picture.", "unknown_type"),
        ("archive.pdf", b"PK\x03\x04", "packed"),
        ("two scans.pdf", b"PK\x03\x04" + bytes(40) + b"a.pdf" + PDF, "packed"),
        ("scans.tar", b"a.pdf".ljust(257, b"\0") + b"ustar".ljust(255, b"\0") + PDF, "packed"),
        ("joined.pdf", PDF + b"\r\n" + PDF, "joined_pdfs"),
        ("joined late.pdf", PDF.ljust(MEBIBYTE + HEAD_BYTES - 3) + b"%%EOF\n" + PDF, "joined_pdfs"),
        ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "packed"),
        ("IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "phone_photo"),
        ("film.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", "unknown_type"),
        ("BM text.bmp", b"BMW is a car and no bitmap", "unknown_type"),
    ],
)
def test_what_is_no_scan_is_rejected(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    rejected = scan_file(write(tmp_path / name, data))
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.page) == (reason, None)
    assert rejected.sha256 == hashlib.sha256(data).hexdigest()


def test_missing_files_and_folders_are_rejected(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jpg", tmp_path):
        rejected = scan_file(path)
        assert isinstance(rejected, Rejected)
        assert rejected.reason == "unreadable_file"
        assert str(tmp_path) not in rejected.details["detail"]


def test_huge_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    rejected = scan_file(write(tmp_path / "big.pdf", b"%PDF-1.7 and more"))
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "too_large"


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "bmp", "webp", "pdf"])
def test_the_first_bytes_tell_the_kind(kind: str) -> None:
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, kind)
    assert sniff(data.getvalue()) == kind


def test_a_bmp_with_something_in_its_reserved_bytes_is_one() -> None:
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, "bmp")
    assert sniff(data.getvalue()[:6] + b"\1\0\2\0" + data.getvalue()[10:]) == "bmp"


@given(st.binary(max_size=64))
def test_sniffing_takes_any_bytes(head: bytes) -> None:
    assert sniff(head) in {None, "pdf", "jpeg", "png", "tiff", "bmp", "webp"}


@given(st.permutations(["1.jpg", "2.jpg", "a²", "A10", "b-2-9", "b-2-10", "b-10-1"]))
def test_numbers_in_names_count_as_numbers(listed: list[str]) -> None:
    ordered = ["1.jpg", "2.jpg", "A10", "a²", "b-2-9", "b-2-10", "b-10-1"]
    assert sorted(listed, key=files._natural) == ordered


def test_pages_that_were_added_to_a_pdf_are_no_second_pdf(tmp_path: Path) -> None:
    """Pillow writes a header again before what it adds; put end to end they are two."""
    path, other = tmp_path / "a.pdf", tmp_path / "b.pdf"
    page = Image.new("L", (300, 400), 255)
    page.save(path)
    data = path.read_bytes()
    page.save(path, append=True)
    assert b"%%EOF%PDF-" in path.read_bytes()
    assert isinstance(scan_file(path), ScanFile)
    joined = scan_file(write(other, data + data))
    assert isinstance(joined, Rejected)
    assert joined.reason == "joined_pdfs"
