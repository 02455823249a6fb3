"""Rules across fields: what one answer says about another.

A template names a rule and the fields that it speaks of; a rule adds doubts, it changes no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from scanform.fields.doubt import settle
from scanform.lexicon import lists, places
from scanform.lexicon.entry import Entry
from scanform.lexicon.places import LEVELS
from scanform.model.record import Answer, Doubt
from scanform.model.template import Rule, Template

DOUBTED = 0.5
"""An answer that another one contradicts is no surer than this."""

ByRole = Mapping[str, Answer]
Check = Callable[[ByRole], list[tuple[str, Doubt]]]
"""Answers by their role in the rule -> pairs of role and the doubt about that answer."""


def id_number(found: ByRole) -> list[tuple[str, Doubt]]:
    """A personal number is PPP G YY NNNNNN: province, century with sex, year of birth
    (Decree 137/2015/NĐ-CP, article 13). Roles: ``number``, ``sex``, ``birth_date``. A 9-digit
    identity card number has no such rule."""
    number = _value(found, "number")
    if len(number) != 12 or not number.isdigit():
        return []
    doubts = []
    if number[:3] not in lists.province_of_number():
        doubts.append(("number", Doubt("unknown_province_code", number[:3])))
    sex = _value(found, "sex")
    if sex and (sex == "Nữ") != (int(number[3]) % 2 == 1):
        doubts.append(("number", Doubt("sex_disagrees", found["sex"].field)))
        doubts.append(("sex", Doubt("sex_disagrees", found["number"].field)))
    year = _value(found, "birth_date")[:4]
    if len(year) == 4 and str(19 + int(number[3]) // 2) + number[4:6] != year:
        doubts.append(("number", Doubt("birth_year_disagrees", found["birth_date"].field)))
        doubts.append(("birth_date", Doubt("birth_year_disagrees", found["number"].field)))
    return doubts


def dates_in_order(found: ByRole) -> list[tuple[str, Doubt]]:
    """``earlier`` must not lie after ``later``. Dates are compared as far as both are known."""
    earlier, later = _value(found, "earlier"), _value(found, "later")
    known = min(len(earlier), len(later))
    if known < 4 or earlier[:known] <= later[:known]:
        return []
    return [
        ("earlier", Doubt("dates_out_of_order", found["later"].field)),
        ("later", Doubt("dates_out_of_order", found["earlier"].field)),
    ]


def place_within(found: ByRole) -> list[tuple[str, Doubt]]:
    """The place named by ``inner`` lies in the unit named by ``outer``."""
    inner, outer = _entries(_value(found, "inner")), _entries(_value(found, "outer"))
    if not inner or not outer:
        return []
    codes = {entry.code for entry in outer}
    if any(places.lies_in(entry, codes - {entry.code}) for entry in inner):
        return []
    return [
        ("inner", Doubt("place_disagrees", found["outer"].field)),
        ("outer", Doubt("place_disagrees", found["inner"].field)),
    ]


RULES: Mapping[str, Check] = MappingProxyType(
    {"dates_in_order": dates_in_order, "id_number": id_number, "place_within": place_within}
)
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dates_in_order": ("earlier", "later"),
        "id_number": ("number", "sex", "birth_date"),
        "place_within": ("inner", "outer"),
    }
)
"""The roles that each rule knows; a template maps them to its fields."""


def check(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers with the doubts of the template's rules, settled; order and number stay."""
    by_field = {answer.field: answer for answer in answers}
    for rule in template.rules:
        for field_id, doubt in _apply(rule, by_field):
            by_field[field_id] = by_field[field_id].doubted(doubt, DOUBTED)
    return tuple(settle(by_field[answer.field]) for answer in answers)


def _apply(rule: Rule, by_field: Mapping[str, Answer]) -> list[tuple[str, Doubt]]:
    check_one = RULES.get(rule.name)
    if check_one is None:
        return []
    found = {role: by_field[name] for role, name in rule.fields.items() if name in by_field}
    return [(rule.fields[role], doubt) for role, doubt in check_one(found)]


def _value(found: ByRole, role: str) -> str:
    answer = found.get(role)
    return (answer.value or "") if answer is not None else ""


def _entries(value: str) -> list[Entry]:
    return [entry for level in LEVELS for entry in places.exact(value, level)] if value else []
