"""``scanform restore``: a workspace from backups."""

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
from scanform.store import check, events
from scanform.store.backup import Manifest
from scanform.store.backup_file import manifest_of
from scanform.store.erase import Erasing, erase
from scanform.store.keyring import identities_in
from scanform.store.open import open_store
from scanform.store.restore import restore as restore_all
from scanform.store.restore import restore_images

_DONE = Phrase(
    "{workspace}: {records} phiếu, {images} ảnh, như lúc {made_at}; nhật ký đến dòng {log_rows}.",
    "{workspace}: {records} records, {images} images, as of {made_at}; the log to row {log_rows}.",
)
_IMAGES = Phrase("Đã trả lại {count} ảnh.", "{count} images were brought back.")
_NO_WORKSPACE = Phrase(
    "Không có thư mục làm việc ở {folder}.", "There is no workspace at {folder}."
)
_ERASED = Phrase("Đã xóa lại {count} phiếu.", "{count} records were erased again.")
_LISTED = Phrase(
    "{file}: {id}, lúc {made_at}, {records} phiếu, {images} ảnh; dựa trên: {bases}",
    "{file}: {id}, made at {made_at}, {records} records, {images} images; stands on: {bases}",
)

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_file, metavar="BACKUP...")
@click.option(
    "--key",
    "keyfiles",
    type=_file,
    multiple=True,
    metavar="FILE",
    help="An age key file that opens an encrypted backup. [repeatable]",
)
@click.option("--keyring", "ring", type=_file, metavar="FILE", help="What backup --keyring wrote.")
@click.option("--list", "listing", is_flag=True, help="Only say what each backup is.")
@click.option(
    "--images-only",
    is_flag=True,
    help="Put page images back that are missing or damaged in the workspace, nothing else.",
)
@click.option(
    "--erased",
    type=_file,
    metavar="FILE",
    help="Ids of records that were erased since (scanform person erased): erase them again.",
)
@by_option
@workspace_options
@json_option
@lang_option
def restore(
    files: tuple[Path, ...],
    keyfiles: tuple[Path, ...],
    ring: Path | None,
    listing: bool,
    images_only: bool,
    erased: Path | None,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Make a workspace from a whole backup and the incremental ones that stand on it.

    The folder (-w) must be new; it appears whole or not at all. With --database the rows go to
    that PostgreSQL database, which must be empty.
    """
    identities = [each for file in (*keyfiles, *([ring] if ring else [])) for each in
                  identities_in(file)]  # fmt: skip
    if listing:
        _list(files, identities, as_json, lang)
        return
    if images_only:
        _only_images(files, identities, workspace, database, by, as_json, lang)
        return
    gone = erased.read_text("utf-8").split() if erased else []
    again: list[str] = []

    def before_it_appears(place: Path, manifest: Manifest) -> None:
        # Nobody who was erased is there again, not even for a moment.
        with open_store(place) as store:
            events.note(store, "restore", by, detail={"id": manifest.id})
            again.extend(erase(store, place, Erasing(tuple(gone), by, "restored")).records)

    done = restore_all(files, workspace, identities, database, before_it_appears)
    told = {name: str(value) for name, value in asdict(done.manifest).items()}
    told |= {"workspace": str(workspace), "images": str(done.images)}
    if as_json:
        echo_json(asdict(done) | {"workspace": str(workspace), "erased_again": len(again)})
        return
    click.echo(_DONE.say(lang, told))
    if again:
        click.echo(_ERASED.say(lang, {"count": str(len(again))}))


def _list(files: tuple[Path, ...], identities: list[str], as_json: bool, lang: Language) -> None:
    found = [(file, manifest_of(file, identities)) for file in files]
    if as_json:
        echo_json([{"file": str(file), **asdict(each)} for file, each in found])
        return
    for file, each in found:
        told = {name: str(value) for name, value in asdict(each).items()}
        told |= {"file": str(file), "bases": ", ".join(each.bases) or "-"}
        click.echo(_LISTED.say(lang, told))


def _only_images(
    files: tuple[Path, ...],
    identities: list[str],
    workspace: Path,
    database: str | None,
    by: str,
    as_json: bool,
    lang: Language,
) -> None:
    if not workspace.exists():
        raise UsageError(_NO_WORKSPACE.of(folder=str(workspace)))
    with open_store(workspace, database, create=False) as store:
        wanted = check.wanted_images(store)
        count = restore_images(files, workspace, wanted, identities)
        events.note(store, "restore", by, how="images", detail={"images": count})
    if as_json:
        echo_json({"images": count})
        return
    click.echo(_IMAGES.say(lang, {"count": str(count)}))
