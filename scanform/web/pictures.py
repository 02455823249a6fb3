"""Crops on their way to the browser: drawn once, kept while they are asked for again.

They are of people, so they are kept in the server's memory alone, only as long as a claim lasts
without a sign of life, and not once their person has signed out. Whether he may see one is asked
each time by whoever hands it out.
"""

from __future__ import annotations

import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST = 32 * 1024 * 1024
"""Bytes: a thousand crops, or some whole pages."""
SECONDS = 600.0
"""How long the server and the browser keep a crop: the lease of a claim."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its size in pixels."""

    data: bytes
    width: int
    height: int


class Pictures:
    """The last pictures by whose they are and what. The page that shows an answer asks for its
    picture's size, the one before it has already fetched it ahead: three times the same cut."""

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[tuple[str, ...], tuple[float, Picture]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, who: str, key: tuple[str, ...], draw: Callable[[], bytes]) -> Picture:
        with self._lock:
            self._forget_old()
            found = self._kept.get((who, *key))
            if found is not None:
                return found[1]
        data = draw()
        picture = Picture(data, *png_size(data))
        with self._lock:
            self._drop((who, *key))
            self._kept[who, *key] = self._clock(), picture
            self._size += len(data)
            while self._size > self._most:
                self._drop(next(iter(self._kept)))
        return picture

    def forget(self, who: str) -> None:
        """Nothing of this person's is kept any longer."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == who]:
                self._drop(key)

    def _forget_old(self) -> None:
        until = self._clock() - SECONDS
        while self._kept:
            first = next(iter(self._kept))
            if self._kept[first][0] > until:
                break
            self._drop(first)

    def _drop(self, key: tuple[str, ...]) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._size -= len(gone[1].data)


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height from a PNG's header (https://www.w3.org/TR/png-3/#11IHDR)."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        raise ValueError("no PNG")
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)
