"""Persons on forms: who came in twice, who is named in a household and has no form. Pure.

Two forms are of one person when their ID numbers are the same, or when name, date of birth and
place nearly are. Nothing is merged: pairs are shown, a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from scanform.lexicon.spelling import distance, fold, similarity
from scanform.model.template import Template
from scanform.store.campaign_interface import FormLine
from scanform.tally.counts import unit_key

LIKE = 0.86
"""Similarity from which two names are nearly the same: a wrong letter or some wrong marks in a
name of usual length."""

MOST_IN_BLOCK = 400
"""More forms with the same key than that are no namesakes but a mistake of the template."""

Reason = Literal["number", "person"]


@dataclass(frozen=True, slots=True)
class Roles:
    """Where a form says who somebody is: ids of fields, empty where it has none."""

    number: str
    birth: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a form names them."""

    record: str
    number: str
    name: str
    birth: str
    place: str
    scan_path: str = ""
    scan_page: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two forms that may be of one person, and why."""

    first: Person
    second: Person
    reason: Reason


def roles_of(template: Template) -> list[Roles]:
    """The persons that a form asks for: first the one it is of, then those of its table. They are
    found by the rule that ties a number to a birth date; the name is the last field called a name
    before them."""
    found: list[Roles] = []
    order = [each.id for each in template.fields]
    for rule in template.rules:
        number, birth = rule.fields.get("number", ""), rule.fields.get("birth_date", "")
        if rule.name != "id_number" or not birth:
            continue
        before = order[: min(order.index(number), order.index(birth))]
        names = [each for each in before if each.endswith("name")]
        if names:
            found.append(Roles(number, birth, names[-1], template.unit or ""))
    return found


def person(line: FormLine, roles: Roles) -> Person | None:
    """The person of those fields; None where neither number nor name is there."""
    number, name = _said(line, roles.number), _said(line, roles.name)
    if not number and not name:
        return None
    place = (line.id, number, name, _said(line, roles.birth), _said(line, roles.place))
    return Person(*place, line.scan_path, line.scan_page)


def _said(line: FormLine, field: str) -> str:
    return line.answers.get(field) or ""


def pairs(people: Iterable[Person]) -> list[Pair]:
    """Pairs that may be one person, each once, by record ids; those by number first."""
    everyone = sorted(people, key=lambda each: each.record)
    found: dict[tuple[str, str], Pair] = {}
    for one, other in _blocks(everyone, lambda each: [each.number] if each.number else []):
        _note(found, one, other, "number")
    for one, other in _blocks(everyone, _near_keys):
        if nearly_same(one, other):
            _note(found, one, other, "person")
    return sorted(
        found.values(), key=lambda p: (p.reason != "number", p.first.record, p.second.record)
    )


def _note(found: dict[tuple[str, str], Pair], one: Person, other: Person, reason: Reason) -> None:
    if one.record != other.record:
        found.setdefault((one.record, other.record), Pair(one, other, reason))


def _blocks(
    people: Iterable[Person], keys: Callable[[Person], list[str]]
) -> Iterator[tuple[Person, Person]]:
    """Pairs that share a key: of a million forms only those are compared."""
    blocks: defaultdict[str, list[Person]] = defaultdict(list)
    for each in people:
        for key in keys(each):
            blocks[key].append(each)
    for block in blocks.values():
        if len(block) <= MOST_IN_BLOCK:
            yield from combinations(block, 2)


def _near_keys(each: Person) -> list[str]:
    """What two forms of one person share though something was misread: the birth date and the
    given name or the place; or the whole name, the place, and the year or the day."""
    if not each.name or not each.birth:
        return []
    plain = fold(each.name)
    words = plain.split()
    place = unit_key(each.place)[1] if each.place else ""
    keys = [f"d/{each.birth}/{words[-1]}", f"n/{plain}/{each.birth[:4]}/{place}"]
    if place:
        keys.append(f"p/{each.birth}/{place}")
    if each.birth[4:]:
        keys.append(f"y/{plain}/{each.birth[4:]}/{place}")
    return keys


def nearly_same(one: Person, other: Person) -> bool:
    """Whether name, birth and place are the same but for what a hand or a reader gets wrong."""
    if one.place and other.place and unit_key(one.place)[1] != unit_key(other.place)[1]:
        return False
    if _far_apart(one.number, other.number):
        return False
    if one.birth != other.birth and not (
        fold(one.name) == fold(other.name) and _like_dates(one.birth, other.birth)
    ):
        return False
    return one.birth != "" and similarity(one.name, other.name) >= LIKE


def _like_dates(one: str, other: str) -> bool:
    """Dates of one year, or of which one digit of the year was misread."""
    if one[:4] == other[:4]:
        return True
    return len(one) == 10 and one[4:] == other[4:] and distance(one[:4], other[:4]) == 1


def _far_apart(one: str, other: str) -> bool:
    """Two whole numbers that differ in more digits than a reader mistakes are two persons'."""
    return bool(one) and len(one) == len(other) and distance(one, other) > 3


def unmatched(named: Iterable[Person], forms: Iterable[Person]) -> list[Person]:
    """Those of a household's table who have no form among ``forms``."""
    numbers: set[str] = set()
    by_birth: defaultdict[str, list[Person]] = defaultdict(list)
    for form in forms:
        numbers.add(form.number)
        by_birth[form.birth].append(form)
    return [
        each
        for each in named
        if not (each.number and each.number in numbers)
        and not any(nearly_same(each, form) for form in by_birth[each.birth])
    ]


def people_of(lines: Iterable[FormLine], roles: Mapping[str, list[Roles]]) -> list[Person]:
    """The person that each form is of, where it says so."""
    found = (person(line, roles[line.template][0]) for line in lines if roles.get(line.template))
    return [each for each in found if each is not None]
