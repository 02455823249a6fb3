"""Learning in a process of its own, to be killed: ``python learning_child.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from scanform.learn.fit import Fitted, fit, limit_threads
from scanform.learn.made import made_lines
from scanform.learn.training import Plan
from scanform.programs import asterocr

PLAN = Plan(minutes=30.0, passes=12, batch=2, rate=5e-4, average=0.8, save_every=0.0)
LINES = 6


def learn(folder: Path, passes: int = PLAN.passes) -> Fitted:
    limit_threads(1)
    plan = Plan(30.0, passes, PLAN.batch, PLAN.rate, average=PLAN.average, save_every=0.0)
    return fit(made_lines(LINES, seed=3, hand=True), asterocr.shipped(), folder, plan)


if __name__ == "__main__":
    learn(Path(sys.argv[1]))
