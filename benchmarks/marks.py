"""How tick boxes are read: marks of many styles, drawn by a generator of their own, on worn pages.

    python benchmarks/marks.py [-n 20] [--wear medium] [--seed 1] [--show FOLDER] [--json]

A page of 66 questions with two to four boxes each is drawn, filled, worn and registered as any
form is. The strokes are drawn here, not by ``scanform.rehearse``: no threshold of the reader was
set by looking at these. Per style: read right (of those with one clear answer, or none), accepted,
and wrong among the accepted; of what nobody can decide (two marks alike), how many were accepted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from mark_strokes import MARKS, PX, Hand, at, cross, moved, solid, struck

from scanform.fields import FIELD_KINDS
from scanform.fields.calibration import calibrated
from scanform.model.reading import Reading
from scanform.model.scan import SHEET_DPI, Page, Pixels, ScanFile
from scanform.model.template import Field
from scanform.page.crop import crop
from scanform.page.misfit import Misfit
from scanform.page.place import place
from scanform.page.reference import Reference, make_reference
from scanform.recognise.marks import read_marks
from scanform.rehearse import levels, wear
from scanform.template.blank import draw_pages
from scanform.template.load import load

ROWS, COLUMNS = 22, 3


def form(folder: Path, taken_back: str) -> None:
    """Writes the template: columns of questions, boxes of 3 to 4 mm, labels of a few letters."""
    rng = np.random.default_rng(5)
    fields = []
    for number in range(ROWS * COLUMNS):
        column, row = number % COLUMNS, number // COLUMNS
        x, y = 18 + column * 60, 28 + row * 11
        side, count = float(rng.choice([3.0, 3.5, 4.0])), int(rng.integers(2, 5))
        step = 13.0 if count < 4 else 12.0
        options = ", ".join(
            f"{{value: {value!r}, at: [{x + step * k}, {y}], size: [{side}, {side}]}}"
            for k, value in enumerate(("Có", "Ko", "A", "B")[:count])
        )
        fields.append(
            f"  - {{id: q{number}, kind: choice, label: Q{number}, options: [{options}]}}"
        )
    lines = ["id: ticks", "title: Ticks", "revision: 1"]
    if taken_back:
        lines.append(f"taken_back: {taken_back}")
    lines += ["fields:", *fields]
    (folder / "template.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Case:
    field: str
    style: str
    truth: str | None
    decidable: bool = True


def fill(page: Pixels, field: Field, hand: Hand, taken_back: str) -> Case:
    """Answers one question in some way (page changed)."""
    rng = hand.rng
    options = list(field.options)
    chosen = options[int(rng.integers(len(options)))]
    wrong = next(o for o in rng.permutation(len(options)) if options[o] is not chosen)
    other = options[wrong]
    way = rng.random()
    usual = list(MARKS)[:5] if taken_back == "blackened" else ["scribble", "solid"]
    if way < 0.66:
        name = str(rng.choice(list(MARKS) if taken_back == "blackened" else usual))
        hand.draw(page, MARKS[name](hand, moved(rng, chosen.box, 0.06)))
        return Case(field.id, name, chosen.value)
    if way < 0.80:
        return Case(field.id, _nothing(page, field, hand), None)
    name = str(rng.choice(usual))
    hand.draw(page, MARKS[name](hand, moved(rng, chosen.box, 0.05)))
    if way < 0.86 and taken_back == "blackened":
        hand.draw(
            page, MARKS[str(rng.choice(usual))](hand, other.box) + solid(hand, other.box), 0.6
        )
        return Case(field.id, "blackened to cancel", chosen.value)
    if way < 0.93:
        hand.draw(page, MARKS[name](hand, other.box))
        hand.draw(page, struck(hand, other.box), hand.width * 1.1)
        return Case(field.id, "struck to cancel", chosen.value)
    if way < 0.96:
        hand.draw(page, MARKS[name](hand, moved(rng, other.box, 0.05)))
        return Case(field.id, "two alike", None, False)
    x, y = chosen.box.centre
    tail = np.array(
        [(x, y), (other.box.centre[0] + np.sign(x - other.box.centre[0]) * 1.4, y - 0.4)]
    )
    if abs(x - other.box.centre[0]) < 16:
        hand.draw(page, [tail])
    return Case(field.id, "with a long tail", chosen.value)


def _nothing(page: Pixels, field: Field, hand: Hand) -> str:
    """No answer; but a speck, a line or the back of the page may be there."""
    rng = hand.rng
    box = field.options[int(rng.integers(len(field.options)))].box
    kind = str(
        rng.choice(["blank", "blank", "specks", "line across", "faint dot", "shine-through"])
    )
    if kind == "specks":
        for _ in range(int(rng.integers(1, 4))):
            spot = at(box, tuple(rng.uniform(0.1, 0.9, 2)))[0] * PX
            cv2.circle(
                page, np.round(spot).astype(int).tolist(), int(rng.integers(1, 3)), (70, 70, 70), -1
            )
    elif kind == "line across":
        y = field.box.y + rng.uniform(-1.0, field.box.h + 1.0)
        hand.draw(
            page,
            [np.array([(field.box.x - 4, y), (field.box.right + 4, y + rng.normal(0, 1.0))])],
            0.25,
        )
    elif kind == "faint dot":
        spot = at(box, (rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.7)))[0] * PX
        cv2.circle(page, np.round(spot).astype(int).tolist(), 3, (185, 175, 170), -1, cv2.LINE_AA)
    elif kind == "shine-through":
        left, top, right, bottom = box.grown(4.0).pixels(SHEET_DPI)
        before = page[top:bottom, left:right].copy()
        hand.draw(page, cross(hand, moved(rng, box, 0.4)))
        part = page[top:bottom, left:right]
        part[:] = (before * 0.88 + part * 0.12).astype(np.uint8)
    return kind


Read = tuple[str | None, str, Pixels, Reading]
"""Value, state, crop and reading of a question."""


def judged(reference: Reference, page: Pixels, dpi: int) -> dict[str, Read] | None:
    """What was read of each question; None when the page was refused."""
    scan = ScanFile(Path("page.png"), "0" * 64, 1)
    sheet = place(Page(scan, 1, float(dpi), page), [reference])
    if isinstance(sheet, Misfit):
        return None
    found = {}
    for field in reference.template.fields:
        cut = crop(sheet, field, reference.blank)
        reading = read_marks(cut)
        answer = calibrated(FIELD_KINDS["choice"].answer(field, reading, {}), "choice")
        found[field.id] = (answer.value, answer.state, cut.pixels, reading)
    return found


def measure(options: argparse.Namespace) -> dict:
    with tempfile.TemporaryDirectory(prefix="scanform-marks-") as name:
        form(Path(name), options.taken_back)
        template = load(Path(name))
    (blank,) = draw_pages(template)
    reference = make_reference(template, 1, cv2.cvtColor(blank, cv2.COLOR_BGR2GRAY))
    counts: dict[str, Counter] = {}
    refused = 0
    for number in range(options.n):
        rng = np.random.default_rng([options.seed, number])
        page, hand = blank.copy(), Hand(rng)
        habit = options.taken_back or "blackened"
        cases = [fill(page, field, hand, habit) for field in template.fields]
        worn = wear.apply(page, template.page_mm, levels.LEVELS[options.wear](rng), rng)
        pixels = worn.pixels
        if pixels.ndim == 2:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
        found = judged(reference, pixels, worn.dpi)
        if found is None:
            refused += 1
            continue
        for case in cases:
            value, state, _, _ = found[case.field]
            right = value == case.truth and case.decidable
            taken = state in ("accepted", "blank")
            count = counts.setdefault(case.style, Counter())
            count.update(
                count=1, right=right, accepted=taken, wrong_accepted=int(taken and not right)
            )
            if options.show and not right and case.decidable:
                _show(Path(options.show), f"{number}-{case.field}", case, found[case.field])
    styles = {name: dict(count) for name, count in sorted(counts.items())}
    total: Counter = Counter()
    for name, count in styles.items():
        total.update(count if name != "two alike" else {})
    return {
        "wear": options.wear,
        "seed": options.seed,
        "pages": options.n,
        "refused": refused,
        "styles": {**styles, "all but two alike": dict(total)},
    }


def _show(folder: Path, name: str, case: Case, read: Read) -> None:
    value, state, pixels, reading = read
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{case.style}-{name}-{case.truth}-{value}.png"), pixels)
    figures = {key: round(figure, 3) for key, figure in reading.measures.items()}
    print(f"{case.style}, {name}: {case.truth} -> {value}, {state}, {reading.score:.3f}, {figures}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=20, help="pages of 66 questions (20)")
    parser.add_argument("--wear", default="medium", choices=sorted(levels.LEVELS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--taken-back", default="", help="blackened or struck: what the form says")
    parser.add_argument("--show", default="", help="folder for crops of what was read wrong")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found = measure(options)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(f"{options.n} pages, {found['refused']} refused, {options.wear}, seed {options.seed}")
    for name, count in found["styles"].items():
        every = max(1, count["count"])
        right, taken = count["right"] / every, count["accepted"] / every
        print(f"{name:20} {every:6} right {right:8.2%}  accepted {taken:8.2%}  "
              f"wrong of them {count['wrong_accepted']}")  # fmt: skip


if __name__ == "__main__":
    main()
