"""What came in through the pages and was not done with is taken up by the next server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from filled_workspace import fill, sha

from scanform.cli import uploads
from scanform.engine.run import Summary
from scanform.model.scan import Rejected, ScanFile
from scanform.store.open import open_store


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
