"""A real workspace is damaged in every way there is a word for, and `verify` finds it."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filled_workspace import fill, picture, sha

from scanform.cli import main
from scanform.cli.verify import FINDINGS
from scanform.store.images import ImageStore


def call(workspace: Path, *words: str, code: int = 0) -> str:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    done = CliRunner().invoke(main, words, env=environment)
    assert done.exit_code == code, done.output
    return done.stdout


def verify(workspace: Path, *words: str, code: int = 6) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(workspace, "verify", "--json", *words, code=code))
    return found


def codes(workspace: Path) -> set[str]:
    return {each["code"] for each in verify(workspace)["findings"]}


def change(workspace: Path, *statements: str) -> None:
    with sqlite3.connect(workspace / "scanform.db") as connection:
        for each in statements:
            assert connection.execute(each).rowcount > 0, each
    connection.close()


def image(workspace: Path, position: int = 0) -> Path:
    return ImageStore(workspace).path(ImageStore(workspace).put(picture(position)))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    fill(tmp_path / "w")
    return tmp_path / "w"


def test_a_workspace_that_nobody_touched_is_whole(workspace: Path) -> None:
    found = verify(workspace, code=0)
    assert found["ok"] is True
    assert (found["images"], found["log"]["rows"], found["findings"]) == (4, 3, [])
    assert "Whole: the books balance" in call(workspace, "verify")


def test_status_proves_the_books(workspace: Path) -> None:
    books = json.loads(call(workspace, "status", "--json"))["accounting"]
    assert books["holds"] is True
    assert {each["what"]: (each["total"], each["parts"]) for each in books["equations"]} == {
        "files": (9, {"digitised": 5, "duplicate": 1, "rejected": 2, "in_work": 1}),
        "pages": (7, {"form": 4, "blank": 1, "separator": 1, "rejected": 1}),
        "form_pages": (4, {"in_records": 4, "erased": 0}),
        "forms": (4, {"records": 4, "erased": 0}),
    }
    assert "9 = 5 digitised + 1 duplicate + 2 rejected + 1 in work  ✓" in call(workspace, "status")


def test_status_says_when_they_do_not_balance(workspace: Path) -> None:
    change(workspace, f"DELETE FROM names WHERE sha256 = '{sha(2)}'")
    assert "DOES NOT BALANCE" in call(workspace, "status")


ROW_DAMAGE: dict[str, tuple[str, set[str]]] = {
    "a scan's name": (f"DELETE FROM names WHERE sha256='{sha(2)}'", {"books", "scan_without_name"}),
    "a page": (
        f"DELETE FROM pages WHERE scan='{sha(900)}' AND number=2",
        {"books", "page_missing"},
    ),
    "a form page": (
        f"DELETE FROM pages WHERE scan='{sha(1)}'",
        {"books", "page_missing", "sheet_without_page"},
    ),
    "a record's page": (
        "DELETE FROM sheets WHERE record=1",
        {"books", "record_without_page", "page_without_record"},
    ),
    "a count": ("UPDATE records SET waiting=7 WHERE number=2", {"waiting_miscounted"}),
    "a unit": ("INSERT INTO unit_fields VALUES ('dc01', 'commune')", {"unit_strayed"}),
    "another image": (
        f"UPDATE sheets SET image='{'e' * 64}' WHERE record=1",
        {"image_disagrees", "image_missing"},
    ),
    "an answer": ("UPDATE answers SET value='x' WHERE record=1 AND field='commune'", {"log"}),
    "a decision": ("UPDATE decisions SET value='x' WHERE seq=2", {"log"}),
    "the end of the log": ("DELETE FROM decisions WHERE seq=3", {"log"}),
    "an account": ("DELETE FROM scans WHERE sha256='" + sha(1) + "'", {"row_without_parent"}),
}


@pytest.mark.parametrize("name", ROW_DAMAGE)
def test_rows_that_were_changed_are_found(workspace: Path, name: str) -> None:
    statement, expected = ROW_DAMAGE[name]
    change(workspace, statement)
    assert codes(workspace) == expected


def test_a_whole_record_that_is_gone_is_found(workspace: Path) -> None:
    tables = ("decisions", "readings", "answers", "sheets")
    change(
        workspace,
        *(f"DELETE FROM {table} WHERE record=1" for table in tables),
        "DELETE FROM records WHERE number=1",
    )
    assert codes(workspace) == {"books", "page_without_record", "log"}


IMAGE_DAMAGE: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "gone": (Path.unlink, {"image_missing"}),
    "one bit": (lambda path: path.write_bytes(b"q" + path.read_bytes()[1:]), {"image_damaged"}),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:100]), {"image_damaged"}),
    "empty": (lambda path: path.write_bytes(b""), {"image_damaged"}),
    "a strange file": (lambda path: path.with_name("notes.txt").write_text("x"), {"file_unknown"}),
}


@pytest.mark.parametrize("name", IMAGE_DAMAGE)
def test_images_that_were_changed_are_found(workspace: Path, name: str) -> None:
    damage, expected = IMAGE_DAMAGE[name]
    damage(image(workspace))
    assert codes(workspace) == expected


def test_what_a_kill_leaves_is_found_and_mended(workspace: Path) -> None:
    orphan = image(workspace, 77)
    half = orphan.with_name(f".{'ab' * 8}.new")
    half.write_bytes(b"half")
    fresh = orphan.with_name(f".{'cd' * 8}.new")  # somebody is writing it right now
    fresh.write_bytes(b"half")
    os.utime(half, (time.time() - 3600,) * 2)
    change(workspace, "UPDATE records SET waiting=7 WHERE number=2")
    assert codes(workspace) == {"image_orphan", "image_unfinished", "waiting_miscounted"}
    assert len(verify(workspace, "--mend", code=0)["mended"]) == 3
    assert verify(workspace, code=0)["ok"] is True
    assert (workspace / "set-aside" / orphan.name).read_bytes() == picture(77)
    assert fresh.exists()
    assert not half.exists()


def test_a_scan_that_lacks_a_page_is_read_again_after_mending(workspace: Path) -> None:
    change(workspace, f"DELETE FROM pages WHERE scan='{sha(900)}' AND number=2")
    verify(workspace, "--mend")
    status = json.loads(call(workspace, "status", "--json"))
    assert status["scans"]["unfinished"] == 2


def test_a_damaged_database_is_told_and_nothing_else_is_asked(workspace: Path) -> None:
    file = workspace / "scanform.db"
    data = bytearray(file.read_bytes())
    assert not (workspace / "scanform.db-wal").exists()
    page = 4096
    for at in range(12 * page, len(data), page):  # most pages' headers
        data[at : at + 8] = b"\xff" * 8
    file.write_bytes(data)
    done = CliRunner().invoke(main, ["verify", "-w", str(workspace)], env={"SCANFORM_LANG": "en"})
    assert done.exit_code == 6
    assert "damaged" in done.output
    assert "Traceback" not in done.output


def test_every_finding_says_how_to_mend_it_in_both_languages() -> None:
    for message, mends in FINDINGS.values():
        assert message.vi
        assert message.en
        assert mends.vi
        assert mends.en
