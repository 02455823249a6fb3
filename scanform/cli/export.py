"""``scanform export``: the records to a file, with a manifest beside it."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from scanform import __version__
from scanform.cli.dates import DAY
from scanform.cli.export_options import all_fields, known_fields, mask, selection, templates_of
from scanform.cli.options import by_option, lang_option, workspace_options
from scanform.errors import REJECTED_SOME
from scanform.export import EXPORTERS
from scanform.export.dictionary import notes
from scanform.export.hand_over import SUFFIX, Account, HandOver
from scanform.export.interface import Layout
from scanform.export.mask import Mask
from scanform.export.reasons import REASONS
from scanform.model.phrases import Language, Phrase
from scanform.store import events, outputs
from scanform.store.campaigns import SqlCampaigns
from scanform.store.leftovers import sweep_beside
from scanform.store.open import open_store

_DONE = Phrase(
    "Đã ghi {count} phiếu vào {file}; kê khai ở {manifest}.",
    "{count} records written to {file}; its manifest is {manifest}.",
)
_UNMAPPED = Phrase("{field}: {why} ({count} phiếu)", "{field}: {why} ({count} records)")
_ONE = Phrase("Phiếu {record} {field}: {why}", "Record {record} {field}: {why}")
_NOWHERE = Phrase("{field}: {why}", "{field}: {why}")
_LEFT_OUT = Phrase("Cả phiếu", "Whole records")
_PSEUDONYMS = Phrase("Thay bằng bí danh: {fields}.", "Pseudonyms stand for: {fields}.")


_BETWEEN = 200_000
"""New objects between two looks of the garbage collector: those of some thousand records."""


@click.command()
@click.option(
    "--format",
    "name",
    type=click.Choice(sorted(EXPORTERS)),
    required=True,
    help="csv, xlsx: for spreadsheets. parquet, sqlite: for statistics. jsonl: everything that is "
    "known. qcvn109: the citizen message in XML.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to; a file that is there is replaced, once the new one is whole. "
    "- is standard output, without a manifest.",
)
@click.option(
    "-t", "--template", metavar="ID", help="Only records of this template (id or folder)."
)
@click.option(
    "--unit", "units", multiple=True, metavar="NAME",
    help="Only records of this unit and of those within it, by name or code: a commune, or with a "
    "campaign any unit of its tree. [repeatable]",
)  # fmt: skip
@click.option(
    "--batch", "batches", multiple=True, metavar="BATCH",
    help="Only records of this box (scanform batch). [repeatable]",
)  # fmt: skip
@click.option(
    "--since", type=DAY, metavar="DATE", help="Only records that came in or changed since that day."
)
@click.option("--complete", is_flag=True, help="Only records of which nothing waits for review.")
@click.option("--fields", metavar="A,B", help="Only these fields, in this order.")
@click.option(
    "--with-confidence",
    is_flag=True,
    help="Beside each value how sure it is and what state it is in.",
)
@click.option(
    "--redact", multiple=True, metavar="FIELD", help="Leave this field's values out. [repeatable]"
)
@click.option(
    "--pseudonymise",
    "keyfile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEYFILE",
    help="Pseudonyms instead of names and numbers of people, the same for the same key.",
)
@click.option(
    "--pseudonym",
    "pseudonyms",
    multiple=True,
    metavar="FIELD",
    help="With --pseudonymise: only these fields. [repeatable]",
)
@by_option
@workspace_options
@lang_option
@click.pass_context
def export(
    ctx: click.Context,
    name: str,
    output: Path,
    template: str | None,
    units: tuple[str, ...],
    batches: tuple[str, ...],
    since: date | None,
    complete: bool,
    fields: str | None,
    with_confidence: bool,
    redact: tuple[str, ...],
    keyfile: Path | None,
    pseudonyms: tuple[str, ...],
    by: str,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Write the records, as they stand after review, to a file.

    They come in the order of the scans. The same records give the same bytes; what changes (when,
    who) is in the manifest, FILE.manifest.json.
    """
    form = EXPORTERS[name]
    wanted = [each.strip() for each in (fields or "").split(",") if each.strip()]
    with open_store(workspace, database, create=False) as store:
        only, found = templates_of(store, template)
        kept = SqlCampaigns(store)
        boxes = [kept.batch(each).id for each in batches]
        plan = kept.campaign() if units else None
        chosen = selection(store, only, found, units, boxes, since, complete, plan)
        there = all_fields(store, found)
        masked = mask(found, there, redact, keyfile, pseudonyms)
        names = known_fields(wanted, there) or list(there)
        layout = Layout(
            tuple(names),
            tuple(notes([each for each in found.values() if each], names, masked)),
            with_confidence,
            store.newest(),
        )
        records = store.selected(chosen, readings=form.readings)
        if masked.redacted or masked.pseudonyms:
            records = map(masked, records)
        # All that was imported stays: the collector need not look through it time and again while
        # millions of short-lived answers pass, nor begin anew at every few hundred of them.
        gc.freeze()
        gc.set_threshold(_BETWEEN)
        with HandOver(form, layout, sure=not wanted) as hand_over:
            if str(output) == "-":
                account = hand_over.write(records, sys.stdout.buffer)
            else:
                about = {
                    "format": name,
                    "at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "by": by,
                    "scanform": __version__,
                    "filter": {
                        "template": only,
                        "units": list(units),
                        "batches": boxes,
                        "since": since.isoformat() if since else None,
                        "complete": complete,
                    },
                    "fields": names,
                    "with_confidence": with_confidence,
                    "redacted": sorted(masked.redacted),
                    "pseudonyms": sorted(masked.pseudonyms),
                }
                sweep_beside(output)  # what an export that was killed left
                hand_over.write_to(output, records, about)
                account = hand_over.account
        # Who took what away, for the record of processing.
        detail = {"format": name, "records": account.written}
        events.note(store, "export", by, how="masked" if masked.redacted else "", detail=detail)
        outputs.note(store, "export", by, output)
    _say(account, masked, output, lang)
    if account.left_out:
        ctx.exit(REJECTED_SOME)


def _say(account: Account, masked: Mask, output: Path, lang: Language) -> None:
    if masked.pseudonyms:
        told = {"fields": ", ".join(sorted(masked.pseudonyms))}
        click.echo(_PSEUDONYMS.say(lang, told), err=True)
    for each in account.first:
        told = {"record": each.record, "field": each.field, "why": REASONS[each.reason].say(lang)}
        click.echo(_ONE.say(lang, told), err=True)
    nowhere = sorted(field for field, reason in account.unmapped if reason == "no_element")
    if nowhere:
        told = {"field": ", ".join(nowhere), "why": REASONS["no_element"].say(lang)}
        click.echo(_NOWHERE.say(lang, told), err=True)
    for (field, reason), count in sorted(account.unmapped.items()):
        if reason != "no_element":
            told = {
                "field": field or _LEFT_OUT.say(lang),
                "why": REASONS[reason].say(lang),
                "count": str(count),
            }
            click.echo(_UNMAPPED.say(lang, told), err=True)
    if str(output) != "-":
        told = {
            "count": str(account.written),
            "file": str(output),
            "manifest": output.name + SUFFIX,
        }
        click.echo(_DONE.say(lang, told), err=True)
