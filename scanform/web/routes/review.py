"""The review screen: one answer after another, without a page load and without a mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from starlette.responses import JSONResponse, Response

from scanform.errors import Overtaken, UsageError
from scanform.review import Claim, Filter, Order, Outcome, Work
from scanform.review.queue import View
from scanform.review.showing import first, offered, shown
from scanform.web.bench import Bench
from scanform.web.pictures import SECONDS
from scanform.web.rendering import say_doubt
from scanform.web.visit import Visit, page, problem

_COMPLETIONS = 6
"""What has room without anything moving."""

Said = Sequence[tuple[str, str]]
"""What the page tells of the last decision: pairs of a sort (a class of the style sheet) and a
text."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the queue that somebody works on."""

    work: Work
    order: Order
    only: Filter


@page("review")
def bench(visit: Visit) -> Response:
    """The whole page, with the first answer on it."""
    part = _wanted(visit)
    queue, who = visit.office.desk.queue, visit.who
    # What is in hand comes first, so hand back what this page isn't about.
    for held in queue.held(who):
        if not _belongs(held, part):
            queue.release(who, held.token)
    claim = queue.claim(who, part.work, part.order, part.only)
    return visit.show("review.html", **_context(visit, claim, part))


@page("review")
def decide(visit: Visit) -> Response:
    """What was decided about the answer in hand; gives the next one."""
    token = visit.form.get("token", "")
    try:
        said = _decide(visit, token)
    except Overtaken as error:
        said = [("warn", visit.told(error))]
    return _next(visit, said)


@page("review")
def undo(visit: Visit) -> Response:
    """The last decision taken back, and that answer in hand again."""
    queue, who = visit.office.desk.queue, visit.who
    part = _wanted(visit)
    try:
        mine = queue.undo(who, visit.form.get("number") or None)
    except (UsageError, Overtaken) as error:
        return problem(visit, visit.told(error), 422)
    in_hand = [each for each in (visit.form.get("token"), visit.form.get("ahead")) if each]
    that = Filter(record=mine.record, field=mine.field)
    claim = queue.claim(who, part.work, part.order, that, holding=in_hand)
    # What was in hand comes next: it is still this person's.
    said = [("good", f"{visit.say('undone')} {mine.label}")]
    if not visit.by_htmx:
        return visit.go("/")
    return visit.show("_bench.html", **_context(visit, claim, part, said))


@page("review")
def note(visit: Visit) -> Response:
    """A remark; the answer stays in hand."""
    text = visit.form.get("note", "").strip()
    token = visit.form.get("token", "")
    if text:
        visit.office.desk.queue.note(visit.who, token, text)
    claim = visit.office.desk.queue.get(visit.who, token)
    part = _wanted(visit)
    ahead = visit.form.get("ahead") or None
    return visit.show("_bench.html", **_context(visit, claim, part, ahead=ahead))


@page("review")
def complete(visit: Visit) -> Response:
    """What a typed text may become, and what would be wrong with it."""
    queue, who = visit.office.desk.queue, visit.who
    token, text = visit.query("token") or "", visit.query("text") or ""
    entries = queue.complete(who, token, text, _COMPLETIONS) if text else []
    # What may still become an entry is not wrong yet.
    begun = bool(entries) and text.casefold() not in {each.casefold() for each in entries}
    warnings = [] if begun else _warnings(visit, token, text)
    return JSONResponse({"entries": entries, "warnings": warnings})


def _warnings(visit: Visit, token: str, text: str) -> list[str]:
    """Rules that the text would break. A text that isn't whole yet is no reason to complain:
    Enter will say so."""
    try:
        _, found = visit.office.desk.queue.check(visit.who, token, text)
    except UsageError:
        return []
    return list(dict.fromkeys(say_doubt(each.doubt, visit.language) for each in found))


@page("review")
def picture(visit: Visit) -> Response:
    """A crop of an answer in hand. Kept by the browser for a while: it is fetched ahead."""
    token = visit.request.path_params["token"]
    found = Bench(visit.office, visit.who).picture(token, _view(visit))
    headers = {"Cache-Control": f"private, max-age={SECONDS:.0f}"}
    return Response(found.data, media_type="image/png", headers=headers)


@page("review")
def sight(visit: Visit) -> Response:
    """Another cut of the answer in hand, nearer or wider."""
    claim = visit.office.desk.queue.get(visit.who, visit.request.path_params["token"])
    found = Bench(visit.office, visit.who).sight(claim, _view(visit))
    return visit.show("_sheet.html", claim=claim, sight=found)


