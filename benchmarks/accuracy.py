"""How much of a rehearsed batch is read right: truth against the real ``scanform run``.

    python benchmarks/accuracy.py [-n 50] [--template dc01] [--hand none] [--wear light] [--show]

Rehearses forms, digitises and exports them in a temporary workspace, and compares every answer with
what was written. All people are made up, so values may be shown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanform.template.find import find
from scanform.template.load import load

BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1.0)
SHOWN_FIELDS = 15


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer beside its truth. ``value`` is None for blank, unreadable or not digitised."""

    scan: str
    field: str
    kind: str
    truth: str | None
    value: str | None
    status: str
    confidence: float

    @property
    def filled(self) -> bool:
        return self.truth not in (None, "absent")

    @property
    def right(self) -> bool:
        return self.truth == self.value

    @property
    def accepted(self) -> bool:
        return self.status == "accepted"

    @property
    def unseen(self) -> bool:
        """No person is asked: accepted, or taken for blank."""
        return self.status in ("accepted", "blank")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="scanform-accuracy-") as name:
        folder = Path(name)
        truth = _rehearse(folder / "scans", options)
        started = time.perf_counter()
        summary = _run(folder, options.template)
        seconds = time.perf_counter() - started
        records = _export(folder)
    kinds = {field.id: field.handled_by for field in load(find(options.template)).fields}
    judged = [one for line in truth for one in _judge(line, records, kinds)]
    found = sum((line["scan"], line["page"]) in records for line in truth)
    print(f"{options.template}, hand {options.hand}, wear {options.wear}, seed {options.seed}")
    print(
        f"pages digitised      {found} of {len(truth)} ({seconds:.1f} s, {summary['pages']} read)"
    )
    report(judged)
    if options.show:
        _show(judged)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=50, help="how many forms (50)")
    parser.add_argument("--template", default="dc01")
    parser.add_argument("--hand", default="none", help="none, auto or a folder of fonts (none)")
    parser.add_argument("--wear", default="light", help="none, light, medium or strong (light)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-marks", action="store_true", help="forms without registration marks")
    parser.add_argument("--show", action="store_true", help="list every wrong value")
    return parser


def _scanform(*arguments: str | Path, allowed: Iterable[int] = (0,)) -> str:
    """Runs the command line and gives back its stdout; ends the benchmark where it fails."""
    command = [sys.executable, "-m", "scanform", *map(str, arguments)]
    # Utf-8 whatever the system's own encoding is.
    environment = {**os.environ, "PYTHONUTF8": "1"}
    told = subprocess.run(command, capture_output=True, env=environment, check=False)
    if told.returncode not in allowed:
        print(told.stderr.decode("utf-8", "replace"), file=sys.stderr)
        sys.exit(f"scanform {arguments[0]} ended with exit code {told.returncode}.")
    return told.stdout.decode("utf-8")


def _rehearse(folder: Path, options: argparse.Namespace) -> list[dict]:
    marks = ["--no-marks"] if options.no_marks else []
    _scanform(
        "rehearse",
        options.template,
        "-n",
        str(options.n),
        "--hand",
        options.hand,
        "--wear",
        options.wear,
        "--seed",
        str(options.seed),
        "-o",
        folder,
        *marks,
    )
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _run(folder: Path, template: str) -> dict:
    # A page that is rejected (3) is counted as not digitised, so it is no failure here.
    told = _scanform(
        "run", folder / "scans", "-t", template, "-w", folder / "work", "--json", allowed=(0, 3)
    )
    return json.loads(told)


def _export(folder: Path) -> dict[tuple[str, int], dict]:
    """Exported records by the name and page of their scan."""
    path = folder / "records.jsonl"
    _scanform("export", "--format", "jsonl", "-o", path, "-w", folder / "work")
    return _records(path)


def _records(path: Path) -> dict[tuple[str, int], dict]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        (Path(record["scan"]["path"]).name, record["scan"]["page"]): record for record in records
    }


def _judge(
    line: dict, records: dict[tuple[str, int], dict], kinds: dict[str, str]
) -> Iterable[Judged]:
    """The answers of one form beside their truth; a page that was not digitised has none."""
    answers = records.get((line["scan"], line["page"]), {}).get("answers", {})
    for field, truth in line["answers"].items():
        told = answers.get(field, {"value": None, "status": "missing", "confidence": 0.0})
        yield Judged(
            line["scan"],
            field,
            kinds[field],
            truth,
            told["value"],
            told["status"],
            told["confidence"],
        )


def report(judged: Sequence[Judged]) -> None:
    """Prints the figures: what is right, what was accepted, how honest the confidence is."""
    filled = [one for one in judged if one.filled]
    empty = [one for one in judged if not one.filled]
    print(f"filled fields right  {_share(filled, lambda one: one.right)}")
    print(f"blank fields right   {_share(empty, lambda one: one.right)}")
    accepted = [one for one in filled if one.accepted]
    print(f"filled and accepted  {_share(filled, lambda one: one.accepted)}")
    print(f"wrong among accepted {_share(accepted, lambda one: not one.right)}")
    print(f"wrong and not queued {_share(judged, lambda one: one.unseen and not one.right)}")
    print("\nby kind, filled fields right (and accepted)")
    for kind, group in sorted(_by(filled, lambda one: one.kind).items()):
        accepted_share = sum(one.accepted for one in group) / len(group)
        print(f"  {kind:<10} {_share(group, lambda one: one.right)}  ({accepted_share:.1%})")
    _worst(judged)
    _reliability(filled)


def _worst(judged: Sequence[Judged]) -> None:
    wrong = _by([one for one in judged if not one.right], lambda one: one.field)
    if not wrong:
        return
    asked = _by(judged, lambda one: one.field)
    print("\nworst fields: wrong of asked (wrong and not queued)")
    worst = sorted(wrong.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    for field, group in worst[:SHOWN_FIELDS]:
        silent = sum(one.unseen for one in group)
        print(f"  {field:<28} {len(group):>4} of {len(asked[field]):<5} ({silent})")


def _reliability(filled: Sequence[Judged]) -> None:
    """Confidence against the share that is right: honest where the two agree."""
    print("\nconfidence     answers   right   mean confidence")
    for low, high in zip(BINS, (*BINS[1:], 1.01), strict=True):
        group = [one for one in filled if low <= one.confidence < high]
        if group:
            right = sum(one.right for one in group) / len(group)
            mean = sum(one.confidence for one in group) / len(group)
            name = f"{low:.2f} to {high:.2f}" if low < 1 else "1.00"
            print(f"  {name:<13} {len(group):>6}  {right:>6.1%}   {mean:.3f}")


def _show(judged: Sequence[Judged]) -> None:
    print("\nwrong values (scan, field, status, confidence: written -> read)")
    for one in judged:
        if not one.right:
            print(
                f"  {one.scan} {one.field} {one.status} {one.confidence:.2f}: "
                f"{one.truth!r} -> {one.value!r}"
            )


def _share(group: Sequence[Judged], test: Callable[[Judged], bool]) -> str:
    count = sum(map(test, group))
    share = count / len(group) if group else 0.0
    return f"{share:7.2%}  ({count} of {len(group)})"


def _by(group: Iterable[Judged], name: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = defaultdict(list)
    for one in group:
        found[name(one)].append(one)
    return found


if __name__ == "__main__":
    sys.exit(main())
