"""Memory that learning has freed goes back to the system: batches of all lengths leave holes."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

EVERY = 4
"""Steps: without it a lesson on 2,000 lines took 4 GB of which it used a tenth; it takes 5 ms."""


def give_back() -> None:
    """Gives free pages of the heap back, where glibc is the C library; else nothing happens."""
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
