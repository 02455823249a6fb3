"""Digits in combs, tick boxes and the proof of 0.1 %, by the thousand, on sheets of many people.

    python benchmarks/people.py [-n 6] [--sheet people] [--hand held] [--wear all] [--json]

Draws ``people_sheet.py``'s sheets (``people``: personal number, birth date, sex and marital status
as DC01 asks for them; ``table``: CT01's; each person in a hand and a pen of their own), ``-n`` of
each wear, saves, opens and reads them as ``scanform run`` does, and judges them at ``--max-error``.
``held``: the two shipped hand fonts that no training and no calibration saw. Characters are counted
cell by cell, of combs whose written cells were found: as the network read them, and as they are
after decoding with what is known (dates, sex and year in numbers). Answers are whole.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cv2
import people_sheet

from scanform.digitise import Toolbox, read_pages
from scanform.engine.calibrate import HELD_APART, WEARS, faces_for, read_scans
from scanform.engine.worker import make_toolbox
from scanform.fields.binomial import upper_bound
from scanform.fields.policy import judged, parse_share
from scanform.intake.pages import read_page
from scanform.model.record import Record
from scanform.model.template import Template
from scanform.rehearse import Filled, Plan, files, hands
from scanform.rehearse.filling import cell_texts
from scanform.template.load import load


def faces(hand: str) -> tuple[hands.Face, ...]:
    if hand == "none":
        return ()
    if hand == "held":
        return tuple(face for face in hands.shipped() if face.path.stem in HELD_APART)
    return faces_for(hand)


def measure(options: argparse.Namespace) -> dict:
    """Counts by sort of answer (combs, ticks) and wear."""
    wears = WEARS if options.wear == "all" else (options.wear,)
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(prefix="scanform-people-") as name:
        folder = Path(name)
        people_sheet.form(folder, options.sheet)
        sheet, box = load(folder), make_toolbox([folder])
        for at, wear in enumerate(wears):
            plan = Plan(options.n, options.seed + at, faces(options.hand), wear)
            for filled in people_sheet.sheets(sheet, plan):
                path = files.save(filled.pages, folder / f"{wear}-{filled.number}")
                record = _read(path, sheet, box)
                path.unlink()
                _count(counts, wear, record, filled, sheet, parse_share(options.max_error))
    return {name: _told(count) for name, count in counts.items()}


def _read(path: Path, sheet: Template, box: Toolbox) -> Record | None:
    (record,) = read_scans(
        [path],
        sheet,
        lambda jobs: read_pages([read_page(job.scan, job.page) for job in jobs], box),
    )
    return record


def _count(
    counts: dict[str, Counter[str]],
    wear: str,
    record: Record | None,
    filled: Filled,
    sheet: Template,
    bound: float,
) -> None:
    for answer in record.answers if record else ():
        field, truth = sheet.field(answer.field), filled.answers[answer.field]
        if truth is None:
            continue
        sort = "combs" if field.cells else "ticks" if field.options else "lines"
        told = judged(answer, field, bound)
        taken, right = told.state in ("accepted", "blank"), answer.value == truth
        found: Counter[str] = Counter(
            answers=1, right=right, accepted=taken, wrong_accepted=taken and not right
        )
        cells = [c.text for c in answer.reading.cells] if answer.reading else []
        for ends in (False, True) if cells and answer.value else ():
            spread, given = (cell_texts(field, text, ends) for text in (truth, answer.value))
            if [bool(text) for text in spread] == [bool(text) for text in cells]:
                found.update(
                    characters=sum(map(bool, spread)),
                    characters_right=sum(a == b for a, b in zip(spread, given, strict=True) if a),
                    characters_as_read=sum(a == b for a, b in zip(spread, cells, strict=True) if a),
                )
                break
        for name in (sort, f"{sort}, {wear}"):
            counts.setdefault(name, Counter()).update(found)
    counts.setdefault("sheets", Counter()).update(read=record is not None, drawn=1)


def _told(count: Counter[str]) -> dict:
    if "answers" not in count:
        return dict(count)
    shares = {
        "right_share": count["right"] / count["answers"],
        "accepted_share": count["accepted"] / count["answers"],
        "error_at_most": upper_bound(count["wrong_accepted"], count["accepted"])
        if count["accepted"]
        else 1.0,
    }
    if count["characters"]:
        for name in ("right", "as_read"):
            shares[f"characters_{name}_share"] = count[f"characters_{name}"] / count["characters"]
    return {**count, **{name: round(share, 5) for name, share in shares.items()}}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=6, help="sheets of each wear (6)")
    parser.add_argument("--sheet", default="people", choices=[*people_sheet.SHEETS])
    parser.add_argument("--hand", default="held", help="none, auto, held or a folder (held)")
    parser.add_argument("--wear", default="all", help="light, medium, strong or all (all)")
    parser.add_argument("--seed", type=int, default=91_000)
    parser.add_argument("--max-error", default="0.1%")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    found = measure(options)
    if options.json:
        print(json.dumps(found))
    else:
        for name, count in found.items():
            print(name, *(f"{key} {value}" for key, value in count.items()), sep="  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
