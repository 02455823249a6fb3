"""An erased person is in no byte of the workspace, the log still holds, the books still balance."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from filled_workspace import NAMES, NUMBERS, T0, correct, fill, keep, sha

from scanform.cli import main
from scanform.model.record import Decision, Record, SheetRef, record_id
from scanform.model.scan import Rejected, ScanFile
from scanform.programs import scratch
from scanform.review import Person
from scanform.store import outputs
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.store.persons import files_that_say, written_forms
from scanform.store.tables import settings
from scanform.whole import writing_whole

VICTIM = 1
NAME, NUMBER = NAMES[VICTIM], NUMBERS[VICTIM]


def call(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(w) for w in words], env={"SCANFORM_LANG": "en"})
    assert done.exit_code == code, done.output
    return done.stdout


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def traces(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """Every file with one of the texts in any spelling, and every word of a name on its own."""
    return [
        (str(path), text)
        for path, data in bytes_of(folder)
        for text in texts
        for form in written_forms(text)
        if form in data
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Many people, so that the database has pages that were split and freed; the one in question
    in every table that can hold something about him."""
    workspace = tmp_path / "w"
    made = fill(workspace)
    images = ImageStore(workspace)
    upload = workspace / "uploads" / f"0-{NAME}.jpg"
    upload.parent.mkdir()
    upload.write_bytes(f"scan of {NAME} {NUMBER}".encode())
    with open_store(workspace) as store:
        for position in range(40, 120, 4):
            keep(store, images, position)
        record = made[VICTIM]
        for value in (NAME.upper(), NAME, NAME.lower()):
            correct(store, record, value, by="hoa")
        store.decide(Decision(record.id, "full_name", "note", None, "hoa", T0, note=f"gọi {NAME}"))
        desk = SqlDesk(store)
        with store.writing() as connection:
            row = {"r": 2, "n": NAME, "at": T0.replace(tzinfo=None).isoformat(" ")}
            for text in (
                "INSERT INTO orders VALUES (1,'key','lan',:at,'dc01','[]',1,1,1)",
                'INSERT INTO tasks (number,"order",work,record,field,template,open,not_by,nor_by,'
                "expected,value) VALUES (1,1,'key',:r,'full_name','dc01',0,'','',:n,:n)",
                "INSERT INTO seeds VALUES (1,:r,NULL,'full_name','dc01','value',:n,'lan',:at)",
                "INSERT INTO seed_answers VALUES (1,1,'hoa',:at,'correct',:n,1,2.0,0)",
                "INSERT INTO skips VALUES ('hoa',:r,'full_name',:at)",
            ):
                connection.execute(sa.text(text), row)
        assert desk.head()[0] == 7
        store.open_scan(ScanFile(upload, record.scan_sha256, 10))
    return workspace


def victim(workspace: Path) -> str:
    found = json.loads(call("person", "find", NAME, "-w", workspace, "--json"))
    return str(found[0]["record"])


def test_a_person_is_found_by_name_or_number(workspace: Path) -> None:
    for text in (NAME, NAME.lower(), "le hoang phuc hau", NUMBER, f"{NUMBER[:6]} {NUMBER[6:]}"):
        found = json.loads(call("person", "find", text, "-w", workspace, "--json"))
        assert {each["record"] for each in found} == {victim(workspace)}
    assert "Nobody" in call("person", "find", "Hoàng Ph", "-w", workspace)


def test_everything_held_is_shown_and_handed_over(workspace: Path, tmp_path: Path) -> None:
    record, folder = victim(workspace), tmp_path / "person"
    shown = json.loads(call("person", "show", record, "-w", workspace))
    assert {row["value"] for row in shown[0]["log"]} >= {NAME, NAME.upper()}
    call("person", "show", record, "-w", workspace, "-o", folder)
    assert sorted(path.name for path in folder.iterdir()) == [f"{record}-1.jpg", "person.json"]


