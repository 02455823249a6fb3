"""``scanform run``: the main job."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from scanform.cli.batch_files import put_in_batches
from scanform.cli.bounds import keep_bound, kept_bounds, max_error_option
from scanform.cli.options import (
    echo_json,
    json_option,
    lang_option,
    scans_options,
    workspace_options,
)
from scanform.engine import worker
from scanform.engine.local import LocalEngine, usable_cores
from scanform.engine.run import Summary, run_scans
from scanform.errors import REJECTED_SOME, MissingProgram, UsageError
from scanform.fields.policy import Bounds, say_share
from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.model.scan import Rejected
from scanform.programs import poppler, tesseract
from scanform.recognise.choose import BEST, installed
from scanform.store.campaigns import SqlCampaigns
from scanform.store.images import ImageStore
from scanform.store.open import open_store
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
_PAGE = Phrase(vi=", trang {page}", en=", page {page}")


@click.command()
@scans_options
@click.option(
    "--batch",
    metavar="BATCH",
    help="The box that all of it belongs to (scanform batch open); or `cover`: each cover sheet "
    "says whose forms follow it.",
)
@click.option(
    "--text-reader",
    type=click.Choice(BEST["text"]),
    envvar="SCANFORM_TEXT_READER",
    help="What reads lines of text. Tesseract alone is faster and reads print; with AsterOCR "
    "hands are read too. [default: the best installed; env: SCANFORM_TEXT_READER]",
)
@click.option(
    "--keyed",
    is_flag=True,
    help="Read nothing: people type every answer from its picture, in the same queue.",
)
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
    folders = _distinct(names)
    forms = [empty_form(folder) for folder in folders]
    templates = {form.template.ref: form.template for form in forms}
    keyed = keyed or all(field.keyed for each in templates.values() for field in each.fields)
    _require_programs(text_reader, keyed)
    if len(templates) < len(folders):
        raise UsageError("Two of the templates have the same id and revision.")
    with ExitStack() as stack:
        store = open_store(workspace, database)
        stack.callback(store.close)
        found: Sequence[Path] = paths
        if batch is not None:
            found = put_in_batches(SqlCampaigns(store), paths, batch)
        if max_error is not None:
            keep_bound(store, max_error, {each.id for each in templates.values()})
        bounds = kept_bounds(store)
        workers = jobs or usable_cores()
        start = partial(worker.start, text_reader=text_reader, keyed=keyed)
        engine = stack.enter_context(LocalEngine(forms, workers, start=start))
        bar = stack.enter_context(_Bar(lang))
        put = ImageStore(workspace).put
        summary = run_scans(found, templates, engine, store, put, bar, bounds=bounds)
    if as_json:
        echo_json(summary.as_json())
    else:
        click.echo(_DONE.say(lang, _figures(summary)))
        if summary.records:
            told = _unseen(summary, bounds, {each.id for each in templates.values()})
            click.echo(_UNSEEN.say(lang, told))
    ctx.exit(REJECTED_SOME if summary.complained else 0)


def _require_programs(text_reader: str | None, keyed: bool) -> None:
    if not keyed and tesseract.version() is None:
        raise MissingProgram("Tesseract is not installed.")
    if not keyed and "vie" not in tesseract.languages():
        raise MissingProgram("Tesseract has no Vietnamese (vie).")
    if poppler.version() is None:
        raise MissingProgram("Poppler is not installed.")
    if text_reader is not None and not installed(text_reader):
        raise MissingProgram(f"The reader {text_reader} is not installed.")


def _distinct(names: Sequence[str]) -> list[Path]:
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
    allowed = sorted({bounds[each] for each in templates})
    return {
        "share": f"{unseen / everything:.1%}",
        "wrong": f"{summary.expected_wrong:.1f}",
        "rate": f"{summary.expected_wrong / max(1, unseen):.2%}",
        "bound": " / ".join(map(say_share, allowed)),
    }


class _PagesAMinute(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed * 60:.0f}/min", style="progress.data.speed")


class _Bar(Progress):
    """A ``Listener`` that draws a bar on a terminal and writes plain lines elsewhere.

    All of it goes to stderr: stdout is for the summary.
    """

    LINE_EVERY = 50
    """Pages between two plain lines."""

    def __init__(self, lang: Language) -> None:
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _PagesAMinute(),
            TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self.disable = not self.console.is_terminal
        self._lang = lang
        self._files = 0
        self._opened = 0
        self._pages = 0
        self._done = 0
        self._task = self.add_task("trang" if lang == "vi" else "pages", total=None)

    def files_found(self, number: int) -> None:
        self._files = number

    def scan_opened(self, pages: int) -> None:
        self._opened += 1
        self._pages += pages
        # Files not looked into yet are taken to hold as many pages as those before them.
        expected = self._pages * self._files / self._opened
        self.update(self._task, total=max(self._pages, round(expected)))

    def page_done(self) -> None:
        self._done += 1
        self.advance(self._task)
        if self.disable and self._done % self.LINE_EVERY == 0:
            click.echo(f"{self._done} / {self._pages}", err=True)

    def was_rejected(self, rejected: Rejected) -> None:
        page = "" if rejected.page is None else _PAGE.say(self._lang, {"page": str(rejected.page)})
        why = REJECTIONS[rejected.reason].say(self._lang, rejected.details)
        self.console.print(f"✗ {rejected.path}{page}: {why}", markup=False, soft_wrap=True)
