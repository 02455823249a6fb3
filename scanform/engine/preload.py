"""Imported by the process that workers are forked from: what takes time to load, and what none of
them changes, is there for all of them."""

from __future__ import annotations

import scanform.engine.worker  # noqa: F401 - it is imported for those who are forked
from scanform.lexicon import places

places.ready()
