"""What review costs in human seconds, by a model: `benchmarks/review.py seconds`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

# The keystroke-level model. Seconds of each operator as Card, Moran and Newell give them; K is
# their average skilled typist (55 words a minute). R, looking at a crop and reading it, is not in
# their model: 1.2 s is what their M (1.35 s) leaves for a decision on something already before
# the eyes. All can be changed on the command line, since nobody's clerks are the average.
K, P, B, H, M = 0.20, 1.10, 0.10, 0.40, 1.35
FIELDS = 47
KEYS_A_FIELD = 9.0  # typed letters, tones included, over the fields of dc01 that are filled
FIND_ON_PAGE = 0.9  # eyes from the cell to the place on the page and back


def per_form(accepted: float, wrong_reading: float, filled: float) -> Iterator[tuple[str, float]]:
    """Seconds of one form: sheet beside a viewer, keying from crops, this queue."""
    fields = FIELDS * filled
    typing = KEYS_A_FIELD * K + K
    viewer = fields * (M + FIND_ON_PAGE + typing) + 2 * (H + P + B + M)
    crops = fields * (M + typing)
    doubtful = FIELDS * (1 - accepted)
    right = doubtful * (1 - wrong_reading) * (M + K)
    mended = doubtful * wrong_reading * (M + typing)
    yield "spreadsheet beside a viewer", viewer
    yield "keying every field from its crop", crops
    yield f"this queue, {accepted:.0%} accepted", right + mended
    sheet = 60
    struck = 0.02
    group = doubtful * (M * 6 / sheet + 0.25 + struck * (P + B))
    yield (
        f"this queue, {accepted:.0%} accepted, half of it in groups",
        ((right + mended) / 2 + group / 2),
    )


def seconds(args: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, float] = {}
    for accepted in (0.5, 0.8, 0.95):
        for name, spent in per_form(accepted, args.wrong, args.filled):
            found[name] = round(spent, 1)
    return {"seconds_a_form": found, "wrong_among_doubtful": args.wrong, "filled": args.filled}
