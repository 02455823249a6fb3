"""What a model says of itself: what it learnt from, by what, and how it does."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from scanform import __version__
from scanform.learn.guards import Kept
from scanform.learn.lesson import Lesson
from scanform.learn.training import Plan


def card(
    lesson: Lesson, kept: Kept, plan: Plan, at: datetime, *, parent: str | None
) -> Mapping[str, Any]:
    """Figures only, and the ids of the forms: nobody's name, nothing that was written."""
    moments = sorted(each.at for each in kept.answers)
    apart = lesson.apart
    return {
        "made_at": at.isoformat(timespec="seconds"),
        "parent": parent,
        "learnt_from": {
            "forms": lesson.forms,
            "lines": lesson.learnt_from,
            "from": moments[0].date().isoformat() if moments else None,
            "to": moments[-1].date().isoformat() if moments else None,
            "records": sorted({each.record for each in kept.answers}),
        },
        "held_out": {
            "people": len(kept.people),
            "their_answers": kept.by_people,
            "repeated_answers": kept.repeated,
        },
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
        "print": [round(lesson.print_old, 4), round(lesson.print_new, 4)],
        "training": {
            "seed": plan.seed,
            "passes": round(lesson.fitted.passes, 2),
            "views": lesson.fitted.views,
            "temperature": lesson.temperature,
            "minutes": round(lesson.fitted.minutes, 1),
        },
        "versions": {
            "scanform": __version__,
            "python": sys.version.split()[0],
            **{name: version(name) for name in ("asterocr", "onnx", "torch")},
        },
    }
