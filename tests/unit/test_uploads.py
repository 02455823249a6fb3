"""What came in through the pages and was not done with is taken up by the next server."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filled_workspace import fill, sha
from starlette.requests import ClientDisconnect

from scanform.cli import uploads
from scanform.engine.run import Summary
from scanform.model.scan import Rejected, ScanFile
from scanform.store.open import open_store
from scanform.web.routes import scans


def test_a_server_goes_on_with_what_waited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = tmp_path / "w"
    fill(workspace)
    folder = workspace / "uploads"
    folder.mkdir()
    for name in ("1-done.jpg", "2-waits.jpg", "3-begun.jpg", "4-bad.jpg", ".5-half.jpg.part"):
        (folder / name).write_bytes(b"\xff\xd8\xff" + name.encode())
    with open_store(workspace) as store:
        store.open_scan(ScanFile(folder / "1-done.jpg", sha(1), 10))
        store.open_scan(ScanFile(folder / "3-begun.jpg", sha(70), 10))
        store.reject_scan(Rejected(folder / "4-bad.jpg", sha(71), None, "damaged", {}))
    asked: list[str] = []

    class Engine:
        def __init__(self, *_: object, **__: object) -> None: ...
        def close(self) -> None: ...

    def run_scans(paths: list[Path], *_: object, **__: object) -> Summary:
        asked.extend(path.name for path in paths)
        return Summary()

    monkeypatch.setattr(uploads, "LocalEngine", Engine)
    monkeypatch.setattr(uploads, "run_scans", run_scans)
    intake = uploads.BackgroundIntake(workspace, lambda: open_store(workspace), [])
    deadline = time.monotonic() + 30
    while len(asked) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    intake.close()
    assert asked == ["2-waits.jpg", "3-begun.jpg"]
    assert {job.name for job in intake.jobs()} == {"waits.jpg", "begun.jpg"}


class Request:
    def __init__(self, chunks: list[bytes], broken: bool) -> None:
        self.chunks, self.broken = chunks, broken

    async def stream(self) -> AsyncIterator[bytes]:
        for each in self.chunks:
            yield each
        if self.broken:
            raise ClientDisconnect


def received(request: Request, place: Path) -> None:
    """In a thread of its own: a browser that other tests drive keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, scans._receive(request, place)).result()  # type: ignore[arg-type]


def test_an_upload_has_its_name_only_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, synced = tmp_path / "1-a.jpg", []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(place.exists()))
    with pytest.raises(ClientDisconnect):
        received(Request([b"half"], True), place)
    assert (list(tmp_path.iterdir()), synced) == ([], [])
    received(Request([b"wh", b"ole"], False), place)
    assert (place.read_bytes(), synced) == (b"whole", [False])
    assert list(tmp_path.iterdir()) == [place]
