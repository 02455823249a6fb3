"""From the campaign's model to rows and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from scanform.errors import NoSuchBatch
from scanform.model.campaign import Batch, Campaign, Entered, Office, PairVerdict, Slip, Unit
from scanform.phrase import Phrase
from scanform.store.campaign_interface import Settlement


def campaign_json(campaign: Campaign) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "unit_fields": dict(campaign.unit_fields),
        "units": [asdict(unit) for unit in campaign.units],
        "start": campaign.start.isoformat(),
        "deadline": campaign.deadline.isoformat(),
        "goal": campaign.goal,
        "weekdays": sorted(campaign.weekdays),
        "holidays": sorted(day.isoformat() for day in campaign.holidays),
        "workdays": sorted(day.isoformat() for day in campaign.workdays),
        "vintage": campaign.vintage,
        "office": asdict(campaign.office),
    }


def campaign_from(data: Mapping[str, Any]) -> Campaign:
    return Campaign(
        name=data["name"],
        unit_fields=data["unit_fields"],
        units=tuple(Unit(**unit) for unit in data["units"]),
        start=date.fromisoformat(data["start"]),
        deadline=date.fromisoformat(data["deadline"]),
        goal=data["goal"],
        weekdays=frozenset(data["weekdays"]),
        holidays=frozenset(date.fromisoformat(day) for day in data["holidays"]),
        workdays=frozenset(date.fromisoformat(day) for day in data.get("workdays", ())),
        vintage=data["vintage"],
        office=Office(**data["office"]),
    )


def entered_from(row: RowMapping) -> Entered:
    return Entered(row["unit"], row["day"], row["number"], row["by"], row["at"])


def verdict_from(row: RowMapping) -> PairVerdict:
    return PairVerdict(row["first"], row["second"], row["verdict"], row["by"], row["at"])


def settlement_from(row: RowMapping) -> Settlement:
    settled = row["state"] == "settled"
    batch = batch_name(row["batch"])
    return Settlement(batch, row["task"], settled, row["note"], row["by"], row["at"])


def batch_from(row: RowMapping) -> Batch:
    return Batch(
        id=batch_name(row["number"]),
        slip=Slip(row["unit"], row["day"], row["handed_by"], row["forms"]),
        opened_by=row["opened_by"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
    )


_NO_NUMBER = Phrase("{text} không phải số hộp.", "{text} is no batch.")


def batch_name(number: int) -> str:
    return f"B{number:04d}"


def batch_number(batch_id: str) -> int:
    """The number in ``B0012``, also written ``b12`` or ``12``; raises ``NoSuchBatch``."""
    found = re.fullmatch(r"[Bb]?0*(\d{1,9})", batch_id.strip())
    if found is None:
        raise NoSuchBatch(_NO_NUMBER.of(text=repr(batch_id)))
    return int(found[1])
