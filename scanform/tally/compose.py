"""Wording the report: figures in, a document out. Pure; how it looks is ``report``'s affair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scanform.model.campaign import Office
from scanform.model.numerals import day_text, long_day_text, number_text, percent_text, share_text
from scanform.model.phrases import Language, Phrase
from scanform.report.interface import (
    Document,
    Letterhead,
    Paragraph,
    Signature,
)
from scanform.store.campaign_interface import Work
from scanform.tally import report_words as words
from scanform.tally.forecast import Outlook
from scanform.tally.pace import Pace, laggards, pace
from scanform.tally.progress import Progress
from scanform.tally.report_chart import chart
from scanform.tally.report_table import table, unbroken

NAMED = 6
"""Laggards named in the text; the table marks them all."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a clerk knows and the figures don't: the letter's number, its date and who gets it."""

    day: date
    number: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The quality sample: of ``sampled`` accepted answers ``wrong`` were wrong; the error of all
    lies between the shares ``low`` and ``high`` (95 %)."""

    sampled: int
    wrong: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What people have looked at, and what the sample measured, None without one."""

    work: Work
    checked: Checked | None = None


def compose(
    progress: Progress, outlook: Outlook, quality: Quality, letter: Letter, lang: Language
) -> Document:
    """One page: total, what is needed, table by rate, curve, laggards, quality."""
    plan = progress.campaign
    said = _said(progress, outlook, lang)
    slow = laggards(progress)
    blocks = (
        _paragraph(_total(progress, said, lang), words.RESULT, lang),
        _paragraph(_needed(progress, said, lang), words.AHEAD, lang),
        table(progress, outlook, slow, lang),
        chart(progress, outlook, lang),
        _paragraph(_laggards(slow, lang), words.LAGGARDS, lang),
        _paragraph(_quality(progress, quality, lang), words.QUALITY, lang),
    )
    return Document(
        lang=lang,
        title=words.TITLE.say(lang),
        subtitle=words.SUBTITLE.say(lang, said),
        letterhead=letterhead(plan.office, letter, words.LETTER_SIGN, lang),
        blocks=blocks,
        signatures=(
            Signature(
                plan.office.signer_title or words.SIGNER.say(lang),
                words.SIGN_HERE.say(lang),
                plan.office.signer,
            ),
        ),
        # The office keeps one itself, whoever else gets it.
        recipients=(words.RECIPIENTS.say(lang), *letter.recipients, words.FILE.say(lang)),
        made=words.MADE.say(lang, said),
    )


def _paragraph(text: str, lead: Phrase, lang: Language) -> Paragraph:
    return Paragraph(unbroken(text), lead.say(lang))


def letterhead(office: Office, letter: Letter, sign: Phrase, lang: Language) -> Letterhead:
    """The head of a letter of that office; ``sign`` is the kind of letter in its number."""
    day = long_day_text(letter.day, lang)
    dated = f"{office.place}, {day}" if office.place else day[:1].upper() + day[1:]
    number = letter.number if "/" in letter.number else f"{letter.number or '……'}/{sign.say(lang)}"
    return Letterhead(
        above=office.above,
        office=office.name,
        state=words.STATE.say(lang),
        motto=words.MOTTO.say(lang),
        number=words.NUMBER.say(lang, {"number": number}),
        place_and_date=dated,
    )


def _said(progress: Progress, outlook: Outlook, lang: Language) -> dict[str, str]:
    """Every figure that the text names."""
    plan, total = progress.campaign, pace(progress, progress.total)
    target = progress.total.target or 0
    ahead = outlook.total
    return {
        "name": plan.name,
        "day": day_text(progress.as_of, lang),
        "counted": number_text(progress.total.counted, lang),
        "target": number_text(target, lang),
        "rate": percent_text(progress.total.counted / target if target else 0.0, lang),
        "records": number_text(progress.total.records, lang),
        "units": number_text(len(progress.targeted), lang),
        "goal": share_text(plan.goal, lang),
        "goal_number": number_text(total.goal, lang),
        "deadline": day_text(plan.deadline, lang),
        "missing": number_text(total.missing, lang),
        "days": number_text(total.days_left, lang),
        "needed": number_text(total.whole_needed or 0, lang),
        "recent": number_text(total.recent, lang),
        "middle": number_text(ahead.middle, lang),
        "middle_rate": percent_text(ahead.middle / target if target else 0.0, lang),
        "low": number_text(ahead.low, lang),
        "high": number_text(ahead.high, lang),
        "chance": chance_text(outlook.chance, lang),
    }


