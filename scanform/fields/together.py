"""Digits of combs decoded together with what is known of them.

A network says of each cell how likely each digit is. A personal number tells a province, a century
with the sex, and a year of birth; a date exists and has passed; who is head of the household has
the head's number. So of all ways to read the cells of a number, of the date beside it and of that
other number, the likeliest together is taken (their chances times what each misfit counts): a
maximum over a star with the number in its middle, which is exact. Where that isn't what was read
first, the answer is doubted, however likely it is now, and so is whatever it was made to fit: a
confidence was never fitted on such answers.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanform.fields.date import NO_DAY, parts_of_cells, value_of
from scanform.fields.family import SELF, sex_of, year_of
from scanform.lexicon import lists
from scanform.lexicon.spelling import key
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field, Template

WAYS = 200
"""So many ways to read a comb are looked at, the likeliest ones."""
IMPOSSIBLE = math.log(1e-4)
"""What a day that isn't, or a person who isn't born yet, counts."""
MISFIT = math.log(2e-3)
"""What a number counts that disagrees with the year of birth, names no province, or isn't the
head's: people write the wrong one now and then."""
OTHER_SEX = math.log(1e-2)
SURE = 0.98
"""A tick or a relation that is less sure is no evidence."""
CHOSEN = 0.9
"""An answer whose digits were chosen is no surer than this."""

ByField = Mapping[str, Answer]
Fits = Callable[[str, str], float]
"""A number and another field's value -> the logarithm of what the two count together."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read an answer: its value, the logarithm of what it counts by itself, and whether
    it can be at all."""

    value: str
    weight: float
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Star:
    """A number, the sexes that answers give its person (with the field that says so, "" where none
    does), and the fields beside it with what each fit counts."""

    number: str
    sexes: Sequence[tuple[str, str]]
    beside: Mapping[str, Fits]


