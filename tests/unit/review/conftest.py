"""A desk over a real SQLite store with a few made-up records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from scanform.fields import FIELD_KINDS
from scanform.fields.rules import check
from scanform.model.geometry import Box
from scanform.model.reading import Alternative, Reading
from scanform.model.record import Answer, Doubt, Record, SheetRef
from scanform.model.scan import ScanFile
from scanform.model.template import Field, Option, Rule, Template
from scanform.review import Desk, Person, Review
from scanform.review.memory import Memory
from scanform.review.room import Room
from scanform.store.desk import SqlDesk
from scanform.store.open import open_store
from scanform.store.sql import SqlStore

LAN, HOA, MAI = Person("lan", "admin"), Person("hoa", "clerk"), Person("mai", "checker")
SHA = "ab" * 32
LOW = (Doubt("low_confidence"),)
FORM = Template(
    id="form",
    title="Form",
    revision=1,
    pages=1,
    page_mm=(210, 297),
    fields=(
        Field("name", "Họ và tên", "text", 1, Box(20, 30, 100, 8)),
        Field("birth", "Ngày sinh", "date", 1, Box(20, 40, 60, 8), required=True),
        Field(
            "sex",
            "Giới tính",
            "choice",
            1,
            Box(20, 50, 60, 8),
            options=(Option("Nam", Box(20, 50, 4, 4)), Option("Nữ", Box(30, 50, 4, 4))),
        ),
        Field("number", "Số", "digits", 1, Box(20, 60, 60, 6), lengths=(12,)),
        Field("unit", "Xã", "place", 1, Box(20, 70, 60, 8), lexicon="commune"),
    ),
    unit="unit",
    rules=(Rule("id_number", {"number": "number", "sex": "sex", "birth_date": "birth"}),),
)


def read(text: str, *others: str) -> Reading:
    alternatives = tuple(Alternative(other, 0.2) for other in others)
    return Reading("read", text, 0.99, "canned 1", alternatives)


def answers(
    name: str = "Nguyễn Văn Ấn", unit: str = "Thạnh Hải", sex: str = "Nam"
) -> tuple[Answer, ...]:
    """The number is a man's of 1985; where the sex is a woman's, the rules doubt both."""
    found = (
        Answer("name", name, 0.5, "pending", LOW, read(name, "Nguyễn Văn Ân")),
        Answer("birth", "1985-06-05", 0.6, "pending", LOW, read("1985-06-05")),
        Answer("sex", sex, 0.99999, "accepted", (), read(sex)),
        Answer("number", "083085000123", 0.99999, "accepted", (), read("083085000123")),
        Answer("unit", unit, 0.7, "pending", LOW, read(unit)),
    )
    return check(FORM, found)


@dataclass
class Clock:
    now: datetime = datetime(2018, 10, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, minutes: float = 0, seconds: float = 0) -> None:
        self.now += timedelta(minutes=minutes, seconds=seconds)


@dataclass
class Office:
    """A workspace that may be closed and opened again, as after a crash."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    chance: Callable[[], float] = lambda: 1.0
    tokens: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.store: SqlStore = open_store(self.folder, clock=self.clock)
        review = Review(
            self.store,
            FIELD_KINDS,
            lambda _id, _revision: FORM,
            check,
            lambda sha256: f"image {sha256}".encode(),
            lambda data, box: data + f" {box.x:g} {box.y:g} {box.w:g} {box.h:g}".encode(),
            self.clock,
        )
        desk = SqlDesk(self.store)
        room = Room(review, desk, token=lambda: f"t{next(self.tokens)}")
        self.desk = Desk.of(review, desk, room, Memory(self.drawn))

    def drawn(self) -> float:
        return self.chance()

    def crash(self) -> None:
        self.store.close()
        self.open()

    def save(self, record_id: str, found: tuple[Answer, ...] | None = None, page: int = 1) -> None:
        self.store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        record = Record(
            record_id,
            "form",
            1,
            "box/a.pdf",
            SHA,
            page,
            found if found is not None else answers(),
            (SheetRef(1, page, "cd" * 32),),
        )
        self.store.save([], record)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "w")
    for number in (1, 2, 3):
        made.save(f"r{number}", page=number)
    yield made
    made.store.close()


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk
