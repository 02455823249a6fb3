"""Records out of the house, for those whose role it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from starlette.responses import Response, StreamingResponse

from scanform.errors import UsageError
from scanform.web.office import Exports
from scanform.web.visit import Visit, page

_PIECE = 1 << 16


@page("export")
def write(visit: Visit) -> Response:
    """The file, which has no name here."""
    exports, wanted = _exports(visit), visit.form.get("format", "")
    template = visit.form.get("template") or None
    if wanted not in exports.formats or template not in (None, *_ids(visit)):
        raise UsageError(visit.say("not_found"))
    complete = visit.form.get("complete") == "yes"
    file = exports.write(wanted, template, complete, visit.who)
    ending = {"qcvn109": "xml"}.get(wanted, wanted)
    name = f"scanform-{datetime.now().astimezone():%Y-%m-%d}.{ending}"
    headers = {
        "content-length": str(_size(file)),
        "content-disposition": f'attachment; filename="{name}"',
    }
    return StreamingResponse(_pieces(file), media_type="application/octet-stream", headers=headers)


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _exports(visit: Visit) -> Exports:
    if visit.office.exports is None:
        raise KeyError("export")
    return visit.office.exports


def _ids(visit: Visit) -> list[str]:
    return sorted({each.id for each in visit.office.templates()})
