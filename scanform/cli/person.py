"""``scanform person``: what is held about one person, found, shown and erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from scanform.cli.files import make_folder, write_whole
from scanform.cli.opened import desk_over
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.cli.traces import as_json_of, first_of, in_words, traces
from scanform.cli.wording import one_line
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.model.record import Record
from scanform.review import Person
from scanform.store import events, outputs
from scanform.store.chain import row_json
from scanform.store.erase import Erased, Erasing, erase, erased_records, ids_of
from scanform.store.images import ImageStore
from scanform.store.looks import accesses
from scanform.store.open import open_store
from scanform.store.persons import mentions, telling
from scanform.store.processing import record_of_processing
from scanform.store.unfinished import finish

_WHO = Person("", "admin")
_FOR_ONE = 0o600
"""Mode of what is handed over about a person: nobody else on this machine reads it."""

_NOBODY = Phrase("Không có ai.", "Nobody is called that here.")
_REALLY = Phrase(
    "Xóa hẳn {count} phiếu, cùng ảnh? Không lấy lại được.",
    "Erase {count} records with their images? They can't be brought back.",
)
_NOTHING = Phrase("Chưa xóa gì.", "Nothing was erased.")
_DONE = Phrase(
    "Đã xóa {records} phiếu, {images} ảnh, {files} tệp trong thư mục làm việc.",
    "Erased: {records} records, {images} images, {files} files in the workspace.",
)
_FINISHED = Phrase(
    "Đã xóa nốt phần còn lại của lần xóa bị ngắt.",
    "An erasure that had been interrupted is finished now.",
)
_OUTSIDE = Phrase(
    "Tệp quét gốc vẫn còn: {path}",
    "The scan itself is outside the workspace, and still there: {path}",
)
_MENTIONED = Phrase(
    "Phiếu của người khác vẫn nhắc tới: {record} {field}",
    "Somebody else's form still names the person: {record} {field}",
)
_LEARNT = Phrase(
    "Bộ đọc đã học từ phiếu này: {models}. Nét học được không gỡ ra được: chạy scanform learn lại, "
    "hoặc scanform models use shipped.",
    "Readers that learnt from it: {models}. What they learnt can't be taken out of them: run "
    "scanform learn again, or scanform models use shipped.",
)
_BACKUPS = Phrase(
    "Các bản sao lưu cũ vẫn còn người này: sao lưu mới rồi hủy khóa cũ "
    "(scanform backup -o FILE --keyring KEYS --replace), hoặc xóa các bản cũ.",
    "Earlier backups still hold the person: make a new one and throw the old keys away "
    "(scanform backup -o FILE --keyring KEYS --replace), or delete them.",
)


@click.group()
def person() -> None:
    """Find, show and erase what is held about one person.

    Each use is a row of the log: that it happened, who did it and when, never about whom. What is
    wrong is corrected with `scanform review set`.
    """


@person.command()
@click.argument("text", metavar="NAME_OR_NUMBER")
@by_option
@workspace_options
@json_option
@lang_option
def find(
    text: str, by: str, workspace: Path, database: str | None, as_json: bool, lang: Language
) -> None:
    """Find every answer that says a name or a number.

    Case and marks don't matter. Also other people's forms that name the person are found: the
    record's first column says which form, the second which field.
    """
    with open_store(workspace, database, create=False) as store:
        with store.reading() as connection:
            found = list(mentions(connection, text))
        events.note(store, "find", by, detail={"found": len(found)})
    if as_json:
        echo_json([asdict(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.record}  {each.field:<28} {one_line(each.value)}")
    if not found:
        click.echo(_NOBODY.say(lang))


@person.command()
@click.argument("record_ids", nargs=-1, required=True, metavar="RECORD...")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write person.json and the page images there, to hand over.",
)
@by_option
@workspace_options
def show(
    record_ids: tuple[str, ...],
    output: Path | None,
    by: str,
    workspace: Path,
    database: str | None,
) -> None:
    """Show everything that is held in records: answers, readings, decisions, page images."""
    with open_store(workspace, database, create=False) as store:
        desk = desk_over(store, workspace)
        told = []
        for each in record_ids:
            record = desk.review.store.record(each)
            rows = [
                row_json(row.decision, row.from_value, row.from_state, row.to_state)
                for row in desk.log.history(_WHO, each)
            ]
            events.note(store, "show", by, record=each)
            told.append(_everything(record, rows))
            if output is not None:
                make_folder(output)
                _pictures(record, ImageStore(workspace), output)
        if output is not None:
            outputs.note(store, "show", by, output, searchable=False)
    if output is None:
        echo_json(told)
        return
    import json  # noqa: PLC0415

    data = json.dumps(told, ensure_ascii=False, indent=2).encode()
    write_whole(output / "person.json", data, _FOR_ONE)


def _everything(record: Record, rows: Sequence[dict[str, object]]) -> dict[str, Any]:
    said = asdict(record)
    said["created_at"] = record.created_at.isoformat() if record.created_at else None
    return said | {"log": list(rows)}


def _pictures(record: Record, images: ImageStore, output: Path) -> None:
    for sheet in record.sheets:
        if sheet.image:
            write_whole(output / f"{record.id}-{sheet.page}.jpg", images.get(sheet.image), _FOR_ONE)


@person.command("erase")
@click.argument("record_ids", nargs=-1, required=True, metavar="RECORD...")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_option
@workspace_options
@json_option
@lang_option
def erase_(
    record_ids: tuple[str, ...],
    yes: bool,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Erase records whole: answers, readings, what decisions said, page images.

    The database is written anew without them, images are overwritten. The log keeps that a record
    was erased, by whom and when; its chain still verifies and the books still balance. Scans and
    exports outside the workspace are named or are yours to think of; running the same scans again
    does not bring the person back.
    """
    with open_store(workspace, database, create=False) as store:
        if finish(store, workspace) is not None:
            # One that was killed: what it erased may be what is asked for once more.
            gone = {row["id"] for row in erased_records(store)}
            record_ids = tuple(each for each in record_ids if each not in gone)
            click.echo(_FINISHED.say(lang), err=True)
        ids_of(store, record_ids)
        if (
            record_ids
            and not yes
            and not click.confirm(_REALLY.say(lang, {"count": str(len(record_ids))}))
        ):
            raise UsageError(_NOTHING)
        found = [store.record(each) for each in record_ids]
        tells = telling((said.field, said.value) for each in found for said in each.answers)
        with store.reading() as connection:
            written = outputs.since(connection, first_of(found))
        done = erase(store, workspace, Erasing(record_ids, by, "request"))
        with store.reading() as connection:
            named = [each for text in tells for each in mentions(connection, text)]
    left = traces(workspace, tells, written if record_ids else (), done.scans)
    if as_json:
        echo_json(
            {
                "records": list(done.records),
                "images": done.images,
                "files": [str(path) for path in done.files],
                "scans": [str(path) for path in done.scans],
                "mentions": [[each.record, each.field] for each in named],
                "models": list(done.models),
            }
            | as_json_of(left)
        )
        return
    _say(done, lang)
    for each in named:
        click.echo(_MENTIONED.say(lang, {"record": each.record, "field": each.field}))
    for trace in left:
        click.echo(in_words(trace, lang))
    click.echo(_BACKUPS.say(lang), err=True)


