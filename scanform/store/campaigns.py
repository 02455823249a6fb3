"""The campaign's part of the store, over the same database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import sqlalchemy as sa

from scanform.errors import BatchClosed
from scanform.model.campaign import Batch, Campaign, Entered, PairVerdict, Slip
from scanform.model.scan import Rejected
from scanform.phrase import Phrase
from scanform.store import boxes, day_counts, refusals, units, values
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
    batch_number,
    campaign_from,
    campaign_json,
    entered_from,
    settlement_from,
    verdict_from,
)
from scanform.store.lines import lines_of
from scanform.store.queries import record_row
from scanform.store.sql import SqlStore
from scanform.store.tables import (
    answers,
    batch_scans,
    batches,
    campaigns,
    entered,
    pair_verdicts,
    records,
    settlements,
)
from scanform.store.work import work

_CLOSED = Phrase("Hộp {batch} đã đóng.", "Batch {batch} is closed.")

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
            some = None
            if batch is not None:
                some = records.c.scan.in_(boxes.scans_of(connection, batch_number(batch)))
            found = [
                line
                for template in sorted(fields)
                for line in lines_of(connection, template, fields[template], some)
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
                found += lines_of(connection, template, fields, records.c.number.in_(having))
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
            return batch_from(boxes.row_of(connection, number))

    def close_batch(self, batch_id: str) -> Batch:
        number = batch_number(batch_id)
        with self._store.writing() as connection:
            boxes.row_of(connection, number)
            still_open = (batches.c.number == number) & batches.c.closed_at.is_(None)
            now = self._store.now()
            connection.execute(sa.update(batches).where(still_open).values(closed_at=now))
            return batch_from(boxes.row_of(connection, number))

    def batches(self) -> list[Batch]:
        query = sa.select(batches).order_by(batches.c.number)
        with self._store.reading() as connection:
            return [batch_from(row) for row in connection.execute(query).mappings()]

    def batch(self, batch_id: str) -> Batch:
        with self._store.reading() as connection:
            return batch_from(boxes.row_of(connection, batch_number(batch_id)))

    def add_to_batch(self, batch_id: str, files: Sequence[BatchScan]) -> None:
        number, now = batch_number(batch_id), self._store.now()
        with self._store.writing() as connection:
            if boxes.row_of(connection, number)["closed_at"] is not None:
                raise BatchClosed(_CLOSED.of(batch=batch_id))
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
            boxes.row_of(connection, number)
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
        with self._store.reading() as connection:
            return boxes.files(connection, batch_number(batch_id))

    def batch_unfinished(self, batch_id: str) -> list[str]:
        with self._store.reading() as connection:
            return boxes.unfinished(connection, batch_number(batch_id))

    def batch_rejected(self, batch_id: str) -> list[Rejected]:
        with self._store.reading() as connection:
            return boxes.rejected(connection, batch_number(batch_id))
