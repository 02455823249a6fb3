"""The bound on errors as the workspace keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from scanform.fields.policy import Bounds
from scanform.store.desk import SqlDesk
from scanform.store.sql import SqlStore

SETTING = "max_error"


def kept_bounds(store: SqlStore) -> Bounds:
    """The bounds of the workspace: what was said last."""
    return Bounds.from_json(SqlDesk(store).setting(SETTING))


def keep_bound(store: SqlStore, max_error: float, templates: Iterable[str] = ()) -> Bounds:
    """Keeps another bound for those templates (none named: for all) and gives back all bounds."""
    bounds = kept_bounds(store).changed(max_error, templates)
    SqlDesk(store).set_setting(SETTING, bounds.as_json())
    return bounds
