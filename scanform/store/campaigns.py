"""The campaign's part of the store, over the same database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping, Select

from scanform.errors import BatchClosed, NoSuchBatch
from scanform.model.campaign import Batch, Campaign, Entered, PairVerdict, Slip
from scanform.model.scan import Rejected
from scanform.store import day_counts, refusals, units, values
from scanform.store.campaign_interface import (
    BatchScan,
    DayCount,
    DayRefused,
    FormLine,
    Settlement,
    ValueCount,
    Work,
)
from scanform.store.campaign_rows import (
    batch_from,
    batch_name,
    batch_number,
    campaign_from,
    campaign_json,
    entered_from,
    settlement_from,
    verdict_from,
)
from scanform.store.queries import record_row, rejected_from
from scanform.store.sql import SqlStore
from scanform.store.tables import (
    answers,
    batch_scans,
    batches,
    campaigns,
    entered,
    pages,
    pair_verdicts,
    records,
    scans,
    settlements,
    unopened,
)
from scanform.store.work import work

CHUNK = 500
"""Values in one question: no database has a limit below it."""


class SqlCampaigns:
    """``store.campaign_interface.CampaignStore`` over an open store."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    # The plan, and figures without forms

    def campaign(self, as_of: datetime | None = None) -> Campaign | None:
        query = sa.select(campaigns.c.data).order_by(campaigns.c.seq.desc()).limit(1)
        with self._store.reading() as connection:
            found = None
            if as_of is not None:
                then = query.where(campaigns.c.at <= as_of)
                found = connection.execute(then).scalar_one_or_none()
                query = query.order_by(None).order_by(campaigns.c.seq)
            found = found or connection.execute(query).scalar_one_or_none()
        return campaign_from(found) if found else None

    def save_campaign(self, campaign: Campaign, by: str) -> None:
        row = {"data": campaign_json(campaign), "by": by, "at": self._store.now()}
        with self._store.writing() as connection:
            connection.execute(sa.insert(campaigns).values(row))
            units.count_by(connection, campaign.unit_fields, anew=True)

    def count_by(self, unit_fields: Mapping[str, str]) -> None:
        with self._store.reading() as connection:
            known = units.fields_of(connection)
        if not known.keys() >= unit_fields.keys():
            with self._store.writing() as connection:
                units.count_by(connection, unit_fields, anew=False)

    def entered(self, until: date | None = None) -> list[Entered]:
        query = sa.select(entered).order_by(entered.c.seq)
        if until is not None:
            query = query.where(entered.c.day <= until)
        with self._store.reading() as connection:
            return [entered_from(row) for row in connection.execute(query).mappings()]

    def enter(self, figures: Sequence[Entered]) -> None:
        rows = [
            {"unit": f.unit, "day": f.day, "number": f.number, "by": f.by, "at": f.at}
            for f in figures
        ]
        if rows:
            with self._store.writing() as connection:
                connection.execute(sa.insert(entered), rows)

    # Persons counted twice

    def verdicts(self, as_of: datetime | None = None) -> list[PairVerdict]:
        query = sa.select(pair_verdicts).order_by(pair_verdicts.c.seq)
        if as_of is not None:
            query = query.where(pair_verdicts.c.at <= as_of)
        with self._store.reading() as connection:
            return [verdict_from(row) for row in connection.execute(query).mappings()]

    def judge(self, verdict: PairVerdict) -> None:
        with self._store.writing() as connection:
            for each in (verdict.first, verdict.second):
                record_row(connection, each)
            connection.execute(
                sa.insert(pair_verdicts).values(
                    first=verdict.first,
                    second=verdict.second,
                    verdict=verdict.verdict,
                    by=verdict.by,
                    at=verdict.at,
                )
            )

    # Counts

    def day_counts(
        self,
        unit_fields: Mapping[str, str],
        zone: tzinfo,
        as_of: datetime | None = None,
        duplicates: Collection[str] = (),
    ) -> list[DayCount]:
        with self._store.reading() as connection:
            return day_counts.day_counts(connection, unit_fields, zone, as_of, duplicates)

    def day_refused(self, zone: tzinfo, as_of: datetime | None = None) -> list[DayRefused]:
        with self._store.reading() as connection:
            return refusals.day_refused(connection, zone, as_of)

    def value_counts(
        self,
        template: str,
        fields: tuple[str, str],
        as_of: datetime | None = None,
        without: Collection[str] = (),
    ) -> list[ValueCount]:
        with self._store.reading() as connection:
            return values.value_counts(connection, template, fields, as_of, without)

    def work(self, as_of: datetime | None = None) -> Work:
        with self._store.reading() as connection:
            return work(connection, as_of)

    def lines(
        self, fields: Mapping[str, Collection[str]], batch: str | None = None
    ) -> list[FormLine]:
        with self._store.reading() as connection:
            some = None if batch is None else records.c.scan.in_(_scans_of(connection, batch))
            found = [
                line
                for template in sorted(fields)
                for line in _lines(connection, template, fields[template], some)
            ]
        return sorted(found, key=lambda line: (line.scan_path, line.scan_page, line.id))

    def templates(self) -> list[str]:
        query = sa.select(records.c.template).distinct().order_by(records.c.template)
        with self._store.reading() as connection:
            return list(connection.execute(query).scalars())

    def lines_with(
        self, template: str, fields: Collection[str], field: str, values: Collection[str]
    ) -> list[FormLine]:
        wanted = sorted(values)
        found: list[FormLine] = []
        with self._store.reading() as connection:
            for start in range(0, len(wanted), CHUNK):
                chunk = wanted[start : start + CHUNK]
                here = (answers.c.template == template) & (answers.c.field == field)
                having = sa.select(answers.c.record).where(here, answers.c.value.in_(chunk))
                found += _lines(connection, template, fields, records.c.number.in_(having))
        return found

    # Batches

    def open_batch(self, slip: Slip, by: str) -> Batch:
        row = {
            "unit": slip.unit,
            "day": slip.day,
            "handed_by": slip.handed_by,
            "forms": slip.forms,
            "opened_by": by,
            "opened_at": self._store.now(),
        }
        with self._store.writing() as connection:
            insert = sa.insert(batches).values(row).returning(batches.c.number)
            number = connection.execute(insert).scalar_one()
            return batch_from(_batch_row(connection, number))

    def close_batch(self, batch_id: str) -> Batch:
        number = batch_number(batch_id)
        with self._store.writing() as connection:
            _batch_row(connection, number)
            still_open = (batches.c.number == number) & batches.c.closed_at.is_(None)
            now = self._store.now()
            connection.execute(sa.update(batches).where(still_open).values(closed_at=now))
            return batch_from(_batch_row(connection, number))

    def batches(self) -> list[Batch]:
        query = sa.select(batches).order_by(batches.c.number)
        with self._store.reading() as connection:
            return [batch_from(row) for row in connection.execute(query).mappings()]

    def batch(self, batch_id: str) -> Batch:
        with self._store.reading() as connection:
            return batch_from(_batch_row(connection, batch_number(batch_id)))

    def add_to_batch(self, batch_id: str, files: Sequence[BatchScan]) -> None:
        number, now = batch_number(batch_id), self._store.now()
        with self._store.writing() as connection:
            if _batch_row(connection, number)["closed_at"] is not None:
                raise BatchClosed(f"Batch {batch_id} is closed.")
            for file in files:
                row: dict[str, Any] = {"sha256": file.sha256, "cover": file.cover, "seen_at": now}
                key = {"batch": number, "path": file.path}
                insert = self._store.insert(batch_scans).values(row | key)
                connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=row))

    def settle(self, settlement: Settlement) -> None:
        number = batch_number(settlement.batch)
        row = {
            "batch": number,
            "task": settlement.task,
            "state": "settled" if settlement.settled else "open",
            "note": settlement.note,
            "by": settlement.by,
            "at": settlement.at,
        }
        with self._store.writing() as connection:
            _batch_row(connection, number)
            connection.execute(sa.insert(settlements).values(row))

    def settlements(self, batch_id: str | None = None) -> list[Settlement]:
        last = sa.select(sa.func.max(settlements.c.seq)).group_by(
            settlements.c.batch, settlements.c.task
        )
        query = sa.select(settlements).where(settlements.c.seq.in_(last))
        if batch_id is not None:
            query = query.where(settlements.c.batch == batch_number(batch_id))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(settlements.c.seq)).mappings()
            return [settlement_from(row) for row in rows]

    def batch_scans(self, batch_id: str) -> list[BatchScan]:
        number = batch_number(batch_id)
        other = batch_scans.alias("other")
        mine = (
            sa.select(batch_scans).where(batch_scans.c.batch == number).order_by(batch_scans.c.path)
        )
        shared = (
            sa.select(batch_scans.c.path, other.c.batch)
            .join(other, (other.c.sha256 == batch_scans.c.sha256) & (other.c.batch < number))
            .where(batch_scans.c.batch == number, batch_scans.c.sha256 != "")
        )
        with self._store.reading() as connection:
            earlier: dict[str, set[str]] = {}
            for path, batch in connection.execute(shared):
                earlier.setdefault(path, set()).add(batch_name(batch))
            rows = connection.execute(mine).all()
        return [
            BatchScan(row.path, row.sha256, tuple(sorted(earlier.get(row.path, ()))), row.cover)
            for row in rows
        ]

    def batch_unfinished(self, batch_id: str) -> list[str]:
        query = (
            sa.select(batch_scans.c.path)
            .outerjoin(scans, scans.c.sha256 == batch_scans.c.sha256)
            .where(
                batch_scans.c.batch == batch_number(batch_id),
                batch_scans.c.sha256 != "",
                sa.func.coalesce(scans.c.state, "unfinished") == "unfinished",
            )
            .order_by(batch_scans.c.path)
        )
        with self._store.reading() as connection:
            return list(connection.execute(query).scalars())

    def batch_rejected(self, batch_id: str) -> list[Rejected]:
        number = batch_number(batch_id)
        mine = sa.select(batch_scans.c.sha256).where(batch_scans.c.batch == number)
        paths = sa.select(batch_scans.c.path).where(batch_scans.c.batch == number)
        whole = sa.select(scans).where(scans.c.state == "rejected", scans.c.sha256.in_(mine))
        of_pages = (
            sa.select(pages, scans.c.path)
            .join(scans, scans.c.sha256 == pages.c.scan)
            .where(pages.c.outcome == "rejected", pages.c.scan.in_(mine))
        )
        lost = sa.select(unopened).where(unopened.c.path.in_(paths))
        with self._store.reading() as connection:
            found = [
                rejected_from(row)
                for query in (whole, of_pages, lost)
                for row in connection.execute(query).mappings()
            ]
        return sorted(found, key=lambda each: (str(each.path), each.page or 0, each.sha256))


