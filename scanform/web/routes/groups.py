"""The group view: sixty answers that were read alike, on one sheet."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from scanform.review import Filter, Group
from scanform.web.pictures import SECONDS
from scanform.web.visit import Visit, page

_LEAST = 2
BETWEEN = "/"
"""Between record and field in the value of a check box: neither may hold it."""


@page("review")
def groups(visit: Visit) -> Response:
    found = visit.office.desk.groups.all(visit.who, Filter(), _LEAST)
    return visit.show("groups.html", groups=[(each, address(each)) for each in found])


@page("review")
def sheet(visit: Visit) -> Response:
    group = _group(visit)
    if group is None:
        return visit.go("/groups")
    found = visit.office.desk.groups.claim(visit.who, group)
    if found is None:
        return visit.go("/groups")
    return visit.show("sheet.html", sheet=found, group=found.group, again=address(group))


@page("review")
def accept(visit: Visit) -> Response:
    """All but the struck ones; then the next sheet of the group, or back to the list."""
    pairs = [each.partition(BETWEEN) for each in visit.many("struck")]
    struck = [(record, field) for record, _, field in pairs]
    visit.office.desk.groups.accept(visit.who, visit.form.get("token", ""), struck)
    group = _group(visit)
    return visit.go(address(group) if group else "/groups")


@page("review")
def leave(visit: Visit) -> Response:
    visit.office.desk.groups.release(visit.who, visit.form.get("token", ""))
    return visit.go("/groups")


@page("review")
def picture(visit: Visit) -> Response:
    token, record, field = (
        visit.request.path_params[name] for name in ("token", "record", "field")
    )
    data = visit.office.desk.groups.picture(visit.who, token, record, field)
    headers = {"Cache-Control": f"private, max-age={SECONDS:.0f}"}
    return Response(data, media_type="image/png", headers=headers)


def address(group: Group) -> str:
    asked = {"template": group.template, "field": group.field}
    if group.value is not None:
        asked["value"] = group.value
    return f"/groups/sheet?{urlencode(asked)}"


def _group(visit: Visit) -> Group | None:
    """The group that the address or the form names, as it stands now."""
    params = visit.request.query_params if visit.request.method == "GET" else visit.form
    template, field, value = params.get("template"), params.get("field"), params.get("value")
    only = Filter(template=template, field=field)
    for each in visit.office.desk.groups.all(visit.who, only, 1):
        if (each.template, each.field, each.value) == (template, field, value):
            return each
    return None
