"""``scanform report``: the campaign's state as a letter that an office can sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from scanform.cli.dates import DAY, PAST_DAY, today
from scanform.cli.files import write_whole
from scanform.cli.opened import desk_over
from scanform.cli.options import lang_option, workspace_options
from scanform.cli.reporting import report_document
from scanform.errors import UsageError
from scanform.model.campaign import Level
from scanform.model.phrases import Language, Phrase
from scanform.report import WRITERS, writer
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.tally.compose import Letter

_DONE = Phrase("Đã ghi báo cáo vào {file}.", "The report is in {file}.")
_NO_FORMAT = Phrase("Không ghi được báo cáo thành {name}.", "A report can't be written as {name}.")
_ENDINGS = Phrase("Tên tệp phải có đuôi: {endings}.", "End the file's name with one of: {endings}.")


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help=f"Where to; its ending says what it becomes: {', '.join(WRITERS)}.",
)
@click.option(
    "--as-of",
    "day",
    type=PAST_DAY,
    metavar="DATE",
    help="The state at the end of that day. [default: now]",
)
@click.option(
    "--level",
    type=click.Choice(["province", "district", "commune", "hamlet"]),
    help="A line for each unit of that level. [default: those with a target]",
)
@click.option("--number", default="", metavar="TEXT", help="The letter's number.")
@click.option("--date", "signed", type=DAY, metavar="DATE",
              help="The letter's date. [default: the day of the state]")  # fmt: skip
@click.option("--to", "recipients", multiple=True, metavar="TEXT", help="Who gets a copy.")
@workspace_options
@lang_option
def report(
    output: Path,
    day: date | None,
    level: Level | None,
    number: str,
    signed: date | None,
    recipients: tuple[str, ...],
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Write the campaign's state as a letter: total, table, curve, who lags.

    The same state gives the same letter, byte for byte.
    """
    ending = output.suffix.lower().removeprefix(".")
    if ending not in WRITERS:
        raise UsageError(
            _NO_FORMAT.of(name=repr(output.name)),
            _ENDINGS.of(endings=", ".join("." + each for each in WRITERS)),
        )
    write = writer(ending)
    copies = tuple(f"- {each};" for each in recipients)
    letter = Letter(signed or day or today(), number, copies)
    with open_store(workspace, database, create=False) as store:
        desk, kept = desk_over(store, workspace), SqlCampaigns(store)
        made = report_document(desk, kept, day, letter, lang, level)
    write_whole(output, write(made))
    click.echo(_DONE.say(lang, {"file": str(output)}), err=True)
