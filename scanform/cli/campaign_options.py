"""What can be said about a campaign on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scanform.campaign import Changes, read_goal, read_weekdays
from scanform.cli.dates import DAY
from scanform.cli.known import KnownTemplates
from scanform.cli.tables import targets_file
from scanform.errors import UsageError
from scanform.model.campaign import BY_BATCH, Unit
from scanform.phrase import Phrase
from scanform.tally.targets import whole_number

F = TypeVar("F", bound=Callable[..., Any])


def plan_options(command: F) -> F:
    """What can be said about a campaign, at its beginning and later."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = (
        click.option("--name", metavar="TEXT", help="What the campaign is called in reports."),
        click.option(
            "-t", "--template", "templates", multiple=True, metavar="TEMPLATE",
            help="The form that is counted (id or folder); several may be.",
        ),
        click.option(
            "--unit", "unit_field", metavar="FIELD",
            help="The field that says which unit a form counts for; commune/hamlet for hamlets; or "
            "`batch`: the box that it came in. [default: the template's]",
        ),
        click.option("--targets", type=path, metavar="FILE",
                     help="CSV or XLSX with the columns unit and target, for hamlets also `in` "
                     "(their commune), perhaps code. Takes the place of all."),
        click.option("--target", "set_targets", multiple=True, metavar="NAME=N",
                     help="One unit and how many people to collect in it."),
        click.option("--within", metavar="CODE",
                     help="Code of the province, district or commune: the units' codes are "
                     "looked up in it, and wrong names are told. '' looks nothing up."),
        click.option("--start", type=DAY, metavar="DATE", help="First day."),
        click.option("--deadline", type=DAY, metavar="DATE", help="Last day."),
        click.option("--goal", metavar="PERCENT",
                     help="Share of the targets to reach by then. [default: 70]"),
        click.option("--days", metavar="DAYS",
                     help="Working days: mon-fri, mon-sat, t2-t7. [default: mon-fri]"),
        click.option("--holiday", "holidays", type=DAY, multiple=True, metavar="DATE",
                     help="A day without work; several may be."),
        click.option("--workday", "workdays", type=DAY, multiple=True, metavar="DATE",
                     help="A day of work after all: a Saturday worked, or no holiday any more."),
        click.option("--office", metavar="TEXT", help="Who reports, for the heading."),
        click.option("--office-above", metavar="TEXT", help="The office above it."),
        click.option("--place", metavar="TEXT", help="Where reports are signed."),
        click.option("--signer-title", metavar="TEXT", help="Who signs: the post."),
        click.option("--signer", metavar="TEXT", help="Who signs: the name."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


_NO_UNIT_FIELD = Phrase(
    "Mẫu {template} không cho biết mục nào là đơn vị.", "Template {template} names no unit field."
)
_GIVE_UNIT = Phrase("Hãy cho mục đó bằng --unit.", "Give one with --unit.")
_NO_FIELD = Phrase(
    "Mẫu {template} không có mục {field}.", "Template {template} has no field {field}."
)
_FIELDS = Phrase(
    "`scanform template show {template} --json` nêu các mục.",
    "`scanform template show {template} --json` names its fields.",
)
_NO_TARGET = Phrase("--target {text} không phải là chỉ tiêu.", "--target {text} is no target.")
_WRITE_TARGET = Phrase("Hãy viết --target 'Thạnh Hải=9000'.", "Write --target 'Thạnh Hải=9000'.")


def changes(given: dict[str, Any], known: dict[str, str] | None) -> Changes:
    """What the options say. ``known`` are the unit fields so far, of a campaign that is changed."""
    office = {
        "above": given["office_above"],
        "name": given["office"],
        "place": given["place"],
        "signer_title": given["signer_title"],
        "signer": given["signer"],
    }
    targets = targets_file(given["targets"]) if given["targets"] else None
    return Changes(
        name=given["name"],
        unit_fields=_unit_fields(given["templates"], given["unit_field"], known),
        targets=None if targets is None else [Unit(t.unit, t.target, t.code) for t in targets],
        set_targets=[_typed(each) for each in given["set_targets"]],
        drop=given.get("drop", ()),
        within=given["within"],
        start=given["start"],
        deadline=given["deadline"],
        goal=None if given["goal"] is None else read_goal(given["goal"]),
        weekdays=None if given["days"] is None else read_weekdays(given["days"]),
        holidays=given["holidays"],
        workdays=given["workdays"],
        office={name: value for name, value in office.items() if value is not None},
    )


def _unit_fields(
    names: tuple[str, ...], unit_field: str | None, known: dict[str, str] | None
) -> dict[str, str] | None:
    if not names and unit_field is None:
        return None
    templates = KnownTemplates(names or tuple(known or ())).named
    found: dict[str, str] = {}
    for each in templates:
        field = BY_BATCH if unit_field == "batch" else unit_field or each.unit
        if field is None:
            raise UsageError(_NO_UNIT_FIELD.of(template=each.id), _GIVE_UNIT)
        strange = set(field.split("/")) - {one.id for one in each.fields}
        if field != BY_BATCH and strange:
            raise UsageError(
                _NO_FIELD.of(template=each.id, field=repr(min(strange))),
                _FIELDS.of(template=each.id),
            )
        found[each.id] = field
    return found


def _typed(text: str) -> Unit:
    name, _, number = text.rpartition("=")
    target = whole_number(number.strip())
    if not name.strip() or target is None:
        raise UsageError(_NO_TARGET.of(text=repr(text)), _WRITE_TARGET)
    return Unit(name.strip(), target)
