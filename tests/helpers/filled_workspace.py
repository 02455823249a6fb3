"""A workspace with real images, rows and decisions, made without reading a page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scanform.model.reading import Alternative, Reading
from scanform.model.record import Answer, Decision, Doubt, Record, SheetRef, record_id
from scanform.model.scan import Rejected, ScanFile
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.store.sql import SqlStore

T0 = datetime(2025, 3, 1, 8, tzinfo=UTC)
TEMPLATE = "dc01@1"
NAMES = ("Trần Thị Bích Đào", "Lê Hoàng Phúc Hậu", "Phạm Ngọc Yến Nhi", "Võ Văn Thành Đạt")
NUMBERS = ("083185000123", "083090004567", "083201007788", "083075001199")


def sha(number: int) -> str:
    return f"{number:064x}"


def answers(name: str, number: str) -> tuple[Answer, ...]:
    doubts = (Doubt("low_confidence"),)
    reading = Reading("read", name, 0.7, "canned 1", alternatives=(Alternative(name.lower(), 0.2),))
    return (
        Answer("full_name", name, 0.5, "pending", doubts, reading),
        Answer("id_number", number, 0.999, "accepted", (), Reading("read", number, 1, "canned")),
        Answer("commune", "Thạnh Hải", 1.0, "accepted"),
        Answer("religion", None, 1.0, "blank"),
    )


def record_of(position: int, image: str) -> Record:
    """The record of the position's person: each on a scan of his own, named after him."""
    name, number = NAMES[position % len(NAMES)], NUMBERS[position % len(NUMBERS)]
    scan = sha(position + 1)
    return Record(
        id=record_id(scan, 1, TEMPLATE),
        template="dc01",
        revision=1,
        scan_path=f"box/{name}-{position}.jpg",
        scan_sha256=scan,
        scan_page=1,
        answers=answers(name, number),
        sheets=(SheetRef(1, 1, image),),
        created_at=T0,
    )


def picture(position: int) -> bytes:
    return f"picture {position} ".encode() * 500


def keep(store: SqlStore, images: ImageStore, position: int) -> Record:
    """What a run does with one file of one page."""
    record = record_of(position, images.put(picture(position)))
    path = Path(record.scan_path)
    store.open_scan(ScanFile(path, record.scan_sha256, 1000))
    store.save([PageRow(record.scan_sha256, 1, "form", record.sheets[0].image)], record)
    store.finish_scan(record.scan_sha256, 1)
    return record


def correct(store: SqlStore, record: Record, value: str, by: str = "lan") -> Decision:
    said = Decision(
        record.id, "full_name", "correct", value, by, T0, crop=record.sheets[0].image, how="form"
    )
    return store.decide(said)


def fill(workspace: Path, people: int = 4, database: str | None = None) -> list[Record]:
    """People on a scan each, a duplicate, a blank page, a rejected page, file and unread file."""
    images = ImageStore(workspace)
    with open_store(workspace, database) as store:
        made = [keep(store, images, position) for position in range(people)]
        for record in made[:3]:
            correct(store, record, record.answers[0].value or "")
        store.open_scan(ScanFile(Path("box/again.jpg"), made[0].scan_sha256, 1000))
        mixed = ScanFile(Path("box/mixed.pdf"), sha(900), 5)
        store.open_scan(mixed)
        bad = Rejected(mixed.path, mixed.sha256, 2, "misaligned", {"detail": "6 mm"})
        store.save([PageRow(mixed.sha256, 1, "blank")])
        store.save([PageRow(mixed.sha256, 2, "rejected", rejected=bad)])
        store.save([PageRow(mixed.sha256, 3, "separator")])
        store.finish_scan(mixed.sha256, 3)
        store.reject_scan(Rejected(Path("box/cut.jpg"), sha(901), None, "damaged", {}))
        store.reject_scan(Rejected(Path("box/away.jpg"), "", None, "unreadable_file", {}))
        store.open_scan(ScanFile(Path("box/later.pdf"), sha(902), 5))
    return made
