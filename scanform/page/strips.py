"""Some rows of a stored sheet without decoding the whole of it.

A sheet is encoded with a restart marker behind each row of blocks (``encode``), so the rows that a
crop needs can be taken out of the file as they are, under a header that says how many they are. A
crop of a field costs a twentieth of the page that way, and is the same to the last pixel. Sections
and tables named here are those of ITU-T T.81 (https://www.w3.org/Graphics/JPEG/itu-t81.pdf).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from itertools import islice

_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _INTERVAL, _SCAN = 0xC0, 0xDD, 0xDA
_BESIDE = 1
"""Rows of blocks taken above and below: colour is stored at half the size, and what a row is
scaled up to hangs on its neighbours."""


@dataclass(frozen=True, slots=True)
class _Head:
    """``height_at``: where in the file the height stands; ``data_at``: where the blocks begin.
    ``row``: pixels of one row of blocks."""

    height: int
    height_at: int
    data_at: int
    row: int


def strip(data: bytes, top: int, bottom: int) -> tuple[bytes, int] | None:
    """A JPEG with at least the pixel rows from ``top`` to before ``bottom``, and the row of the
    sheet that it begins with. None for a file that has no restart marker behind each row of blocks
    (of an earlier version, or of somebody else), or for rows that it doesn't have."""
    head = _head(data)
    if head is None or not 0 <= top < bottom or top >= head.height:
        return None
    count = -(-head.height // head.row)
    first = max(0, top // head.row - _BESIDE)
    last = min(count, -(-bottom // head.row) + _BESIDE)
    # Behind the row of blocks n stands the n-th marker, and none behind the last row.
    found = islice(_RESTART.finditer(data, head.data_at), last)
    starts = [head.data_at, *(mark.end() for mark in found)]
    if last == count:
        starts.append(data.rfind(_END) + len(_END))
    if len(starts) != last + 1 or starts[-1] <= starts[-2]:
        return None
    height = min(head.height, last * head.row) - first * head.row
    parts = [data[: head.height_at], struct.pack(">H", height)]
    parts.append(data[head.height_at + 2 : head.data_at])
    for at in range(first, last):
        parts.append(data[starts[at] : starts[at + 1] - 2])
        parts.append(bytes((0xFF, 0xD0 + (at - first) % 8)) if at < last - 1 else _END)
    return b"".join(parts), first * head.row


def _head(data: bytes) -> _Head | None:
    """What stands before the blocks; None where it isn't what ``strip`` can work with."""
    if not data.startswith(_START):
        return None
    frame, at, interval = None, 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        body, at = at + 4, at + 2 + length
        if kind == _BASELINE:
            frame = body
        elif kind == _INTERVAL:
            interval = int.from_bytes(data[body : body + 2])
        elif kind == _SCAN:
            return None if frame is None else _checked(data, frame, at, interval)
    return None


def _checked(data: bytes, frame: int, data_at: int, interval: int) -> _Head | None:
    height, width, components = struct.unpack_from(">HHB", data, frame + 1)
    factors = [data[frame + 7 + 3 * each] for each in range(components)]
    # One component alone is stored block by block, whatever its factors say (A.2.2).
    across = 8 * max((each >> 4 for each in factors), default=0) if components > 1 else 8
    down = 8 * max((each & 15 for each in factors), default=0) if components > 1 else 8
    if not across or not down or not interval or interval != -(-width // across):
        return None
    return _Head(height, frame + 1, data_at, down)
