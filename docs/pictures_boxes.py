"""Makes the pictures of boxes, receipts and persons who came in twice from the real thing.

    python docs/pictures_boxes.py

Made-up people fill dc01; their records go into a temporary workspace as a run would have made
them. Needs Poppler and Chromium, and ``pip install -e .[dev]``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
from pictures_review import served, take
from seed_case import INIT, call, picture

from scanform.model.record import Answer, Record, SheetRef
from scanform.model.scan import Rejected, ScanFile
from scanform.rehearse.answers import Habits, answers
from scanform.rehearse.people import respondents
from scanform.store.campaign_interface import BatchScan
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.store.sql import SqlStore
from scanform.template.find import find
from scanform.template.load import load

HERE = "Xã Thạnh Hải"
FORMS = 12
AT = datetime(2018, 10, 26, 9, 30).astimezone()


def draw() -> None:
    with tempfile.TemporaryDirectory(prefix="scanform-") as folder:
        workspace = Path(folder) / "w"
        call(workspace, *INIT)
        slip = ["--forms", "15", "--from", "Nguyễn Văn Bình", "--day", "26/10/2018"]
        call(workspace, "batch", "open", HERE, *slip)
        with open_store(workspace, clock=lambda: AT) as store:
            fill(store)
        receipt = Path(folder) / "receipt.pdf"
        call(
            workspace,
            "batch",
            "close",
            "B0001",
            "--receipt",
            str(receipt),
            "--number",
            "7",
            "--date",
            "26/10/2018",
        )
        picture(receipt, "receipt.png", 60)
        shoot(workspace)


def fill(store: SqlStore) -> None:
    """Twelve forms: one of another commune, one person twice, one with a number that was there;
    beside them a page that can't be taken and a file that came before."""
    template, rng = load(find("dc01")), np.random.default_rng(5)
    people = [answers(template, who, rng, Habits()) for who in islice(respondents(rng), FORMS)]
    people = [{**each, "commune": HERE} for each in people]
    people[4]["commune"] = "Xã An Điền"
    name = people[1]["full_name"] or ""
    people[7] = {**people[1], "full_name": name.replace("Ý", "Í"), "id_number": None}
    people[9]["id_number"] = people[3]["id_number"] = "083190000011"
    noted = []
    for number, said in enumerate(people, 1):
        sha = f"{number:064x}"
        path = f"hop-1/{number:02}.jpg"
        noted.append(BatchScan(path, sha))
        store.open_scan(ScanFile(Path(path), sha, 1))
        store.save([PageRow(sha, 1, "form", "cd" * 32)], record(number, path, sha, said))
        store.finish_scan(sha, 1)
    noted += [BatchScan("hop-1/13.jpg", f"{13:064x}"), BatchScan("hop-1/14.jpg", f"{3:064x}")]
    store.reject_scan(Rejected(Path("hop-1/13.jpg"), f"{13:064x}", None, "damaged"))
    SqlCampaigns(store).add_to_batch("B0001", noted)


def record(number: int, path: str, sha: str, said: Mapping[str, str | None]) -> Record:
    found = tuple(
        Answer(field, value, 0.99, "accepted" if value else "blank")
        for field, value in said.items()
    )
    made = Record(f"{number * 7919:016x}", "dc01", 1, path, sha, 1, found, created_at=AT)
    return replace(made, sheets=(SheetRef(1, 1, "cd" * 32),))


def shoot(workspace: Path) -> None:
    with served(workspace) as page:
        page.set_viewport_size({"width": 1100, "height": 760})
        for name in ("pairs", "boxes/B0001", "report?day=2018-10-26"):
            page.goto(f"/{name}")
            take(page, name.split("/")[0].split("?")[0])


if __name__ == "__main__":
    draw()
