"""A small office for the tests of the pages: a real store, drawn forms, nothing digitised."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import cv2
import numpy as np
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from scanform.cli.campaign_desk import CampaignDesk
from scanform.cli.web_office import Lessons
from scanform.fields import FIELD_KINDS
from scanform.fields.rules import check
from scanform.model.geometry import Box
from scanform.model.reading import Alternative, Reading
from scanform.model.record import Answer, Doubt, Record, SheetRef
from scanform.model.scan import SHEET_DPI, Rejected, ScanFile
from scanform.model.template import Field, Option, Template
from scanform.page.encode import encode_sheet
from scanform.page.snippet import cut_png
from scanform.review import Desk, Person, Review
from scanform.review.safe import Safe
from scanform.store.campaigns import SqlCampaigns
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow, Store
from scanform.store.open import open_store
from scanform.tally import count_against
from scanform.web.app import create_app
from scanform.web.doors import OwnMachine, Patience
from scanform.web.office import Job, Office
from scanform.web.security import LOOPBACK

ADMIN = Person("chi", "admin")
PASSWORD = "mười hai con giáp"
BASE = "http://127.0.0.1:8000"

TEMPLATE = Template(
    id="small",
    title="Phiếu nhỏ",
    revision=1,
    pages=1,
    page_mm=(105, 74),
    fields=(
        Field("name", "Họ và tên", "text", 1, Box(20, 10, 75, 8), required=True),
        Field("number", "Số", "digits", 1, Box(20, 30, 30, 8), lengths=(4,)),
        Field(
            "sex",
            "Giới tính",
            "choice",
            1,
            Box(20, 50, 40, 5),
            options=(Option("Nam", Box(20, 50, 5, 5)), Option("Nữ", Box(55, 50, 5, 5))),
        ),
    ),
    unit="name",
)


def sheet(text: str) -> bytes:
    """A page that says ``text`` where the name stands."""
    page = np.full((874, 1240, 3), 250, np.uint8)
    cv2.rectangle(page, (236, 118), (1122, 213), (60, 60, 60), 2)
    cv2.putText(page, text, (260, 190), cv2.FONT_HERSHEY_SIMPLEX, 2, (90, 30, 20), 5)
    cv2.putText(page, "1234", (260, 430), cv2.FONT_HERSHEY_SIMPLEX, 2, (90, 30, 20), 5)
    for left in (236, 650):
        cv2.rectangle(page, (left, 590), (left + 59, 649), (60, 60, 60), 2)
    assert SHEET_DPI == 300
    return encode_sheet(page)


def fill(store: Store, images: ImageStore, count: int, name: str = "NGUYEN VAN {}") -> None:
    """``count`` records; of each the name waits, and the number of every second one."""
    for at in range(count):
        text, sha = name.replace("{}", str(at)), f"{at:064x}"
        path = Path(f"box/scan {at}.pdf")
        store.open_scan(ScanFile(path, sha, 1))
        image = images.put(sheet(f"Nguyen Van {at}"))
        others = (Alternative(f"{text} A", 0.3), Alternative("LÊ THỊ NHÀN", 0.2))
        read = Reading("read", text, 0.6, "canned", others)
        digits = Reading("read", f"12{at:02}", 0.6, "canned", (Alternative(f"72{at:02}", 0.3),))
        number_state = "pending" if at % 2 else "accepted"
        answers = (
            Answer("name", text, 0.6, "pending", (Doubt("low_confidence"),), read),
            Answer("number", f"12{at:02}", 0.6, number_state, (), digits),
            Answer("sex", "Nam", 0.99, "accepted", (), Reading("read", "Nam", 0.99, "canned")),
        )
        record = Record(
            f"r{at:015}", "small", 1, str(path), sha, 1, answers, (SheetRef(1, 1, image),)
        )
        store.save([PageRow(sha, 1, "form", image)], record)
        store.finish_scan(sha)


class CannedIntake:
    """Takes files and digitises nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[tuple[Path, str, str, tuple[str, ...]]] = []

    def templates(self) -> list[Template]:
        return [TEMPLATE]

    def put(self, path: Path, by: str, name: str, templates: Collection[str] = ()) -> str:
        self.taken.append((path, by, name, tuple(templates)))
        return str(len(self.taken))

    def jobs(self) -> list[Job]:
        return [Job(str(at), name, by, "done") for at, (_, by, name, _) in enumerate(self.taken)]

    def picture(self, rejected: Rejected) -> bytes | None:
        return sheet("rejected") if rejected.page else None


class CannedExports:
    """Writes how many records there are."""

    formats = ("csv", "jsonl")

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, form: str, template: str | None, complete: bool, who: Person) -> IO[bytes]:
        who.need("export")
        return io.BytesIO(f"{len(list(self._store.records()))} records for {who.name}".encode())


@contextmanager
def open_office(
    workspace: Path, records: int = 3, accounts: bool = False, name: str = "NGUYEN VAN {}"
) -> Iterator[Office]:
    """An office of its own machine, or one with an account for each role (named as the role)."""
    images = ImageStore(workspace)
    with open_store(workspace) as store:
        fill(store, images, records, name)
        review = Review(store, FIELD_KINDS, lambda _i, _r: TEMPLATE, check, images.get, cut_png)
        desk = Desk.of(review, SqlDesk(store))
        # Argon2 is slow on purpose; how strong it is, is tested elsewhere.
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        desk = replace(desk, people=replace(desk.people, safe=Safe(cheap)))
        if accounts:
            for role in ("clerk", "checker", "officer", "admin"):
                desk.people.add(ADMIN, role, role, PASSWORD)
        yield Office(
            desk=desk,
            figures=store.figures,
            rejected=store.rejected,
            tally=lambda: count_against([], store.unit_counts({"small": "name"})),
            templates=lambda: [TEMPLATE],
            intake=CannedIntake(workspace / "uploads"),
            exports=CannedExports(store),
            tighten=lambda who: 7,
            campaign=CampaignDesk(desk, SqlCampaigns(store)),
            learning=Lessons(workspace),
            own=None if accounts else OwnMachine(ADMIN),
            hosts=LOOPBACK,
            language="en",
            patience=Patience(),
        )


class Browser(TestClient):
    """A client that knows its CSRF token, as a page does."""

    def __init__(self, office: Office) -> None:
        super().__init__(create_app(office), base_url=BASE, follow_redirects=False)
        self.office = office

    def start(self) -> Browser:
        assert self.office.own is not None
        assert self.get(f"/start?key={self.office.own.key}").status_code == 303
        return self

    def sign_in(self, name: str, password: str = PASSWORD) -> int:
        before = hidden(self.get("/sign-in").text, "before")
        sent = {"name": name, "password": password, "before": before}
        return self.post("/sign-in", data=sent).status_code

    @property
    def csrf(self) -> str:
        found = re.search(r'"X-CSRF-Token": "([^"]+)"', self.get("/").text)
        assert found is not None
        return found[1]

    def tell(self, path: str, **fields: str) -> tuple[int, str]:
        """A POST as htmx makes it."""
        headers = {"X-CSRF-Token": self.csrf, "HX-Request": "true"}
        answer = self.post(path, data=fields, headers=headers)
        return answer.status_code, answer.text


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no field {name}"
    return found[1]
