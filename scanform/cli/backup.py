"""``scanform backup``: the workspace as it is at one moment, in one file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.store import age, events, keyring, outputs
from scanform.store.backup import Manifest, Wish, write
from scanform.store.leftovers import beside, leftovers, take_away
from scanform.store.open import open_store

_DONE = Phrase(
    "{output}: {records} phiếu, {images} ảnh ({megabytes} MB), nhật ký đến dòng {log_rows}. "
    "Mã bản sao lưu: {id}.",
    "{output}: {records} records, {images} images ({megabytes} MB), the log to row {log_rows}. "
    "Id of the backup: {id}.",
)
_PLAIN = Phrase(
    "Chú ý: bản sao lưu không mã hóa; ai có tệp này đọc được mọi phiếu (--encrypt-to, --keyring).",
    "Note: it is not encrypted; whoever has the file reads every form (--encrypt-to, --keyring).",
)
_NEEDS_RING = Phrase(
    "--replace cần --keyring, và một bản sao lưu trọn bộ.",
    "--replace needs --keyring, and a whole backup.",
)
_THROWN = Phrase(
    "Đã hủy {count} khóa: các bản sao lưu trước không mở được nữa.",
    "{count} keys were thrown away: the backups before this one open no more.",
)

_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("-o", "--output", type=_file, required=True, metavar="FILE", help="Where to write.")
@click.option(
    "--incremental",
    is_flag=True,
    help="Only images that no backup since the last whole one holds; the database is always whole.",
)
@click.option(
    "--encrypt-to",
    "recipients",
    multiple=True,
    metavar="AGE1...",
    help="An age recipient that may open it. [repeatable]",
)
@click.option(
    "--keyring",
    "ring",
    type=_file,
    metavar="FILE",
    help="Encrypt with a key of this backup's own, kept in FILE (made where it isn't there). Keep "
    "it on another disk than workspace and backups.",
)
@click.option(
    "--replace",
    is_flag=True,
    help="With --keyring: once this backup is whole, throw the keys of all earlier ones away, as "
    "after somebody was erased.",
)
@by_option
@workspace_options
@json_option
@lang_option
def backup(
    output: Path,
    incremental: bool,
    recipients: tuple[str, ...],
    ring: Path | None,
    replace: bool,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Back the workspace up, while others go on working in it.

    What is in the file is the workspace at one moment: the database and every page image that it
    names. It is whole or not there. `scanform restore` makes a workspace of it again.
    """
    if replace and (ring is None or incremental):
        raise UsageError(_NEEDS_RING)
    wish = Wish(recipients, incremental)
    keys: list[keyring.Key] = []
    with open_store(workspace, database, create=False) as store:
        if ring is not None:
            identity, recipient = age.new_identity()
            wish.recipients = (*recipients, recipient)
            made_at = store.now().isoformat(timespec="seconds")
            key = keyring.Key(wish.id, made_at, identity)
            keys = keyring.read(ring)
            # Before the backup: one whose key was lost with the power is nothing.
            keyring.write(ring, [*keys, key])
        detail = {"id": wish.id, "encrypted": bool(wish.recipients), "incremental": incremental}
        events.note(store, "backup", by, detail=detail)
        outputs.note(store, "backup", by, output, searchable=not wish.recipients)
        made = write(store, workspace, output, wish)
    for each in (*leftovers(workspace), *beside(output)):  # of a backup that was killed
        take_away(each)
    if ring is not None and replace:
        keyring.write(ring, [each for each in keyring.read(ring) if each.backup == made.id])
    _say(made, output, wish, len(keys) if replace else 0, as_json, lang)


def _say(
    made: Manifest, output: Path, wish: Wish, thrown: int, as_json: bool, lang: Language
) -> None:
    if as_json:
        echo_json(
            asdict(made)
            | {"file": str(output), "encrypted": bool(wish.recipients), "keys_thrown_away": thrown}
        )
        return
    told = {name: str(value) for name, value in asdict(made).items()}
    told |= {"output": str(output), "megabytes": f"{made.image_bytes / 1e6:.1f}"}
    click.echo(_DONE.say(lang, told))
    if not wish.recipients:
        click.echo(_PLAIN.say(lang), err=True)
    if thrown:
        click.echo(_THROWN.say(lang, {"count": str(thrown)}))
