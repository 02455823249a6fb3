"""Accounts, sessions and settings in the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.store.desk_interface import PersonRow, SessionRow
from scanform.store.tables import people, sessions, settings


def all_people(connection: Connection) -> list[PersonRow]:
    query = sa.select(people).order_by(people.c.name)
    return [PersonRow(**dict(row)) for row in connection.execute(query).mappings()]


def put_person(connection: Connection, insert: Any, person: PersonRow) -> None:
    row = asdict(person)
    statement = insert(people).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def put_session(connection: Connection, insert: Any, session: SessionRow) -> None:
    row = asdict(session)
    statement = insert(sessions).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["hash"], set_=row))


def session(connection: Connection, hashed: str) -> SessionRow | None:
    query = sa.select(sessions).where(sessions.c.hash == hashed)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else SessionRow(**dict(row))


def setting(connection: Connection, name: str) -> Any:
    query = sa.select(settings.c.value).where(settings.c.name == name)
    return connection.execute(query).scalar_one_or_none()


def set_setting(connection: Connection, insert: Any, name: str, value: object) -> None:
    row = {"name": name, "value": value}
    statement = insert(settings).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))
