"""``scanform watch``: digitise what a scanner drops into a folder."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from scanform.cli.bounds import kept_bounds
from scanform.cli.interrupt import gently
from scanform.cli.learnt import start
from scanform.cli.options import forms_option, lang_option, workspace_options
from scanform.cli.progress import RunProgress
from scanform.cli.run import distinct, require_programs
from scanform.engine.health import health_served
from scanform.engine.local import LocalEngine
from scanform.engine.run import run_scans
from scanform.engine.watch import DONE, REJECTED, Folder, Health, Outcome, outcomes, put_away
from scanform.errors import ScanformError, StoreError
from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.model.scan import Rejected
from scanform.model.template import Template
from scanform.store.images import ImageStore
from scanform.store.moves import moved
from scanform.store.open import open_store
from scanform.store.sql import SqlStore
from scanform.store.whole import write_whole
from scanform.template.load import empty_form

log = logging.getLogger(__name__)

_WATCHING = Phrase("Đang trông {folder}. Ctrl+C để dừng.", "Watching {folder}. Ctrl+C stops it.")
_AWAY = Phrase(
    "Không tới được {folder} ({why}); sẽ thử lại.", "{folder} can't be reached ({why}); trying on."
)
_TROUBLE = Phrase("{why} Sẽ thử lại.", "{why} Trying on.")
_PAGE = Phrase("trang {page}: ", "page {page}: ")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@forms_option
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Pages worked at once.")
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), metavar="SECONDS",
    help="How often to look.",
)  # fmt: skip
@click.option(
    "--stable", default=10.0, show_default=True, type=click.FloatRange(0, 3600), metavar="SECONDS",
    help="For how long a file must not have changed before it is taken.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Stop when nothing is left to do.")
@click.option(
    "--health-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write how it is to FILE at every look, in JSON.",
)
@click.option(
    "--health-port", type=click.IntRange(0, 65535), metavar="PORT",
    help="Answer http://127.0.0.1:PORT/health: 200 while all is well, else 503.",
)  # fmt: skip
@workspace_options
@lang_option
def watch(
    folder: Path,
    names: tuple[str, ...],
    jobs: int | None,
    every: float,
    stable: float,
    once: bool,
    health_file: Path | None,
    health_port: int | None,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Digitise what a scanner drops into DIR, for as long as it runs.

    A file that is still being written is left until it has not changed for a while. What is done is
    moved to DIR/done, what was rejected to DIR/rejected with the reason in a text file beside it.
    Where a few pages of a file were rejected it goes to done, and the text file names the pages.

    The folder is polled, so it may be a network share; one that goes away is waited for. Killed and
    started again it goes on where it was. docs/keeping.md has it as a service.
    """
    forms = [empty_form(each) for each in distinct(names)]
    templates = {form.template.ref: form.template for form in forms}
    require_programs(None, all(f.keyed for each in templates.values() for f in each.fields))
    with ExitStack() as stack:
        engine = stack.enter_context(LocalEngine(forms, jobs, start=start(workspace)))
        watcher = _Watch(folder, templates, engine, workspace, database, lang)
        watcher.drop.stable, watcher.health_file = stable, health_file
        if health_port is not None:
            stack.enter_context(health_served(health_port, watcher.told))
        stack.enter_context(gently(watcher.stop, lambda: None))
        click.echo(_WATCHING.say(lang, {"folder": str(folder)}), err=True)
        watcher.go(every, once)
    watcher.health.state = "stopped"
    watcher.tell()


class _Watch:
    def __init__(
        self,
        folder: Path,
        templates: dict[str, Template],
        engine: LocalEngine,
        workspace: Path,
        database: str | None,
        lang: Language,
    ) -> None:
        self.folder = folder
        self.drop = Folder(folder)
        self.health = Health()
        self.health_file: Path | None = None
        self._templates = templates
        self._engine = engine
        self._workspace = workspace
        self._database = database
        self._lang = lang
        self._stopping = threading.Event()
        self._said = ""

    def stop(self) -> None:
        self._stopping.set()
        self._engine.stop()

    def go(self, every: float, once: bool) -> None:
        while not self._stopping.is_set():
            self._look()
            self.tell()
            if once and self.health.well and not self.drop.waiting:
                return
            # Event.wait sleeps on through a signal; in pieces a stop is heard at once.
            for _ in range(max(1, round(every / 0.2))):
                if self._stopping.wait(min(every, 0.2)):
                    return

    def _look(self) -> None:
        try:
            ready = self.drop.ready()
        except OSError as error:
            told = {"folder": str(self.folder), "why": error.strerror or type(error).__name__}
            self._trouble("folder_away", _AWAY.say(self._lang, told))
            return
        self.health.state, self.health.waiting = "watching", self.drop.waiting
        if not ready:
            self._said = ""
            return
        self.health.state = "working"
        self.tell()
        try:
            self._digitise(ready)
        except StoreError as error:
            self._trouble("store_trouble", _TROUBLE.say(self._lang, {"why": str(error)}))
            return
        self.health.state, self._said = "watching", ""

    def _digitise(self, ready: Sequence[Path]) -> None:
        with open_store(self._workspace, self._database) as store:
            put, bounds = ImageStore(self._workspace).put, kept_bounds(store)
            with RunProgress(self._lang) as bar:
                done = run_scans(
                    ready, self._templates, self._engine, store, put, bar, bounds=bounds
                )
            self.health.records += done.records
            if self._engine.stopped:
                return  # what was not finished stays in the folder, for the next watch
            for outcome in outcomes(ready, _pages_of(store), store.rejected()):
                self._put_away(store, outcome)
        self.health.waiting = max(0, self.drop.waiting - len(ready))

    def _put_away(self, store: SqlStore, outcome: Outcome) -> None:
        place = put_away(self.folder, outcome, self._words)
        if place is None:
            self.drop.leave(outcome.path)
            return
        if outcome.sha256:
            moved(store, outcome.sha256, outcome.path, place)
        if outcome.taken:
            self.health.done += 1
        else:
            self.health.rejected += 1
        log.info("put_away", extra={"state": DONE if outcome.taken else REJECTED,
                                    "scan": outcome.sha256[:16]})  # fmt: skip

    def _words(self, rejected: Rejected) -> str:
        """In both languages: whoever reads it stands at a scanner, not at this program."""
        phrase = REJECTIONS[rejected.reason]
        told: list[str] = []
        languages: tuple[Language, ...] = ("vi", "en")
        for language in languages:
            page = _PAGE.say(language, {"page": str(rejected.page)}) if rejected.page else ""
            told.append(page + phrase.say(language, rejected.details))
        return "\r\n".join(told)

    def _trouble(self, state: str, said: str) -> None:
        self.health.state = state
        if said != self._said:  # once, not at every look
            click.echo(said, err=True)
            log.warning(state)
        self._said = said

    def told(self) -> dict[str, object]:
        return dict(self.health.as_json(datetime.now(UTC).isoformat(timespec="seconds")))

    def tell(self) -> None:
        if self.health_file is None:
            return
        try:
            write_whole(self.health_file, json.dumps(self.told()).encode(), 0o644)
        except OSError as error:
            raise ScanformError(f"The health file can't be written: {error.strerror}.") from error


def _pages_of(store: SqlStore) -> Callable[[str], list[bool]]:
    return lambda sha256: [row.outcome != "rejected" for row in store.page_rows(sha256)]
