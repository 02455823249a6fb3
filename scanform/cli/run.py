"""``scanform run``: the main job."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import click

from scanform.cli.bound_option import max_error_option
from scanform.cli.learnt import hamlets_wanted, start
from scanform.cli.options import (
    echo_json,
    json_option,
    lang_option,
    scans_options,
    workspace_options,
)
from scanform.cli.reading_options import reading_options
from scanform.engine.local import LocalEngine
from scanform.engine.run import Summary
from scanform.errors import REJECTED_SOME, MissingProgram, UsageError
from scanform.fields.policy import Bounds, say_share
from scanform.model.phrases import Language, Phrase
from scanform.programs import poppler, tesseract
from scanform.recognise.choose import installed
from scanform.template.find import find
from scanform.template.load import empty_form

_DONE = Phrase(
    vi="{records} phiếu từ {digitised} tệp mới; {duplicate} tệp trùng, {rejected} bị loại. "
    "{accepted} mục đã nhận, {pending} chờ duyệt, {blank} bỏ trống. {seconds} s.",
    en="{records} records from {digitised} new scans; {duplicate} duplicate, {rejected} rejected. "
    "{accepted} answers accepted, {pending} wait for review, {blank} blank. {seconds} s.",
)
_UNSEEN = Phrase(
    vi="{share} được nhận mà không cần xem; ước chừng {wrong} trong số đó sai "
    "({rate}; cho phép {bound}).",
    en="{share} accepted without a look; about {wrong} of them likely wrong "
    "({rate}; at most {bound} allowed).",
)

_LEFT = Phrase(
    "Còn lại: {files} tệp chưa xem, {pages} trang chưa đọc. Chạy lại lệnh này để làm tiếp.",
    "What remains: {files} files not looked at, {pages} pages not read. The same command goes on.",
)
_NO_READER = Phrase("Chưa cài bộ đọc {reader}.", "The reader {reader} is not installed.")
_TWICE = Phrase(
    "Có hai mẫu trùng mã và phiên bản.", "Two of the templates have the same id and revision."
)
_HAMLETS = Phrase(
    "Có danh sách thôn, ấp ({file}, cột commune và hamlet) thì nhiều phiếu khỏi phải xem hơn.",
    "With the office's list of hamlets ({file}, columns commune and hamlet) fewer forms wait.",
)


@click.command()
@scans_options
@reading_options
@max_error_option()
@workspace_options
@json_option
@lang_option
@click.pass_context
def run(
    ctx: click.Context,
    paths: tuple[Path, ...],
    names: tuple[str, ...],
    jobs: int | None,
    batch: str | None,
    text_reader: str | None,
    keyed: bool,
    max_error: float | None,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Digitise scans: PATH are files or folders, searched through and through.

    What was digitised before is passed over, so running the same folder again adds nothing and
    an interrupted run goes on where it stopped. Exits 3 when something was rejected.

    An answer that is sure enough for --max-error is accepted, the others wait for a person. What
    was read before stays as it was judged then: `scanform decide` judges it again.
    """
    folders = distinct(names)
    forms = [empty_form(folder) for folder in folders]
    templates = {form.template.ref: form.template for form in forms}
    keyed = keyed or all(field.keyed for each in templates.values() for field in each.fields)
    if len(templates) < len(folders):
        raise UsageError(_TWICE)
    with LocalEngine(forms, jobs, start=start(workspace, text_reader, keyed)) as engine:
        engine.warm()
        # Not before the workers are on their way: see there.
        from scanform.cli.running import digitise  # noqa: PLC0415

        require_programs(text_reader, keyed)
        summary, bounds = digitise(
            paths,
            templates,
            engine,
            workspace=workspace,
            database=database,
            batch=batch,
            max_error=max_error,
            lang=lang,
        )
    if as_json:
        echo_json(summary.as_json())
    else:
        click.echo(_DONE.say(lang, _figures(summary)))
        if summary.records:
            told = _unseen(summary, bounds, {each.id for each in templates.values()})
            click.echo(_UNSEEN.say(lang, told))
            fields = (field for each in templates.values() for field in each.fields)
            if not keyed and (file := hamlets_wanted(workspace, fields)):
                click.echo(_HAMLETS.say(lang, {"file": str(file)}))
    if engine.stopped and (summary.files_left or summary.pages_left):
        left = {"files": str(summary.files_left), "pages": str(summary.pages_left)}
        click.echo(_LEFT.say(lang, left), err=True)
        raise KeyboardInterrupt
    ctx.exit(REJECTED_SOME if summary.complained else 0)


def require_programs(text_reader: str | None, keyed: bool) -> None:
    """Raises ``MissingProgram`` where one isn't there that reading needs."""
    if not keyed:
        tesseract.require()
    poppler.require()
    if text_reader is not None and not installed(text_reader):
        raise MissingProgram(_NO_READER.of(reader=text_reader))


def distinct(names: Sequence[str]) -> list[Path]:
    return list(dict.fromkeys(find(name).resolve() for name in names))


def _figures(summary: Summary) -> dict[str, str]:
    return {
        "records": str(summary.records),
        "digitised": str(summary.digitised),
        "duplicate": str(summary.duplicate),
        "rejected": str(summary.rejected),
        "accepted": str(summary.accepted),
        "pending": str(summary.pending),
        "blank": str(summary.blank),
        "seconds": f"{summary.seconds:.1f}",
    }


def _unseen(summary: Summary, bounds: Bounds, templates: Collection[str]) -> dict[str, str]:
    """What was accepted without a look, and how much of it is likely wrong."""
    unseen = summary.accepted + summary.blank
    everything = max(1, unseen + summary.pending)
    allowed = sorted({bounds[each].max_error for each in templates})
    return {
        "share": f"{unseen / everything:.1%}",
        "wrong": f"{summary.expected_wrong:.1f}",
        "rate": f"{summary.expected_wrong / max(1, unseen):.2%}",
        "bound": " / ".join(map(say_share, allowed)),
    }
