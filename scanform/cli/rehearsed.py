"""Reading a rehearsal as ``run`` would, in a workspace of its own that is gone after."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from scanform.cli.learnt import start
from scanform.cli.progress import RunProgress
from scanform.cli.truths import truths_in
from scanform.engine.local import LocalEngine
from scanform.engine.run import run_scans
from scanform.model.phrases import Language
from scanform.model.record import Record
from scanform.review.seeds import Truth
from scanform.store.images import ImageStore
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import empty_form


class Rehearsal:
    """``forms`` are those that could be read, each with what stands on it; ``keep`` brings the
    pages of one into ``workspace``. Raises ``UsageError`` where ``folder`` holds no rehearsal."""

    def __init__(self, folder: Path, template: str, workspace: Path, lang: Language) -> None:
        self._folder, self._template, self._lang = folder, template, lang
        self._start = start(workspace)
        self._kept = ImageStore(workspace)
        self._stack = ExitStack()
        self._truths = truths_in(folder)
        self.forms: list[tuple[Record, Truth]] = []

    def __enter__(self) -> Rehearsal:
        with ExitStack() as stack:
            made = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scanform-seeds-")))
            self._made = ImageStore(made)
            self.forms = [
                (record, self._truths[place])
                for record in self._read(made)
                if (place := (Path(record.scan_path).name, record.scan_page)) in self._truths
            ]
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _read(self, made: Path) -> list[Record]:
        form = empty_form(find(self._template))
        alone = form.template.read_alone()
        with (
            LocalEngine([form], start=self._start) as engine,
            open_store(made) as store,
            RunProgress(self._lang) as bar,
        ):
            run_scans([self._folder], {alone.ref: alone}, engine, store, self._made.put, bar)
            return list(store.records())

    def keep(self, record: Record) -> None:
        for sheet in record.sheets:
            self._kept.put(self._made.get(sheet.image))
