"""Records out of the house, for those whose role it is."""

from __future__ import annotations

from datetime import datetime

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from scanform.errors import UsageError
from scanform.web.office import Exports
from scanform.web.visit import Visit, page


@page("export")
def write(visit: Visit) -> Response:
    """The file, removed once it is sent."""
    exports, wanted = _exports(visit), visit.form.get("format", "")
    template = visit.form.get("template") or None
    if wanted not in exports.formats or template not in (None, *_ids(visit)):
        raise UsageError(visit.say("not_found"))
    complete = visit.form.get("complete") == "yes"
    file = exports.write(wanted, template, complete, visit.who)
    name = f"scanform-{datetime.now().astimezone():%Y-%m-%d}{file.suffix}"
    removed = BackgroundTask(file.unlink, missing_ok=True)
    return FileResponse(
        file, filename=name, media_type="application/octet-stream", background=removed
    )


def _exports(visit: Visit) -> Exports:
    if visit.office.exports is None:
        raise KeyError("export")
    return visit.office.exports


def _ids(visit: Visit) -> list[str]:
    return sorted({each.id for each in visit.office.templates()})