def decoded(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers with combs read as is likeliest for all of them together; order stays."""
    found = {answer.field: answer for answer in answers}
    settled: set[str] = set()
    for star in _stars(template, found):
        if star.number in settled or not found[star.number].value:
            continue
        beside = {name: fits for name, fits in star.beside.items() if name not in settled}
        settled |= {star.number, *beside}
        found |= _star_decoded(template, found, replace(star, beside=beside))
    for field in template.fields:
        if field.kind == "date" and field.id not in settled and field.id in found:
            ways = _ways(found[field.id], field)
            if len(ways) > 1:
                best = max(ways, key=lambda way: way.weight)
                found[field.id] = _taken(found[field.id], best)
    return tuple(found[answer.field] for answer in answers)


def _stars(template: Template, found: ByField) -> Iterator[Star]:
    """The personal numbers of the form, those first that most is known of."""
    rules = [rule for rule in template.rules if rule.name == "id_number"]
    for rule in sorted(rules, key=lambda rule: -len(rule.fields)):
        number = rule.fields.get("number", "")
        if number not in found:
            continue
        beside: dict[str, Fits] = {}
        born = rule.fields.get("birth_date")
        if born in found:
            beside[str(born)] = _years
        for head in _head_numbers(template, found, number):
            beside[head] = _same
        yield Star(number, _sexes(template, found, number), beside)


def _sexes(template: Template, found: ByField, number: str) -> tuple[tuple[str, str], ...]:
    """The sex that other answers give the person of that number, each with its field."""
    said = []
    for rule in template.rules:
        fields = rule.fields
        field = fields.get("sex", "")
        own = _sure(found, field)
        if rule.name == "id_number" and fields.get("number") == number:
            said.append((field, own))
        elif rule.name == "parents" and fields.get("father_number") == number:
            said.append(("", "Nam"))
        elif rule.name == "parents" and fields.get("mother_number") == number:
            said.append(("", "Nữ"))
        elif rule.name == "spouse" and fields.get("spouse_number") == number:
            said.append((field, {"Nam": "Nữ", "Nữ": "Nam"}.get(own, "")))
    return tuple(each for each in said if each[1])


def _head_numbers(template: Template, found: ByField, number: str) -> Iterator[str]:
    """The field of the head's number, where the person of that number is the head."""
    for rule in template.rules:
        if rule.name == "head_is_self" and rule.fields.get("number") == number:
            head = rule.fields.get("head_number", "")
            relation = key(_sure(found, rule.fields.get("relation")))
            if head in found and relation == key(SELF):
                yield head


def _sure(found: ByField, field: str | None) -> str:
    """The answer of that field where it is evidence; else ""."""
    answer = found.get(field or "")
    if answer is None or answer.doubts or answer.confidence < SURE:
        return ""
    return answer.value or ""


def _alone(number: str, sexes: Sequence[tuple[str, str]]) -> float:
    """What a number counts by itself; an old one of nine digits tells nothing."""
    sex = sex_of(number)
    if sex is None:
        return 0.0
    total = 0.0 if number[:3] in lists.province_of_number() else MISFIT
    total += 0.0 if _is_born(number) else IMPOSSIBLE
    return total + sum(OTHER_SEX for _, each in sexes if each != sex)


def _is_born(number: str) -> bool:
    year = year_of(number)
    return year is None or year <= datetime.date.today().year


def _years(number: str, born: str) -> float:
    year = year_of(number)
    return MISFIT if year is not None and len(born) >= 4 and born[:4] != str(year) else 0.0


def _same(number: str, other: str) -> float:
    return MISFIT if number != other else 0.0


def _ways(answer: Answer, field: Field) -> list[Way]:
    """How the answer's cells may be read, what each way counts by itself taken in; the first is
    as it was read. Only the value where there are no cells, nothing where there is no value."""
    reading = answer.reading
    if reading is None or reading.outcome != "read" or not reading.cells:
        return [Way(answer.value, 0.0)] if answer.value else []
    texts: list[tuple[tuple[str, ...], float]] = [((), 0.0)]
    for cell in reading.cells:
        either = [(cell.text, cell.score), *((o.text, o.score) for o in cell.others)]
        texts = [
            ((*text, letter), weight + math.log(max(1e-6, chance)))
            for text, weight in texts
            for letter, chance in either
        ]
        texts = sorted(texts, key=lambda pair: -pair[1])[:WAYS]
    if field.kind != "date":
        return [Way("".join(text), weight) for text, weight in texts]
    found = []
    for text, weight in texts:
        cells = tuple(
            c if c.text == t else replace(c, text=t)
            for c, t in zip(reading.cells, text, strict=True)
        )
        day, month, year = (p.replace(" ", "") for p in parts_of_cells(cells, field.groups))
        if not (day or month or year):
            continue
        value, doubts = value_of((day, month, year))
        wrong = any(each.code in NO_DAY for each in doubts)
        found.append(Way(value, weight + (IMPOSSIBLE if wrong else 0.0), not wrong))
    return found


def _star_decoded(template: Template, found: ByField, star: Star) -> dict[str, Answer]:
    """The answers that the likeliest reading of all together changes."""
    ways = {name: _ways(found[name], template.field(name)) for name in (star.number, *star.beside)}
    beside = {name: fits for name, fits in star.beside.items() if ways[name]}
    if all(len(ways[name]) == 1 for name in (star.number, *beside)):
        return {}

    alone = {way.value: _alone(way.value, star.sexes) for way in ways[star.number]}

    def together(middle: Way) -> tuple[float, dict[str, Way]]:
        total, all_of_them = middle.weight + alone[middle.value], {star.number: middle}
        for name, fits in beside.items():
            counted = [(way.weight + fits(middle.value, way.value), way) for way in ways[name]]
            weight, best = max(counted, key=lambda pair: pair[0])
            total, all_of_them = total + weight, {**all_of_them, name: best}
        return total, all_of_them

    _, best = max(map(together, ways[star.number]), key=lambda pair: pair[0])
    taken = {name: _taken(found[name], way) for name, way in best.items()}
    return taken | _doubted_too(found, star, ways, taken)


def _doubted_too(
    found: ByField, star: Star, ways: Mapping[str, Sequence[Way]], taken: ByField
) -> dict[str, Answer]:
    """Answers that others were made to fit, where those could have been as they were read."""
    as_read = ways[star.number][0].value
    if not _is_born(as_read):
        return {}  # it could not have been so whatever the others say
    doubted = {}
    changed = {name for name in taken if taken[name] is not found[name]}
    for name in taken.keys() - {star.number}:
        other = ways[name][0]
        if other.possible and star.beside[name](as_read, other.value):
            for one, two in ((star.number, name), (name, star.number)):
                if two in changed and one not in changed:
                    doubted[one] = found[one].doubted(Doubt("fitted_to", two))
    for field, sex in star.sexes:
        if field and star.number in changed and sex_of(as_read) not in (None, sex):
            doubted[field] = found[field].doubted(Doubt("fitted_to", star.number))
    return doubted


def _taken(answer: Answer, way: Way) -> Answer:
    """The answer with that value; doubted where that isn't what its kind had made of it."""
    if way.value == answer.value or not way.possible:
        return answer
    reading = answer.reading
    gone = {*NO_DAY, "mended_date", "low_confidence"}
    left = tuple(each for each in answer.doubts if each.code not in gone)
    said = Doubt("mended_digits", (reading.text or "") if reading else "")
    sure = min(answer.confidence, CHOSEN)
    return replace(answer, value=way.value, doubts=(*left, said), confidence=sure, state="pending")
