"""Rules across fields: what one answer says about another.

A template names a rule and the fields that it speaks of; a rule adds doubts, it changes no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import lru_cache
from types import MappingProxyType

from scanform.fields import family
from scanform.fields.doubt import settle
from scanform.fields.family import sex_of, value, year_of
from scanform.lexicon import address, lists, places
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
    """A personal number is PPP G YY NNNNNN: province of birth registration, century with sex, year
    of birth (Circular 07/2016/TT-BCA, article 7). Roles: ``number``, ``sex``, ``birth_date``,
    ``registered_in`` (a place). A 9-digit identity card number has no such rule."""
    number = value(found, "number")
    if len(number) != 12 or not number.isdigit():
        return []
    doubts = []
    province = lists.province_of_number().get(number[:3])
    if province is None:
        doubts.append(("number", Doubt("unknown_province_code", number[:3])))
    elif province not in _provinces(value(found, "registered_in"), province):
        doubts += _mutual(found, "number", "registered_in", "province_disagrees")
    sex = value(found, "sex")
    if sex and sex != sex_of(number):
        doubts += _mutual(found, "number", "sex", "sex_disagrees")
    year = value(found, "birth_date")[:4]
    if len(year) == 4 and str(year_of(number)) != year:
        doubts += _mutual(found, "number", "birth_date", "birth_year_disagrees")
    return doubts


def _mutual(found: ByRole, one: str, other: str, code: str) -> list[tuple[str, Doubt]]:
    """Two answers that doubt each other."""
    return [(one, Doubt(code, found[other].field)), (other, Doubt(code, found[one].field))]


@lru_cache(maxsize=1024)
def _provinces(place: str, default: str) -> Set[str]:
    """Codes of the provinces that an address surely names at its end; ``default`` when none."""
    parsed = address.parse(place, least=0.99).places if place else ()
    found = {
        entry.code
        for match in parsed
        if match.exact
        for entry in match.entries
        if places.level_of(entry) == "province"
    }
    return found or {default}


def dates_in_order(found: ByRole) -> list[tuple[str, Doubt]]:
    """``earlier`` must not lie after ``later``. Dates are compared as far as both are known."""
    earlier, later = value(found, "earlier"), value(found, "later")
    known = min(len(earlier), len(later))
    if known < 4 or earlier[:known] <= later[:known]:
        return []
    return _mutual(found, "earlier", "later", "dates_out_of_order")


def place_within(found: ByRole) -> list[tuple[str, Doubt]]:
    """The place named by ``inner`` lies in the unit named by ``outer``."""
    inner, outer = _entries(value(found, "inner")), _entries(value(found, "outer"))
    if not inner or not outer:
        return []
    codes = {entry.code for entry in outer}
    if any(places.lies_in(entry, codes - {entry.code}) for entry in inner):
        return []
    return _mutual(found, "inner", "outer", "place_disagrees")


RULES: Mapping[str, Check] = MappingProxyType(
    {
        "dates_in_order": dates_in_order,
        "head_is_self": family.head_is_self,
        "id_number": id_number,
        "of_age": family.of_age,
        "parents": family.parents,
        "place_within": place_within,
        "relation_fits": family.relation_fits,
        "spouse": family.spouse,
    }
)
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dates_in_order": ("earlier", "later"),
        "head_is_self": ("relation", "name", "head_name", "number", "head_number"),
        "id_number": ("number", "sex", "birth_date", "registered_in"),
        "of_age": ("marital_status", "birth_date", "declared_on"),
        "parents": ("father_number", "mother_number", "birth_date"),
        "place_within": ("inner", "outer"),
        "relation_fits": ("relation", "sex"),
        "spouse": ("spouse_number", "sex"),
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


def _entries(value: str) -> list[Entry]:
    return [entry for level in LEVELS for entry in places.exact(value, level)] if value else []
