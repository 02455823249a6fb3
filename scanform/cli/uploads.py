"""Scans that come in through the pages: digitised behind the reviewers' backs."""

from __future__ import annotations

import logging
import os
import queue
import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from scanform.cli.bounds import kept_bounds
from scanform.cli.known import unit_fields
from scanform.cli.learnt import start
from scanform.digitise import PageResult
from scanform.engine import worker
from scanform.engine.interface import PageJob
from scanform.engine.local import LocalEngine
from scanform.engine.preview import Previewer
from scanform.engine.run import run_scans
from scanform.errors import ScanformError
from scanform.intake.files import find_files
from scanform.model.scan import Rejected
from scanform.model.template import EmptyForm, Template
from scanform.store.campaigns import SqlCampaigns
from scanform.store.images import ImageStore
from scanform.store.moves import done_with
from scanform.store.sql import SqlStore
from scanform.template.load import empty_form
from scanform.web.office import Job

log = logging.getLogger(__name__)

_REMEMBERED = 200
_IDLE_SECONDS = 120.0
"""After that long without a scan the reading process is ended: it holds the memory of a reader."""
_NICE = 10

_Task = tuple[str, Path, tuple[str, ...]]


def work_politely(jobs: Sequence[PageJob]) -> list[PageResult]:
    """Reads pages in a worker that lets people's requests go first."""
    if hasattr(os, "nice") and os.nice(0) < _NICE:
        os.nice(_NICE)
    return worker.work(jobs)


class BackgroundIntake:
    """``web.office.Intake``: one thread, one reading process, one file after another."""

    def __init__(
        self, workspace: Path, open_store: Callable[[], SqlStore], folders: Sequence[Path]
    ) -> None:
        self.folder = workspace / "uploads"
        self._workspace = workspace
        self._open_store = open_store
        self._images = ImageStore(workspace)
        self._forms = [empty_form(folder) for folder in folders]
        self._tasks: queue.Queue[_Task | None] = queue.Queue()
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._previewer: Previewer | None = None
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()

    def templates(self) -> list[Template]:
        return [form.template for form in self._forms]

    def put(self, path: Path, by: str, name: str, templates: Collection[str] = ()) -> str:
        number = secrets.token_hex(8)
        with self._lock:
            self._jobs[number] = Job(number, name, by, "waiting")
            while len(self._jobs) > _REMEMBERED:
                del self._jobs[next(iter(self._jobs))]
        self._tasks.put((number, path, tuple(templates)))
        return number

    def jobs(self) -> list[Job]:
        with self._lock:
            return list(reversed(self._jobs.values()))

    def picture(self, rejected: Rejected) -> bytes | None:
        with self._lock:
            self._previewer = self._previewer or Previewer()
        return self._previewer.draw(rejected.path, rejected.page)

    def close(self) -> None:
        """Stops; what waits is lost from the list, not from the folder."""
        self._tasks.put(None)
        if self._previewer is not None:
            self._previewer.close()

    def note(self, number: str, change: Callable[[Job], Job]) -> None:
        with self._lock:
            if number in self._jobs:
                self._jobs[number] = change(self._jobs[number])

    def _take_up(self) -> None:
        """What came in before this server began and was never done with: it was killed, or the
        power went, while a file waited."""
        try:
            store = self._open_store()
            try:
                known = done_with(store, self.folder)
            finally:
                store.close()
        except ScanformError as error:
            log.warning("uploads that wait can't be told: %s", error)
            return
        for path in find_files([self.folder]) if self.folder.is_dir() else ():
            if str(path) not in known:
                self.put(path, "", path.name.partition("-")[2] or path.name)

    def _work(self) -> None:
        self._take_up()
        engine: LocalEngine | None = None
        chosen: tuple[EmptyForm, ...] = ()
        while True:
            try:
                task = self._tasks.get(timeout=_IDLE_SECONDS if engine else None)
            except queue.Empty:
                task = ("", Path(), ())
            wanted = self._wanted(task[2]) if task and task[0] else ()
            if engine is not None and wanted != chosen:
                engine.close()
                engine = None
            if task is None:
                return
            if not task[0]:
                continue
            if engine is None:
                begin = start(self._workspace)
                engine = LocalEngine(wanted, 1, work=work_politely, start=begin)
                chosen = wanted
            self._digitise(task, engine)

    def _wanted(self, ids: Collection[str]) -> tuple[EmptyForm, ...]:
        """The forms asked for; all of them where none is, or none is known."""
        named = tuple(form for form in self._forms if form.template.id in ids)
        return named or tuple(self._forms)

    def _digitise(self, task: _Task, engine: LocalEngine) -> None:
        number, path, ids = task
        self.note(number, lambda job: replace(job, state="working"))
        forms = {form.template.ref: form.template for form in self._wanted(ids)}
        try:
            store = self._open_store()
            try:
                teller = _Teller(self, number)
                put, bounds = self._images.put, kept_bounds(store)
                SqlCampaigns(store).count_by(unit_fields(forms.values()))
                done = run_scans([path], forms, engine, store, put, teller, bounds=bounds)
            finally:
                store.close()
        except ScanformError as error:
            log.warning("an upload failed: %s", error)
            self.note(number, lambda job: replace(job, state="failed"))
        except Exception:  # whatever one file does, the next one goes on
            log.exception("an upload failed")
            self.note(number, lambda job: replace(job, state="failed"))
        else:
            self.note(
                number,
                lambda job: replace(
                    job, state="done", records=done.records, duplicate=bool(done.duplicate)
                ),
            )


class _Teller:
    """A ``Listener`` that writes what it hears into the list of jobs."""

    def __init__(self, intake: BackgroundIntake, number: str) -> None:
        self._intake = intake
        self._number = number

    def files_found(self, number: int) -> None:
        pass

    def scan_opened(self, pages: int) -> None:
        self._intake.note(self._number, lambda job: replace(job, pages=job.pages + pages))

    def page_done(self) -> None:
        self._intake.note(self._number, lambda job: replace(job, done=job.done + 1))

    def was_rejected(self, rejected: Rejected) -> None:
        self._intake.note(
            self._number, lambda job: replace(job, rejected=(*job.rejected, rejected))
        )
