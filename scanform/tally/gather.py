"""Asks a store for what the counting needs; the counting itself is pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from scanform.errors import UsageError
from scanform.phrase import Phrase
from scanform.store.campaign_interface import CampaignStore
from scanform.tally.progress import Progress, duplicates, follow


class NoCampaign(UsageError):
    """This workspace has no campaign."""

    vi = "Thư mục làm việc này chưa có đợt thu nào."
    advice = Phrase(
        "Hãy mở đợt bằng `scanform campaign init`, hoặc đếm một lần bằng `tally --targets TỆP`.",
        "Begin one with `scanform campaign init`, or count once with `tally --targets FILE`.",
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment to look at: the day it lies in, and the moment itself, None for now."""

    day: date
    at: datetime | None = None


def local_zone() -> tzinfo:
    """This computer's time zone."""
    return datetime.now().astimezone().tzinfo or UTC


def end_of(day: date) -> Moment:
    """The end of that day on this computer's clock."""
    return Moment(day, datetime.combine(day, time.max).astimezone())


def now() -> Moment:
    return Moment(datetime.now().astimezone().date())


def progress_at(store: CampaignStore, moment: Moment) -> Progress:
    """The campaign as it stood at that moment. Raises ``NoCampaign``.

    Records, decisions and verdicts count when they were made, reported figures for the day that
    they speak of: one that is typed a day late belongs to its own day all the same.
    """
    plan = store.campaign(moment.at)
    if plan is None:
        raise NoCampaign
    twice = duplicates(store.verdicts(moment.at))
    counts = store.day_counts(plan.unit_fields, local_zone(), moment.at, twice)
    slips = [batch.slip for batch in store.batches()]
    refused = store.day_refused(local_zone(), moment.at)
    return follow(plan, counts, store.entered(moment.day), moment.day, slips, refused)
