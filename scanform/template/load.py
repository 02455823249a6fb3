"""A folder with ``template.yaml`` becomes a ``Template``, or every mistake in it at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scanform.errors import Mistake, TemplateError, UsageError
from scanform.fields import TEMPLATE_KINDS, rules
from scanform.fields.calibration_json import from_json
from scanform.model.calibration import Calibration
from scanform.model.template import EmptyForm, Template
from scanform.phrase import Phrase
from scanform.template import checks, schema, source
from scanform.template.build import build
from scanform.template.source import Located

YAML_NAME = "template.yaml"
BLANK_NAME = "blank.pdf"
CONFIDENCE_NAME = "confidence.json"
"""Steps that were fitted for this form (docs/confidence.md)."""

_NOT_THERE = Phrase("Không có mẫu ở {file}: {why}.", "There is no template at {file}: {why}.")
_LIST = Phrase(
    "`scanform template list` nêu các mẫu hiện có.",
    "`scanform template list` names the templates that are there.",
)

_SECTIONS: dict[str, type[schema.Entry]] = {
    "": schema.TemplateFile,
    "<field>": schema.FieldEntry,
    "<group>": schema.GroupEntry,
    "<text>": schema.TextEntry,
    "<line>": schema.LineEntry,
    "<box>": schema.BoxEntry,
    "fields": schema.FieldEntry,
    "options": schema.Option,
    "cells": schema.Cells,
    "caption": schema.Caption,
    "repeat": schema.Repeat,
    "register": schema.Register,
}
"""The model behind the last word of a place in the file."""

_ATTEMPTS = 4
_MOST_CALIBRATION = 4 * 2**20

_LISTS = frozenset({"fields", "print", "rules"})
"""Lists whose wrong entries are left out whole; what is left is checked further."""

_STAND_INS: dict[str, object] = {"id": "unnamed", "title": "?", "revision": 1, "fields": []}
"""Taken where a needed key is missing or wrong, so that the rest can be checked."""

_WORDINGS: dict[str, tuple[str, str]] = {
    "string_type": ("it should be words", "put it in quotes"),
    "float_type": ("it should be a number", ""),
    "int_type": ("it should be a whole number", ""),
    "bool_type": ("it should be true or false", ""),
    "tuple_type": ("it should be a list of numbers", "write [a, b]"),
    "list_type": ("it should be a list", "begin each entry with `- `"),
    "model_type": ("it should be a mapping", "write `key: value` lines"),
    "dict_type": ("it should be a mapping", "write `key: value` lines"),
    "string_pattern_mismatch": ("it may have small letters, digits and _ only", ""),
}


def load(folder: Path) -> Template:
    """The template in ``folder``; raises ``TemplateError`` with every mistake and ``UsageError``
    where there is no template."""
    path = folder / YAML_NAME
    try:
        with path.open("rb") as stream:
            data = stream.read(source.MAX_BYTES + 1)
    except OSError as error:
        why = str(error.strerror)
        raise UsageError(_NOT_THERE.of(file=str(path), why=why), _LIST) from None
    return replace(parse(data, str(path)), calibration=_calibration(folder / CONFIDENCE_NAME))


def _calibration(path: Path) -> Calibration | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_CALIBRATION + 1)
        if len(data) > _MOST_CALIBRATION:
            raise ValueError("too large")
        return from_json(json.loads(data.decode()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        advice = "delete it, or bring a whole one back"
        problem = f"it can't be read ({error})" if isinstance(error, OSError) else "it is damaged"
        raise TemplateError([Mistake(str(path), 1, "", problem, advice)]) from error


def parse(data: bytes, file: str) -> Template:
    """The template that the YAML in ``data`` describes; ``file`` is named in mistakes.
    Raises ``TemplateError``."""
    value, mistakes = source.read(data, file)
    if not isinstance(value, Located):
        mistakes.append(Mistake(file, 1, "", "the file is no template", "begin with `id:`"))
        raise TemplateError(mistakes)
    ids = _ids(value)
    checked: schema.TemplateFile | None = None
    for attempt in range(_ATTEMPTS):
        try:
            checked = schema.TemplateFile.model_validate(value)
            break
        except ValidationError as error:
            details = error.errors(include_url=False)
            if attempt == 0:
                mistakes.extend(_mistake(detail, value, file) for detail in details)
            _prune(details, value)
    if checked is not None and checks.too_many(checked):
        limit = f"more than {checks.MAX_THINGS} fields and printed things"
        mistakes.append(Mistake(file, checked.line_of("fields"), "", limit, "split the form"))
    elif checked is not None:
        built = build(checked)
        mistakes.extend(checks.mistakes(checked, built, file, ids))
    if mistakes or checked is None:
        unique = dict.fromkeys(mistakes)
        raise TemplateError(sorted(unique, key=lambda mistake: mistake.line))
    return built.template


def blank_pdf(folder: Path) -> Path:
    """Where the empty form of the template in ``folder`` is kept."""
    return folder / BLANK_NAME


def empty_form(folder: Path) -> EmptyForm:
    """The template in ``folder`` with its empty form; raises as ``load`` does."""
    return EmptyForm(load(folder), blank_pdf(folder))


def json_schema() -> str:
    """The JSON Schema of ``template.yaml``, for editors; the file of it is made from this."""
    made = schema.TemplateFile.model_json_schema(by_alias=True)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "scanform template"
    made["$defs"]["FieldEntry"]["properties"]["kind"]["enum"] = sorted(TEMPLATE_KINDS)
    for owner in (made, made["$defs"]["GroupEntry"]):
        owner["properties"]["rules"]["items"]["propertyNames"] = {"enum": sorted(rules.RULES)}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _mistake(detail: ErrorDetails, data: Located, file: str) -> Mistake:
    """What pydantic found, in the words of someone who writes a template."""
    value: object = data
    line, field = data.line, ""
    keys: list[str] = []
    for step in detail["loc"]:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        elif isinstance(value, Located) and step in value:
            keys.append(str(step))
            line, value = value.lines[str(step)], value[str(step)]
        if isinstance(value, Located):
            line = value.line
            field = str(value.get("id", field)) if keys else ""
    if detail["type"] == "extra_forbidden":
        line = _parent(detail["loc"], data).lines[keys[-1]]
    problem, advice = _wording(detail, keys)
    return Mistake(file, line, field or ".".join(keys), problem, advice)


def _parent(loc: Sequence[int | str], data: Located) -> Located:
    """The innermost mapping that the place ``loc`` goes through, its last step not counted."""
    found, value = data, cast(object, data)
    for step in loc[:-1]:
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif isinstance(value, Located) and step in value:
            value = value[str(step)]
        if isinstance(value, Located):
            found = value
    return found


def _wording(detail: ErrorDetails, keys: Sequence[str]) -> tuple[str, str]:
    """Problem and advice."""
    loc, sort = detail["loc"], detail["type"]
    words = [step for step in loc if isinstance(step, str)]
    if sort == "extra_forbidden":
        model = _SECTIONS.get(words[-2] if len(words) > 1 else "", schema.TemplateFile)
        known = [info.alias or name for name, info in model.model_fields.items()]
        return f"unknown key `{keys[-1]}`", checks.nearest(keys[-1], known)
    if sort == "missing" and isinstance(loc[-1], str):
        model = _SECTIONS.get(words[-2] if len(words) > 1 else "", schema.TemplateFile)
        told = next(
            (info.description for name, info in model.model_fields.items() if name == words[-1]), ""
        )
        return f"`{words[-1]}` is missing", told or f"add `{words[-1]}:`"
    subject = f"`{keys[-1]}`: " if keys else ""
    if sort == "missing":
        return f"{subject}too few numbers", "a place is [x, y], a box [x, y, width, height]"
    message = detail["msg"].replace("Input should be", "it should be")
    problem, advice = _WORDINGS.get(sort, (message[:1].lower() + message[1:], ""))
    given = detail["input"]
    found = f", not {given!r:.40}" if isinstance(given, str | int | float) else ""
    return subject + problem + found, advice


def _ids(value: object) -> set[str]:
    """Every id given to a field, well formed or not."""
    found: set[str] = set()
    fields = value.get("fields") if isinstance(value, Located) else None
    for entry in fields if isinstance(fields, list) else []:
        if isinstance(entry, Located):
            found |= _ids(entry) | {str(entry.get("id"))}
    return found


def _prune(details: Sequence[ErrorDetails], data: Located) -> None:
    """Takes out of ``data`` the entries of lists, or else the keys, that have mistakes."""
    doomed: dict[int, tuple[list[object], set[int]]] = {}
    for detail in details:
        value: object = data
        key = ""
        cut: tuple[list[object], int] | None = None
        for step in detail["loc"]:
            if isinstance(value, list) and isinstance(step, int) and step < len(value):
                if key in _LISTS:
                    cut = value, step
                value = value[step]
            elif isinstance(value, Located) and step in value:
                key = str(step)
                value = value[key]
        if cut is not None:
            doomed.setdefault(id(cut[0]), (cut[0], set()))[1].add(cut[1])
            continue
        key = str(detail["loc"][0]) if detail["loc"] else ""
        data.pop(key, None)
        if key in _STAND_INS:
            data[key] = _STAND_INS[key]
    for entries, indices in doomed.values():
        for index in sorted(indices, reverse=True):
            del entries[index]


if __name__ == "__main__":
    sys.stdout.write(json_schema())
