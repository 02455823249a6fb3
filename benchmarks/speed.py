"""How long a page takes, beside other ways to read the same pages in the same run.

    python benchmarks/speed.py [-n 100] [--template dc01] [--wear light] [--seed 1] [--runs 3]

- naive: pdf2image, then one pytesseract call for each field's region; no registration
- ocrmypdf: `ocrmypdf -l vie` over the same PDF, when it is installed
- floor: the clean crops of all that is written in lines and combs, through one batched Tesseract
  for each core and nothing else: what reading alone costs
- its lines: only the images that `scanform run` itself hands to Tesseract, in the same way: its own
  network reads combs
- scanform: the whole program, from start to the last record on disk, reading text with Tesseract
- first page: the same for one page alone; what the others take after it is told apart, since the
  start weighs less the more pages there are
- all readers: the same with every reader that is installed, when there are more

Every way may use all cores that the process has. Seconds are of the wall clock, the median of the
runs; what counts is the ratio, since machines differ.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import pdf2image
import pytesseract
from PIL import Image

from scanform.digitise import read_pages
from scanform.engine.local import usable_cores
from scanform.engine.worker import make_toolbox
from scanform.intake.files import find_files, scan_file
from scanform.intake.pages import read_page
from scanform.model.reading import Crop
from scanform.model.scan import Page, Pixels, ScanFile, Sheet
from scanform.model.template import Template
from scanform.page.crop import crop
from scanform.page.place import place
from scanform.programs import tesseract
from scanform.recognise.choose import for_kind
from scanform.recognise.combs import clean_comb
from scanform.recognise.ink import own_ink
from scanform.recognise.lines import drawn
from scanform.recognise.tesseract import TesseractDigits, TesseractText
from scanform.template.find import find
from scanform.template.load import load

DPI = 300
LINE = (7, "")
"""One line of anything."""
Calls = dict[tuple[int, str], list[Pixels]]
"""Images by page segmentation mode and character set."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=100, help="pages (100)")
    parser.add_argument("--template", default="dc01")
    parser.add_argument("--hand", default="none")
    parser.add_argument("--wear", default="light")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="runs of each way (3)")
    parser.add_argument("--no-naive", action="store_true", help="leave the slow one out")
    parser.add_argument("--only", nargs="+", metavar="WAY", help="these ways alone")
    parser.add_argument("--json", type=Path, help="write seconds a page of each way there")
    asked = parser.parse_args()
    template = load(find(asked.template))
    with tempfile.TemporaryDirectory(prefix="scanform-speed-") as name:
        folder = Path(name)
        scans, pdf = rehearsed(folder, asked)
        first = next(iter(find_files([scans])))
        own, combs = images_for_tesseract(scans, asked.template)
        every = {**own, LINE: [*own.get(LINE, []), *combs]}
        ways: dict[str, Callable[[], None]] = {
            "scanform": lambda: run_scanform(scans, asked.template, folder, "tesseract"),
            "first page": lambda: run_scanform(first, asked.template, folder, "tesseract"),
            "floor": lambda: run_floor(every, folder),
            "its lines": lambda: run_floor(own, folder),
        }
        if not asked.no_naive:
            ways["naive"] = lambda: run_naive(pdf, template)
        best = for_kind("text")
        if best != "tesseract":
            ways["all readers"] = lambda: run_scanform(scans, asked.template, folder, best)
        if shutil.which("ocrmypdf"):
            ways["ocrmypdf"] = lambda: run_ocrmypdf(pdf, folder)
        if asked.only:
            ways = {name: ways[name] for name in asked.only if name in ways}
        seconds = timed(ways, asked.runs)
        if asked.json is not None:
            middle = {name: statistics.median(each) / asked.n for name, each in seconds.items()}
            asked.json.write_text(json.dumps(middle), encoding="utf-8")
        if not asked.only:
            report(seconds, asked, sum(map(len, every.values())))
    return 0


def rehearsed(folder: Path, asked: argparse.Namespace) -> tuple[Path, Path]:
    """A folder of page images, and the same pages as one PDF."""
    scans = folder / "scans"
    words = ["rehearse", asked.template, "-n", str(asked.n), "--hand", asked.hand]
    words += ["--wear", asked.wear, "--seed", str(asked.seed), "-o", str(scans)]
    subprocess.run([sys.executable, "-m", "scanform", *words], check=True, capture_output=True)
    pages = [Image.open(path).convert("RGB") for path in find_files([scans])]
    pdf = folder / "scans.pdf"
    pages[0].save(pdf, save_all=True, append_images=pages[1:], resolution=DPI)
    return scans, pdf


