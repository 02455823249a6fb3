"""Records: the list, and one whole form beside its scan."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from scanform.errors import Overtaken, UsageError
from scanform.model.record import Answer
from scanform.model.template import Field
from scanform.review import Outcome
from scanform.review.forms import FormView
from scanform.web.pictures import SECONDS
from scanform.web.rendering import say_doubt
from scanform.web.visit import Visit, page

_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in the list beside the scan."""

    field: Field
    answer: Answer
    version: int
    needs_paper: bool
    said: tuple[tuple[str, str], ...] = ()
    """What came of the decision that has just been made: pairs of sort and text."""


@page("forms")
def records(visit: Visit) -> Response:
    """Records by scan and page, fifty at a time."""
    template, status, scan = visit.query("template"), visit.query("status"), visit.query("scan")
    if status not in (None, "complete", "pending"):
        status = None
    found = visit.office.desk.forms.find(
        visit.who, template, status, scan, visit.query("after"), _PER_PAGE
    )
    exports = visit.office.exports
    return visit.show(
        "records.html",
        records=found,
        formats=exports.formats if exports and visit.who.may("export") else (),
        asked={"template": template or "", "status": status or "", "scan": scan or ""},
        templates=sorted({each.id for each in visit.office.templates()}),
        more=found[-1].id if len(found) == _PER_PAGE else None,
    )


@page("forms")
def record(visit: Visit) -> Response:
    view = _opened(visit)
    width, height = view.template.page_mm
    return visit.show(
        "record.html",
        view=view,
        lines=[_line(view, each) for each in view.record.answers],
        sheets=view.record.sheets,
        width=width,
        height=height,
        labels={each.id: each.label for each in view.template.fields},
    )


@page("forms")
def page_image(visit: Visit) -> Response:
    params = visit.request.path_params
    data = visit.office.desk.forms.page(visit.who, params["record"], params["page"])
    headers = {"Cache-Control": f"private, max-age={SECONDS:.0f}"}
    return Response(data, media_type="image/jpeg", headers=headers)


@page("forms")
def decide(visit: Visit) -> Response:
    """One answer decided on the form's page; gives its line anew."""
    record_id, field_id = (visit.request.path_params[name] for name in ("record", "field"))
    said: list[tuple[str, str]] = []
    try:
        outcome = _decide(visit, record_id, field_id)
        said = [
            ("warn", say_doubt(each.doubt, visit.language))
            for each in outcome.warnings
            if each.field == field_id
        ]
    except (Overtaken, UsageError) as error:
        said = [("bad", visit.told(error))]
    if not visit.by_htmx:
        return visit.go(f"/records/{quote(record_id, safe='')}")
    view = visit.office.desk.forms.open(visit.who, record_id)
    line = _line(view, view.record.answer(field_id), tuple(said))
    return visit.show("_line.html", view=view, line=line)


def _opened(visit: Visit) -> FormView:
    return visit.office.desk.forms.open(visit.who, visit.request.path_params["record"])


def _line(view: FormView, answer: Answer, said: tuple[tuple[str, str], ...] = ()) -> Line:
    return Line(
        view.template.field(answer.field),
        answer,
        view.versions.get(answer.field, 0),
        answer.field in view.needs_paper,
        said,
    )


def _decide(visit: Visit, record_id: str, field_id: str) -> Outcome:
    forms, who = visit.office.desk.forms, visit.who
    version = int(visit.form["version"]) if visit.form.get("version", "").isdecimal() else 0
    match visit.form.get("action"):
        case "accept":
            return forms.accept(who, record_id, field_id, version)
        case "blank":
            return forms.blank(who, record_id, field_id, version)
        case "unreadable":
            return forms.unreadable(who, record_id, field_id, version)
        case _:
            return forms.correct(who, record_id, field_id, visit.form.get("text", ""), version)
