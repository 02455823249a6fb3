"""The log: every decision one row, each chained to the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scanform.model.record import Record, fold
from scanform.review.people import Person
from scanform.review.room import Room
from scanform.store.chain import START
from scanform.store.interface import LogRow

MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the log. ``reason``: ``changed`` (a row isn't what was hashed, or a
    row before it was put in, taken out or moved), ``missing`` (a number is gone), ``cut`` (rows
    are gone at the end), ``head`` (the hash written down earlier isn't in the chain), ``emptied``
    (what rows said is gone and no row says that it was erased), ``differs`` (a record isn't the
    fold of its log)."""

    reason: str
    seq: int | None
    record: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Verified:
    """``head`` is the hash of the last row: write it down elsewhere, for whoever can rewrite the
    whole database can also rewrite the whole chain."""

    rows: int
    head: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Needs ``log``; ``history`` needs ``forms``."""

    room: Room

    def verify(self, who: Person, head: str | None = None) -> Verified:
        """Checks every row, the chain and that each record is the fold of its log. With ``head``,
        a hash written down earlier, also that the chain still goes through it."""
        who.need("log")
        count, last, faults = self._chain(head)
        for record in self.room.review.store.records():
            if len(faults) >= MOST_FAULTS:
                break
            faults += self._folds(record)
        return Verified(count, last, tuple(faults))

    def _chain(self, head: str | None) -> tuple[int, str, list[Fault]]:
        faults: list[Fault] = []
        noted, noted_hash = self.room.store.head()
        previous, seq, count = START, 0, 0
        seen = head in (None, START)
        emptied: dict[str, int] = {}
        for row in self.room.store.links():
            count += 1
            if row.seq != seq + 1:
                detail = f"rows {seq + 1} to {row.seq - 1} are gone"
                faults.append(Fault("missing", seq + 1, None, detail))
            if not row.fits(previous):
                faults.append(Fault("changed", row.seq, row.record, f"row {row.seq}"))
            previous, seq = row.hash, row.seq
            seen = seen or row.hash == head
            if row.erased and row.record:
                emptied.setdefault(row.record, row.seq)
            elif row.action == "erase" and row.record:
                emptied.pop(row.record, None)
            if len(faults) >= MOST_FAULTS:
                return count, previous, faults
        if (seq, previous) != (noted, noted_hash):
            faults.append(Fault("cut", seq, None, f"the log ends at {seq}, it was at {noted}"))
        for record, first in emptied.items():
            faults.append(Fault("emptied", first, record, "nobody is said to have erased it"))
        if not seen:
            faults.append(Fault("head", None, None, f"{head} is not in the chain"))
        return count, previous, faults

    def _folds(self, record: Record) -> Iterator[Fault]:
        store = self.room.review.store
        made = fold(store.record_at(record.id, 0), store.decisions(record.id))
        if made != replace(record, version=made.version):
            # Somebody may have decided between the two looks.
            now = store.record(record.id)
            made = fold(store.record_at(record.id, 0), store.decisions(record.id))
            if made != now:
                fields = [
                    one.field
                    for one, other in zip(made.answers, now.answers, strict=False)
                    if one != other
                ]
                yield Fault("differs", None, record.id, ", ".join(fields))

    def rows(self, who: Person) -> Iterator[LogRow]:
        """Every row, oldest first."""
        who.need("log")
        return self.room.store.log()

    def lines(self, who: Person) -> Iterator[dict[str, object]]:
        """Every row as it is written out, with its hash: decisions, what is left of those about
        people who were erased, and who looked at what or took it away."""
        who.need("log")
        for link in self.room.store.links():
            yield {**link.shown, "hash": link.hash}

    def looked(self, who: Person, records: Sequence[str], how: str) -> None:
        """Notes that somebody is about to be shown these records; ``how`` says where. Needs no
        permission: whoever looks is noted, whatever he may."""
        self.room.store.note_looks(who.name, records, how)

    def took(self, who: Person, how: str) -> None:
        """Notes that somebody takes the log itself away."""
        self.room.store.note_taking(who.name, how)

    def history(self, who: Person, record_id: str) -> list[LogRow]:
        """The rows about one record; raises ``NoSuchRecord``."""
        who.need("forms")
        return list(self.room.store.log(record_id))
