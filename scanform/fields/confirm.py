"""What one answer says *for* another: the other half of ``rules.py``.

A number whose fourth digit fits the sex that was ticked, and whose next two fit the year of birth,
was hardly misread there. The count of such agreements is a feature of the confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scanform.fields import family, rules
from scanform.model.record import Answer
from scanform.model.template import Template

ByRole = Mapping[str, Answer]
Agreement = Callable[[ByRole], tuple[str, ...]]
"""Answers by their role in a rule that holds -> the roles that it compared."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a rule said about a field: its name, the fields it compared, and whether they agree."""

    rule: str
    fields: tuple[str, ...]
    holds: bool


def _id_number(found: ByRole) -> tuple[str, ...]:
    number = (found["number"].value or "") if "number" in found else ""
    others = tuple(role for role in ("sex", "birth_date") if role in found)
    return ("number", *others) if len(number) == 12 and others else ()


def _both(found: ByRole) -> tuple[str, ...]:
    return tuple(found) if len(found) > 1 else ()


AGREEMENTS: Mapping[str, Agreement] = MappingProxyType(
    {"id_number": _id_number, "place_within": _both, "head_is_self": family.heads_agree}
)
"""Rules whose holding tells something. That dates are in order tells next to nothing: most are,
misread or not."""


def spoken(template: Template, answers: Sequence[Answer]) -> tuple[Spoken, ...]:
    """What each rule of the template says; rules that have nothing to compare say nothing."""
    by_field = {answer.field: answer for answer in answers}
    said = []
    for rule in template.rules:
        found = {
            role: by_field[name]
            for role, name in rule.fields.items()
            if name in by_field and by_field[name].value is not None
        }
        check = rules.RULES.get(rule.name)
        doubted = {role for role, _ in check(found)} if check else set()
        if doubted:
            said.append(Spoken(rule.name, tuple(rule.fields[role] for role in found), False))
            continue
        agreement = AGREEMENTS.get(rule.name)
        agreed = agreement(found) if agreement else ()
        if agreed:
            said.append(Spoken(rule.name, tuple(rule.fields[role] for role in agreed), True))
    return tuple(said)


def confirmed(template: Template, answers: Sequence[Answer]) -> Mapping[str, int]:
    """How many other answers speak for each field's answer; one that is doubted itself doesn't."""
    trusted = [answer for answer in answers if not _doubted(answer)]
    counts: Counter[str] = Counter()
    for each in spoken(template, trusted):
        if each.holds:
            first, *others = each.fields
            # The first is compared with each of the others, they aren't with one another.
            counts[first] += len(others)
            counts.update(others)
    return counts


def _doubted(answer: Answer) -> bool:
    return any(each.code != "low_confidence" for each in answer.doubts)
