"""``scanform models``: the readers that learnt, which of them reads, and taking them elsewhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

from scanform.cli.files import write_whole
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.cli.rereading import reading_desk
from scanform.cli.sealed import opened
from scanform.engine.reread import take_back
from scanform.errors import ScanformError, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.programs import asterocr
from scanform.recognise import digit_weights
from scanform.store import age
from scanform.store.model_archive import packed, unpacked
from scanform.store.models import DIGITS, MORE, MOST_BYTES, PRIOR, READER, ModelStore
from scanform.store.open import open_store

SHIPPED = "shipped"
"""The name of the reader as it comes with the package."""

_NONE = Phrase(
    "Chưa học gì; bộ đọc đi kèm đang đọc.", "Nothing was learnt; the shipped reader reads."
)
_ROW = Phrase(
    "{mark} {id}  {forms} phiếu, {lines} dòng; lỗi mỗi chữ cái {old} → {new}",
    "{mark} {id}  {forms} forms, {lines} lines; errors a letter {old} → {new}",
)
_READS = Phrase("Từ nay đọc bằng {model}.", "{model} reads from now on.")
_BACK = Phrase("{count} cách đọc được trả về như trước.", "{count} readings were put back.")
_OUT = Phrase("Đã ghi {file}.", "Wrote {file}.")
_IN = Phrase(
    "Đã nhận mô hình {model}. Dùng nó: scanform models use {model}",
    "Took in the model {model}. To use it: scanform models use {model}",
)
_TOO_LARGE = Phrase("Tệp quá lớn đối với một mô hình.", "The file is too large for a model.")
_ENCRYPTED = Phrase("Mô hình đã mã hóa.", "The model is encrypted.")
_NO_CARD = Phrase("card.json của mô hình không đúng.", "The model's card is none.")
_OTHER_NETWORK = Phrase(
    "Mạng đọc chữ số của mô hình không phải của scanform.",
    "The model's network for digits isn't one of scanform's.",
)
_CANT_RUN = Phrase(
    "Không chạy được bộ đọc của mô hình ở đây.", "The model's reader can't be run here."
)
_NO_LINES = Phrase(
    "Bộ đọc của mô hình không đọc các dòng tiếng Việt.",
    "The model's reader doesn't read lines of Vietnamese.",
)


@click.group()
def models() -> None:
    """Readers that learnt: which there are, which one reads, from and to other machines."""


@models.command("list")
@workspace_options
@json_option
@lang_option
def list_(workspace: Path, database: str | None, as_json: bool, lang: Language) -> None:  # noqa: ARG001
    """Say which models there are, and which reads (*)."""
    kept = ModelStore(workspace)
    now = kept.current()
    found = kept.all()
    if as_json:
        rows = [{"id": m.id, "reads": bool(now and m.id == now.id), "card": m.card} for m in found]
        echo_json({"reads": now.id if now else SHIPPED, "models": rows})
        return
    if not found:
        click.echo(_NONE.say(lang, {}))
    for model in found:
        apart = model.card.get("held_apart", {})
        cers = [f"{each:.1%}" for each in apart.get("cer", ())] or ["?", "?"]
        learnt = model.card.get("learnt_from", {})
        told = {"forms": str(learnt.get("forms", "?")), "lines": str(learnt.get("lines", "?"))}
        told |= {"old": cers[0], "new": cers[-1], "id": model.id}
        click.echo(_ROW.say(lang, told | {"mark": "*" if now and model.id == now.id else " "}))


@models.command()
@click.argument("model")
@by_option
@workspace_options
@lang_option
def use(model: str, by: str, workspace: Path, database: str | None, lang: Language) -> None:  # noqa: ARG001
    """Let MODEL read from now on (``shipped``: the reader as it came)."""
    wanted = None if model == SHIPPED else model
    ModelStore(workspace).use(wanted, by, datetime.now(UTC))
    click.echo(_READS.say(lang, {"model": model}))


@models.command()
@by_option
@workspace_options
@lang_option
def rollback(by: str, workspace: Path, database: str | None, lang: Language) -> None:
    """Go back to what read before; what the present model read anew is as it was.

    What people decided stays. Nothing is deleted: the readings that stood before are appended.
    """
    kept = ModelStore(workspace)
    before, now = kept.before(), kept.current()
    count = 0
    if now is not None:
        with open_store(workspace, database, create=False) as store:
            count = take_back(reading_desk(store, workspace, (), by, now))
    kept.use(before, by, datetime.now(UTC), "rolled back")
    click.echo(_READS.say(lang, {"model": before or SHIPPED}))
    click.echo(_BACK.say(lang, {"count": str(count)}))


@models.command()
@click.argument("model")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"
)
@click.option(
    "--to", "recipients", multiple=True, metavar="AGE-KEY", help="Encrypt for this age recipient."
)
@workspace_options
@lang_option
def export(
    model: str,
    output: Path,
    recipients: tuple[str, ...],
    workspace: Path,
    database: str | None,  # noqa: ARG001
    lang: Language,
) -> None:
    """Write MODEL to one file for another machine: numbers and figures, no form's picture."""
    data = packed(ModelStore(workspace).get(model))
    write_whole(output, age.encrypt(data, recipients) if recipients else data)
    click.echo(_OUT.say(lang, {"file": str(output)}), err=True)  # the file may be stdout


@models.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The age key that opens it.",
)
@by_option
@workspace_options
@lang_option
def import_(
    file: Path,
    key: Path | None,
    by: str,
    workspace: Path,
    database: str | None,  # noqa: ARG001
    lang: Language,
) -> None:
    """Take in a model that another machine wrote. It doesn't read until ``models use``."""
    found = unpacked(opened(file, key, 2 * MOST_BYTES, _TOO_LARGE, _ENCRYPTED))
    card = json.loads(found["card.json"])
    if not isinstance(card, dict):
        raise UsageError(_NO_CARD)
    kept = ModelStore(workspace)
    now = datetime.now(UTC)
    told = {**card, "imported": {"by": by, "at": now.isoformat(timespec="seconds")}}
    made = _moment(card) or now
    if DIGITS in found and not digit_weights.same_graph(found[DIGITS]):
        raise UsageError(_OTHER_NETWORK)
    more = {name: found[name] for name in MORE if name in found}
    model = kept.keep(found[READER], found[PRIOR].decode(), told, made, more)
    try:
        _prove(model.reader)
    except ScanformError:
        kept.remove(model.id)
        raise
    click.echo(_IN.say(lang, {"model": model.id}))


def _moment(card: dict[str, object]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(card.get("made_at")))
    except ValueError:
        return None


def _prove(reader: Path) -> None:
    """Reads a white line with it; raises ``UsageError`` for what is no reader of lines."""
    try:
        (steps,) = asterocr.read_lines([np.full((32, 128), 255, np.uint8)], reader)
        fits = steps.shape == (32, len(asterocr.alphabet())) and bool(np.isfinite(steps).all())
    except ScanformError:
        raise
    except Exception as error:  # whatever ONNX Runtime finds wrong with a stranger's file
        raise UsageError(_CANT_RUN) from error
    if not fits:
        raise UsageError(_NO_LINES)
