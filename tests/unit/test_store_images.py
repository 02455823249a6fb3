from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from scanform.errors import StoreError
from scanform.store.images import ImageStore


def test_an_image_is_found_by_the_hash_of_its_bytes(tmp_path: Path) -> None:
    images = ImageStore(tmp_path / "new" / "workspace")
    sha256 = images.put(b"page one")
    assert sha256 == hashlib.sha256(b"page one").hexdigest()
    assert images.get(sha256) == b"page one"


def test_the_same_image_twice_is_one_file_and_nothing_else_is_left(tmp_path: Path) -> None:
    images = ImageStore(tmp_path)
    assert images.put(b"page") == images.put(b"page")
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [images.put(b"page")]


def test_an_image_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not in the workspace"):
        ImageStore(tmp_path).get("ab" * 32)


def test_an_image_that_was_changed_is_told(tmp_path: Path) -> None:
    images = ImageStore(tmp_path)
    sha256 = images.put(b"page")
    images.path(sha256).write_bytes(b"pagf")
    with pytest.raises(StoreError, match="changed"):
        images.get(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        ImageStore(tmp_path).path(name)
    with pytest.raises(StoreError):
        ImageStore(tmp_path).get(name)


def test_a_workspace_that_takes_no_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("in the way")
    with pytest.raises(StoreError, match="could not be written") as told:
        ImageStore(tmp_path).put(b"page")
    assert told.value.next_step
