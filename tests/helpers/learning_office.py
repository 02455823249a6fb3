"""A small office whose people confirmed handwritten lines: a workspace without a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
from click.testing import CliRunner

from scanform.cli import main
from scanform.learn.made import made_lines
from scanform.model.reading import Reading
from scanform.model.record import Answer, Decision, Doubt, Record, SheetRef, record_id
from scanform.model.scan import SHEET_DPI, ScanFile
from scanform.page.encode import encode_sheet
from scanform.programs import poppler
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.template.load import blank_pdf

T0 = datetime(2025, 3, 1, 8, tzinfo=UTC)
YAML = """\
id: survey
title: Phiếu hỏi
revision: 1
size: 11
fields:
  - {id: remark, kind: text, label: Ghi chú, box: [20, 45, 180, 12], line: none}
"""


@dataclass(frozen=True)
class Office:
    workspace: Path
    template: Path
    texts: tuple[str, ...]
    records: tuple[str, ...]


def office(folder: Path, forms: int, waiting: int = 2, *readers: str) -> Office:
    """``forms`` that a person corrected and ``waiting`` that nobody looked at yet, read
    wrongly by the ``readers`` in turn."""
    template = folder / "survey"
    template.mkdir(parents=True)
    (template / "template.yaml").write_text(YAML, "utf-8")
    made = CliRunner().invoke(
        main, ["template", "blank", str(template), "-o", str(template / "blank.pdf")]
    )
    assert made.exit_code == 0, made.output
    blank = poppler.render(blank_pdf(template), 1, SHEET_DPI)
    lines = made_lines(forms + waiting, seed=11, hand=True)
    workspace = folder / "work"
    images = ImageStore(workspace)
    ids = []
    with open_store(workspace) as store:
        for number, line in enumerate(lines):
            image = images.put(encode_sheet(_written(blank, line.image)))
            record = _record(
                number, image, readers[number % len(readers)] if readers else "canned 1"
            )
            ids.append(record.id)
            path = Path(record.scan_path)
            store.open_scan(ScanFile(path, record.scan_sha256, 10))
            store.save([PageRow(record.scan_sha256, 1, "form", image)], record)
            store.finish_scan(record.scan_sha256, 1)
            if number < forms:
                at = T0 + timedelta(minutes=number)
                store.decide(Decision(record.id, "remark", "correct", line.text, "lan", at))
    return Office(workspace, template, tuple(each.text for each in lines), tuple(ids))


def _written(blank: np.ndarray, line: np.ndarray) -> np.ndarray:
    """The empty form with the line in its field."""
    page = blank.copy() if blank.ndim == 3 else cv2.cvtColor(blank, cv2.COLOR_GRAY2BGR)
    per_mm = SHEET_DPI / 25.4
    height, width = line.shape
    scale = min(10.0 * per_mm / height, 172.0 * per_mm / width)
    small = cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = round(46 * per_mm), round(23 * per_mm)
    part = page[top : top + small.shape[0], left : left + small.shape[1]]
    np.minimum(part, small[:, :, None], out=part)
    return page


def _record(number: int, image: str, reader: str) -> Record:
    scan = f"{number + 1:064x}"
    reading = Reading("read", "xxxx", 0.2, reader, measures={"field_support": 0.9})
    answer = Answer("remark", "xxxx", 0.1, "pending", (Doubt("low_confidence"),), reading)
    return Record(
        id=record_id(scan, 1, "survey@1"),
        template="survey",
        revision=1,
        scan_path=f"box/{number:03}.jpg",
        scan_sha256=scan,
        scan_page=1,
        answers=(answer,),
        sheets=(SheetRef(1, 1, image),),
        created_at=T0,
    )
