"""The part of ``scanform run`` that knows the store.

It is imported once the workers are on their way: SQLAlchemy takes as long to load as a worker
takes to get ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from scanform.cli.batch_files import put_in_batches
from scanform.cli.bounds import keep_bound, kept_bounds
from scanform.cli.interrupt import gently
from scanform.cli.known import unit_fields
from scanform.cli.progress import RunProgress
from scanform.cli.quality import warn_of_samples
from scanform.engine.local import LocalEngine
from scanform.engine.run import Summary, run_scans
from scanform.fields.policy import Bounds
from scanform.model.phrases import Language, Phrase
from scanform.model.template import Template
from scanform.store.campaigns import SqlCampaigns
from scanform.store.images import ImageStore
from scanform.store.open import open_store

_STOPPING = Phrase(
    "Đang làm nốt các trang dở; Ctrl+C lần nữa để dừng ngay.",
    "Finishing the pages in hand; Ctrl-C again stops now.",
)


def digitise(
    paths: Sequence[Path],
    templates: Mapping[str, Template],
    engine: LocalEngine,
    *,
    workspace: Path,
    database: str | None,
    batch: str | None,
    max_error: float | None,
    lang: Language,
) -> tuple[Summary, Bounds]:
    """What ``run`` was asked for, and the bounds that it was held to."""
    with ExitStack() as stack:
        store = open_store(workspace, database)
        stack.callback(store.close)
        found, kept = paths, SqlCampaigns(store)
        if batch is not None or kept.batches():
            found = put_in_batches(store, kept, paths, batch, engine)
        if max_error is not None:
            keep_bound(store, max_error, {each.id for each in templates.values()})
        bounds = kept_bounds(store)
        kept.count_by(unit_fields(templates.values()))
        bar = stack.enter_context(RunProgress(lang))
        put = ImageStore(workspace).put

        def told() -> None:
            click.echo("\n" + _STOPPING.say(lang), err=True)

        with gently(engine.stop, told):
            done = run_scans(found, templates, engine, store, put, bar, bounds=bounds)
        warn_of_samples(store, workspace, lang)
        return done, bounds
