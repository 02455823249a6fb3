"""Fits ``scanform/fields/scales.json``: what is sure enough to be accepted, for every form.

    python benchmarks/calibrate_scales.py pages DIR -n 50 [--fonts NAME=FOLDER ...]
    python benchmarks/calibrate_scales.py pages DIR -n 25 --forms people,table --seed 80000
    python benchmarks/calibrate_scales.py read DIR [--part 1/2] [--quick]
    python benchmarks/calibrate_scales.py fit DIR
    python benchmarks/calibrate_scales.py table DIR

``pages`` rehearses DC01 and CT01 in print, in the four shipped hand fonts that aren't held apart
and in the fonts of each further FOLDER, with light, medium and strong wear: ``-n`` forms of each.
``people`` and ``table`` are sheets of many people in DC01's combs and boxes and in CT01's table
(``people_sheet.py``): the proof of 0.1 % takes thousands of those. The seeds lie far from those of
every measurement. ``read`` reads the pages as ``scanform run`` does and keeps samples in DIR, so it
can be stopped and started again; every other form is read with Tesseract alone, too. ``--quick``
leaves lines of text out. ``fit`` and ``table`` (what would be accepted, by cross-fitted figures)
take seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import people_sheet

from scanform.digitise import Toolbox, read_pages
from scanform.engine.calibrate import faces_for, read_scans, samples_of
from scanform.engine.interface import PageJob
from scanform.engine.kept_forms import sample_from, sample_row
from scanform.engine.worker import make_toolbox
from scanform.fields import fitting
from scanform.fields.binomial import upper_bound
from scanform.fields.calibration_json import to_json
from scanform.fields.fitting import Sample
from scanform.fields.interface import ReaderName
from scanform.fields.proof import proofs, seen_at
from scanform.intake.pages import read_page
from scanform.model.calibration import Calibration
from scanform.model.reading import Crop, Reading
from scanform.model.template import Template
from scanform.recognise import RECOGNISERS
from scanform.recognise.choose import for_kind
from scanform.recognise.interface import Recogniser
from scanform.rehearse import Plan, files, hands, rehearsal, truth_line
from scanform.template.find import find
from scanform.template.load import load

ROOT = Path(__file__).parents[1]
FORMS = ("dc01", "ct01")
WEARS = ("medium", "strong", "light")
SEED = 70_000
ALONE = "tesseract"
BOUNDS = (0.001, 0.005, 0.01)


def folder_of(form: str, folder: Path) -> Path:
    """Where the form's template is; that of a sheet is written into ``folder``."""
    if form not in people_sheet.SHEETS:
        return find(form)
    place = folder / form
    if not (place / "template.yaml").is_file():
        people_sheet.form(place, form)
    return place


def pages(folder: Path, names: Sequence[str], count: int, seed: int, more: dict[str, Path]) -> None:
    """Writes ``count`` forms of each sort, in turns, so that any beginning of it is balanced."""
    templates = {name: load(folder_of(name, folder)) for name in names}
    faces: dict[str, tuple[hands.Face, ...]] = {"print": (), "hand": faces_for()}
    faces |= {name: faces_for(str(path)) for name, path in more.items()}
    made = {}
    sorts = [(form, hand, wear) for wear in WEARS for hand in faces for form in names]
    for at, (form, hand, wear) in enumerate(sorts):
        place = folder / f"{form}-{hand}-{wear}-{seed + at}"
        place.mkdir(parents=True)
        plan = Plan(count, seed + at, faces[hand], wear)
        if form in people_sheet.SHEETS:
            made[place] = people_sheet.sheets(templates[form], plan)
        else:
            made[place] = rehearsal(templates[form], plan)
    for turn in range(count):
        for place, forms in made.items():
            form = next(forms)
            path = files.save(form.pages, place / f"{form.number:04}")
            with (place / "truth.jsonl").open("a", encoding="utf-8") as truth:
                line = truth_line(path.name, form.answers)
                truth.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(f"{turn + 1} of {count}", flush=True)


class Nothing:
    """Reads no text: what the readers of combs, marks and presence say needs none."""

    name = "none"

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [Reading("unreadable", None, 0.0, self.name) for _ in crops]


def read(folder: Path, part: tuple[int, int], quick: bool) -> None:
    """Reads what isn't read yet; ``part`` (k, n) is every n-th page from the k-th on. ``quick``:
    no lines of text, which takes a third of the time."""
    cv2.setNumThreads(1)
    names = sorted({path.parent.name.split("-")[0] for _, path, _ in _scans(folder)})
    templates = {form: load(folder_of(form, folder)) for form in names}
    whole = {form: make_toolbox([folder_of(form, folder)]) for form in names}
    if quick:
        whole = {
            form: Toolbox(box.references, {**box.recognisers, "text": Nothing()}, box.kinds)
            for form, box in whole.items()
        }
    alone = {
        form: Toolbox(box.references, {**box.recognisers, **_alone()}, box.kinds)
        for form, box in whole.items()
    }
    kept = folder / f"samples-{part[0]}-{part[1]}.jsonl"
    done = {row["page"] for row in _rows(folder)}
    started, count = time.perf_counter(), 0
    for name, path, truth in _scans(folder):
        at = zlib.crc32(name.encode())  # the same whatever other pages there are
        if at % part[1] != part[0] - 1 or name in done:
            continue
        form, hand, wear = path.parent.name.split("-")[:3]
        strata = (form, hand, wear)
        samples = _read(path, templates[form], whole[form], truth, strata, at)
        if samples and at // part[1] % 2 and not quick and form not in people_sheet.SHEETS:
            some = _read(path, templates[form], alone[form], truth, strata, at)
            readers = {each.reader for each in samples}
            samples += [each for each in some if each.reader not in readers]
        with kept.open("a", encoding="utf-8") as out:
            row = {"page": name, "samples": [sample_row(each) for each in samples]}
            out.write(json.dumps(row) + "\n")
        count += 1
        if count % 20 == 0:
            print(
                f"{count} pages, {(time.perf_counter() - started) / count:.2f} s each", flush=True
            )


