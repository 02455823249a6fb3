"""The campaign: report, boxes and their differences, persons who came in twice."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from scanform.errors import UsageError
from scanform.report.interface import Chart, Document, Paragraph, Table
from scanform.tally.receipt import KINDS, spot_text
from scanform.web.office import CampaignDesk
from scanform.web.visit import Visit, page

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "md": "text/markdown; charset=utf-8",
}
"""What the report may be fetched as. Not as a web page: that would bring styles of its own."""


@page("forms")
def report(visit: Visit) -> Response:
    day = _day(visit)
    made = _desk(visit).document(day, visit.language)
    if made is None:
        return visit.show("report.html", report=None, day=day)
    return visit.show(
        "report.html",
        report=made,
        blocks=_blocks(made),
        day=day,
        last=date.today(),
        endings=_TYPES,
    )


def _blocks(made: Document) -> list[tuple[str, object]]:
    """Every block with the name of what it is."""
    kinds = {Paragraph: "paragraph", Table: "table", Chart: "chart"}
    return [(kinds[type(block)], block) for block in made.blocks]


@page("forms")
def curve(visit: Visit) -> Response:
    picture = _desk(visit).curve(_day(visit), visit.language)
    return Response(picture, media_type="image/png")


@page("forms")
def report_file(visit: Visit) -> Response:
    ending = str(visit.request.path_params["ending"])
    kind = _TYPES[ending]
    day = _day(visit)
    made = _desk(visit).file(ending, day, visit.language)
    name = f"bao-cao-{day or date.today():%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=kind, headers=headers)


@page("forms")
def boxes(visit: Visit) -> Response:
    return visit.show("boxes.html", boxes=_desk(visit).boxes())


@page("forms")
def box(visit: Visit) -> Response:
    found, tasks = _desk(visit).box(str(visit.request.path_params["batch"]))
    rows = [
        (
            task,
            KINDS[task.kind].say(visit.language),
            "" if task.spot is None else spot_text(task.spot, task.kind, visit.language),
        )
        for task in tasks
    ]
    return visit.show("box.html", found=found, rows=rows)


@page("settle")
def settle(visit: Visit) -> Response:
    batch = str(visit.request.path_params["batch"])
    note = " ".join(visit.form.get("note", "").split())[:500]
    if not note and visit.form.get("again") != "1":
        raise UsageError(visit.say("say_what_was_found"))
    _desk(visit).settle(batch, visit.form.get("task", ""), note, visit.who.name)
    return visit.go(f"/boxes/{batch}")


@page("settle")
def pairs(visit: Visit) -> Response:
    visit.who.need("forms")
    found = _desk(visit).pairs()
    seen = [form.record for each in found[:50] for form in (each.first, each.second)]
    visit.office.desk.log.looked(visit.who, seen, "pairs")
    return visit.show("pairs.html", pairs=found[:50], count=len(found))


@page("settle")
def judge(visit: Visit) -> Response:
    verdict = visit.form.get("verdict", "")
    if verdict not in ("same", "different"):
        raise UsageError(visit.say("same_or_different"))
    first, second = visit.form.get("first", ""), visit.form.get("second", "")
    _desk(visit).judge(first, second, verdict == "same", visit.who.name)
    return visit.go("/pairs")


def _desk(visit: Visit) -> CampaignDesk:
    """Raises ``KeyError``, which says "not found", where the server knows of no campaign."""
    if visit.office.campaign is None:
        raise KeyError("campaign")
    return visit.office.campaign


def _day(visit: Visit) -> date | None:
    """The day that is asked for; None for now. Of a day to come nothing can be told."""
    text = visit.query("day")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(visit.say("no_such_day")) from error
    if day > date.today():
        raise UsageError(visit.say("day_to_come"))
    return day
