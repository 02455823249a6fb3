"""A campaign day by day, with lessons at night and without: `benchmarks/learning.py campaign`.

Forms are rehearsed in hands that no calibration and no lesson has seen, read by `scanform run`, and
reviewed by somebody who knows the truth and looks at all that waits. Every step is a folder or a
file of the work folder: killed, or called with more forms or days, it goes on. With ``--again`` the
days that were played are judged by the rules as they are now, from the figures that were stored.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from review_seconds import K, M

from scanform.engine.calibrate import HELD_APART
from scanform.fields.policy import judged, parse_share
from scanform.model.record import Decision
from scanform.model.template import Template
from scanform.rehearse import Plan, files, forms, hands
from scanform.store.open import open_store
from scanform.template.blank import draw_pages
from scanform.template.find import find
from scanform.template.load import load

BEGUN = datetime(2018, 10, 1, 8, tzinfo=UTC)
KEYS_A_LETTER = 1.2
"""Vietnamese by Telex: a mark is a key of its own."""
REVIEWER = "simulated"


def campaign(args: argparse.Namespace) -> dict[str, Any]:
    """Figures of each day, of the arm that learns and of the one that doesn't."""
    work: Path = args.keep
    days: list[dict[str, Any]] = []
    for day in range(1, args.days + 1):
        made = _rehearsed(work, day, args)
        told: dict[str, Any] = {"day": day, "forms": len(made)}
        for arm in ("learning", "not_learning"):
            told[arm] = _day(work, arm, day, made, args)
            _say(args, f"day {day}, {arm}: {json.dumps(told[arm])}")
        if day < args.days:
            told["night"] = _night(work, day, args)
            _say(args, f"night {day}: {json.dumps(told['night'])}")
        days.append(told)
    return {
        "forms": sum(each["forms"] for each in days),
        "max_error": args.max_error,
        "wear": args.wear,
        "seed": args.seed,
        "days": days,
        "all": {arm: _whole([each[arm] for each in days]) for arm in ("learning", "not_learning")},
        "last_day_against_not_learning": _share(days[-1], "seconds_a_form"),
    }


def _share(day: Mapping[str, Any], name: str) -> float:
    return round(day["learning"][name] / max(1e-9, day["not_learning"][name]), 3)


def _whole(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    accepted = sum(each["accepted"] for each in days)
    wrong = sum(each["wrong"] for each in days)
    return {"accepted": accepted, "wrong": wrong, "error": round(wrong / max(1, accepted), 5)}


def _say(args: argparse.Namespace, text: str) -> None:
    if not args.quiet:
        print(text, file=sys.stderr, flush=True)


# What is scanned


def _rehearsed(work: Path, day: int, args: argparse.Namespace) -> dict[str, dict[str, str | None]]:
    """The day's scans; by file name what is written on each."""
    folder = work / f"day-{day}"
    truths = folder / "truths.json"
    if truths.exists():
        found: dict[str, dict[str, str | None]] = json.loads(truths.read_text("utf-8"))
        return found
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "scans").mkdir(parents=True)
    faces = _faces(args)
    template = load(find(args.template))
    blanks = draw_pages(template)
    count = args.forms // args.days + (day <= args.forms % args.days)
    made = {}
    for at in range(count):
        plan = Plan(1, args.seed + 10_000 * day + at, faces, args.wear)
        form = next(forms(template, plan, blanks))
        path = files.save(form.pages, folder / "scans" / f"{day:02}-{at:04}")
        made[path.name] = dict(form.answers)
    truths.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    return made


def _faces(args: argparse.Namespace) -> tuple[hands.Face, ...]:
    if args.fonts is not None:
        return hands.fonts_in(args.fonts)[0]
    return tuple(face for face in hands.shipped() if face.path.stem in HELD_APART)


# One day of one arm


