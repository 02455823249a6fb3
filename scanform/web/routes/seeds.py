"""Seeded checks, for the admin: laid out, their share of the queue, and how people do on them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from scanform.errors import UsageError
from scanform.review import Filter
from scanform.review.seeds import MOST, Measure
from scanform.web.visit import Visit, page

MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class SeedsView:
    """``confirmed`` and ``rehearsed``: how many there are of each sort; ``share`` in 0..1."""

    confirmed: int
    rehearsed: int
    share: float
    measured: list[Measure]


@page("seeds")
def seeds(visit: Visit) -> Response:
    return _page(visit)


@page("seeds")
def change(visit: Visit) -> Response:
    """More of them, or another share; what is wrong with it is said on the same page."""
    try:
        said = _change(visit)
    except UsageError as error:
        return _page(visit, problem=visit.told(error), status=422)
    return _page(visit, said)


def _change(visit: Visit) -> str:
    desk, who = visit.office.desk.seeds, visit.who
    match visit.form.get("action"):
        case "add":
            only = Filter(template=visit.form.get("template") or None)
            laid = desk.from_confirmed(who, _count(visit), only)
            return visit.say("seeds_laid", count=laid) if laid else visit.say("seeds_none")
        case "share":
            desk.set_share(who, _share(visit))
            return ""
        case _:
            raise KeyError("action")


def _count(visit: Visit) -> int:
    text = visit.form.get("count", "")
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= MOST_AT_ONCE):
        raise UsageError(visit.say("seeds_count_is_wrong"))
    return int(text[:9])


def _share(visit: Visit) -> float:
    """Given in per cent, with a comma or a point."""
    try:
        share = float(visit.form.get("share", "").replace(",", ".")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= MOST:
        raise UsageError(visit.say("seeds_share_is_wrong"))
    return share


def _page(visit: Visit, said: str = "", problem: str = "", status: int = 200) -> Response:
    desk, who = visit.office.desk.seeds, visit.who
    view = SeedsView(*desk.count(who), desk.share(who), desk.measured(who))
    return visit.show(
        "seeds.html",
        status,
        view=view,
        templates=visit.office.templates(),
        said=said,
        problem=problem,
    )
