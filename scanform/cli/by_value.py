"""``scanform tally --by``: records by the answers of a field, or by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType

from scanform.cli.count_table import units_by_value_table, value_table
from scanform.cli.known import KnownTemplates
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.model.template import Template
from scanform.store.campaigns import SqlCampaigns
from scanform.tally.gather import Moment
from scanform.tally.people import roles_of
from scanform.tally.progress import duplicates
from scanform.tally.values import AGES, ValueTable, by_age, groups, tabulate

AGE = "age"

_AGE = Phrase("tuổi", "age")
_NO_AGES = Phrase("--ages {text} không phải là các nhóm tuổi.", "--ages {text} are no age groups.")
_WRITE_AGES = Phrase("Hãy viết --ages 6,14,18,60.", "Write --ages 6,14,18,60.")
_NO_FIELD = Phrase("Không mẫu nào ở đây có mục {field}.", "No template here has a field {field}.")
_FIELDS = Phrase(
    "`scanform template show MẪU --json` nêu các mục; `age` đếm theo tuổi.",
    "`scanform template show ID --json` names its fields; `age` counts by age.",
)


@dataclass(frozen=True, slots=True)
class By:
    """What is asked for: the field or ``age``, the moment, where age groups begin, and whether
    unit by unit."""

    field: str
    moment: Moment
    ages: Sequence[int] = AGES
    units: bool = False


def read_ages(text: str) -> list[int]:
    """``6,14,18``: whole years, rising. Raises ``UsageError``."""
    parts = [part.strip() for part in text.split(",")]
    ages = [int(part) for part in parts if part.isdecimal()]
    if len(ages) < len(parts) or ages != sorted(set(ages)) or 0 in ages:
        raise UsageError(_NO_AGES.of(text=repr(text)), _WRITE_AGES)
    return ages


def tables(kept: SqlCampaigns, by: By, names: Sequence[str]) -> dict[str, ValueTable]:
    """A table for each template that has the field. Forms of persons who were counted already
    are left out, as in the count. Raises ``UsageError`` where no template has the field."""
    plan = kept.campaign(by.moment.at)
    asked = list(names or (plan.unit_fields if plan else ()))
    known = KnownTemplates(asked).all()
    fields = {each.id: name for each in known if (name := _field(each, by.field))}
    if not fields:
        raise UsageError(_NO_FIELD.of(field=repr(by.field)), _FIELDS)
    unit_fields = {each.id: each.unit or "" for each in known}
    unit_fields |= dict(plan.unit_fields) if plan else {}
    units = [unit.name for unit in plan.counted] if plan else []
    twice = duplicates(kept.verdicts(by.moment.at))
    found: dict[str, ValueTable] = {}
    for template, field in fields.items():
        both = (unit_fields[template], field)
        counts = kept.value_counts(template, both, by.moment.at, twice)
        if by.field == AGE:
            aged = by_age(counts, by.moment.day, by.ages)
            found[template] = tabulate(aged, units, groups(by.ages))
        else:
            found[template] = tabulate(counts, units)
    return found


def _field(template: Template, wanted: str) -> str:
    """The template's field of that name, or its birth date where age is asked for; empty where
    it has none."""
    if wanted in {field.id for field in template.fields}:
        return wanted
    roles = roles_of(template)
    return roles[0].birth if wanted == AGE and roles else ""


def draw(found: dict[str, ValueTable], by: By, lang: Language) -> RenderableType:
    name = _AGE.say(lang) if by.field == AGE else by.field
    several = len(found) > 1
    drawn: list[RenderableType] = []
    for template, table in found.items():
        if several and not any(table.total):
            continue
        if by.units:
            drawn += [f"{template}, {name}" if several else name, units_by_value_table(table, lang)]
        else:
            drawn.append(value_table(f"{template}: {name}" if several else name, table, lang))
    return Group(*drawn)


def as_json(found: dict[str, ValueTable], units: bool) -> dict[str, Any]:
    """Per template what each value has, and with ``units`` what it has in each unit."""
    answer = {}
    for template, table in found.items():
        total = table.total or (0,) * len(table.values)
        rows: list[dict[str, Any]] = [
            {"value": value, "records": count}
            for value, count in zip(table.values, total, strict=True)
        ]
        if units:
            for column, row in enumerate(rows):
                cells = zip(table.units, table.rows, strict=True)
                row["units"] = [{"unit": u, "records": numbers[column]} for u, numbers in cells]
        answer[template] = rows
    return answer