def _alone() -> dict[ReaderName, Recogniser]:
    """Readers of lines where AsterOCR isn't installed."""
    return {name: RECOGNISERS[for_kind(name, ALONE)]() for name in ("text", "digits")}


def _read(
    path: Path, template: Template, box: Toolbox, truth: dict, strata: Sequence[str], at: int
) -> list[Sample]:
    def work(jobs: Sequence[PageJob]) -> list:
        return read_pages([read_page(job.scan, job.page) for job in jobs], box)

    (record,) = read_scans([path], template, work)
    if record is None:
        return []
    samples = samples_of(record, template, truth, strata, at)
    return [each for each in samples if each.reader != Nothing.name]


def _scans(folder: Path) -> Iterator[tuple[str, Path, dict]]:
    """Name, file and truth of each page, the sorts in turns."""
    listed = []
    for truth in sorted(folder.glob("*-*-*/truth.jsonl")):
        for at, line in enumerate(truth.read_text(encoding="utf-8").splitlines()):
            told = json.loads(line)
            path = truth.parent / told["scan"]
            listed.append((at, f"{truth.parent.name}/{path.name}", path, told["answers"]))
    for _, name, path, answers in sorted(listed, key=lambda each: each[:2]):
        yield name, path, answers


def _rows(folder: Path) -> Iterator[dict]:
    for file in sorted(folder.glob("samples-*.jsonl")):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def samples_in(folder: Path) -> tuple[list[Sample], int]:
    """Every sample that was read, and from how many pages."""
    rows = {row["page"]: row for row in _rows(folder)}
    samples = [sample_from(each) for row in rows.values() for each in row["samples"]]
    return samples, sum(bool(row["samples"]) for row in rows.values())


def fit(folder: Path) -> None:
    samples, count = samples_in(folder)
    readers = ", ".join(sorted({each.reader for each in samples}))
    forms = Counter(row["page"].split("-")[0] for row in _rows(folder) if row["samples"])
    told = ", ".join(f"{number} pages of {form}" for form, number in sorted(forms.items()))
    source = f"{told}; {readers}"
    made = fitting.fit(samples, source)
    target = ROOT / "scanform/fields/scales.json"
    target.write_text(json.dumps(to_json(made), ensure_ascii=False) + "\n", encoding="utf-8")
    print(source)
    _told(folder, made, samples, count)


def table(folder: Path) -> None:
    """By sort and reader: how many, how many right, and what each bound would accept."""
    samples, count = samples_in(folder)
    _told(folder, fitting.fit(samples), samples, count)


def _told(folder: Path, made: Calibration, samples: Sequence[Sample], count: int) -> None:
    print(f"{count} pages, {len(samples)} answers")
    for row in proofs(made, samples, BOUNDS):
        scale = made.scales.get((row.sort, row.reader))
        line = f"{row.sort:10} {row.reader:26} {row.count:6} {row.right:8.3%}"
        for bound, share in zip(BOUNDS, row.accepted, strict=True):
            seen = seen_at(scale, bound) if scale else None
            told = "-"
            if share is not None and seen is not None:
                top = upper_bound(seen.wrong, seen.count)
                told = f"{share:6.1%} {seen.wrong:3} wrong, at most {top:.2%}"
            line += f"  {bound:.1%}: {told:32}"
        print(line)
    lost = Counter(row["page"].split("/")[0] for row in _rows(folder) if not row["samples"])
    print("not taken:", dict(lost))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["pages", "read", "fit", "table"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", type=int, default=50, help="forms of each sort (50)")
    parser.add_argument("--forms", default=",".join(FORMS), help="dc01,ct01 or people,table")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the first sort ({SEED})")
    parser.add_argument("--fonts", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--part", default="1/1", help="k/n: every n-th page from the k-th on")
    parser.add_argument("--quick", action="store_true", help="read no lines of text")
    options = parser.parse_args(arguments)
    if options.what == "pages":
        more = dict(each.split("=", 1) for each in options.fonts)
        fonts = {name: Path(path) for name, path in more.items()}
        pages(options.folder, options.forms.split(","), options.n, options.seed, fonts)
    elif options.what == "read":
        part, of = map(int, options.part.split("/"))
        read(options.folder, (part, of), options.quick)
    else:
        (fit if options.what == "fit" else table)(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
