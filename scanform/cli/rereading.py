"""What reading anew is done with, put together for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from scanform.cli.bounds import kept_bounds
from scanform.cli.empty_forms import EmptyForms
from scanform.cli.known import KnownTemplates
from scanform.cli.learnt import hamlets_of
from scanform.engine.reread import Desk
from scanform.fields import FIELD_KINDS
from scanform.fields.interface import ReaderName
from scanform.lexicon import hamlets
from scanform.recognise.choose import for_kind, recogniser
from scanform.store.images import ImageStore
from scanform.store.models import Model
from scanform.store.sql import SqlStore

SHIPPED = "shipped"
ANEW: tuple[ReaderName, ...] = ("text", "digits")
"""What a model that learnt reads."""


def reading_desk(
    store: SqlStore, workspace: Path, names: Sequence[str], by: str, model: Model | None
) -> Desk:
    """Reads with ``model``, or with the reader as shipped."""
    hamlets.use(hamlets_of(workspace))
    learnt = None if model is None else (model.reader, model.id)
    return Desk(
        store,
        ImageStore(workspace).get,
        KnownTemplates(names),
        EmptyForms(names),
        FIELD_KINDS,
        {name: recogniser(for_kind(name), learnt) for name in ANEW},
        kept_bounds(store),
        lambda: datetime.now(UTC),
        by,
        SHIPPED if model is None else model.id,
    )
