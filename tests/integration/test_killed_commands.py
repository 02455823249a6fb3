"""A command is killed before each of its steps in turn: before every sync, new name, deletion and
commit. The same command, given again, must leave what an undisturbed one leaves."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from filled_workspace import NAMES, NUMBERS, fill, picture
from killing import each_kill

from scanform.cli import main
from scanform.store.images import KEY_ENVIRONMENT, ImageStore
from scanform.store.open import open_store
from scanform.store.persons import files_that_say, written_forms

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]
VICTIM = 1


def call(*words: str | Path, code: int | None = 0) -> str:
    done = CliRunner().invoke(main, [str(w) for w in words], env={"SCANFORM_LANG": "en"})
    assert code is None or done.exit_code == code, done.output
    return done.stdout


def traces(folder: Path, *texts: str | bytes) -> list[str]:
    forms = [form for text in texts for form in
             ([text] if isinstance(text, bytes) else written_forms(text))]  # fmt: skip
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("whole") / "w"
    records = fill(workspace)
    upload = workspace / "uploads" / "scan.jpg"
    upload.parent.mkdir()
    upload.write_bytes(b"x")
    (workspace.parent / "victim").write_text(records[VICTIM].id)
    return workspace


@pytest.fixture(scope="module")
def victim(whole: Path) -> str:
    return (whole.parent / "victim").read_text()


def test_an_erasure_is_finished(whole: Path, victim: str, tmp_path: Path) -> None:
    words = ("person", "erase", victim, "--yes", "-w")
    for number, workspace in each_kill(tmp_path, whole, lambda w: call(*words, w)):
        # Where the kill came after all was done there is nobody left to erase.
        call(*words, workspace, code=None)
        found = traces(workspace, NAMES[VICTIM], NUMBERS[VICTIM], picture(VICTIM)[:60])
        assert found == [], f"killed before step {number}"
        assert json.loads(call("verify", "-w", workspace, "--json"))["ok"]


def test_an_erasure_that_was_killed_is_told_and_mended(
    whole: Path, victim: str, tmp_path: Path
) -> None:
    words = ("person", "erase", victim, "--yes", "-w")
    told = 0
    for _, workspace in each_kill(tmp_path, whole, lambda w: call(*words, w)):
        found = json.loads(call("verify", "-w", workspace, "--json", code=None))["findings"]
        told += any(each["code"] == "erasure_unfinished" for each in found)
        call("verify", "--mend", "-w", workspace)
        with open_store(workspace) as store:
            there = any(each.id == victim for each in store.records())
        assert there or traces(workspace, NAMES[VICTIM], picture(VICTIM)[:60]) == []
    assert told > 3


def test_a_purge_is_finished(whole: Path, tmp_path: Path) -> None:
    words = ("purge", "--older-than", "2025-03-02", "--waiting", "--yes", "-w")
    for number, workspace in each_kill(tmp_path, whole, lambda w: call(*words, w)):
        call(*words, workspace)
        left = [path for path in (workspace / "images").rglob("*") if path.is_file()]
        assert left == [], f"killed before step {number}"
        call("verify", "-w", workspace)


def test_encrypting_is_finished(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key"
    call("encrypt", "--key", key, "-w", shutil.copytree(whole, tmp_path / "first"))
    monkeypatch.setenv(KEY_ENVIRONMENT, str(key))
    words = ("encrypt", "--key", key, "-w")
    for number, workspace in each_kill(tmp_path, whole, lambda w: call(*words, w)):
        call(*words, workspace)
        assert traces(workspace / "images", b"picture ") == [], f"killed before step {number}"
        call("verify", "-w", workspace)


def test_a_backup_leaves_nothing_lying_about(whole: Path, tmp_path: Path) -> None:
    def command(workspace: Path) -> None:
        beside = workspace.parent
        call("backup", "-o", beside / "b.age", "--keyring", beside / "keys", "--replace",
             "-w", workspace)  # fmt: skip

    call("backup", "-o", tmp_path / "0.age", "--keyring", tmp_path / "keys", "-w", whole)
    for number, workspace in each_kill(tmp_path, whole, command):
        beside = workspace.parent
        command(workspace)
        names = {each.name for each in beside.iterdir()} | {
            each.name for each in workspace.iterdir()
        }
        assert not [each for each in names if each.startswith(".")], f"killed before step {number}"
        assert len(json.loads((beside / "keys").read_text())["keys"]) == 1
        call("restore", beside / "b.age", "--keyring", beside / "keys", "-w", beside / "again")
        call("verify", "-w", beside / "again")


def test_nobody_who_was_erased_comes_back_with_a_restore(
    whole: Path, victim: str, tmp_path: Path
) -> None:
    (tmp_path / "erased.txt").write_text(f"{victim}\n")
    call("backup", "-o", tmp_path / "b.tar", "-w", whole)

    def command(workspace: Path) -> None:
        place = workspace.parent / "restored"
        if not place.exists():
            call("restore", tmp_path / "b.tar", "--erased", tmp_path / "erased.txt", "-w", place)

    for number, workspace in each_kill(tmp_path, whole, command):
        restored = workspace.parent / "restored"
        assert not list(files_that_say([restored], [NAMES[VICTIM]])), f"killed before step {number}"
        command(workspace)
        there = {each.name for each in workspace.parent.iterdir()}
        assert there == {"w", "restored"}
        assert traces(restored, NAMES[VICTIM], picture(VICTIM)[:60]) == []
        call("verify", "-w", restored)


def test_images_that_were_laid_aside_are_encrypted_too(whole: Path, tmp_path: Path) -> None:
    workspace = shutil.copytree(whole, tmp_path / "w")
    ImageStore(workspace).put(b"picture of nobody")
    call("verify", "--mend", "-w", workspace)
    call("encrypt", "--key", tmp_path / "key", "-w", workspace)
    assert traces(workspace, b"picture ") == []