def chance_text(chance: float, lang: Language) -> str:
    """A thousand plays don't tell less than one in a hundred from nothing."""
    if chance < 0.01:
        return words.HARDLY.say(lang)
    return percent_text(min(chance, 0.99), lang)


def _total(progress: Progress, said: dict[str, str], lang: Language) -> str:
    parts = [words.COUNTED.say(lang, said)]
    if progress.total.entered is not None:
        parts.append(words.SCANNED_AND_REPORTED.say(lang, said))
    best = [line for line in progress.by_rate() if line.rate][:3]
    if best:
        named = "; ".join(f"{line.unit} {number_text(line.counted, lang)}" for line in best)
        parts.append(words.FIRST.say(lang, {"named": named}))
    return " ".join(parts)


def _needed(progress: Progress, said: dict[str, str], lang: Language) -> str:
    total = pace(progress, progress.total)
    if total.state == "reached":
        return words.REACHED.say(lang, said)
    if total.state == "late":
        return words.LATE.say(lang, said)
    parts = [words.NEEDED.say(lang, said), words.FORECAST.say(lang, said)]
    return " ".join(parts)


def _laggards(slow: list[Pace], lang: Language) -> str:
    if not slow:
        return words.NOBODY_LAGS.say(lang)
    named = "; ".join(_laggard(each, lang) for each in slow[:NAMED])
    rest = len(slow) - NAMED
    more = words.AND_OTHERS.say(lang, {"count": str(rest)}) if rest > 0 else ""
    return f"{named}{more}."


def _laggard(each: Pace, lang: Language) -> str:
    said = {
        "unit": each.line.unit or "",
        "rate": percent_text(each.line.rate or 0.0, lang),
        "recent": number_text(each.recent, lang),
        "needed": number_text(each.whole_needed or 0, lang),
        "idle": number_text(each.idle, lang),
    }
    if each.state == "late":
        phrase = words.SILENT_TO_THE_END if each.silent else words.SLOW_TO_THE_END
    else:
        phrase = words.SILENT if each.silent else words.SLOW
    return phrase.say(lang, said)


def _quality(progress: Progress, quality: Quality, lang: Language) -> str:
    work, checked = quality.work, quality.checked
    if not work.records:
        return words.NO_FORMS.say(lang)
    said = {
        "records": number_text(work.records, lang),
        "complete": percent_text(work.complete / work.records, lang),
        "doubted": number_text(work.doubted, lang),
        "decided": number_text(work.decided, lang),
        "changed": number_text(work.changed, lang),
        "duplicate": number_text(progress.total.duplicate, lang),
        "refused": number_text(progress.total.refused, lang),
    }
    parts = [words.REVIEWED.say(lang, said), _measured(checked, lang)]
    if progress.total.refused:
        parts.append(words.REFUSED.say(lang, said))
    if progress.total.duplicate:
        parts.append(words.TWICE.say(lang, said))
    return " ".join(parts)


def _measured(checked: Checked | None, lang: Language) -> str:
    if checked is None or not checked.sampled:
        return words.NO_SAMPLE.say(lang)
    said = {
        "sampled": number_text(checked.sampled, lang),
        "wrong": number_text(checked.wrong, lang),
        "rate": percent_text(checked.wrong / checked.sampled, lang),
        "low": percent_text(checked.low, lang),
        "high": percent_text(checked.high, lang),
    }
    return words.SAMPLE.say(lang, said)
