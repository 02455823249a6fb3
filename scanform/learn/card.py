"""What a model says of itself: what it learnt from, by what, and how it does."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from scanform import __version__
from scanform.learn.digit_lesson import DigitLesson
from scanform.learn.guards import Kept
from scanform.learn.lesson import Lesson
from scanform.learn.night import Night
from scanform.learn.scales import Scales
from scanform.learn.training import Plan


def card(
    night: Night, kept: Kept, plan: Plan, at: datetime, *, parent: str | None
) -> Mapping[str, Any]:
    """Figures only, and the ids of the forms: nobody's name, nothing that was written."""
    moments = sorted(each.at for each in kept.answers)
    records = sorted({each.record for each in kept.answers})
    return {
        "made_at": at.isoformat(timespec="seconds"),
        "parent": parent,
        "learnt_from": {
            "forms": night.lines.forms if night.lines else len(records),
            "lines": night.lines.learnt_from if night.lines else 0,
            "from": moments[0].date().isoformat() if moments else None,
            "to": moments[-1].date().isoformat() if moments else None,
            "records": records,
        },
        "held_out": {
            "people": len(kept.people),
            "their_answers": kept.by_people,
            "repeated_answers": kept.repeated,
        },
        **(_of_lines(night.lines, plan) if night.lines else {}),
        "digits": of_digits(night.digits),
        "scales": of_scales(night.scales),
        "versions": {
            "scanform": __version__,
            "python": sys.version.split()[0],
            **{name: version(name) for name in ("asterocr", "onnx", "torch")},
        },
    }


def _of_lines(lesson: Lesson, plan: Plan) -> dict[str, Any]:
    apart = lesson.apart
    return {
        "lines_kept": lesson.better,
        "held_apart": {
            "forms": apart.forms,
            "lines": apart.lines,
            "cer": [round(apart.old_cer, 4), round(apart.new_cer, 4)],
            "exact": [round(apart.old_exact, 4), round(apart.new_exact, 4)],
            "chance_better": round(apart.chance, 4),
            "by_kind": {
                kind: [round(old, 4), round(new, 4)] for kind, (old, new) in apart.by_kind.items()
            },
        },
        "print": [round(lesson.printed.before, 4), round(lesson.printed.after, 4)],
        "training": {
            "seed": plan.seed,
            "passes": round(lesson.fitted.passes, 2),
            "views": lesson.fitted.views,
            "share": lesson.printed.share,
            "temperature": lesson.temperature,
            "minutes": round(lesson.fitted.minutes, 1),
        },
    }


def of_digits(lesson: DigitLesson) -> dict[str, Any]:
    """Cells of combs: how many were learnt from and held apart, wrong ones and the mean log loss
    before and after, share wrong of made print, whether the new network reads."""
    return {
        "cells": lesson.cells,
        "apart": lesson.apart,
        "wrong": [*lesson.wrong],
        "loss": [round(each, 5) for each in lesson.loss],
        "print": [round(each, 4) for each in lesson.made],
        "why": lesson.why,
        "kept": lesson.better,
    }


def of_scales(scales: Scales) -> list[dict[str, Any]]:
    """Sort by sort: answers held apart, the share right, how many the scale of before and the new
    one accept and how many of those are wrong, whether the new one judges."""
    return [
        {
            "sort": each.sort,
            "reader": each.reader,
            "answers": each.count,
            "right": round(each.right, 4),
            "accepted": [each.old.count, each.new.count],
            "wrong": [each.old.wrong, each.new.wrong],
            "kept": each.kept,
        }
        for each in scales.judged
    ]
