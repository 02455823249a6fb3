"""What is keyed twice, sampled and seeded: ``DeskStore``'s orders and checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from scanform.model.record import Record
from scanform.store import (
    desk_claims,
    desk_seeds,
    desk_tasks,
)
from scanform.store.desk_interface import (
    NewTask,
    OrderRow,
    SeedAnswer,
    SeedRow,
    TaskRow,
)
from scanform.store.desk_part import DeskPart
from scanform.store.tables import (
    seed_answers,
)


class Checks(DeskPart):
    """See ``desk_interface.Checks``."""

    def add_order(self, order: OrderRow) -> int:
        with self._store.writing() as connection:
            return desk_tasks.add_order(connection, order)

    def orders(self, work: str) -> list[OrderRow]:
        with self._store.reading() as connection:
            return desk_tasks.all_orders(connection, work)

    def sampled_batches(self) -> dict[str, str]:
        with self._store.reading() as connection:
            return desk_tasks.sampled_batches(connection)

    def candidates(self, template: str | None, states: Sequence[str]) -> Iterator[tuple[str, ...]]:
        with self._store.reading() as connection:
            yield from desk_tasks.candidates(connection, template, states)

    def tasks(
        self,
        order: int | None = None,
        record: str | None = None,
        field: str | None = None,
        work: str | None = None,
    ) -> list[TaskRow]:
        with self._store.reading() as connection:
            return desk_tasks.found(connection, order, record, field, work)

    def task(self, number: int) -> TaskRow:
        with self._store.reading() as connection:
            return desk_tasks.one(connection, number)

    def add_tasks(self, tasks: Iterable[NewTask]) -> None:
        with self._store.writing() as connection:
            desk_tasks.add(connection, tasks)

    def confirmed(self, template: str | None) -> Iterator[tuple[str, str, str, str, str | None]]:
        with self._store.reading() as connection:
            yield from desk_tasks.confirmed(connection, template)

    def add_rehearsed(self, record: Record) -> int:
        with self._store.writing() as connection:
            return desk_seeds.add_rehearsed(connection, self._insert, record)

    def rehearsed(self, number: int) -> Record:
        with self._store.reading() as connection:
            return desk_seeds.rehearsed_record(connection, number)

    def count_seeds(self) -> tuple[int, int]:
        with self._store.reading() as connection:
            return desk_seeds.count(connection)

    def add_seed(self, seed: SeedRow, by: str, at: datetime) -> bool:
        with self._store.writing() as connection:
            return desk_seeds.add_seed(connection, self._insert, seed, by, at)

    def seed(self, number: int) -> SeedRow:
        with self._store.reading() as connection:
            return desk_seeds.seed(connection, number)

    def answer_seed(self, answer: SeedAnswer, token: str) -> int:
        with self._store.writing() as connection:
            desk_claims.end(connection, [token])
            return desk_seeds.answer_seed(connection, answer)

    def seed_answers(self, by: str | None = None) -> list[SeedAnswer]:
        with self._store.reading() as connection:
            return desk_seeds.answered_seeds(connection, by)

    def undo_seed(self, number: int) -> None:
        with self._store.writing() as connection:
            here = seed_answers.c.number == number
            connection.execute(sa.update(seed_answers).where(here).values(undone=True))
