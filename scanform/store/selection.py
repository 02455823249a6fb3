"""Records as others take them away: chosen by the database, streamed without their readings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from json import JSONDecoder
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping, Select

from scanform.errors import Overtaken
from scanform.model.campaign import BY_BATCH
from scanform.model.reading import Outcome, Reading
from scanform.model.record import Answer, Record, fold
from scanform.phrase import Phrase
from scanform.store import units
from scanform.store.campaign_rows import batch_number
from scanform.store.interface import Readings, Selection
from scanform.store.queries import record_row, texts, versions, whole_records, with_rereadings
from scanform.store.rows import decision_from, doubts_from, record_from
from scanform.store.tables import answers, batch_scans, batches, decisions, readings, records

_DECIDED = Phrase(
    "Vừa có người quyết định về phiếu {record}. Chưa ghi gì.",
    "Somebody decided about record {record} meanwhile. Nothing was written.",
)

BATCH = 500  # records fetched at a time

_decode = JSONDecoder().raw_decode  # ``json.loads`` without what it looks for before and behind

_BEGINNING = re.compile(
    r'\{"outcome": "(\w+)", "text": (null|"[^"\\]*(?:\\.[^"\\]*)*"), "score": ([0-9.e+-]+)[,}]'
)
"""How ``rows.reading_json`` is stored. Only this of a reading is exported; what follows (other ways
to read it, every cell) is three quarters of its length and need not be decoded."""

_BEFORE = datetime(1, 1, 1, tzinfo=UTC)  # anybody decided anything

_ORDER = (records.c.scan_path, records.c.scan_page, records.c.id)


def selected(connection: Connection, chosen: Selection, readings: Readings) -> Iterator[Record]:
    """See ``Store.selected``."""
    order = sa.tuple_(*_ORDER)
    conditions = _conditions(chosen, units.fields_of(connection))
    query = sa.select(records).where(*conditions).order_by(*_ORDER).limit(BATCH)
    batch = connection.execute(query).mappings().all()
    while batch:
        if readings == "texts":
            yield from with_texts(connection, batch)
        else:
            yield from whole_records(connection, batch) if readings else plain(connection, batch)
        last = batch[-1]
        after = sa.tuple_(last["scan_path"], last["scan_page"], last["id"])
        batch = connection.execute(query.where(order > after)).mappings().all()


def _conditions(chosen: Selection, kept: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    if chosen.template is not None:
        yield records.c.template == chosen.template
    if chosen.complete:
        yield records.c.waiting == 0
    if chosen.since is not None:
        decided = sa.exists().where(
            decisions.c.record == records.c.number, decisions.c.at >= chosen.since
        )
        yield (records.c.created_at >= chosen.since) | decided
    if chosen.batches is not None:
        first = sa.select(batch_scans.c.sha256).group_by(batch_scans.c.sha256)
        wanted = sorted(map(batch_number, chosen.batches))
        yield records.c.scan.in_(first.having(sa.func.min(batch_scans.c.batch).in_(wanted)))
    if chosen.units is not None:
        yield sa.or_(
            sa.false(),
            *(
                (records.c.template == template)
                & _unit(field, kept.get(template)).in_(sorted(chosen.units))
                for template, field in sorted(chosen.unit_fields.items())
                if field
            ),
        )


def _unit(field: str, kept: str | None) -> ColumnElement[Any]:
    """The unit of a record as the count has it (``store.moment.unit_of``)."""
    if field == kept:
        return records.c.unit
    if field != BY_BATCH:
        return units.unit_now(field)
    first = sa.select(sa.func.min(batch_scans.c.batch)).where(
        batch_scans.c.sha256 == records.c.scan
    )
    box = first.correlate(records).scalar_subquery()
    return sa.select(batches.c.unit).where(batches.c.number == box).scalar_subquery()


def plain(connection: Connection, rows: Sequence[RowMapping]) -> Iterator[Record]:
    """The records of those rows as they stand, without readings, doubts and sheets."""
    numbers = [row["number"] for row in rows]
    query = (
        sa.select(
            answers.c.record,
            answers.c.field,
            answers.c.value,
            answers.c.confidence,
            answers.c.state,
        )
        .where(answers.c.record.in_(numbers))
        .order_by(answers.c.record, answers.c.position)
    )
    found: defaultdict[int, list[Answer]] = defaultdict(list)
    # All at once: a row at a time takes twice as long.
    for number, field, value, confidence, state in connection.execute(query).all():
        found[number].append(Answer(field, value, confidence, state))
    return _made(connection, rows, found)


def with_texts(connection: Connection, rows: Sequence[RowMapping]) -> Iterator[Record]:
    """The records of those rows as they stand, each reading without what only a closer look
    needs. Nothing is made of a row but what is asked for: a million records have 47 million."""
    numbers = [row["number"] for row in rows]
    found: defaultdict[int, list[Answer]] = defaultdict(list)
    query = texts(connection).where(answers.c.record.in_(numbers))
    for number, field, value, confidence, state, doubts, reader, raw in connection.execute(
        query
    ).all():
        doubted = () if doubts == "[]" else doubts_from(_decode(doubts)[0])
        read = None if raw is None or reader is None else _short(reader, raw)
        found[number].append(Answer(field, value, confidence, state, doubted, read))
    return _made(connection, rows, found)


def _made(
    connection: Connection, rows: Sequence[RowMapping], found: Mapping[int, list[Answer]]
) -> Iterator[Record]:
    """The records of those rows with the answers found, without their sheets."""
    taken = versions(connection, [row["number"] for row in rows])
    for row in rows:
        yield record_from(row, found.get(row["number"], []), [], taken.get(row["number"], 0))


def _short(reader: str, raw: str) -> Reading | None:
    """The reading of that JSON, without what ``_BEGINNING`` leaves out."""
    if begins := _BEGINNING.match(raw):
        outcome, text, score = begins.groups()
        return Reading(cast(Outcome, outcome), _decode(text)[0], float(score), reader)
    stored = _decode(raw)[0]  # written by other hands, or a null of JSON
    if stored is None:
        return None
    return Reading(stored["outcome"], stored["text"], stored["score"], reader)


def standing(connection: Connection, record_ids: Sequence[str]) -> dict[str, Record]:
    """See ``Store.standing``."""
    found: dict[str, Record] = {}
    for at in range(0, len(record_ids), BATCH):
        query = sa.select(records).where(records.c.id.in_(record_ids[at : at + BATCH]))
        rows = connection.execute(query).mappings().all()
        found.update((record.id, record) for record in plain(connection, rows))
    return found


def hold(connection: Connection, wanted: Mapping[str, int]) -> None:
    """Keeps others from deciding about those records until the transaction ends; raises
    ``Overtaken`` when one is no longer at the version wanted, ``NoSuchRecord``."""
    # In one order everywhere, so that two who want the same records wait and don't block.
    for record_id, version in sorted(wanted.items()):
        number = record_row(connection, record_id, lock=True)["number"]
        if versions(connection, [number]).get(number, 0) != version:
            raise Overtaken(_DECIDED.of(record=record_id))


def record_at(connection: Connection, record_id: str, version: int) -> Record:
    """See ``Store.record_at``."""
    row = record_row(connection, record_id)
    first = next(iter(whole_records(connection, [row], _BEFORE)))
    log = _log(row["number"]).limit(version)
    rows = connection.execute(log).mappings()
    return fold(first, [decision_from(each, record_id) for each in rows])


def _log(number: int) -> Select[Any]:
    query = with_rereadings(sa.select(decisions)).where(decisions.c.record == number)
    return query.order_by(decisions.c.seq)


def revisions(connection: Connection) -> list[tuple[str, int]]:
    """See ``Store.revisions``."""
    query = sa.select(records.c.template, records.c.revision).distinct()
    return sorted((template, revision) for template, revision in connection.execute(query))


def fields(connection: Connection, template: str, revision: int) -> list[str]:
    """See ``Store.fields``."""
    query = (
        sa.select(readings.c.field)
        .join(records, records.c.number == readings.c.record)
        .where(records.c.template == template, records.c.revision == revision)
        .group_by(readings.c.field)
        .order_by(sa.func.min(readings.c.position), readings.c.field)
    )
    return list(connection.execute(query).scalars())


def newest(connection: Connection) -> datetime | None:
    """See ``Store.newest``."""
    found = [
        connection.execute(sa.select(sa.func.max(records.c.created_at))).scalar(),
        connection.execute(sa.select(sa.func.max(decisions.c.at))).scalar(),
    ]
    return max((each for each in found if each is not None), default=None)