@pytest.fixture
def sqlite_forgets_nothing(workspace: Path) -> Iterator[None]:
    """As other builds of SQLite are: what is deleted stays in the file. And a server is running,
    so that the write-ahead log is not taken away when a command ends."""

    def listener(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA secure_delete = OFF")

    sa.event.listen(sa.Engine, "connect", listener)
    with open_store(workspace) as server:
        server.figures()
        yield
    sa.event.remove(sa.Engine, "connect", listener)


@pytest.mark.usefixtures("sqlite_forgets_nothing")
def test_an_erased_person_is_in_no_byte(workspace: Path, tmp_path: Path) -> None:
    record = victim(workspace)
    backup, ring = tmp_path / "backups" / "1.age", tmp_path / "keys.json"
    backup.parent.mkdir()
    call("backup", "-o", backup, "-w", workspace, "--keyring", ring)
    assert traces(workspace, NAME, NUMBER)
    # The scan's name is a trace too; what is in the backup nobody can open without the key.
    with open_store(workspace) as store:
        held = next(each for each in store.records() if each.id == record)
    picture = ImageStore(workspace).path(held.sheets[0].image)
    upload = next((workspace / "uploads").iterdir())
    upload_sha = hashlib.sha256(upload.read_bytes()).hexdigest()
    assert upload_sha != held.scan_sha256  # only a file that is that scan may be deleted
    said = json.loads(call("person", "erase", record, "-w", workspace, "--yes", "--json"))
    assert said["still_said_in"] == [str(upload)]
    upload.unlink()
    assert traces(workspace, NAME, NUMBER, *NAME.split()) == []
    assert not picture.exists()
    call("backup", "-o", backup.with_name("2.age"), "-w", workspace, "--keyring", ring, "--replace")
    assert traces(backup.parent, NAME, NUMBER) == []
    call("restore", backup, "-w", tmp_path / "x", "--keyring", ring, code=6)
    call("restore", backup.with_name("2.age"), "-w", tmp_path / "y", "--keyring", ring)
    assert traces(tmp_path / "y", NAME, NUMBER) == []


def test_a_name_of_a_copy_that_broke_off_goes_too(workspace: Path) -> None:
    record = victim(workspace)
    with open_store(workspace) as store:
        path = Path(store.record(record).scan_path)
        # As it came at first: not to be read, then damaged, then as it was digitised, then gone.
        store.reject_scan(Rejected(path, "", None, "unreadable_file", {}))
        store.reject_scan(Rejected(path, sha(700), None, "damaged", {}))
        store.reject_scan(Rejected(path, "", None, "unreadable_file", {}))
    assert traces(workspace, path.name)
    call("person", "erase", record, "-w", workspace, "--yes")
    assert [each for each, _ in traces(workspace, NAME) if "uploads" not in each] == []
    assert json.loads(call("status", "-w", workspace, "--json"))["accounting"]["holds"]
    call("verify", "-w", workspace)


def test_the_log_keeps_that_it_happened_and_not_what_it_was(workspace: Path) -> None:
    before = json.loads(call("log", "verify", "-w", workspace, "--json"))
    record = victim(workspace)
    call("person", "erase", record, "-w", workspace, "--yes", "--by", "mai")
    found = json.loads(call("verify", "-w", workspace, "--json"))
    assert found["findings"] == []
    # A head that was written down before still is in the chain.
    call("log", "verify", "--head", before["head"], "-w", workspace)
    rows = [json.loads(line) for line in call("log", "export", "-w", workspace).splitlines()]
    about = [row for row in rows if row["record"] == record]
    assert [row["action"] for row in about] == ["correct"] * 4 + ["note", "erase"]
    assert about[-1]["by"] == "mai"
    assert all("value" not in row and "salt" not in row for row in about)
    books = json.loads(call("status", "-w", workspace, "--json"))["accounting"]
    assert books["holds"] is True
    assert books["equations"][3]["parts"]["erased"] == 1


def test_rows_emptied_past_the_program_are_found(workspace: Path) -> None:
    """Whoever empties rows as an erasure does must say so in the chain, or is found."""
    record = victim(workspace)
    call("person", "erase", record, "-w", workspace, "--yes")
    with sqlite3.connect(workspace / "scanform.db") as connection:
        connection.execute("DELETE FROM events WHERE action='erase'")
    connection.close()
    found = json.loads(call("verify", "-w", workspace, "--json", code=6))
    assert {each["where"].split()[0] for each in found["findings"]} >= {"emptied"}


def test_running_the_same_scan_again_does_not_bring_the_person_back(workspace: Path) -> None:
    record = victim(workspace)
    with open_store(workspace) as store:
        held = store.record(record)
    call("person", "erase", record, "-w", workspace, "--yes")
    with open_store(workspace) as store:
        scan = ScanFile(Path(held.scan_path), held.scan_sha256, 1000)
        assert store.open_scan(scan) == "finished"
        assert store.save([PageRow(held.scan_sha256, 1, "form", "ab" * 32)], held) is False
    assert "Nobody" in call("person", "find", NUMBER, "-w", workspace)


def test_only_the_one_person_is_erased(workspace: Path) -> None:
    with open_store(workspace) as store:
        before = {each.id: each for each in store.records()}
    record = victim(workspace)
    call("person", "erase", record, "-w", workspace, "--yes")
    with open_store(workspace) as store:
        after = {each.id: each for each in store.records()}
    del before[record]
    assert after == before


def test_an_image_or_scan_shared_with_others_stays(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    first, second, *_ = fill(workspace)
    with open_store(workspace) as store:
        scan = sha(500)
        store.open_scan(ScanFile(Path(f"box/{NAMES[0]}.pdf"), scan, 9))
        shared = first.sheets[0].image
        for page, person in ((1, first), (2, second)):
            made = Record(
                record_id(scan, page, "dc01@1"), "dc01", 1, f"box/{NAMES[0]}.pdf", scan, page,
                person.answers, (SheetRef(1, page, shared),), T0,
            )  # fmt: skip
            store.save([PageRow(scan, page, "form", shared)], made)
        store.finish_scan(scan, 2)
    call("person", "erase", record_id(scan, 1, "dc01@1"), "-w", workspace, "--yes")
    with open_store(workspace) as store:
        other = store.record(record_id(scan, 2, "dc01@1"))
    # Its name named the first person, so the scan lost it; the second person's page is whole.
    assert other.scan_path.startswith("erased/")
    call("verify", "-w", workspace)


def test_who_looked_is_in_the_log(workspace: Path) -> None:
    record = victim(workspace)
    call("person", "show", record, "-w", workspace, "--by", "lan")
    rows = [json.loads(line) for line in call("log", "export", "-w", workspace).splitlines()]
    looked = [(row["action"], row["by"], row["record"]) for row in rows if row["action"] == "show"]
    assert looked == [("show", "lan", record)]
    assert NAME not in json.dumps([row for row in rows if row["action"] == "find"])


def test_the_log_goes_to_standard_output_where_a_dash_is_asked_for(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    victim(workspace)
    said = call("log", "export", "-o", "-", "-w", workspace)
    call("person", "erased", "-o", "-", "-w", workspace)
    assert not (tmp_path / "-").exists()
    call("log", "export", "-o", tmp_path / "log.jsonl", "-w", workspace)
    kept = (tmp_path / "log.jsonl").read_text("utf-8").splitlines()
    assert said.splitlines() == kept[: len(said.splitlines())]
    assert len(kept) == len(said.splitlines()) + 1, "each says that it was taken"


def test_what_is_handed_over_is_for_one_reader_or_told_why_not(
    workspace: Path, tmp_path: Path
) -> None:
    record = victim(workspace)
    call("person", "show", record, "-o", tmp_path / "out", "-w", workspace)
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "out").iterdir()} == {0o600}
    (tmp_path / "file").touch()
    call("person", "show", record, "-o", tmp_path / "file" / "out", "-w", workspace, code=2)
    (tmp_path / "full" / "person.json").mkdir(parents=True)
    call("person", "show", record, "-o", tmp_path / "full", "-w", workspace, code=1)


def test_the_record_of_processing_holds_nobody(workspace: Path, tmp_path: Path) -> None:
    call(
        "export",
        "--format",
        "csv",
        "--fields",
        "full_name",
        "-o",
        tmp_path / "a.csv",
        "--by",
        "mai",
        "-w",
        workspace,
    )
    call("person", "erase", victim(workspace), "-w", workspace, "--yes")
    text = call("person", "processing", "-w", workspace)
    said = json.loads(text)
    assert (said["forms"][0]["persons"], said["erased"]) == (23, {"request": 1})
    assert [each["by"] for each in said["access"] if each["action"] == "export"] == ["mai"]
    assert not any(each in text for each in (*NAMES, *NUMBERS))


def test_an_erasure_asks_first(workspace: Path) -> None:
    record = victim(workspace)
    call("person", "erase", record, "-w", workspace, code=130)
    call("person", "erase", "nobody", "-w", workspace, "--yes", code=6)
    assert victim(workspace) == record


def test_old_images_go_first(workspace: Path) -> None:
    said = json.loads(
        call("purge", "--older-than", "2025-03-02", "--waiting", "-w", workspace, "--yes", "--json")
    )
    assert said == {"old": 24, "images": 24}
    assert not [path for path in (workspace / "images").rglob("*") if path.is_file()]
    with open_store(workspace) as store:
        assert len(list(store.records())) == 24
    call("verify", "-w", workspace)


def test_what_waits_or_is_young_is_not_purged(workspace: Path) -> None:
    # T0 is the moment at which all came in; only the three that were decided are done.
    for day, count in (((T0 - timedelta(days=1)).date(), 0), ((T0 + timedelta(days=1)).date(), 3)):
        said = json.loads(
            call("purge", "--older-than", str(day), "-w", workspace, "--dry-run", "--json")
        )
        assert said == {"old": count}


def test_old_records_go_whole(workspace: Path) -> None:
    (next((workspace / "uploads").iterdir())).unlink()
    call(
        "purge", "--older-than", "2025-03-02", "--what", "all", "--waiting", "--yes",
        "-w", workspace,
    )  # fmt: skip
    assert traces(workspace, *NAMES, *NUMBERS) == []
    call("verify", "-w", workspace)
    call("purge", "-w", workspace, code=2)


def test_orphans_are_overwritten(workspace: Path) -> None:
    ImageStore(workspace).put(b"of nobody")
    call("verify", "--mend", "-w", workspace)
    ImageStore(workspace).put(b"of nobody else")
    said = json.loads(call("purge", "--orphans", "-w", workspace, "--json"))
    assert said == {"images": 2}
    assert not list((workspace / "set-aside").iterdir())


def test_files_that_still_say_it_are_named(tmp_path: Path) -> None:
    said = {"a.csv": NAME, "b.json": json.dumps(NAME), "c.txt": NUMBER, "d.txt": "nothing"}
    for name, text in said.items():
        (tmp_path / name).write_text(text, "utf-8")
    for name, text in (("e.xlsx", NAME), ("f.docx", "nothing")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("sheet.xml", f"<t>{text}</t>" * 50)
    (tmp_path / "g.xlsx").write_bytes(
        (tmp_path / "e.xlsx").read_bytes()[:90] + b"PK\5\6" + bytes(18)
    )
    found = [path.name for path in files_that_say([tmp_path], [NAME, NUMBER])]
    assert found == ["a.csv", "b.json", "c.txt", "e.xlsx"]


@pytest.mark.slow
def test_in_postgresql(new_postgresql: Callable[[], str], tmp_path: Path) -> None:
    url = new_postgresql()
    record = fill(tmp_path / "w", database=url)[VICTIM]
    options = ("-w", tmp_path / "w", "--database", url)
    call("person", "erase", record.id, "--yes", *options)
    assert "Nobody" in call("person", "find", NAME, *options)
    call("verify", *options)
    assert Person  # the log is checked by verify


def left_by_a_kill(folder: Path) -> Path:
    """A half-written file whose process is no more."""
    path = folder / f".{'0' * 16}.new"
    path.write_bytes(f"{NAME};{NUMBER}".encode())
    os.utime(path, (time.time() - 5,) * 2)
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "sqlite", "jsonl"])
def test_exports_that_say_it_are_named_wherever_they_lie(
    form: str, workspace: Path, tmp_path: Path
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    record = victim(workspace)
    before, inside, outside = (
        tmp_path / f"before.{form}", workspace / f"all.{form}", tmp_path / f"all.{form}"
    )  # fmt: skip
    for each in (inside, outside):
        call("export", "--format", form, "-o", each, "-w", workspace, "--by", "mai")
    moved = tmp_path / f"moved.{form}"
    call("export", "--format", form, "-o", moved, "-w", workspace)
    moved.rename(before)
    masked = tmp_path / f"masked.{form}"
    call("export", "--format", form, "-o", masked, "-w", workspace,
         "--redact", "full_name", "--redact", "id_number")  # fmt: skip
    said = json.loads(call("person", "erase", record, "-w", workspace, "--yes", "--json"))
    uploads = [str(each) for each in (workspace / "uploads").iterdir()]
    assert said["still_said_in"] == [*sorted([str(inside), *uploads]), str(outside)]
    (out,) = said["written_out"]
    assert (out["path"], out["state"], out["what"]) == (str(moved), "moved", "export")


def test_pictures_and_files_for_people_that_may_show_him_are_named(
    workspace: Path, tmp_path: Path
) -> None:
    record, folder = victim(workspace), tmp_path / NAME
    call("person", "show", record, "-w", workspace, "-o", folder, "--by", "lan")
    call("person", "show", record, "-w", workspace, "-o", tmp_path / "plain", "--by", "lan")
    backup = tmp_path / "b.age"
    call("backup", "-o", backup, "-w", workspace, "--keyring", tmp_path / "keys")
    said = call("person", "erase", record, "-w", workspace, "--yes")
    for each in (folder, tmp_path / "plain", backup):
        assert f"may show the person: {each} (" in said
    # And a folder that is called after him is not remembered any longer.
    (workspace / "uploads").joinpath(next((workspace / "uploads").iterdir()).name).unlink()
    assert traces(workspace, NAME, NUMBER) == []


def test_what_went_out_before_he_came_is_not_named(workspace: Path, tmp_path: Path) -> None:
    with open_store(workspace) as store:
        outputs.note(store, "gallery", "lan", tmp_path / "old.html", searchable=False)
        with store.writing() as connection:
            (row,) = connection.execute(sa.select(settings.c.value)).scalars()
            row[0]["at"] = (T0 - timedelta(days=1)).isoformat()
            connection.execute(sa.update(settings).values(value=row))
    said = json.loads(
        call("person", "erase", victim(workspace), "-w", workspace, "--yes", "--json")
    )
    assert said["written_out"] == []


def test_the_note_beside_a_rejected_page_is_named(workspace: Path, tmp_path: Path) -> None:
    scan = tmp_path / "drop" / "done" / f"{NAME}.pdf"
    note = tmp_path / "drop" / "rejected" / f"{NAME}.pdf.txt"
    for each in (scan, note):
        each.parent.mkdir(parents=True)
        each.write_bytes(b"a page was too small")
    record = victim(workspace)
    with open_store(workspace) as store:
        sha256 = store.record(record).scan_sha256
        store.open_scan(ScanFile(scan, sha256, 10))
    said = json.loads(call("person", "erase", record, "-w", workspace, "--yes", "--json"))
    assert str(scan) in said["scans"]
    assert said["notes"] == [str(note)]


def test_a_file_that_is_only_called_after_him_is_named(tmp_path: Path) -> None:
    folded = tmp_path / "LE_HOANG-phuc hau (2).pdf"
    folded.write_bytes(b"a picture")
    assert list(files_that_say([tmp_path], [NAME])) == [folded]


def test_what_killed_commands_left_goes_with_the_person(workspace: Path) -> None:
    left = [left_by_a_kill(workspace), workspace / "uploads" / ".0-a.pdf.part"]
    left[1].write_bytes(NAME.encode())
    os.utime(left[1], (time.time() - 5,) * 2)
    call("person", "erase", victim(workspace), "-w", workspace, "--yes")
    assert not any(each.exists() for each in left)


def test_the_next_export_takes_away_what_a_killed_one_left(workspace: Path, tmp_path: Path) -> None:
    left, folder = left_by_a_kill(tmp_path), tmp_path / "others"
    folder.mkdir()
    with writing_whole(tmp_path / "other.csv") as at_work:
        (other,) = (each for each in tmp_path.glob(".*.new") if each != left)
        os.utime(other, (time.time() - 5,) * 2)
        call("export", "--format", "csv", "-o", tmp_path / "a.csv", "-w", workspace)
        assert (left.exists(), other.exists()) == (False, True)
        at_work.write(b"whole")
    assert (tmp_path / "other.csv").read_bytes() == b"whole"


def test_an_export_that_is_killed_leaves_no_database_behind(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put together in a folder that is swept up."""
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))

    def killed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr("scanform.export.sqlite._dictionary", killed)
        call("export", "--format", "sqlite", "-o", tmp_path / "a.sqlite", "-w", workspace)
        os._exit(0)
    os.waitpid(child, 0)
    (left,) = tmp_path.glob("scanform-scratch-*")
    assert (left / "records.db").exists()
    os.utime(left, (time.time() - 5,) * 2)
    call("person", "erase", victim(workspace), "-w", workspace, "--yes")
    assert not left.exists()
