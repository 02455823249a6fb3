"""The drop folder: what is ready, and where it goes."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from scanform.engine import watch
from scanform.engine.health import health_served
from scanform.engine.watch import PATIENCE, Folder, Health, Outcome, looks_whole, outcomes, put_away
from scanform.model.scan import Rejected

PDF = b"%PDF-1.4 something %%EOF\n"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def drop(tmp_path: Path, clock: Clock) -> Folder:
    return Folder(tmp_path, stable=10, clock=clock)


def ready(drop: Folder) -> list[str]:
    return [path.name for path in drop.ready()]


def test_a_file_that_still_grows_is_left(drop: Folder, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF)
    assert ready(drop) == []
    clock.now = 9
    assert ready(drop) == []
    file.write_bytes(PDF + PDF)
    clock.now = 12
    assert ready(drop) == []
    clock.now = 21
    assert ready(drop) == []
    clock.now = 22
    assert ready(drop) == ["a.pdf"]


@pytest.mark.parametrize("data", [PDF[:-8], b"\xff\xd8\xff half", b"\x89PNG\r\n\x1a\n half", b""])
def test_a_stalled_copy_is_waited_for_longer_and_then_taken(
    drop: Folder, clock: Clock, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    ready(drop)
    clock.now = 10 * PATIENCE - 1
    assert ready(drop) == []
    clock.now = 10 * PATIENCE
    assert ready(drop) == ["a.pdf"]


def test_what_was_put_away_and_what_is_being_copied_is_left(
    drop: Folder, clock: Clock, tmp_path: Path
) -> None:
    for name in ("done/a.pdf", "rejected/b.pdf", "c.pdf.PART", "~d.pdf", ".e.pdf", "more/f.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PDF)
    ready(drop)
    clock.now = 1000
    assert ready(drop) == ["f.pdf"]


def test_a_share_that_is_away_is_an_error_and_comes_back(
    drop: Folder, clock: Clock, tmp_path: Path
) -> None:
    drop.path = tmp_path / "share"
    with pytest.raises(OSError, match="No such file"):
        drop.ready()
    drop.path.mkdir()
    (drop.path / "a.pdf").write_bytes(PDF)
    drop.ready()
    clock.now = 10
    assert ready(drop) == ["a.pdf"]


def test_a_file_that_could_not_be_moved_is_left_for_a_while(
    drop: Folder, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    ready(drop)
    clock.now = 10
    (path,) = drop.ready()
    drop.leave(path)
    clock.now = 200
    assert ready(drop) == []
    clock.now = 400
    assert ready(drop) == ["a.pdf"]


def words(rejected: Rejected) -> str:
    return f"vì {rejected.reason}"


def outcome(path: Path, taken: bool, *reasons: str) -> Outcome:
    rejected = tuple(Rejected(path, "ab", 2, each) for each in reasons)
    return Outcome(path, "ab" * 32, taken, rejected)


def test_done_and_rejected_go_their_ways_with_the_reason_beside(tmp_path: Path) -> None:
    good, bad, some = (tmp_path / name for name in ("1.pdf", "2.pdf", "3.pdf"))
    for path in (good, bad, some):
        path.write_bytes(PDF)
    put_away(tmp_path, outcome(good, True), words)
    put_away(tmp_path, outcome(bad, False, "damaged"), words)
    put_away(tmp_path, outcome(some, True, "misaligned"), words)
    there = {str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()}
    assert there == {
        "done/1.pdf",
        "rejected/2.pdf",
        "rejected/2.pdf.txt",
        "done/3.pdf",
        "rejected/3.pdf.txt",
    }
    assert (tmp_path / "rejected/2.pdf.txt").read_text("utf-8-sig") == "vì damaged\n"


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / "a.pdf"
        path.write_bytes(PDF * (number + 1))
        put_away(tmp_path, outcome(path, True), words)
    assert sorted(each.name for each in (tmp_path / "done").iterdir()) == [
        "a (2).pdf",
        "a (3).pdf",
        "a.pdf",
    ]


@pytest.mark.parametrize("name", ["a" * 251 + ".pdf", "ế" * 83 + ".pdf", "a\nb\u202e.pdf"])
def test_odd_names_are_put_away_too(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PDF)
    place = put_away(tmp_path, outcome(path, False, "damaged"), words)
    assert place is not None
    assert place.exists()
    assert place.with_name(place.name + ".txt").exists()


def test_what_can_not_be_moved_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    (tmp_path / "done").write_text("in the way")
    assert put_away(tmp_path, outcome(path, True), words) is None
    assert path.exists()


def test_the_outcome_is_what_the_store_has(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf", "gone.pdf", "c.txt")]
    paths[0].write_bytes(PDF)
    paths[1].write_bytes(PDF + b"2")
    paths[3].write_bytes(b"no scan at all")
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths[:2])
    rejected = [
        Rejected(paths[0], first, 2, "misaligned"),
        Rejected(tmp_path / "seen before.pdf", second, 1, "unknown_form"),
        Rejected(paths[0], "", None, "unreadable_file"),  # before its bytes could be told
        Rejected(tmp_path / "other.pdf", "ab" * 32, 1, "unknown_form"),
    ]
    found = list(outcomes(paths, {first: [True, False], second: [False]}.__getitem__, rejected))
    assert [each.taken for each in found] == [True, False, False, False]
    assert [each.sha256 for each in found[:2]] == [first, second]
    assert [[one.reason for one in each.rejected] for each in found] == [
        ["misaligned", "unreadable_file"],
        ["unknown_form"],
        ["unreadable_file"],
        ["unknown_type"],
    ]


def test_a_file_that_was_written_to_since_the_last_look_is_not_as_seen(
    drop: Folder, tmp_path: Path
) -> None:
    file = tmp_path / "a.pdf"
    assert not drop.is_as_seen(file)
    file.write_bytes(PDF)
    assert not drop.is_as_seen(file)  # nobody looked yet
    drop.leave(file)  # and there is nothing to leave
    drop.ready()
    assert drop.is_as_seen(file)
    file.write_bytes(PDF + PDF)
    assert not drop.is_as_seen(file)
    file.unlink()
    assert not drop.is_as_seen(file)


def test_a_folder_that_goes_away_during_a_look_is_no_file(
    drop: Folder, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "find_files", lambda paths: iter([*paths, tmp_path / "gone.pdf"]))
    drop.ready()
    clock.now = 1000
    assert drop.ready() == []
    assert drop.waiting == 0


def test_a_name_is_given_once_and_a_long_one_stays_as_long_as_it_may(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 236 + ".pdf")  # 240 bytes
    path.write_bytes(PDF)
    place = put_away(tmp_path, outcome(path, True), words)
    assert place is not None
    assert place.name == path.name
    # Another file was there before, though it was moved on since.
    path.write_bytes(PDF)
    place.unlink()
    again = put_away(tmp_path, outcome(path, True), words, lambda each: each == place)
    assert again is not None
    assert again.name == f"{'a' * 236} (2).pdf"


def test_a_new_name_is_noted_before_the_move_and_taken_back_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    noted: list[tuple[Path, Path, bool]] = []

    def renamed(one: Path, other: Path) -> None:
        noted.append((one, other, path.exists()))

    place = tmp_path / "done" / "a.pdf"
    with monkeypatch.context() as held_open:
        held_open.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError()))
        assert put_away(tmp_path, outcome(path, True), words, renamed=renamed) is None
    assert noted == [(path, place, True), (place, path, True)]
    assert put_away(tmp_path, outcome(path, True), words, renamed=renamed) == place
    assert noted[2:] == [(path, place, True)]


def test_a_sort_without_a_sure_end_looks_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0 anything")
    assert looks_whole(path)


def test_health_is_told_over_http() -> None:
    health = Health(waiting=3)
    with health_served(0, lambda: health.as_json("now")) as port:
        address = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
            assert json.load(answer)["waiting"] == 3
        health.state = "folder_away"
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"{address}/health", timeout=10)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/etc/passwd", timeout=10)
