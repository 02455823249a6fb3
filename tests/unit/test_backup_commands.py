"""Backups are true moments, open only with their keys, and come back whole."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from filled_workspace import NAMES, correct, fill, keep, picture

from scanform.cli import main
from scanform.store.images import ImageStore
from scanform.store.keyring import read
from scanform.store.open import open_store

CT = {"SCANFORM_LANG": "en"}


def call(*words: str | Path, code: int = 0, **environment: str) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], env={**CT, **environment})
    assert done.exit_code == code, done.output
    return done.stdout


def everything(workspace: Path, database: str | None = None) -> list[object]:
    with open_store(workspace, database, create=False) as store:
        return [*store.records(), store.figures(), *store.rejected()]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    fill(tmp_path / "w")
    return tmp_path / "w"


def test_a_backup_comes_back_whole(workspace: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "b.tar", tmp_path / "new"
    said = json.loads(call("backup", "-o", file, "-w", workspace, "--json"))
    assert (said["records"], said["images"], said["encrypted"]) == (4, 4, False)
    assert file.stat().st_mode & 0o077 == 0
    call("restore", file, "-w", new)
    assert everything(new) == everything(workspace)
    call("verify", "-w", new)
    assert not list(workspace.glob(".*"))


def test_it_is_a_tar_that_other_programs_open(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    call("backup", "-o", file, "-w", workspace)
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert names[:2] == ["manifest.json", "scanform.db"]
    assert len(names) == 6


def test_an_incremental_one_holds_only_what_is_new(workspace: Path, tmp_path: Path) -> None:
    whole, more, most = (tmp_path / name for name in ("1.tar", "2.tar", "3.tar"))
    call("backup", "-o", whole, "-w", workspace)
    for position, file in ((10, more), (11, most)):
        with open_store(workspace) as store:
            record = keep(store, ImageStore(workspace), position)
            correct(store, record, "Người Mới")
        said = json.loads(call("backup", "-o", file, "-w", workspace, "--incremental", "--json"))
        assert said["images"] == 1
    call("restore", most, whole, more, "-w", tmp_path / "new")
    assert everything(tmp_path / "new") == everything(workspace)
    call("verify", "-w", tmp_path / "new")
    assert (
        "others that were not given"
        in CliRunner()
        .invoke(main, ["restore", str(most), str(whole), "-w", str(tmp_path / "x")], env=CT)
        .output
    )
    assert not (tmp_path / "x").exists()


def test_without_an_earlier_one_there_is_no_incremental_one(
    workspace: Path, tmp_path: Path
) -> None:
    call("backup", "-o", tmp_path / "b", "-w", workspace, "--incremental", code=6)
    assert not (tmp_path / "b").exists()


def test_only_its_key_opens_an_encrypted_one(workspace: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyrage")
    file, ring, other = tmp_path / "b.age", tmp_path / "keys.json", tmp_path / "other.json"
    call("backup", "-o", file, "-w", workspace, "--keyring", ring)
    data = file.read_bytes()
    assert data.startswith(b"age-encryption.org/v1")
    assert picture(0)[:40] not in data
    assert NAMES[0].encode() not in data
    call("restore", file, "-w", tmp_path / "x", code=6)
    call("backup", "-o", tmp_path / "c.age", "-w", workspace, "--keyring", other)
    call("restore", file, "-w", tmp_path / "x", "--keyring", other, code=6)
    assert not (tmp_path / "x").exists()
    call("restore", file, "-w", tmp_path / "new", "--keyring", ring)
    assert everything(tmp_path / "new") == everything(workspace)
    if shutil.which("age"):
        identity = tmp_path / "id"
        identity.write_text(read(ring)[0].identity)
        plain = subprocess.run(["age", "-d", "-i", identity, file], capture_output=True, check=True)
        with tarfile.open(fileobj=io.BytesIO(plain.stdout)) as tar:
            assert tar.getnames()[0] == "manifest.json"


def test_a_key_that_was_thrown_away_opens_nothing(workspace: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyrage")
    ring = tmp_path / "keys.json"
    old, new = tmp_path / "old.age", tmp_path / "new.age"
    call("backup", "-o", old, "-w", workspace, "--keyring", ring)
    call("backup", "-o", new, "-w", workspace, "--keyring", ring, "--replace")
    assert len(read(ring)) == 1
    call("restore", old, "-w", tmp_path / "x", "--keyring", ring, code=6)
    call("restore", new, "-w", tmp_path / "y", "--keyring", ring)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def turned(data: bytes) -> bytes:
    at = data.index(picture(2)[:30])
    return data[:at] + b"q" + data[at + 1 :]


def of_the_database(data: bytes) -> bytes:
    at = data.index("Trần Thị".encode())
    return data[:at] + b"q" + data[at + 1 :]


def nothing(_: bytes) -> bytes:
    return b"not a tar" * 1000


@pytest.mark.parametrize("damage", [cut, turned, of_the_database, nothing])
def test_a_damaged_backup_gives_no_workspace(
    workspace: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "b.tar"
    call("backup", "-o", file, "-w", workspace)
    file.write_bytes(damage(file.read_bytes()))
    call("restore", file, "-w", tmp_path / "new", code=6)
    assert {each.name for each in tmp_path.iterdir()} == {"w", "b.tar"}


def test_an_encrypted_one_that_was_changed_gives_no_workspace(
    workspace: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pyrage")
    file, ring = tmp_path / "b.age", tmp_path / "keys.json"
    call("backup", "-o", file, "-w", workspace, "--keyring", ring)
    data = bytearray(file.read_bytes())
    data[-100] ^= 1
    file.write_bytes(data)
    call("restore", file, "-w", tmp_path / "new", "--keyring", ring, code=6)
    assert not (tmp_path / "new").exists()


def test_names_that_lead_out_of_the_folder_lead_nowhere(workspace: Path, tmp_path: Path) -> None:
    file, evil = tmp_path / "b.tar", tmp_path / "evil.tar"
    call("backup", "-o", file, "-w", workspace)
    with tarfile.open(file) as good, tarfile.open(evil, "w") as bad:
        for member in good:
            bad.addfile(member, good.extractfile(member))
        for name in ("../out", "/tmp/out-of-scanform", "images/../../out"):
            member = tarfile.TarInfo(name)
            member.size = 3
            bad.addfile(member, io.BytesIO(b"bad"))
        link = tarfile.TarInfo("images/ab")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        bad.addfile(link)
    call("restore", evil, "-w", tmp_path / "new")
    assert not (tmp_path / "out").exists()
    assert not Path("/tmp/out-of-scanform").exists()
    assert everything(tmp_path / "new") == everything(workspace)


def test_a_workspace_that_is_there_is_left_alone(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    call("backup", "-o", file, "-w", workspace)
    call("restore", file, "-w", workspace, code=6)


def test_lost_images_are_brought_back_and_nothing_else(workspace: Path, tmp_path: Path) -> None:
    file, images = tmp_path / "b.tar", ImageStore(workspace)
    call("backup", "-o", file, "-w", workspace)
    with open_store(workspace) as store:
        shas = [record.sheets[0].image for record in store.records()]
    images.path(shas[0]).unlink()
    images.path(shas[1]).write_bytes(b"rot")
    call("verify", "-w", workspace, code=6)
    said = json.loads(call("restore", file, "-w", workspace, "--images-only", "--json"))
    assert said == {"images": 2}
    call("verify", "-w", workspace)


def test_images_can_be_encrypted_where_they_lie(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage")
    key = tmp_path / "key.txt"
    call("encrypt", "--key", key, "-w", workspace)
    assert key.stat().st_mode & 0o077 == 0
    with open_store(workspace) as store:
        record = keep(store, ImageStore(workspace), 20)  # taking in needs no key
    for path in (workspace / "images").rglob("*"):
        assert path.is_dir() or path.read_bytes().startswith(b"age-encryption.org/v1")
    call("verify", "-w", workspace, code=6)
    file, new = tmp_path / "b.tar", tmp_path / "new"
    call("backup", "-o", file, "-w", workspace)
    monkeypatch.setenv("SCANFORM_KEY", str(key))
    call("verify", "-w", workspace)
    call("restore", file, "-w", new)
    call("verify", "-w", new)
    assert ImageStore(new).get(record.sheets[0].image) == picture(20)
    assert ImageStore(new).recipient
    call("encrypt", "--key", workspace / "key.txt", "-w", workspace, code=2)
    call("encrypt", "--key", tmp_path / "another.txt", "-w", workspace, code=2)


@pytest.mark.slow
def test_from_postgresql_and_back(new_postgresql: Callable[[], str], tmp_path: Path) -> None:
    here, there = new_postgresql(), new_postgresql()
    workspace, file = tmp_path / "w", tmp_path / "b.tar"
    fill(workspace, database=here)
    call("backup", "-o", file, "-w", workspace, "--database", here)
    call("restore", file, "-w", tmp_path / "lite")
    call("restore", file, "-w", tmp_path / "pg", "--database", there)
    expected = everything(workspace, here)
    assert everything(tmp_path / "lite") == expected
    assert everything(tmp_path / "pg", there) == expected
    assert not (tmp_path / "pg" / "scanform.db").exists()
    call("verify", "-w", tmp_path / "pg", "--database", there)
    # Numbers go on where they were.
    with open_store(tmp_path / "pg", there) as store:
        correct(store, keep(store, ImageStore(tmp_path / "pg"), 30), "Người Mới")
    call("verify", "-w", tmp_path / "pg", "--database", there)
    call("restore", file, "-w", tmp_path / "again", "--database", there, code=6)