def _batch_row(connection: Connection, number: int) -> RowMapping:
    query = sa.select(batches).where(batches.c.number == number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NoSuchBatch(f"There is no batch {batch_name(number)}.")
    return row


def _scans_of(connection: Connection, batch_id: str) -> list[str]:
    query = sa.select(batch_scans.c.sha256).where(batch_scans.c.batch == batch_number(batch_id))
    return list(connection.execute(query).scalars())


def _lines(
    connection: Connection,
    template: str,
    fields: Collection[str],
    some: ColumnElement[bool] | None,
) -> list[FormLine]:
    """The records with those answers. One question for all of them: what is wanted of a million
    records is a few short texts each."""
    query: Select[Any] = (
        sa.select(records, answers.c.field, answers.c.value)
        .outerjoin(
            answers,
            (answers.c.record == records.c.number) & answers.c.field.in_(sorted(fields)),
        )
        .where(records.c.template == template)
        .order_by(records.c.number)
    )
    if some is not None:
        query = query.where(some)
    found: dict[str, FormLine] = {}
    said: dict[str, dict[str, str | None]] = {}
    for row in connection.execute(query):
        if row.id not in found:
            said[row.id] = {}
            place = row.scan_path, row.scan, row.scan_page
            found[row.id] = FormLine(row.id, row.template, *place, said[row.id])
        if row.field is not None:
            said[row.id][row.field] = row.value
    return list(found.values())
