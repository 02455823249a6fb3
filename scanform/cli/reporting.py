"""The report of a workspace, put together: for the command and for the pages."""

from __future__ import annotations

from datetime import date

from scanform.errors import UsageError
from scanform.model.campaign import Level
from scanform.model.phrases import Language, Phrase
from scanform.report.interface import Document
from scanform.review import Desk, Person
from scanform.review.measure import ALL
from scanform.store.campaigns import SqlCampaigns
from scanform.tally.compose import Checked, Letter, Quality, compose
from scanform.tally.forecast import outlook
from scanform.tally.gather import Moment, end_of, now, progress_at
from scanform.tally.progress import Progress
from scanform.tally.tree import at_level, levels

_OFFICE = Person("scanform", "officer")
"""Who asks for the sample's measure: whoever may report may know it."""

_NO_LEVEL = Phrase(
    "Đợt không có đơn vị ở cấp {level}.", "The campaign has no units of the level {level}."
)
_LEVELS = Phrase("Các cấp có: {levels}.", "It has: {levels}.")
_NO_CODES = Phrase(
    "Đơn vị của đợt chưa có mã: `scanform campaign edit --within MÃ`.",
    "Its units have no codes: `scanform campaign edit --within CODE`.",
)


def report_document(
    desk: Desk,
    kept: SqlCampaigns,
    day: date | None,
    letter: Letter | None,
    lang: Language,
    level: Level | None = None,
) -> Document:
    """The letter as of the end of ``day``, or as of now. Raises ``NoCampaign``, and
    ``UsageError`` for a level that the campaign has not."""
    moment = now() if day is None else end_of(day)
    progress = levelled(progress_at(kept, moment), level)
    quality = Quality(kept.work(moment.at), checked(desk, moment))
    return compose(progress, outlook(progress), quality, letter or Letter(moment.day), lang)


def checked(desk: Desk, moment: Moment) -> Checked | None:
    """What the quality samples measured until then."""
    for each in desk.sample.measured(_OFFICE, until=moment.at):
        if each.kind == ALL:
            return Checked(each.sampled, each.wrong, each.low, each.high)
    return None


def levelled(progress: Progress, level: Level | None) -> Progress:
    """The count with a line for each unit of that level. Raises ``UsageError`` where the plan has
    no units of it."""
    there = levels(progress)
    if level is not None and level not in there:
        raise UsageError(
            _NO_LEVEL.of(level=level),
            _LEVELS.of(levels=", ".join(there)) if there else _NO_CODES,
        )
    return progress if level is None else at_level(progress, level)
