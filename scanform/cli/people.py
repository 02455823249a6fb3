"""``scanform people``: accounts for the review pages."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from scanform.cli.opened import open_desk
from scanform.cli.options import echo_json, json_option, workspace_options
from scanform.review import Person
from scanform.review.people import ROLES, Account, Role

_WHO = Person("", "admin")
_role = click.Choice(ROLES)


@click.group()
def people() -> None:
    """Accounts: who may review, check, order and administer."""


@people.command()
@click.argument("name")
@click.option("--role", type=_role, default="clerk", show_default=True)
@click.password_option(help="Asked for when it isn't given. At least 10 characters.")
@workspace_options
def add(name: str, role: Role, password: str, workspace: Path, database: str | None) -> None:
    """Make an account."""
    with open_desk(workspace, database) as desk:
        click.echo(_line(desk.people.add(_WHO, name, role, password)))


@people.command("list")
@workspace_options
@json_option
def list_(workspace: Path, database: str | None, as_json: bool) -> None:
    """Name the accounts."""
    with open_desk(workspace, database) as desk:
        found = desk.people.all(_WHO)
    if as_json:
        echo_json([{**asdict(each), **_times(each)} for each in found])
        return
    for each in found:
        click.echo(_line(each))


@people.command("role")
@click.argument("name")
@click.argument("role", type=_role)
@workspace_options
def role_(name: str, role: Role, workspace: Path, database: str | None) -> None:
    """Give somebody another role; he has to sign in again."""
    with open_desk(workspace, database) as desk:
        click.echo(_line(desk.people.set_role(_WHO, name, role)))


@people.command()
@click.argument("name")
@click.password_option()
@workspace_options
def password(name: str, password: str, workspace: Path, database: str | None) -> None:
    """Set a new password."""
    with open_desk(workspace, database) as desk:
        desk.people.set_password(_WHO, name, password)


@people.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Let him in again.")
@workspace_options
def disable(name: str, again: bool, workspace: Path, database: str | None) -> None:
    """Shut an account; what it decided stays."""
    with open_desk(workspace, database) as desk:
        click.echo(_line(desk.people.disable(_WHO, name, not again)))


def _line(account: Account) -> str:
    shut = "  disabled" if account.disabled else ""
    return f"{account.name}  {account.role}{shut}"


def _times(account: Account) -> dict[str, str | None]:
    seen = account.last_seen
    return {
        "created_at": account.created_at.isoformat(),
        "last_seen": None if seen is None else seen.isoformat(),
    }
