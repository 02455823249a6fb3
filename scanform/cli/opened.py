"""The desk of a workspace, put together: for the terminal and for the web."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scanform.cli.bounds import kept_bounds, promised_bounds
from scanform.cli.known import KnownTemplates
from scanform.fields import FIELD_KINDS
from scanform.fields.rules import check
from scanform.page.snippet import cut_png
from scanform.review import Desk, Review
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.open import open_store
from scanform.store.sql import SqlStore


@contextmanager
def open_desk(
    workspace: Path, database: str | None = None, templates: Sequence[str] = ()
) -> Iterator[Desk]:
    """Opens the store for as long as the desk is used; ``templates`` are ids or folders that are
    not found by themselves. Raises what ``open_store`` and the templates raise."""
    with open_store(workspace, database, create=False) as store:
        yield desk_over(store, workspace, templates)


def desk_over(store: SqlStore, workspace: Path, templates: Sequence[str] = ()) -> Desk:
    """The desk over a store that is open already."""
    review = Review(
        store,
        FIELD_KINDS,
        KnownTemplates(list(templates)),
        check,
        ImageStore(workspace).get,
        cut_png,
        bounds=lambda: kept_bounds(store),
        promised=lambda: promised_bounds(store),
    )
    return Desk.of(review, SqlDesk(store))
