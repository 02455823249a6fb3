"""``scanform purge``: take away what may not be kept any longer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from scanform.cli.ages import Age
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.store.open import open_store
from scanform.store.purge import Old, old_records, purge_all, purge_images, purge_orphans
from scanform.store.scrub import scrub
from scanform.store.sql import SqlStore
from scanform.store.unfinished import finish

_WOULD = Phrase("{count} phiếu đến hạn.", "{count} records are old enough.")
_REALLY = {
    "images": Phrase(
        "Xóa hẳn ảnh trang của {count} phiếu? Không lấy lại được.",
        "Delete the page images of {count} records for good?",
    ),
    "all": Phrase(
        "Xóa hẳn {count} phiếu? Không lấy lại được.",
        "Erase {count} records for good, with their images?",
    ),
}
_SAY_WHAT = Phrase(
    "Hãy nói xóa gì: --older-than TUỔI, --orphans hoặc --scrub.",
    "Say what: --older-than AGE, --orphans or --scrub.",
)
_NOTHING = Phrase("Chưa xóa gì.", "Nothing was purged.")
_IMAGES = Phrase("Đã xóa {images} ảnh.", "{images} images are gone.")
_RECORDS = Phrase(
    "Đã xóa {records} phiếu, {images} ảnh.", "{records} records and {images} images are gone."
)
_SCRUBBED = Phrase(
    "Cơ sở dữ liệu đã được ghi lại, không còn dữ liệu cũ.",
    "The database was written anew, without old bytes.",
)


@click.command()
@click.option(
    "--older-than",
    type=Age(),
    metavar="AGE",
    help="Records that came in before that: 90d, 12w, 6m, 2y ago, or a day (2025-06-30).",
)
@click.option(
    "--what",
    type=click.Choice(["images", "all"]),
    default="images",
    show_default=True,
    help="Page images only (the answers stay), or records whole.",
)
@click.option("--waiting", is_flag=True, help="Also records that still wait for review.")
@click.option("--orphans", is_flag=True, help="Overwrite images that no record names.")
@click.option("--scrub", "scrubbing", is_flag=True, help="Write the database anew, that is all.")
@click.option("--dry-run", is_flag=True, help="Only say how many.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_option
@workspace_options
@json_option
@lang_option
def purge(
    older_than: datetime | None,
    what: Literal["images", "all"],
    waiting: bool,
    orphans: bool,
    scrubbing: bool,
    dry_run: bool,
    yes: bool,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Take away what may not be kept any longer, for good.

    Images are overwritten, the database is written anew. Earlier backups still hold it: make a new
    one with --keyring --replace, which throws the keys of the old ones away.
    """
    if older_than is None and not orphans and not scrubbing:
        raise UsageError(_SAY_WHAT)
    counts: dict[str, int] = {}
    with open_store(workspace, database, create=False) as store:
        if not dry_run:
            finish(store, workspace)
        if older_than is not None:
            old = Old(older_than, waiting)
            count = len(old_records(store, old))
            counts["old"] = count
            if count and not dry_run:
                question = _REALLY[what].say(lang, {"count": str(count)})
                if not yes and not click.confirm(question, err=True):
                    raise UsageError(_NOTHING)
                counts |= _purged(store, workspace, old, what, by)
        if orphans and not dry_run:
            counts["images"] = counts.get("images", 0) + purge_orphans(store, workspace, by)
        if scrubbing and not dry_run:
            scrub(store)
    if as_json:
        echo_json(counts)
        return
    told = {name: str(count) for name, count in counts.items()}
    if "old" in counts:
        click.echo(_WOULD.say(lang, {"count": told["old"]}))
    if "images" in counts:
        click.echo((_RECORDS if "records" in counts else _IMAGES).say(lang, told))
    if scrubbing and not dry_run:
        click.echo(_SCRUBBED.say(lang))


def _purged(
    store: SqlStore, workspace: Path, old: Old, what: Literal["images", "all"], by: str
) -> dict[str, int]:
    if what == "images":
        return {"images": purge_images(store, workspace, old, by)}
    done = purge_all(store, workspace, old, by)
    return {"records": len(done.records), "images": done.images}
