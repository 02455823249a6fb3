"""Who works here: ``DeskStore``'s accounts, sessions and settings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from scanform.store import (
    desk_people,
)
from scanform.store.desk_interface import (
    PersonRow,
    SessionRow,
)
from scanform.store.desk_part import DeskPart
from scanform.store.tables import (
    sessions,
)


class Office(DeskPart):
    """See ``desk_interface.Office``."""

    def setting(self, name: str) -> Any:
        with self._store.reading() as connection:
            return desk_people.setting(connection, name)

    def set_setting(self, name: str, value: object) -> None:
        with self._store.writing() as connection:
            desk_people.set_setting(connection, self._insert, name, value)

    def people(self) -> list[PersonRow]:
        with self._store.reading() as connection:
            return desk_people.all_people(connection)

    def put_person(self, person: PersonRow) -> None:
        with self._store.writing() as connection:
            desk_people.put_person(connection, self._insert, person)

    def put_session(self, session: SessionRow) -> None:
        with self._store.writing() as connection:
            desk_people.put_session(connection, self._insert, session)

    def session(self, hashed: str) -> SessionRow | None:
        with self._store.reading() as connection:
            return desk_people.session(connection, hashed)

    def end_session(self, hashed: str) -> None:
        with self._store.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.hash == hashed))

    def end_sessions(self, person: str) -> None:
        with self._store.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.person == person))
