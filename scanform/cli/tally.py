"""``scanform tally``: the count per unit against the targets."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanform.cli.known import KnownTemplates
from scanform.cli.options import echo_json, json_option, lang_option, workspace_options
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.store.open import open_store
from scanform.tally import Row, Tally, count_against, read_targets

BAR = 10  # characters of a whole bar: the names must fit beside it in 80 columns

_HEADINGS = (
    Phrase("Đơn vị", "Unit"),
    Phrase("Phiếu", "Records"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Tỷ lệ", "Rate"),
    Phrase("", ""),
    Phrase("Xong", "Complete"),
    Phrase("Chờ duyệt", "Pending"),
)
_TOTAL = Phrase("Tổng cộng", "Total")
_UNKNOWN = Phrase("(chưa rõ đơn vị)", "(unit not known)")
_UNLISTED = Phrase("{unit} (không có chỉ tiêu)", "{unit} (no target)")
_TITLE = Phrase("Đến {as_of}", "As of {as_of}")
_NOT_COUNTED = Phrase(
    "Chú ý: {count} phiếu của mẫu khác không được tính.",
    "Note: {count} records of other templates are not counted.",
)


@click.command()
@click.option(
    "--targets",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="CSV with the columns unit,target.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="The state at the end of that day (2018-10-26 or 26/10/2018), or at a moment "
    "(2018-10-26T15:00). [default: now]",
)
@click.option(
    "-t",
    "--template",
    "names",
    multiple=True,
    metavar="TEMPLATE",
    help="Count only records of this template (id or folder). [default: all]",
)
@workspace_options
@json_option
@lang_option
def tally(
    targets: Path,
    as_of: str | None,
    names: tuple[str, ...],
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Count records per unit (the form's commune) against the targets."""
    wanted = read_targets(_text(targets))
    label, moment = _moment(as_of)
    units = KnownTemplates(names).units()
    with open_store(workspace, database, create=False) as store:
        counted = count_against(wanted, store.unit_counts(units, moment))
        others = 0 if names or moment else store.figures().records - counted.total.records
    if as_json:
        echo_json(_json(counted, label))
    else:
        _draw(counted, label, lang)
    if others:
        click.echo(_NOT_COUNTED.say(lang, {"count": str(others)}), err=True)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file} is not UTF-8.", "Save it as CSV UTF-8 (Excel: Save as, CSV UTF-8)."
        ) from error
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}.") from error


def _moment(text: str | None) -> tuple[str, datetime | None]:
    """What to call the moment, and the moment itself; None for now. A day ends at midnight of
    this computer's time zone."""
    if text is None:
        return datetime.now().astimezone().isoformat(timespec="seconds"), None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day.isoformat(), datetime.combine(day, time.max).astimezone()
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"--as-of {text!r} is no date.", "Write 2018-10-26, 26/10/2018 or 2018-10-26T15:00."
        ) from None
    return moment.isoformat(), moment


def _json(counted: Tally, label: str) -> dict[str, Any]:
    def figures(row: Row) -> dict[str, Any]:
        return {
            "target": row.target,
            "records": row.records,
            "complete": row.complete,
            "pending": row.pending,
            "rate": row.rate,
        }

    units = [{"unit": row.unit, **figures(row)} for row in counted.units]
    return {"as_of": label, "units": units, "total": figures(counted.total)}


def _draw(counted: Tally, label: str, lang: Language) -> None:
    title = _TITLE.say(lang, {"as_of": label})
    table = Table(title=title, title_justify="left", show_footer=True, box=SIMPLE_HEAD)
    total = _cells(counted.total, _TOTAL.say(lang), lang)
    for number, (heading, cell) in enumerate(zip(_HEADINGS, total, strict=True)):
        side = "left" if number in (0, 4) else "right"
        table.add_column(heading.say(lang), cell, justify=side, no_wrap=number > 0)  # type: ignore[arg-type]
    for row in counted.by_rate():
        table.add_row(*_cells(row, _unit(row, lang), lang))
    Console(highlight=False).print(table)


def _unit(row: Row, lang: Language) -> str:
    if row.unit is None:
        return _UNKNOWN.say(lang)
    return row.unit if row.target is not None else _UNLISTED.say(lang, {"unit": row.unit})


def _cells(row: Row, name: str, lang: Language) -> list[Text]:
    cells = (
        name,
        _number(row.records, lang),
        "" if row.target is None else _number(row.target, lang),
        "" if row.rate is None else _percent(row.rate, lang),
        "" if row.rate is None else _bar(row.rate),
        _number(row.complete, lang),
        _number(row.pending, lang),
    )
    # A unit's name comes from a form: it is text, never the terminal's markup.
    return [Text("".join(c for c in cell if c.isprintable())) for cell in cells]


def _number(number: int, lang: Language) -> str:
    return f"{number:,}".replace(",", "." if lang == "vi" else ",")


def _percent(rate: float, lang: Language) -> str:
    return f"{rate * 100:.1f} %".replace(".", ",") if lang == "vi" else f"{rate * 100:.1f} %"


def _bar(rate: float) -> str:
    """A bar in eighths of a character; full at 100 %."""
    eighths = round(min(max(rate, 0.0), 1.0) * BAR * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]
