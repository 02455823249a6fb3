"""A page of a scan as people see it, drawn where a hostile file can do no harm."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import TimeoutError as TooSlow
from pathlib import Path

import cv2
from pebble import ProcessExpired, ProcessPool

from scanform.engine import worker
from scanform.intake.pages import read_page
from scanform.model.scan import Rejected, ScanFile

SECONDS = 20.0
MEMORY_BYTES = 2 * 2**30
LONGER_SIDE = 1600
"""Pixels: enough to see what sort of page it is."""


class Previewer:
    """Draws pages in a process of its own, with a limit on its time and memory."""

    def __init__(self) -> None:
        self._pool = ProcessPool(
            max_workers=1,
            max_tasks=20,
            initializer=worker.limit_memory,
            initargs=(MEMORY_BYTES,),
            context=multiprocessing.get_context("spawn"),
        )

    def draw(self, path: Path, page: int | None) -> bytes | None:
        """JPEG of the page (the first where none is named); None where it can't be drawn."""
        future = self._pool.schedule(_draw, (path, page or 1), timeout=SECONDS)
        try:
            return future.result()
        except (TooSlow, ProcessExpired):
            return None

    def close(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _draw(path: Path, number: int) -> bytes | None:
    try:
        page = read_page(ScanFile(path, "", 0), number)
    except OSError:
        return None
    if isinstance(page, Rejected):
        return None
    height, width = page.pixels.shape[:2]
    shrink = min(1.0, LONGER_SIDE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    small = cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return data.tobytes() if done else None