def images_for_tesseract(scans: Path, template: str) -> tuple[Calls, list[Pixels]]:
    """What `scanform run` gives Tesseract for these pages, and the written combs, which its own
    network reads."""
    given: Calls = {}
    combs: list[Pixels] = []

    def recording(
        images: Sequence[Pixels], psm: int, whitelist: str
    ) -> list[tesseract.Line | None]:
        given.setdefault((psm, whitelist), []).extend(images)
        return tesseract.read_lines(images, psm, whitelist)

    toolbox = make_toolbox([find(template)], "tesseract")
    readers = {
        **toolbox.recognisers,
        "text": TesseractText(recording),
        "digits": TesseractDigits(recording),
    }
    recorded = type(toolbox)(toolbox.references, readers, toolbox.kinds)
    blank = {each.page: each.blank for each in toolbox.references}
    for path in find_files([scans]):
        scan = scan_file(path)
        if isinstance(scan, ScanFile):
            page = read_page(scan, 1)
            if isinstance(page, Page):
                read_pages([page], recorded)
                sheet = place(page, toolbox.references)
                if isinstance(sheet, Sheet):
                    fields = toolbox.references[0].template.on_page(sheet.page)
                    cut = [crop(sheet, each, blank[sheet.page]) for each in fields if each.cells]
                    combs += [drawn(own_ink(each).darkness) for each in cut if written(each)]
    return given, combs


def written(comb: Crop) -> bool:
    return bool(clean_comb(comb).glyphs)


def run_scanform(scans: Path, template: str, folder: Path, reader: str) -> None:
    workspace = tempfile.mkdtemp(dir=folder)
    words = ["run", str(scans), "-t", template, "-w", workspace, "--json"]
    words += ["--text-reader", reader]
    done = subprocess.run(
        [sys.executable, "-m", "scanform", *words], check=True, capture_output=True
    )
    if not json.loads(done.stdout)["records"]:
        raise SystemExit("nothing was digitised")


def run_floor(given: Calls, folder: Path) -> None:
    """One Tesseract for each core and kind of call, all images of it in one list."""
    cores = usable_cores()
    for (psm, whitelist), images in given.items():
        calls = []
        for core in range(cores):
            share = images[core::cores]
            if not share:
                continue
            place = Path(tempfile.mkdtemp(dir=folder))
            names = []
            for number, image in enumerate(share):
                names.append(str(place / f"{number}.pgm"))
                cv2.imwrite(names[-1], image)
            (place / "list.txt").write_text("\n".join(names) + "\n")
            words = ["tesseract", str(place / "list.txt"), str(place / "out"), "-l", "vie"]
            words += ["--psm", str(psm)]
            if whitelist:
                words += ["-c", f"tessedit_char_whitelist={whitelist}"]
            environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
            calls.append(subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL))
        for call in calls:
            call.wait()


def run_naive(pdf: Path, template: Template) -> None:
    """What a first script does: no alignment, a call for every field."""
    for image in pdf2image.convert_from_path(str(pdf), dpi=DPI):
        scale_x = image.width / template.page_mm[0]
        scale_y = image.height / template.page_mm[1]
        for field in template.fields:
            box = field.box
            region = (box.x * scale_x, box.y * scale_y, box.right * scale_x, box.bottom * scale_y)
            pytesseract.image_to_string(
                image.crop([round(side) for side in region]), lang="vie", config="--psm 7"
            )


def run_ocrmypdf(pdf: Path, folder: Path) -> None:
    words = ["ocrmypdf", "-l", "vie", "--jobs", str(usable_cores()), "--force-ocr", "-q"]
    subprocess.run([*words, str(pdf), str(folder / "searchable.pdf")], check=True)


def timed(ways: dict[str, Callable[[], None]], runs: int) -> dict[str, list[float]]:
    """Seconds of each run; the ways take turns, so that a slow minute of the machine hits all."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begun)
    return seconds


def report(seconds: dict[str, list[float]], asked: argparse.Namespace, lines: int) -> None:
    ours = statistics.median(seconds["scanform"])
    print(
        f"{asked.n} pages of {asked.template}, hand {asked.hand}, wear {asked.wear}, seed "
        f"{asked.seed}; {lines / asked.n:.1f} lines a page read; {asked.runs} runs; "
        f"{usable_cores()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"Tesseract {tesseract.version()}"
    )
    if "ocrmypdf" in seconds:
        asked_for = subprocess.run(["ocrmypdf", "--version"], capture_output=True, text=True,
                                   check=True)  # fmt: skip
        print(f"ocrmypdf {asked_for.stdout.strip()}")
    first = statistics.median(seconds.pop("first page"))
    print(f"\n{'':11} {'s a page':>9} {'min':>7} {'max':>7}   time of this / time of scanform")
    for name, each in seconds.items():
        middle = statistics.median(each)
        print(
            f"{name:11} {middle / asked.n:9.3f} {min(each) / asked.n:7.3f} "
            f"{max(each) / asked.n:7.3f}   {middle / ours:.2f}"
        )
    floor, lines_only = (statistics.median(seconds[name]) for name in ("floor", "its lines"))
    print(f"\nscanform takes {ours / floor:.2f} times the floor", end="")
    print(f" ({ours / lines_only:.2f} times its own lines alone)", end="")
    if "naive" in seconds:
        naive = statistics.median(seconds["naive"])
        print(f"; the naive script takes {naive / ours:.1f} times scanform", end="")
    print(".")
    after = (ours - first) / max(1, asked.n - 1)
    print(
        f"The first page takes {first:.1f} s with the start of the program, each after it "
        f"{after:.3f} s: {after * asked.n / floor:.2f} times the floor."
    )


if __name__ == "__main__":
    sys.exit(main())
