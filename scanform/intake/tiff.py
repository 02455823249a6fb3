"""How many pages a TIFF has, told from its directories and nothing else.

The run asks this of every file in its own process, so no decoder is let near the file: a few bytes
of each directory are read, and no number in the file leads to more than one further look.
"""

from __future__ import annotations

import struct
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
        head = _take(file, 0, 4)
        order = _ORDERS.get(head[:2], "")
        version = struct.unpack(order + "H", head[2:])[0] if order else None
        if version not in (_CLASSIC, _BIG):
            raise BrokenChain("no TIFF")
        is_big = version == _BIG
        place = _number(file, 8 if is_big else 4, order, 8 if is_big else 4)
        met: set[int] = set()
        while place and place not in met and len(met) <= most:
            met.add(place)
            place = _next(file, place, order, is_big)
    return len(met)


def _next(file: BinaryIO, place: int, order: str, is_big: bool) -> int:
    """Where the directory after the one at ``place`` lies; 0: there is none."""
    counter, entry, pointer = (8, 20, 8) if is_big else (2, 12, 4)
    entries = _number(file, place, order, counter)
    return _number(file, place + counter + entry * entries, order, pointer)


def _number(file: BinaryIO, place: int, order: str, size: int) -> int:
    data = _take(file, place, size)
    return int(struct.unpack(order + {2: "H", 4: "I", 8: "Q"}[size], data)[0])


def _take(file: BinaryIO, place: int, size: int) -> bytes:
    if place >= 2**63:  # further than any file can be asked for
        raise BrokenChain("it leads out of the file")
    file.seek(place)
    data = file.read(size)
    if len(data) < size:
        raise BrokenChain("it leads out of the file")
    return data
