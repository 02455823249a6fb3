"""What libraries in C complain of on their own (libjpeg, libtiff), straight to where errors go.

Whoever looks at the terminal is told the reason instead. Some of it is known in no other way: that
a JPEG's data breaks off is said there, and the picture is given all the same.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST_BYTES = 2**16


@contextmanager
def heard() -> Iterator[Callable[[], bytes]]:
    """Takes in what is complained of; gives what was said so far, its beginning. For a process
    with one thread at work: what others say meanwhile is taken in, too."""
    try:
        kept = os.dup(2)
    except OSError:  # there is nobody to hear it
        yield lambda: b""
        return
    try:
        with tempfile.TemporaryFile() as said:
            os.dup2(said.fileno(), 2)
            yield lambda: os.pread(said.fileno(), _MOST_BYTES, 0)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
