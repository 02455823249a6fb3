"""The watch reads as a run does: boxes, readers, and what was learnt since it began."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from filled_workspace import T0
from killing import each_kill
from PIL import Image

from scanform.cli import main
from scanform.cli import watch as command
from scanform.cli.bounds import kept_bounds
from scanform.cli.watching import How, Watch
from scanform.digitise import BlankPage, PageResult
from scanform.engine.interface import PageJob
from scanform.store.campaigns import SqlCampaigns
from scanform.store.check import findings
from scanform.store.erase import NAMED
from scanform.store.images import ImageStore
from scanform.store.models import ModelStore
from scanform.store.open import open_store


class Canned:
    """An engine without processes: every page is blank, and a file's name says what cover it is."""

    starts: list[Any]

    def __init__(self, *_: object, start: Any = None) -> None:
        self.stopped = False
        Canned.starts = [start]

    def __enter__(self) -> Canned:
        return self

    def __exit__(self, *_: object) -> None: ...

    def renew(self, start: Any) -> None:
        Canned.starts.append(start)

    def read(self, jobs: Iterable[PageJob]) -> Iterator[tuple[PageJob, PageResult]]:
        yield from ((job, BlankPage(job.page)) for job in jobs)

    def each(self, _work: object, jobs: Iterable[PageJob]) -> Iterator[tuple[PageJob, str | None]]:
        for job in jobs:
            name = job.scan.path.stem
            yield job, name if name.startswith("B0") else None

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command, "LocalEngine", Canned)
    monkeypatch.setattr(command, "require_programs", lambda *_: None)
    monkeypatch.setenv("SCANFORM_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("SCANFORM_LANG", "en")
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


def scanned(drop: Path, name: str, shade: int) -> None:
    Image.new("L", (20, 20), shade).save(drop / f"{name}.png")


def call(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def watch(drop: Path, *words: str, code: int = 0) -> str:
    quick = ["--once", "--every", "0.1", "--stable", "0"]
    return call("watch", drop, "-t", "dc01", *quick, *words, code=code)


def opened(count: int) -> None:
    for _ in range(count):
        call("batch", "open", "Xã Thạnh Phong", "--forms", "2", "--from", "Bình")


def box(drop: Path, name: str) -> list[str]:
    with open_store(drop.parent / "w") as store:
        assert not list(findings(store, ImageStore(drop.parent / "w")))
        return [Path(each.path).name for each in SqlCampaigns(store).batch_scans(name)]


def lie(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_file())


@pytest.mark.parametrize("words", [(), ("--batch", "cover")])
def test_a_cover_opens_its_box_for_what_comes_later(drop: Path, words: tuple[str, ...]) -> None:
    opened(2)
    scanned(drop, "B0001", 1)
    watch(drop, *words)
    for number in (2, 3):  # each time a watch that was started anew
        scanned(drop, f"form{number}", number)
        watch(drop, *words)
    scanned(drop, "B0002", 4)
    scanned(drop, "form5", 5)
    watch(drop, *words)
    assert box(drop, "B0001") == ["form2.png", "form3.png"]
    assert box(drop, "B0002") == ["form5.png"]
    assert lie(drop / "done") == ["B0001.png", "B0002.png", "form2.png", "form3.png", "form5.png"]
    assert not (drop / "rejected").exists()


def test_what_comes_after_a_box_was_closed_belongs_to_none(drop: Path) -> None:
    opened(1)
    scanned(drop, "B0001", 1)
    watch(drop)
    call("batch", "close", "B0001")
    scanned(drop, "form2", 2)
    watch(drop)
    assert box(drop, "B0001") == []
    assert "form2.png" in lie(drop / "done")


def test_a_box_that_was_named(drop: Path) -> None:
    watch(drop, "--batch", "B0001", code=6)  # told at the start, not at every look
    opened(1)
    scanned(drop, "form1", 1)
    watch(drop, "--batch", "B0001")
    assert box(drop, "B0001") == ["form1.png"]


def test_where_all_must_follow_a_cover_what_does_not_waits(drop: Path) -> None:
    opened(1)
    scanned(drop, "form1", 1)
    how = How({}, drop.parent / "w", None, "en", batch="cover")
    watcher = Watch(drop, how, Canned(), None)  # type: ignore[arg-type]
    watcher.drop.stable = 0
    watcher._look()
    assert (watcher.health.state, watcher.health.well) == ("no_cover", False)
    assert lie(drop) == ["form1.png"]
    scanned(drop, "B0001", 2)
    watcher._look()
    assert (watcher.health.state, lie(drop)) == ("watching", [])


def test_what_can_not_be_moved_away_is_told(drop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scanned(drop, "form1", 1)
    (drop / "done").write_text("in the way")
    watcher = Watch(drop, How({}, drop.parent / "w", None, "en"), Canned(), None)  # type: ignore[arg-type]
    watcher.drop.stable = 0
    for _ in range(3):
        watcher._look()
        assert (watcher.health.state, watcher.health.well) == ("not_moved", False)
    assert capsys.readouterr().err.count("form1.png") == 1
    (drop / "done").unlink()
    watcher.drop._seen.clear()
    watcher._look()
    assert watcher.health.state == "watching"
    assert lie(drop / "done") == ["form1.png"]


def test_it_reads_as_it_is_told(drop: Path) -> None:
    watch(drop, "--text-reader", "tesseract", "--keyed", "--max-error", "2%")
    told = {"text_reader": "tesseract", "keyed": True, "learnt": None, "own_hamlets": None}
    assert Canned.starts[0].keywords == told
    with open_store(drop.parent / "w") as store:
        assert kept_bounds(store)["dc01"].max_error == 0.02


def test_what_is_learnt_meanwhile_reads_from_then_on(drop: Path) -> None:
    how = How({}, drop.parent / "w", None, "en")
    watcher = Watch(drop, how, Canned(), None)  # type: ignore[arg-type]
    watcher.drop.stable = 0
    scanned(drop, "form1", 1)
    watcher._look()
    assert len(Canned.starts) == 1
    models = ModelStore(drop.parent / "w")
    model = models.keep(b"reader", "{}", {}, T0)
    models.use(model.id, "lan", T0)
    for number in (2, 3):
        scanned(drop, f"form{number}", number)
        watcher._look()
    assert len(Canned.starts) == 2
    assert Canned.starts[1].keywords["learnt"] == (model.reader, model.id)


def test_names_come_again_when_done_was_emptied(drop: Path) -> None:
    opened(1)
    scanned(drop, "B0001", 1)
    for shade in (2, 3, 2):
        scanned(drop, "scan1", shade)
        watch(drop)
        assert lie(drop) == []
        for path in (drop / "done").iterdir():
            path.unlink()
    # Two files that had one name, and the first of them once more under its own.
    assert sorted(box(drop, "B0001")) == ["scan1 (2).png", "scan1.png"]


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.mark.parametrize(
    ("trouble", "called"),
    [(Killed, "done"), (PermissionError, "drop")],
    ids=["killed", "held open"],
)
def test_a_scan_is_known_by_where_it_lies_whatever_stops_the_move(
    drop: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[BaseException], called: str
) -> None:
    scanned(drop, "form1", 1)

    def stopped(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", stopped)
        watcher = Watch(drop, How({}, drop.parent / "w", None, "en"), Canned(), None)  # type: ignore[arg-type]
        watcher.drop.stable = 0
        with suppress(Killed):
            watcher._look()
    assert {place.parent.name for place in known(drop)} == {called}
    assert lie(drop) == ["form1.png"]
    watch(drop)
    assert known(drop) == {drop / "done" / "form1.png"}
    assert lie(drop / "done") == ["form1.png"]


@pytest.mark.slow
def test_a_watch_that_is_killed_at_any_step_goes_on(drop: Path, tmp_path: Path) -> None:
    (tmp_path / "whole" / "drop").mkdir(parents=True)
    scanned(tmp_path / "whole" / "drop", "form1", 1)
    (tmp_path / "whole" / "drop" / "cut.png").write_bytes(b"no scan IEND")

    def command(place: Path) -> None:
        os.environ["SCANFORM_WORKSPACE"] = str(place / "w")
        watch(place / "drop")

    for number, place in each_kill(tmp_path, tmp_path / "whole", command):
        command(place)
        found = [each for each in (place / "drop").rglob("*.*") if not each.name.startswith(".")]
        there = {str(each.relative_to(place / "drop")) for each in found}
        assert there == {
            "done/form1.png", "rejected/cut.png", "rejected/cut.png.txt"
        }, f"killed before step {number}"  # fmt: skip
        assert all(each.exists() for each in known(place / "drop"))
        with open_store(place / "w") as store:
            assert not list(findings(store, ImageStore(place / "w")))
            assert store.figures().scans_digitised == 1


def test_a_file_that_the_scanner_writes_over_meanwhile_is_read_again(
    drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(drop, "form1", 1)
    real = Canned.read

    def read(self: Canned, jobs: Iterable[PageJob]) -> Iterator[tuple[PageJob, PageResult]]:
        yield from real(self, jobs)
        monkeypatch.setattr(Canned, "read", real)
        scanned(drop, "form1", 2)

    monkeypatch.setattr(Canned, "read", read)
    watch(drop)
    assert lie(drop / "done") == ["form1.png"]
    with open_store(drop.parent / "w") as store:
        assert store.figures().scans_digitised == 2


def known(drop: Path) -> set[Path]:
    """Where the store says that scans lie."""
    with open_store(drop.parent / "w") as store, store.reading() as connection:
        called = (column for _, column in NAMED)
        return {Path(each) for column in called for each in connection.scalars(sa.select(column))}
