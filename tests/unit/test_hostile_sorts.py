"""Every sort of hostile image that the benchmark makes is opened or refused in few words."""

from __future__ import annotations

import random
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanform.digitise import RejectedPage
from scanform.engine import worker
from scanform.engine.interface import PageJob
from scanform.intake.files import scan_file
from scanform.intake.pages import page_count, read_page
from scanform.model.phrases import REJECTIONS
from scanform.model.scan import Rejected, ScanFile

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
files = pytest.importorskip("hostile_files")
SORTS = {each.__name__: each for each in files.IMAGES}
TOO_LARGE_FOR_HERE = 100_000_000


def opened(scan: ScanFile) -> Rejected | None:
    count = page_count(scan)
    if isinstance(count, Rejected):
        return count
    page = read_page(scan, 1)
    if isinstance(page, Rejected):
        return page
    assert page.pixels.dtype == np.uint8
    assert page.pixels.size < TOO_LARGE_FOR_HERE * 3
    return None


@pytest.mark.parametrize("sort", SORTS)
def test_a_sort(sort: str, tmp_path: Path) -> None:
    for seed in range(4):
        path = tmp_path / f"{seed}"
        path.write_bytes(SORTS[sort](random.Random(seed)))
        scan = scan_file(path)
        refused = scan if isinstance(scan, Rejected) else opened(scan)
        if refused is not None:
            told = REJECTIONS[refused.reason].say("en", refused.details)
            assert not any(each in told for each in ("Error", "error -", "?", "Traceback")), told


def test_a_library_that_complains_is_not_heard(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.tif"
    for seed in range(40):
        path.write_bytes(files.tiff_tiles(random.Random(seed)))
        scan = scan_file(path)
        assert isinstance(scan, ScanFile)
        page = worker._open(PageJob(scan, 1))
        if isinstance(page, RejectedPage) and not page.rejected.details:
            break
    else:
        pytest.fail("none that libtiff complains of")
    with suppress(Exception), Image.open(path) as image:
        image.load()
    assert "TIFF" in capfd.readouterr().err  # it does, where it is let
    worker._open(PageJob(scan, 1))
    read_page(scan, 1)
    assert capfd.readouterr().err == ""
