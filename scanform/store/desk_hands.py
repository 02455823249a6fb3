"""What is in people's hands, and what they do with it: ``DeskStore``'s claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scanform.model.record import Decision
from scanform.store import (
    desk_claims,
    desk_tasks,
    log,
    selection,
)
from scanform.store.desk_interface import (
    ClaimRow,
    Doing,
    Wish,
)
from scanform.store.desk_part import DeskPart
from scanform.store.queries import record_row
from scanform.store.tables import (
    answers,
    claims,
    skips,
)


class Hands(DeskPart):
    """See ``desk_interface.Hands``."""

    def claim_answer(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_answer(connection, self._insert, wish)

    def claim_form(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_form(connection, self._insert, wish)

    def claim_alike(self, wish: Wish, value: str | None, count: int) -> list[ClaimRow]:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_alike(connection, self._insert, wish, value, count)

    def claim_task(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_task(connection, self._insert, wish)

    def claim_seed(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_seed(connection, self._insert, wish)

    def held(self, by: str, now: datetime) -> list[ClaimRow]:
        with self._store.reading() as connection:
            return desk_claims.held(connection, by, now)

    def claims(self, token: str) -> list[ClaimRow]:
        with self._store.reading() as connection:
            return desk_claims.of_token(connection, token)

    def renew(self, token: str, until: datetime, version: int | None = None) -> None:
        now: dict[str, Any] = {"until": until}
        if version is not None:
            now["version"] = version
        with self._store.writing(lasting=False) as connection:
            connection.execute(sa.update(claims).where(claims.c.token == token).values(now))

    def release(self, token: str) -> None:
        with self._store.writing(lasting=False) as connection:
            connection.execute(sa.delete(claims).where(claims.c.token == token))

    def skip(self, by: str, record: str, field: str, now: datetime) -> None:
        with self._store.writing(lasting=False) as connection:
            number = record_row(connection, record)["number"]
            row = {"by": by, "record": number, "field": field, "at": now}
            connection.execute(self._insert(skips).values(row).on_conflict_do_nothing())

    def act(
        self, decisions: Sequence[Decision], versions: Mapping[str, int], doing: Doing
    ) -> list[Decision]:
        with self._store.writing() as connection:
            desk_claims.end(connection, doing.tokens)
            selection.hold(connection, versions)
            # A decision withdraws what is open of keying its answer, so the task comes first.
            if doing.done is not None:
                desk_tasks.finish(connection, doing.done)
            rows = log.append_all(connection, decisions)
            desk_tasks.add(connection, doing.tasks)
            for (record, field), desk in doing.to_desk.items():
                number = record_row(connection, record)["number"]
                here = (answers.c.record == number) & (answers.c.field == field)
                connection.execute(sa.update(answers).where(here).values(desk=desk))
                # Whoever has it in hand would decide over what was asked for just now.
                in_hand = (claims.c.record == number) & (claims.c.field == field)
                gone = sa.delete(claims).where(in_hand, claims.c.work == "review")
                connection.execute(gone)
            return rows
