"""What ``scanform watch`` does at every look."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from scanform.cli.batch_files import put_in_batches
from scanform.cli.bounds import kept_bounds
from scanform.cli.learnt import learnt_model, start
from scanform.cli.progress import RunProgress
from scanform.cli.wording import one_line
from scanform.engine.local import LocalEngine
from scanform.engine.run import run_scans
from scanform.engine.watch import DONE, REJECTED, Folder, Health, Outcome, outcomes, put_away
from scanform.errors import ScanformError, StoreError, UsageError
from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.model.scan import Rejected
from scanform.model.template import Template
from scanform.store.campaigns import SqlCampaigns
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.moves import known_as, moved
from scanform.store.open import open_store
from scanform.store.sql import SqlStore
from scanform.whole import write_whole

log = logging.getLogger(__name__)

OPENED = "watch_boxes"
"""Setting of the store: by folder, the box that the last cover sheet opened."""

_AWAY = Phrase(
    "Không tới được {folder} ({why}); sẽ thử lại.", "{folder} can't be reached ({why}); trying on."
)
_STUCK = Phrase(
    "Không chuyển đi được: {files}. Đã số hóa, sẽ thử lại.",
    "These can't be moved away, though they were worked: {files}. Trying on.",
)
_TROUBLE = Phrase("{why} Sẽ thử lại.", "{why} Trying on.")
_NO_HEALTH = Phrase(
    "Không ghi được tệp tình trạng: {why}.", "The health file can't be written: {why}."
)
_PAGE = Phrase("trang {page}: ", "page {page}: ")

Learnt = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class How:
    """How files are worked, as for ``run``; ``templates`` by ``id@revision``."""

    templates: Mapping[str, Template]
    workspace: Path
    database: str | None
    lang: Language
    batch: str | None = None
    text_reader: str | None = None
    keyed: bool = False


class Watch:
    """One folder, looked at again and again. What a file became is in the store and in where it
    lies; which box a cover sheet opened, in the store."""

    def __init__(self, folder: Path, how: How, engine: LocalEngine, learnt: Learnt | None) -> None:
        self.folder = folder
        self.drop = Folder(folder)
        self.health = Health()
        self.health_file: Path | None = None
        self._how = how
        self._engine = engine
        self._learnt = learnt
        self._stopping = threading.Event()
        self._said = ""
        self._stuck: set[Path] = set()

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
            self._trouble("folder_away", _AWAY.say(self._how.lang, told))
            return
        self.health.waiting = self.drop.waiting
        if not ready:
            self._settled()
            return
        self.health.state = "working"
        self.tell()
        try:
            self._digitise(ready)
        except StoreError as error:
            self._trouble("store_trouble", self._why(error))
            return
        except UsageError as error:  # with `--batch cover` alone
            self._trouble("no_cover", self._why(error))
            return
        self._settled()

    def _settled(self) -> None:
        """All that could be done is done; what can't be moved away somebody must look at."""
        self._stuck = {each for each in self._stuck if each.exists()}
        if self._stuck:
            told = ", ".join(sorted(one_line(each.name) for each in self._stuck))
            self._trouble("not_moved", _STUCK.say(self._how.lang, {"files": told}))
            return
        self.health.state, self._said = "watching", ""

    def _digitise(self, ready: Sequence[Path]) -> None:
        how = self._how
        self._newly_learnt()
        with open_store(how.workspace, how.database) as store:
            put, bounds = ImageStore(how.workspace).put, kept_bounds(store)
            work = self._in_boxes(store, ready)
            with RunProgress(how.lang) as bar:
                done = run_scans(work, how.templates, self._engine, store, put, bar, bounds=bounds)
            self.health.records += done.records
            if self._engine.stopped:
                return  # what was not finished stays in the folder, for the next watch
            covers = set(ready) - set(work)
            for outcome in outcomes(ready, _pages_of(store), store.rejected()):
                if not self.drop.is_as_seen(outcome.path):
                    continue  # the scanner wrote over it: the next look takes what is there then
                is_cover = outcome.path in covers and not outcome.rejected
                self._put_away(store, replace(outcome, taken=True) if is_cover else outcome)
        self.health.waiting = max(0, self.drop.waiting - len(ready))

    def _newly_learnt(self) -> None:
        """A reader that was chosen since the watch began reads from now on."""
        how = self._how
        learnt = learnt_model(how.workspace, how.text_reader)
        if learnt != self._learnt:
            self._engine.renew(start(how.workspace, how.text_reader, how.keyed))
            self._learnt = learnt

    def _in_boxes(self, store: SqlStore, ready: Sequence[Path]) -> Sequence[Path]:
        """Notes which box the files belong to; those that are to be worked."""
        kept, desk, how = SqlCampaigns(store), SqlDesk(store), self._how
        boxes = kept.batches()
        if how.batch is None and not boxes:
            return ready
        still_open = {each.id for each in boxes if each.closed_at is None}
        before = {
            key: box for key, box in (desk.setting(OPENED) or {}).items() if box in still_open
        }
        opened = dict(before)
        work = put_in_batches(store, kept, ready, how.batch, self._engine, opened)
        if opened != before:
            desk.set_setting(OPENED, opened)
        return work

    def _put_away(self, store: SqlStore, outcome: Outcome) -> None:
        known = partial(known_as, store, outcome.sha256)
        renamed = partial(moved, store, outcome.sha256)
        if put_away(self.folder, outcome, self._words, known, renamed) is None:
            self.drop.leave(outcome.path)
            self._stuck.add(outcome.path)
            return
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

    def _why(self, error: ScanformError) -> str:
        lang = self._how.lang
        return _TROUBLE.say(lang, {"why": error.told(lang)[0]})

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
            raise ScanformError(_NO_HEALTH.of(why=error.strerror or str(error))) from error


def _pages_of(store: SqlStore) -> Callable[[str], list[bool]]:
    return lambda sha256: [row.outcome != "rejected" for row in store.page_rows(sha256)]
