"""What ``benchmarks/pages.py`` says of its rows, in a table and in pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from page_bench import Bench, Row, page_of
from page_wear import Wear, project

from scanform.page.arrays import in_colour
from scanform.page.layout import lay_out
from scanform.page.misfit import Misfit
from scanform.page.place import locate


def summary(rows: Sequence[Row]) -> None:
    """Prints a table of the rows by sort."""
    by_sort: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_sort[row["sort"]].append(row)
    print(f"\n{'':30}    n median   99 %  worst  taken >2mm unseen  doubts     ms finding")
    for sort, some in by_sort.items():
        taken = [row for row in some if row["taken"]]
        if "refused" in some[0]:
            _revisions(sort, some)
        elif taken and "off" in taken[0]:
            _placed(sort, some, taken)
        else:
            print(f"{sort:30} {len(some):4} {len(taken):4} taken")
        for title in ("contour", "sift"):
            _baseline(title, [row[title] for row in some if title in row])
        for why, times in Counter(row.get("why") for row in some if "seconds" in row).items():
            if why:
                print(f"    refused {times}: {why}")
    _times([row for row in rows if row["taken"] and "decoding" in row])
    print(f"{len(rows)} pages in all, {sum(bool(row['taken']) for row in rows)} taken")


def _times(rows: Sequence[Row]) -> None:
    """Median milliseconds of all grades of wear together, beside decoding the same JPEG."""
    for marks in ("marks", "no marks"):
        some = [row for row in rows if row["sort"].endswith(f", {marks}")]
        if some:
            ours, decoding = (np.array([row[k] for row in some]) for k in ("seconds", "decoding"))
            print(
                f"{marks}: {np.median(ours) * 1e3:.0f} ms, decoding the same JPEG "
                f"{np.median(decoding) * 1e3:.0f} ms, {np.median(ours / decoding):.1f} times that"
            )


def _placed(sort: str, some: Sequence[Row], taken: Sequence[Row]) -> None:
    far, unseen = (sum(row[key] > 0 for row in taken) for key in ("far", "unseen"))
    doubts = f"{sum(row['doubted'] for row in taken)}/{sum(row['fields'] for row in taken)}"
    ms, finding = (np.median([row[k] for row in taken]) * 1e3 for k in ("seconds", "finding"))
    print(
        f"{sort:30} {len(some):4} {_errors([row['off'] for row in taken])} "
        f"{len(taken) / len(some):6.1%} {far:4} {unseen:6} {doubts:>7} {ms:6.0f} {finding:6.0f}"
    )
    for title, key in (("  bent: one homography", "flat"), ("  bent: local warp", "off")):
        if bent := [row[key] for row in taken if row["flat"]]:
            print(f"{title:30} {len(bent):4} {_errors(bent)}")


def _baseline(title: str, tried: Sequence[Row]) -> None:
    got = [row["off"] for row in tried if row["off"]]
    if got:
        far = sum(max(off) > 2 for off in got)
        ms = np.median([row["seconds"] for row in tried]) * 1e3
        share = f"{len(got) / len(tried):6.1%}"
        print(f"{'  ' + title:30} {len(tried):4} {_errors(got)} {share} {far:4} {'':14} {ms:6.0f}")


def _revisions(sort: str, some: Sequence[Row]) -> None:
    keys = ("taken", "right", "doubted", "fields", "refused", "told")
    sums = {key: sum(int(row.get(key, 0)) for row in some) for key in keys}
    print(f"{sort}: of {len(some)} pages", ", ".join(f"{key} {n}" for key, n in sums.items()))


def _errors(off: Sequence[list[float]]) -> str:
    every = np.concatenate(off)
    return f"{np.median(every):6.3f} {np.percentile(every, 99):6.3f} {every.max():6.2f}"


def worst(bench: Bench, rows: Sequence[Row], levels: Mapping[str, Wear], folder: Path) -> None:
    """The three pages with the field farthest off, as pictures: the field as cut (green) and where
    it truly is (red), on the page as it lies in template space."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(levels)
    for row in sorted((r for r in rows if r["taken"]), key=lambda r: -max(r["off"]))[:3]:
        number = row["number"]
        marks = number // len(names) % 2 == 0
        page = bench.page(number, levels[names[number % len(names)]], marks)
        found = locate(page_of(page), [bench.reference])
        if isinstance(found, Misfit):
            continue
        drawn = in_colour(lay_out(page_of(page), found).pixels).copy()
        form = np.stack(np.meshgrid(np.arange(0, 211, 2.0), np.arange(0, 298, 2.0)), -1)
        here = found.warp.places(form.reshape(-1, 2))
        true = cv2.findHomography(here, form.reshape(-1, 2))[0]
        for k, field in enumerate(bench.form.fields):
            x, y, right, bottom = field.box.pixels(300)
            cv2.rectangle(drawn, (x, y), (right, bottom), (0, 160, 0), 2)
            corners = bench.points[4 * k : 4 * k + 4]
            off = project(true, page.truth(corners)) - project(true, found.warp.places(corners))
            places = ((corners + off) * 300 / 25.4)[[0, 1, 3, 2]]
            cv2.polylines(drawn, [places.round().astype(np.int32)], True, (0, 0, 220), 2)
        middle = bench.points[int(np.argmax(row["off"]))] * 300 / 25.4
        left, top = np.clip(middle - (450, 250), 0, (1580, 3008)).astype(int)
        name = f"{number}-{max(row['off']):.2f}mm.png"
        cv2.imwrite(str(folder / name), drawn[top : top + 500, left : left + 900])
