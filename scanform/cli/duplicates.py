"""``scanform duplicates``: persons who came in twice, shown in pairs for a decision."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanform.cli.campaign_desk import judged_pairs
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.wording import one_line
from scanform.model.campaign import PairVerdict, Verdict
from scanform.model.phrases import Language, Phrase
from scanform.store.campaigns import SqlCampaigns
from scanform.store.looks import note_looks
from scanform.store.open import open_store
from scanform.tally.people import Pair, Person

_NONE = Phrase("Không có cặp nào chờ quyết định.", "No pair waits for a decision.")
_SAME = Phrase(
    "Đã ghi: {second} là cùng một người với {first}, không tính lần nữa.",
    "Noted: {second} is the same person as {first} and counts no more.",
)
_DIFFERENT = Phrase(
    "Đã ghi: {first} và {second} là hai người.", "Noted: {first} and {second} are two persons."
)
_WHY = {
    "number": Phrase("trùng số định danh", "same number"),
    "person": Phrase("gần trùng tên, ngày sinh, nơi ở", "nearly the same person"),
}
_HEADINGS = (
    Phrase("Phiếu", "Record"),
    Phrase("Số", "Number"),
    Phrase("Họ tên", "Name"),
    Phrase("Ngày sinh", "Born"),
    Phrase("Đơn vị", "Unit"),
    Phrase("Vì sao", "Why"),
)


@click.group()
def duplicates() -> None:
    """Find persons who came in twice; decide whether they are one."""


@duplicates.command("list")
@click.option("--all", "decided_too", is_flag=True, help="Also the pairs that are decided.")
@click.option("-t", "--template", "names", multiple=True, metavar="TEMPLATE",
              help="Only forms of this template. [default: all, each by itself]")  # fmt: skip
@by_option
@workspace_options
@json_option
@lang_option
def list_(
    decided_too: bool,
    names: tuple[str, ...],
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Show forms that may be of one person, in pairs."""
    with open_store(workspace, database, create=False) as store:
        judged = judged_pairs(SqlCampaigns(store), names)
        found = [each for each in judged if decided_too or each[1] is None]
        seen = [form.record for pair, _ in found for form in (pair.first, pair.second)]
        note_looks(store, by, seen, "pairs")
    if as_json:
        echo_json([_json(pair, verdict) for pair, verdict in found])
    elif not found:
        click.echo(_NONE.say(lang))
    else:
        Console(highlight=False).print(_table(found, lang))


@duplicates.command()
@click.argument("first")
@click.argument("second")
@by_option
@workspace_options
@lang_option
def same(
    first: str, second: str, by: str, workspace: Path, database: str | None, lang: Language
) -> None:
    """Records FIRST and SECOND are of one person: SECOND counts no more. Both are kept."""
    _judge(first, second, "same", by, workspace, database)
    click.echo(_SAME.say(lang, {"first": first, "second": second}))


@duplicates.command()
@click.argument("first")
@click.argument("second")
@by_option
@workspace_options
@lang_option
def different(
    first: str, second: str, by: str, workspace: Path, database: str | None, lang: Language
) -> None:
    """Records FIRST and SECOND are of two persons: both count. Takes `same` back."""
    _judge(first, second, "different", by, workspace, database)
    click.echo(_DIFFERENT.say(lang, {"first": first, "second": second}))


def _judge(
    first: str, second: str, verdict: Verdict, by: str, workspace: Path, database: str | None
) -> None:
    with open_store(workspace, database, create=False) as store:
        SqlCampaigns(store).judge(PairVerdict(first, second, verdict, by, datetime.now(UTC)))


def _person(person: Person) -> dict[str, Any]:
    return {
        "record": person.record,
        "number": person.number or None,
        "name": person.name or None,
        "birth_date": person.birth or None,
        "unit": person.place or None,
        "scan": person.scan_path,
        "page": person.scan_page,
    }


def _json(pair: Pair, verdict: Verdict | None) -> dict[str, Any]:
    return {
        "first": _person(pair.first),
        "second": _person(pair.second),
        "reason": pair.reason,
        "verdict": verdict,
    }


def _table(found: list[tuple[Pair, Verdict | None]], lang: Language) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for heading in _HEADINGS:
        table.add_column(heading.say(lang))
    for pair, verdict in found:
        why = _WHY[pair.reason].say(lang) + (f" ({verdict})" if verdict else "")
        for each, last in ((pair.first, why), (pair.second, "")):
            cells = (each.record, each.number, each.name, each.birth, each.place, last)
            table.add_row(*(Text(one_line(cell)) for cell in cells), end_section=not last)
    return table
