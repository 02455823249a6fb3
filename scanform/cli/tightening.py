"""Letting answers wait again where a quality sample has proved that the bound is broken."""

from __future__ import annotations

from datetime import UTC, datetime

from scanform.cli.bounds import kept_bounds
from scanform.engine.decide import Judged, judge_again
from scanform.errors import ScanformError
from scanform.phrase import Phrase
from scanform.review import Desk, Person
from scanform.store.sql import SqlStore

_NONE_BROKEN = Phrase(
    "Chưa lần kiểm mẫu nào chứng tỏ một mức bị vượt, nên không siết gì.",
    "No sample proves that a bound is broken, so nothing is tightened.",
)
_LARGER = Phrase(
    "Hãy rút mẫu lớn hơn: scanform review sample --share 0.05",
    "Draw a larger one: scanform review sample --share 0.05",
)


def tighten(
    desk: Desk, store: SqlStore, who: Person
) -> tuple[dict[tuple[str, str], float], Judged]:
    """Judges what was accepted without a look by the bound that samples have shown to be needed;
    which kinds of which templates by which factor, and what came of it. Raises ``ScanformError``
    when no bound is broken: then there is nothing to judge by."""
    factors = desk.sample.tighten(who)
    if not factors:
        raise ScanformError(_NONE_BROKEN, _LARGER)
    said = who.name, datetime.now(UTC), "tightened after a quality sample"
    templates = sorted({template for template, _ in factors})
    return factors, judge_again(store, desk.review.template, kept_bounds(store), templates, said)
