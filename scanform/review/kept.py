"""Records that are looked at this moment, kept as they were last read.

A page that shows one answer asks for its record a dozen times, and reading a record means taking
apart what every reader said about each of its fields. What a record says hangs on its log alone,
so one that has as many rows of the log as when it was read is still the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from scanform.errors import NoSuchRecord
from scanform.model.record import Decision, Record
from scanform.store.interface import Store

MOST = 128
"""Records: three for each of forty people at work, some megabytes."""

Standing = tuple[Record, tuple[Decision, ...]]
"""A record and its log of the same moment."""


class Kept:
    """Safe to use from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._found: OrderedDict[str, Standing] = OrderedDict()
        self._lock = threading.Lock()

    def standing(self, store: Store, record_id: str) -> Standing:
        """Raises ``NoSuchRecord``."""
        try:
            version = store.version(record_id)
        except NoSuchRecord:  # it was erased: here, too
            with self._lock:
                self._found.pop(record_id, None)
            raise
        with self._lock:
            known = self._found.get(record_id)
            if known is not None and known[0].version == version:
                self._found.move_to_end(record_id)
                return known
        while True:
            found = store.record(record_id), tuple(store.decisions(record_id))
            if found[0].version == len(found[1]):
                break
        with self._lock:
            self._found[record_id] = found
            self._found.move_to_end(record_id)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found
