"""Dress rehearsal: a template becomes filled, worn pages whose answers are known.

``people`` and ``answers`` make up who fills the form and what they say, ``hands`` and
``filling`` write it on the blank, ``levels`` and ``wear`` do what hands and scanners do to
paper, ``files`` saves it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from scanform.model.scan import Pixels
from scanform.model.template import PrintedText, Template
from scanform.rehearse import hands, levels, wear
from scanform.rehearse.answers import Answers, Habits, answers
from scanform.rehearse.filling import Office, Sitting, fill, is_stamp
from scanform.rehearse.homes import district
from scanform.rehearse.people import FIRST_DAY, Respondent, respondents
from scanform.rehearse.stamps import office_stamp
from scanform.template.blank import draw_pages

__all__ = [
    "Filled",
    "Plan",
    "fill_form",
    "first_day",
    "forms",
    "rehearsal",
    "truth_line",
    "wear_form",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is rehearsed. ``faces`` are the hand fonts to write in, none for typed answers;
    ``wear`` is a key of ``levels.LEVELS``; ``district`` is where the people live."""

    count: int
    seed: int = 0
    faces: tuple[hands.Face, ...] = ()
    wear: str = "light"
    marks: bool = True
    district: str = "837"
    habits: Habits = field(default_factory=Habits)
    corrections: float = 0.02
    """Share of the choices with a wrong mark struck out."""


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """One respondent's form: its answers by field id and its pages, worn."""

    number: int
    answers: Answers
    pages: tuple[wear.Worn, ...]


def rehearsal(
    template: Template, plan: Plan, blanks: Sequence[Pixels] | None = None
) -> Iterator[Filled]:
    """``plan.count`` filled forms, one at a time, on empty pages drawn from the template if there
    are no other ``blanks``.

    The same template, plan and seed give the same pixels. People and their answers depend on the
    seed alone, so the same truth can be had in another hand or with other wear. Raises at once,
    before the first form is asked for: ``UsageError`` for an unknown district, ``MissingProgram``
    without Poppler.
    """
    district(plan.district)
    return forms(template, plan, blanks or draw_pages(template, plan.marks))


def forms(template: Template, plan: Plan, blanks: Sequence[Pixels]) -> Iterator[Filled]:
    """``rehearsal`` on empty pages that were drawn already."""
    people = respondents(np.random.default_rng([plan.seed, 0]), plan.district, first_day(template))
    for number, who in zip(range(1, plan.count + 1), people, strict=False):
        truth, pages = fill_form(template, blanks, who, plan, number)
        rng = np.random.default_rng([plan.seed, 3, number])
        worn = wear_form(pages, template, levels.LEVELS[plan.wear], rng, who)
        yield Filled(number, truth, worn)


def fill_form(
    template: Template, blanks: Sequence[Pixels], who: Respondent, plan: Plan, number: int
) -> tuple[Answers, tuple[Pixels, ...]]:
    """What ``who`` answers, and their pages before any wear; ``number`` tells one form of a plan
    from the next."""
    truth = answers(template, who, np.random.default_rng([plan.seed, 1, number]), plan.habits)
    rng = np.random.default_rng([plan.seed, 2, number])
    writer = hands.writer(plan.faces, rng) if plan.faces else hands.typist(rng)
    sitting = Sitting(writer, office_of(template, who, plan, rng), plan.corrections)
    return truth, tuple(
        fill(blank, template, page, truth, sitting, rng)
        for page, blank in enumerate(blanks, start=1)
    )


def first_day(template: Template) -> dt.date:
    """When people begin to fill the form: not before it is in force, which is taken to be some
    weeks after the last date printed on it (that of the circular that made it)."""
    words = " ".join(each.text for each in template.printed if isinstance(each, PrintedText))
    dates = [FIRST_DAY]
    for day, month, year in re.findall(r"\b(\d\d?)/(\d\d?)/(\d{4})\b", words):
        with suppress(ValueError):
            dates.append(dt.date(int(year), int(month), int(day)) + dt.timedelta(days=45))
    return max(dates)


def office_of(template: Template, who: Respondent, plan: Plan, rng: np.random.Generator) -> Office:
    """Who signs beside the respondent, each with a pen of their own, and the commune's stamp."""
    signers, others = {}, {}
    officials = {
        "chief": who.chief,
        "officer": who.officer,
        "head": who.household.head.name,
        "owner": who.landlord,
        "guardian": who.signer,
    }
    for each in template.fields:
        if each.kind != "presence" or is_stamp(each):
            continue
        role = next((name for word, name in officials.items() if word in each.id), None)
        signers[each.id] = role or who.signer
        if role and role != who.signer:
            others[each.id] = hands.writer(plan.faces, rng) if plan.faces else hands.typist(rng)
    home = who.household.home
    return Office(
        signers,
        others,
        f"CÔNG AN {home.commune.unit} {home.commune.name}".upper(),
        f"H. {home.district.name} - T. {home.province.name}".upper(),
    )


def wear_form(
    pages: Sequence[Pixels],
    template: Template,
    level: Callable[[np.random.Generator], levels.Wear],
    rng: np.random.Generator,
    who: Respondent,
) -> tuple[wear.Worn, ...]:
    """The worn pages of one form. One machine takes them all; each lies a little differently."""
    machine = level(rng)
    worn = []
    for page in pages:
        again = level(rng)
        lying = replace(machine, rotation=again.rotation, shift=again.shift)
        if lying.office_stamp:
            office_stamp(page, "CÔNG VĂN ĐẾN", f"{who.declared:%d/%m/%Y}", rng)
        worn.append(wear.apply(page, template.page_mm, lying, rng))
    return tuple(worn)


def truth_line(scan: str, truth: Mapping[str, str | None]) -> dict[str, object]:
    """A line of ``truth.jsonl``: the file, the page on which the form begins, and its answers."""
    return {"scan": scan, "page": 1, "answers": dict(truth)}