def _day(
    work: Path, arm: str, day: int, made: Mapping[str, Mapping[str, str | None]], args: Any
) -> dict[str, Any]:
    """The day's figures: read, and for the arm that learns reviewed."""
    mark = work / f"{arm}-day-{day}.json"
    here = work / arm
    if args.again and mark.exists():
        alone = arm == "not_learning" and day == 1  # its readings lie in the other arm's folder
        judge = (load(find(args.template)), parse_share(args.max_error))
        return _judged(work / "learning" if alone else here, made, judge)
    if mark.exists():
        done: dict[str, Any] = json.loads(mark.read_text("utf-8"))
        return done
    if arm == "not_learning" and day == 1:  # nothing was learnt by then: the same readings
        kept: dict[str, Any] = json.loads((work / "learning-day-1.json").read_text("utf-8"))
        mark.write_text(json.dumps(kept), "utf-8")
        return kept
    run = ("run", str(work / f"day-{day}" / "scans"), "-t", args.template)
    _scanform(here, *run, "--max-error", args.max_error, "--jobs", str(args.threads))
    found = _judged(here, made)
    if arm == "learning":
        _review(here, made, day)
    mark.write_text(json.dumps(found), "utf-8")
    return found


def _scanform(workspace: Path, *args: str) -> str:
    command = [sys.executable, "-m", "scanform", *args, "-w", str(workspace)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout if done.returncode == 0 else ""


def _judged(
    workspace: Path,
    made: Mapping[str, Mapping[str, str | None]],
    judge: tuple[Template, float] | None = None,
) -> dict[str, Any]:
    """What was accepted of the day's forms, how much of it is wrong, and what review costs.
    ``judge``: the template and the bound to judge by anew."""
    accepted = wrong = waits = answers = read = 0
    seconds = 0.0
    for record in _of_day(workspace, made):
        truth = made[Path(record.scan_path).name]
        read += 1
        for stored in record.answers:
            answer = stored
            if judge is not None:
                answer = judged(stored, judge[0].field(stored.field), judge[1])
            right = answer.value == truth.get(answer.field)
            answers += 1
            if answer.state == "pending":
                waits += 1
                seconds += _seconds(right, truth.get(answer.field))
            else:
                accepted, wrong = accepted + 1, wrong + (not right)
    return {
        "read": read,
        "waiting": round(waits / max(1, answers), 4),
        "waiting_a_form": round(waits / max(1, read), 2),
        "accepted": accepted,
        "wrong": wrong,
        "error": round(wrong / max(1, accepted), 5),
        "seconds_a_form": round(seconds / max(1, read), 1),
    }


def _of_day(workspace: Path, made: Mapping[str, object]):
    with open_store(workspace) as store:
        for each in store.records():
            if Path(each.scan_path).name in made:
                yield store.record_at(each.id, 0)


def _seconds(right: bool, truth: str | None) -> float:
    """By the keystroke-level model of `review_seconds.py`: a look and a key, or typing."""
    if right or truth is None:
        return M + K
    return M + K * (KEYS_A_LETTER * len(truth) + 1)


def _review(workspace: Path, made: Mapping[str, Mapping[str, str | None]], day: int) -> None:
    """Everything that waits is decided by the truth."""
    at = BEGUN + timedelta(days=day)
    with open_store(workspace) as store:
        for record in list(store.records()):
            truth = made.get(Path(record.scan_path).name)
            for answer in record.answers if truth is not None else ():
                if answer.state != "pending":
                    continue
                said = truth.get(answer.field)
                action = "accept" if answer.value == said else "correct"
                action = "blank" if said is None else action
                at += timedelta(seconds=3)
                value = said if action == "correct" else None
                store.decide(Decision(record.id, answer.field, action, value, REVIEWER, at))


def _night(work: Path, day: int, args: argparse.Namespace) -> dict[str, Any]:
    """What the lesson after that day brought."""
    mark = work / f"night-{day}.json"
    if mark.exists():
        done: dict[str, Any] = json.loads(mark.read_text("utf-8"))
        return done
    started, before = time.monotonic(), _used()
    learnt = _scanform(
        work / "learning", "learn", "--minutes", str(args.minutes), "--jobs", str(args.threads),
        "--json", "-t", args.template,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(learnt) if learnt else {"kept": False, "why": "too few"}
    found["minutes"] = round((time.monotonic() - started) / 60.0, 1)
    found["core_minutes"] = round((_used() - before) / 60.0, 1)
    mark.write_text(json.dumps(found), "utf-8")
    return found


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
