"""Second keying, quality samples, forms to pull, and what all of that measures."""

from __future__ import annotations

from starlette.responses import Response

from scanform.errors import UsageError
from scanform.review import Filter
from scanform.review.measure import ALL, Measured
from scanform.web.labels import label_of
from scanform.web.visit import Visit, page


@page("review")
def keying(visit: Visit) -> Response:
    desk, who = visit.office.desk, visit.who
    return visit.show(
        "keying.html",
        waits=desk.queue.waits(who),
        orders=desk.keying.all(who) if who.may("order") else None,
        templates=visit.office.templates(),
    )


@page("order")
def order_keying(visit: Visit) -> Response:
    template = visit.form.get("template", "")
    field = visit.form.get("field") or None
    visit.office.desk.keying.order(
        visit.who,
        template,
        Filter(template=template, field=field),
        _share(visit),
        1 if visit.form.get("keyers") == "1" else 2,
    )
    return visit.go("/keying")


@page("settle")
def sample(visit: Visit) -> Response:
    return _sample(visit)


def _sample(visit: Visit, said: str = "") -> Response:
    desk, who = visit.office.desk, visit.who
    may = who.may("order")
    return visit.show(
        "sample.html",
        waits=desk.queue.waits(who),
        samples=desk.sample.all(who) if may else None,
        measured=desk.sample.measured(who) if may else (),
        templates=visit.office.templates(),
        by_batch=_boxes(desk.sample.by_batch(who)) if may else (),
        broken=desk.sample.broken() if may else (),
        may_tighten=visit.office.tighten is not None,
        said=said,
    )


def _boxes(found: list[Measured]) -> list[Measured]:
    """What was measured box by box; nothing where there are no boxes."""
    return [each for each in found if each.kind != ALL] if any(b.kind for b in found[:-1]) else []


@page("order")
def tighten(visit: Visit) -> Response:
    """Lets answers wait again until the bound holds, by what samples have measured."""
    if visit.office.tighten is None:
        raise KeyError("tighten")
    count = visit.office.tighten(visit.who)
    return _sample(visit, visit.say("tightened", count=visit.number(count)))


@page("order")
def draw_sample(visit: Visit) -> Response:
    only = Filter(template=visit.form.get("template") or None)
    visit.office.desk.sample.draw(visit.who, _share(visit), only)
    return visit.go("/sample")


@page("forms")
def paper(visit: Visit) -> Response:
    return visit.show(
        "paper.html",
        pulls=[
            (each, [label_of(visit.office, each.template, field) for field in each.fields])
            for each in visit.office.desk.queue.to_pull(visit.who)
        ],
    )


@page("forms")
def pulled(visit: Visit) -> Response:
    visit.office.desk.queue.pulled(visit.who, visit.form.get("record", ""))
    return visit.go("/paper")


@page()
def figures(visit: Visit) -> Response:
    who = visit.who
    everybody = who.may("stats")
    found = visit.office.desk.figures.of(who, None if everybody else who.name)
    return visit.show("figures.html", found=found, everybody=everybody)


def _share(visit: Visit) -> float:
    """A share given in per cent, with a comma or a point."""
    try:
        share = float(visit.form.get("share", "100").replace(",", ".")) / 100
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UsageError(visit.say("share_is_wrong"))
    return share
