"""Crops on their way to the browser: drawn once, kept while they are asked for again."""

from __future__ import annotations

import struct
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_KEPT = 128


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its size in pixels."""

    data: bytes
    width: int
    height: int


class Pictures:
    """The last ``_KEPT`` pictures by key. The page that shows an answer asks for its picture's
    size, the one before it has already fetched it ahead: three times the same cut."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Picture] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...], draw: Callable[[], bytes]) -> Picture:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        data = draw()
        picture = Picture(data, *png_size(data))
        with self._lock:
            self._kept[key] = picture
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return picture


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height from a PNG's header (https://www.w3.org/TR/png-3/#11IHDR)."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        raise ValueError("no PNG")
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)