@page("review")
def whole_page(visit: Visit) -> Response:
    """The page that the answer in hand stands on."""
    token = visit.request.path_params["token"]
    claim = visit.office.desk.queue.get(visit.who, token)
    sight = Bench(visit.office, visit.who).sight(claim, "page")
    return visit.show("_page.html", claim=claim, sight=sight)


def _wanted(visit: Visit) -> Part:
    """Which part of the queue the person is in, from the address or from the form."""

    def asked(name: str) -> str | None:
        return visit.form.get(name) or visit.query(name)

    work = asked("work") or "review"
    order = asked("order") or "by_field"
    if work not in get_args(Work) or order not in get_args(Order):
        raise KeyError(work)
    only = Filter(asked("template"), asked("field"), asked("kind"), asked("record"))
    return Part(cast(Work, work), cast(Order, order), only)


def _belongs(held: Claim, part: Part) -> bool:
    record, field, only = held.item.record, held.item.field, part.only
    pairs = [
        (only.template, record.template),
        (only.field, field.id),
        (only.kind, field.kind),
        (only.record, record.id),
    ]
    return held.work == part.work and all(asked in (None, has) for asked, has in pairs)


def _view(visit: Visit) -> View:
    view = visit.request.path_params["view"]
    if view not in get_args(View):
        raise KeyError(view)
    return cast(View, view)


def _decide(visit: Visit, token: str) -> Said:
    queue, who = visit.office.desk.queue, visit.who
    action, text = visit.form.get("action", "enter"), visit.form.get("text", "")
    claim = queue.get(who, token)
    label = claim.item.field.label
    match action:
        case "skip":
            queue.skip(who, token)
            return [("", visit.say("skipped"))]
        case "paper":
            queue.paper(who, token, visit.form.get("note", "").strip())
            return [("", f"{label}: {visit.say('needs_paper')}")]
        case "blank":
            return _said(visit, label, queue.blank(who, token), visit.say("blank"))
        case "unreadable":
            return _said(visit, label, queue.unreadable(who, token), visit.say("unreadable"))
        case "enter":
            return _said(visit, label, _enter(visit, claim, text))
        case _:
            raise KeyError(action)


def _enter(visit: Visit, claim: Claim, text: str) -> Outcome:
    """Enter: what was read is accepted when nobody changed it; anything else is a correction."""
    queue, who = visit.office.desk.queue, visit.who
    offers = offered(claim)
    picked = visit.form.get("offer", "")
    if picked.isdecimal() and int(picked) < len(offers):
        option = offers[int(picked)]
        match option.outcome:
            case "blank":
                return queue.blank(who, claim.token)
            case "unreadable":
                return queue.unreadable(who, claim.token)
            case _ if option.source == "read":
                return queue.accept(who, claim.token)
            case _:
                return queue.correct(who, claim.token, option.value or "")
    begun = first(claim)
    unchanged = text.strip() == (shown(claim.item.field, begun) if begun else "")
    if unchanged and not claim.blind and (begun is None or begun.source == "read"):
        return queue.accept(who, claim.token)
    return queue.correct(who, claim.token, text)


def _said(visit: Visit, label: str, outcome: Outcome, value: str | None = None) -> Said:
    told = value or outcome.value or visit.say("blank")
    said = [("", visit.say("decided", label=label, value=told))]
    said += [
        ("warn", visit.say("warned", field=each.field, why=say_doubt(each.doubt, visit.language)))
        for each in outcome.warnings
    ]
    return said


def _next(visit: Visit, said: Said) -> Response:
    queue, who = visit.office.desk.queue, visit.who
    part = _wanted(visit)
    claim: Claim | None = None
    ahead = visit.form.get("ahead")
    if ahead:
        try:
            claim = queue.get(who, ahead)
        except (Overtaken, KeyError):
            claim = None
    if claim is None:
        claim = queue.claim(who, part.work, part.order, part.only)
    return visit.show("_bench.html", **_context(visit, claim, part, said))


def _context(
    visit: Visit, claim: Claim | None, part: Part, said: Said = (), ahead: str | None = None
) -> dict[str, object]:
    """What ``_bench.html`` shows: the answer in hand, and the one after it fetched ahead."""
    queue, who = visit.office.desk.queue, visit.who
    bench = Bench(visit.office, who)
    next_token = ahead
    if claim is not None and next_token is None:
        following = queue.claim(who, part.work, part.order, part.only, holding=[claim.token])
        next_token = following.token if following else None
    return {
        "claim": claim,
        "ahead": next_token,
        "work": part.work,
        "order": part.order,
        "only": part.only,
        "said": said,
        "left": queue.left(who, part.work, part.only),
        "view": bench.view(claim, visit.language) if claim else None,
    }
