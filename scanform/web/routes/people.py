"""Accounts and roles, for the admin; one's own password, for everybody."""

from __future__ import annotations

from starlette.responses import Response

from scanform.errors import UsageError
from scanform.review.people import ROLES, Role
from scanform.web.visit import Visit, page


@page("people")
def people(visit: Visit) -> Response:
    return _page(visit)


@page("people")
def change(visit: Visit) -> Response:
    """One change to one account; what is wrong with it is said on the same page."""
    try:
        _change(visit)
    except UsageError as error:
        return _page(visit, visit.told(error), 422)
    return visit.go("/people")


@page()
def password_page(visit: Visit) -> Response:
    return visit.show("password.html", problem="")


@page()
def password(visit: Visit) -> Response:
    """A new password of one's own; signs out everywhere."""
    new = visit.form.get("password", "")
    if new != visit.form.get("again", ""):
        return visit.show("password.html", 422, problem=visit.say("passwords_differ"))
    try:
        visit.office.desk.people.set_password(visit.who, visit.who.name, new)
    except UsageError as error:
        return visit.show("password.html", 422, problem=visit.told(error))
    return visit.go("/sign-in")


def _page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    accounts = visit.office.desk.people.all(visit.who)
    return visit.show("people.html", status, accounts=accounts, roles=ROLES, problem=problem)


def _change(visit: Visit) -> None:
    accounts, who = visit.office.desk.people, visit.who
    name = visit.form.get("name", "").strip()
    match visit.form.get("action"):
        case "add":
            accounts.add(who, name, _role(visit), visit.form.get("password") or None)
        case "role":
            accounts.set_role(who, name, _role(visit))
        case "password":
            accounts.set_password(who, name, visit.form.get("password", ""))
        case "disable":
            accounts.disable(who, name)
        case "enable":
            accounts.disable(who, name, False)
        case _:
            raise KeyError("action")


def _role(visit: Visit) -> Role:
    role = visit.form.get("role", "")
    if role not in ROLES:
        raise KeyError(role)
    return role
