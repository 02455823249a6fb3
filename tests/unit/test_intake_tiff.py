"""Pages of a TIFF are counted from its directories, without a decoder and without end."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from scanform.intake import tiff
from scanform.intake.pages import page_count
from scanform.model.scan import Rejected, ScanFile


def chain(*nexts: int, order: str = "<", is_big: bool = False) -> bytes:
    """A TIFF of empty directories, the first at its first possible place; each says where the
    next one lies: the number of a directory, or where it is negative, that many bytes."""
    start, size = (16, 16) if is_big else (8, 6)
    head = b"II" if order == "<" else b"MM"
    head += struct.pack(order + "HHHQ", 43, 8, 0, start) if is_big else struct.pack(
        order + "HI", 42, start
    )  # fmt: skip
    body = b""
    for each in nexts:
        place = 0 if each == 0 else -each if each < 0 else start + size * (each - 1)
        body += struct.pack(order + ("QQ" if is_big else "HI"), 0, place)
    return head + body


def count(folder: Path, data: bytes, most: int = 100) -> int:
    (folder / "a.tif").write_bytes(data)
    return tiff.count_pages(folder / "a.tif", most)


@pytest.mark.parametrize("big", [False, True])
def test_as_many_pages_as_pillow_finds(big: bool, tmp_path: Path) -> None:
    first, *rest = [Image.new("L", (30, 40), shade) for shade in range(5)]
    path = tmp_path / "five.tif"
    first.save(path, save_all=True, append_images=rest, big_tiff=big)
    with Image.open(path) as image:
        assert tiff.count_pages(path, 100) == image.n_frames == 5  # type: ignore[attr-defined]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("is_big", [False, True])
def test_chains_in_either_order_and_size(order: str, is_big: bool, tmp_path: Path) -> None:
    assert count(tmp_path, chain(2, 3, 0, order=order, is_big=is_big)) == 3


def test_a_chain_that_leads_back_ends(tmp_path: Path) -> None:
    assert count(tmp_path, chain(1)) == 1
    assert count(tmp_path, chain(2, 3, 2)) == 3


def test_no_more_are_counted_than_asked_for(tmp_path: Path) -> None:
    assert count(tmp_path, chain(*range(2, 60), 0), most=10) == 11


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"II*\0",
        b"MM+\0\0\0\0",
        b"no TIFF at all",
        chain(2),
        chain(-(2**31)),
        chain(-(2**64 - 1), is_big=True),
        b"II" + struct.pack("<HHHQQ", 43, 8, 0, 16, 2**63),  # so many entries
        b"II*\0" + struct.pack("<IH", 8, 65535),
    ],
)
def test_a_broken_chain_is_told(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(tiff.BrokenChain):
        count(tmp_path, data)


def test_counting_decodes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object, **__: object) -> None:
        pytest.fail("an untrusted file was opened by a decoder")

    found = {}
    for kind in ("tiff", "jpeg", "png", "bmp", "webp"):
        path = tmp_path / f"a.{kind}"
        Image.new("L", (400, 400)).save(path, kind)
        found[kind] = ScanFile(path, "0" * 64, path.stat().st_size)
    monkeypatch.setattr(Image, "open", opened)
    monkeypatch.setattr(cv2, "imdecode", opened)
    assert {kind: page_count(scan) for kind, scan in found.items()} == dict.fromkeys(found, 1)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"]),
    st.binary(max_size=80),
)
@example(b"II*\0", b"\x08\0\0\0\0\0\x08\0\0\0")
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.tif"
    path.write_bytes(head + rest)
    assert isinstance(page_count(ScanFile(path, "0" * 64, 9)), int | Rejected)
