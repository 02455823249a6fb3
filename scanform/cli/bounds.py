"""The bound on errors as the workspace keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from scanform.fields.policy import TIGHTENED, Bounds, Tightening
from scanform.store.desk import SqlDesk
from scanform.store.sql import SqlStore

SETTING = "max_error"


def promised_bounds(store: SqlStore) -> Bounds:
    """The bounds of the workspace: what was said last."""
    return Bounds.from_json(SqlDesk(store).setting(SETTING))


def kept_bounds(store: SqlStore) -> Bounds:
    """The bounds to judge by: those promised, tighter where a quality sample has shown that the
    readers' confidences promise too much (``scanform review sample --tighten``)."""
    tightening = Tightening.from_json(SqlDesk(store).setting(TIGHTENED))
    return tightening.applied(promised_bounds(store))


def keep_bound(store: SqlStore, max_error: float, templates: Iterable[str] = ()) -> Bounds:
    """Keeps another bound for those templates (none named: for all) and gives back all, as they are
    judged by."""
    promised = promised_bounds(store).changed(max_error, templates)
    SqlDesk(store).set_setting(SETTING, promised.as_json())
    return kept_bounds(store)