def _say(done: Erased, lang: Language) -> None:
    counts = {"records": len(done.records), "images": done.images, "files": len(done.files)}
    click.echo(_DONE.say(lang, {name: str(count) for name, count in counts.items()}))
    if done.models:
        click.echo(_LEARNT.say(lang, {"models": ", ".join(done.models)}))
    for path in done.scans:
        click.echo(_OUTSIDE.say(lang, {"path": one_line(str(path))}))


@person.command()
@click.argument("record_id", metavar="RECORD")
@workspace_options
@json_option
def access(record_id: str, workspace: Path, database: str | None, as_json: bool) -> None:
    """Say who was shown a record, decided about it or erased it, when and where."""
    with open_store(workspace, database, create=False) as store:
        found = accesses(store, record_id)
    if as_json:
        echo_json([{**asdict(each), "at": each.at.isoformat()} for each in found])
        return
    for each in found:
        field = f"  {each.field}" if each.field else ""
        how = f" ({one_line(each.how)})" if each.how else ""
        click.echo(f"{each.at:%Y-%m-%d %H:%M:%S}  {one_line(each.by)}: {each.what}{how}{field}")


@person.command()
@workspace_options
def processing(workspace: Path, database: str | None) -> None:
    """Write the record of processing, in JSON: which data of people is held, since when, how many,
    who has access, what was taken away. No person's data is in it."""
    with open_store(workspace, database, create=False) as store:
        echo_json(record_of_processing(store, workspace))


@person.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@workspace_options
def erased(output: Path | None, workspace: Path, database: str | None) -> None:
    """List the records that were erased, one id a line (for `scanform restore --erased`)."""
    with open_store(workspace, database, create=False) as store:
        lines = "".join(f"{row['id']}\n" for row in erased_records(store))
    if output is None:
        click.echo(lines, nl=False)
    else:
        write_whole(output, lines.encode())
