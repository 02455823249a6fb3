"""How many pages a TIFF has, told from its directories and nothing else.

The run asks this of every file in its own process, so no decoder is let near the file: a few bytes
of each directory are read, and no number in the file leads to more than one further look.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

_ORDERS = {b"II": "<", b"MM": ">"}
_CLASSIC, _BIG = 42, 43


class BrokenChain(Exception):
    """The directories can't be followed to their end."""


def count_pages(path: Path, most: int) -> int:
    """Directories in the file's chain (TIFF 6.0, section 2; BigTIFF), no more than ``most`` + 1.
    One that leads back ends the chain. Raises ``BrokenChain`` and ``OSError``."""
    with path.open("rb") as file:
        return sum(1 for _ in islice(_places(file), most + 1))


def place_of(path: Path, number: int) -> int:
    """Where the directory of page ``number`` (counted from 1) lies. Raises ``BrokenChain``."""
    with path.open("rb") as file:
        for place in islice(_places(file), number - 1, number):
            return place
    raise BrokenChain("no such page")


def _places(file: BinaryIO) -> Iterator[int]:
    head = _take(file, 0, 4)
    order = _ORDERS.get(head[:2], "")
    version = struct.unpack(order + "H", head[2:])[0] if order else None
    if version not in (_CLASSIC, _BIG):
        raise BrokenChain("no TIFF")
    is_big = version == _BIG
    place = _number(file, 8 if is_big else 4, order, 8 if is_big else 4)
    met: set[int] = set()
    while place and place not in met:
        met.add(place)
        yield place
        place = _next(file, place, order, is_big)


def _next(file: BinaryIO, place: int, order: str, is_big: bool) -> int:
    """Where the directory after the one at ``place`` lies; 0: there is none."""
    counter, entry, pointer = (8, 20, 8) if is_big else (2, 12, 4)
    entries = _number(file, place, order, counter)
    return _number(file, place + counter + entry * entries, order, pointer)


def _number(file: BinaryIO, place: int, order: str, size: int) -> int:
    data = _take(file, place, size)
    return int(struct.unpack(order + {2: "H", 4: "I", 8: "Q"}[size], data)[0])


def _take(file: BinaryIO, place: int, size: int) -> bytes:
    # The system says of a place further than any file could reach that it can't be opened.
    if place + size > os.fstat(file.fileno()).st_size:
        raise BrokenChain("it leads out of the file")
    file.seek(place)
    data = file.read(size)
    if len(data) < size:
        raise BrokenChain("it leads out of the file")
    return data
