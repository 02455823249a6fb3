"""What the pages need of rooms that they don't know: exports, boxes, a tighter threshold."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from scanform.cli.export_options import all_fields, mask, selection, templates_of
from scanform.cli.tightening import tighten
from scanform.cli.weighing import Scales
from scanform.export import EXPORTERS
from scanform.export.dictionary import notes
from scanform.export.hand_over import HandOver
from scanform.export.interface import Layout
from scanform.learn import curve
from scanform.learn.curve import Point
from scanform.model.phrases import Language
from scanform.review import Desk, Person
from scanform.store import events
from scanform.store.campaigns import SqlCampaigns
from scanform.store.models import FOLDER
from scanform.store.sql import SqlStore
from scanform.tally.handin import Balance


class StoreExports:
    """``web.office.Exports`` over a store."""

    formats: Sequence[str] = ("csv", "jsonl", "xlsx", "sqlite", "parquet", "qcvn109")

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def write(self, form: str, template: str | None, complete: bool, who: Person) -> IO[bytes]:
        who.need("export")
        store, chosen = self._store, EXPORTERS[form]
        only, found = templates_of(store, template)
        names = list(all_fields(store, found))
        plain = mask(found, all_fields(store, found), (), None, ())
        known = [each for each in found.values() if each]
        layout = Layout(tuple(names), tuple(notes(known, names, plain)), False, store.newest())
        wanted = selection(store, only, found, (), (), None, complete)
        records = store.selected(wanted, readings=chosen.readings)
        # Without a name, so that nothing of it is left where the server is killed.
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            with HandOver(chosen, layout, sure=True) as handed:
                account = handed.write(records, file)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        events.note(store, "export", who.name, how="pages", detail={"records": account.written})
        return file


class Lessons:
    """``web.office.Learning`` over the models of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self._models = workspace / FOLDER

    def lessons(self) -> list[Point]:
        return curve.lessons(self._models)

    def curve(self, lang: Language) -> bytes:
        points = self.lessons()
        if not points:
            raise KeyError(lang)
        return curve.drawn(points, lang)


def boxes(store: SqlStore) -> list[Balance]:
    """Every box that was handed in, weighed against its slip, the newest first."""
    kept = SqlCampaigns(store)
    return list(map(Scales(kept), reversed(kept.batches())))


def tightened(desk: Desk, store: SqlStore, who: Person) -> int:
    """How many answers wait again, now that the threshold follows what samples have measured."""
    return tighten(desk, store, who)[1].waiting
