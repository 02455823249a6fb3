"""The overview: what is done, what waits, and one's own work."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from scanform.web.labels import label_of
from scanform.web.visit import Visit, page

_LAST = 8


@page()
def overview(visit: Visit) -> Response:
    desk, who = visit.office.desk, visit.who
    waits = desk.queue.waits(who)
    recent = desk.queue.recent(who, 500)
    today = datetime.now().astimezone().date()
    return visit.show(
        "overview.html",
        waits=waits,
        rows=[
            (template, field, label_of(visit.office, template, field), count)
            for template, field, count in sorted(waits.by_field, key=lambda each: -each[2])
        ],
        figures=visit.office.figures(),
        rejected=len(visit.office.rejected()) if who.may("upload") else None,
        broken=desk.sample.broken() if who.may("order") else (),
        recent=recent[:_LAST],
        today=sum(each.at.astimezone().date() == today for each in recent),
    )
