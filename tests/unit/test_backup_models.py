"""Readers that learnt are in the backups, and say which people they learnt from were erased."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from filled_workspace import NAMES, T0, fill, keep

from scanform.cli import main
from scanform.store.images import ImageStore
from scanform.store.model_erase import ERASED
from scanform.store.models import ModelStore
from scanform.store.open import open_store

READER = b"numbers and a graph " * 1000


def call(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], env={"SCANFORM_LANG": "en"})
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """With a reader that learnt from the second and third form, and reads."""
    made = fill(tmp_path / "w")
    models = ModelStore(tmp_path / "w")
    card = {"made_at": T0.isoformat(), "learnt_from": {"records": [each.id for each in made[1:3]]}}
    model = models.keep(READER, '{"words": {"hải": 3}}', card, T0)
    models.use(model.id, "lan", T0, "learnt")
    (models.folder / "lessons.json").write_text("[]")
    return tmp_path / "w"


def kept(workspace: Path) -> dict[str, bytes]:
    folder = workspace / "models"
    found = folder.rglob("*")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.is_file()}


def members(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return [name for name in tar.getnames() if name.startswith("models/")]


def test_readers_come_back_with_the_rest(workspace: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "b.tar", tmp_path / "new"
    call("backup", "-o", file, "-w", workspace)
    call("restore", file, "-w", new)
    assert len(kept(workspace)) == 5
    assert kept(new) == kept(workspace)
    assert ModelStore(new).current() == ModelStore(new).all()[0]
    call("verify", "-w", new)


def test_work_that_a_killed_lesson_left_is_in_no_backup(workspace: Path, tmp_path: Path) -> None:
    (workspace / "models" / ".work").mkdir()
    (workspace / "models" / ".work" / "maps.f16").write_bytes(b"maps of lines")
    call("backup", "-o", tmp_path / "b.tar", "-w", workspace)
    assert len(members(tmp_path / "b.tar")) == 5


def test_an_incremental_backup_holds_only_what_is_new_of_them(
    workspace: Path, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.tar" for number in range(3)]
    models = ModelStore(workspace)
    call("backup", "-o", files[0], "-w", workspace)
    with open_store(workspace) as store:
        keep(store, ImageStore(workspace), 10)
    call("backup", "-o", files[1], "-w", workspace, "--incremental")
    assert members(files[1]) == []
    second = models.keep(READER + b"more", "{}", {"made_at": T0.isoformat()}, T0)
    models.use(second.id, "lan", T0)
    call("backup", "-o", files[2], "-w", workspace, "--incremental")
    folder = f"models/{second.id}"
    assert members(files[2]) == [
        "models/use.json",
        *(f"{folder}/{name}" for name in ("card.json", "prior.json", "reader.onnx")),
    ]
    call("restore", *files, "-w", tmp_path / "new")
    assert kept(tmp_path / "new") == kept(workspace)


def changed(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with its members changed; one for which None comes back is left out."""
    other = file.with_suffix(".changed")
    with tarfile.open(file) as old, tarfile.open(other, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = change(member.name, content.read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return other


@pytest.mark.parametrize("damage", [None, b"another reader"])
def test_a_reader_that_is_missing_or_was_changed_is_refused(
    damage: bytes | None, workspace: Path, tmp_path: Path
) -> None:
    call("backup", "-o", tmp_path / "b.tar", "-w", workspace)
    other = changed(
        tmp_path / "b.tar",
        lambda name, data: damage if name.endswith("reader.onnx") else data,
    )
    call("restore", other, "-w", tmp_path / "new", code=6)
    assert not (tmp_path / "new").exists()


def test_no_name_in_a_backup_leads_elsewhere(workspace: Path, tmp_path: Path) -> None:
    call("backup", "-o", tmp_path / "b.tar", "-w", workspace)

    def elsewhere(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        said = json.loads(data)
        said["models"]["../../escaped.json"] = "0" * 64
        return json.dumps(said).encode()

    call("restore", changed(tmp_path / "b.tar", elsewhere), "-w", tmp_path / "new", code=6)
    assert not list(tmp_path.rglob("escaped.json"))


def test_a_backup_from_before_there_were_readers_in_it(workspace: Path, tmp_path: Path) -> None:
    call("backup", "-o", tmp_path / "b.tar", "-w", workspace)

    def as_it_was(name: str, data: bytes) -> bytes | None:
        if name.startswith("models/"):
            return None
        if name != "manifest.json":
            return data
        said = json.loads(data)
        del said["models"]
        return json.dumps(said).encode()

    call("restore", changed(tmp_path / "b.tar", as_it_was), "-w", tmp_path / "new")
    assert kept(tmp_path / "new") == {}


def test_whoever_is_erased_is_in_no_lesson_and_on_the_card(workspace: Path) -> None:
    work = workspace / "models" / ".work"
    work.mkdir()
    (work / "maps.f16").write_bytes(NAMES[1].encode())
    found = json.loads(call("person", "find", NAMES[1], "-w", workspace, "--json"))
    record = found[0]["record"]
    (model,) = ModelStore(workspace).all()
    said = json.loads(call("person", "erase", record, "-w", workspace, "--yes", "--json"))
    assert said["models"] == [model.id]
    assert not work.exists()
    assert ModelStore(workspace).get(model.id).card[ERASED] == [record]
    call("verify", "-w", workspace)
    # Of one that no model saw nothing is said.
    other = json.loads(call("person", "find", NAMES[0], "-w", workspace, "--json"))[0]["record"]
    said = json.loads(call("person", "erase", other, "-w", workspace, "--yes", "--json"))
    assert said["models"] == []


def test_a_reader_that_rotted_or_went_away_is_found(workspace: Path) -> None:
    (model,) = ModelStore(workspace).all()
    data = bytearray(READER)
    data[100] ^= 1
    model.reader.write_bytes(data)
    found = json.loads(call("verify", "-w", workspace, "--json", code=6))["findings"]
    assert [each["code"] for each in found] == ["model_damaged"]
    model.reader.unlink()
    found = json.loads(call("verify", "-w", workspace, "--json", code=6))["findings"]
    assert [each["code"] for each in found] == ["model_missing"]
    (workspace / "models" / "use.json").write_text("{")
    found = json.loads(call("verify", "-w", workspace, "--json", code=6))["findings"]
    assert [each["code"] for each in found] == ["models_unreadable"]
