"""How a worker's C library keeps memory: what one page gave back is there for the next."""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of ``mallopt`` (glibc, ``malloc.h``)."""
LARGEST_KEPT = 64 << 20
"""Bytes: a page in colour, with a fourth channel, at 400 dpi."""


def keep_what_is_freed() -> None:
    """Has this process keep up to two of its largest arrays that are freed, instead of giving them
    back to the system, which must make each anew and empty: some 5 ms of opening and placing a
    page of 300 dpi. Does nothing where the C library isn't glibc."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    # Older ones take no more than 32 MB. One that takes neither is left alone: with the second
    # threshold alone it would keep less than it does by itself.
    if any(mallopt(_MMAP_THRESHOLD, size) for size in (LARGEST_KEPT, LARGEST_KEPT // 2)):
        mallopt(_TRIM_THRESHOLD, 2 * LARGEST_KEPT)
