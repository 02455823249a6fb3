"""The worker pool with real processes that die, hang and run out of memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scanform.digitise import BlankPage, RejectedPage
from scanform.engine.interface import PageJob
from scanform.engine.local import LocalEngine
from scanform.errors import TemplateError
from scanform.model.scan import ScanFile
from scanform.model.template import EmptyForm
from scanform.template.find import find
from scanform.template.load import empty_form

sys.path.insert(0, str(Path(__file__).parent))
import faulty_work

pytestmark = pytest.mark.slow

SCAN = ScanFile(Path("box.tif"), "0" * 64, 1)


def test_a_bad_page_costs_only_itself() -> None:
    with LocalEngine([], workers=2, page_seconds=3, work=faulty_work.work) as engine:
        results = dict(engine.read(PageJob(SCAN, page) for page in range(1, 13)))
    by_page = {job.page: result for job, result in results.items()}
    assert sorted(by_page) == list(range(1, 13))
    bad = {
        page: result.rejected.reason
        for page, result in by_page.items()
        if isinstance(result, RejectedPage)
    }
    assert bad == {
        faulty_work.DIES: "page_failed",
        faulty_work.HANGS: "page_timeout",
        faulty_work.RAISES: "page_failed",
        faulty_work.EATS: "page_failed",
    }
    assert all(isinstance(by_page[page], BlankPage) for page in by_page if page not in bad)


def test_jobs_are_drawn_only_as_there_is_room() -> None:
    drawn = 0

    def supply() -> object:
        nonlocal drawn
        for page in range(100, 100_000):
            drawn += 1
            yield PageJob(SCAN, page)

    with LocalEngine([], workers=1, work=faulty_work.work) as engine:
        results = engine.read(supply())  # type: ignore[arg-type]
        for _ in range(5):
            next(results)
        assert drawn < 50


def test_a_form_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    pdf = tmp_path / "blank.pdf"
    pdf.write_bytes(b"%PDF-1.4 cut off")
    form = EmptyForm(empty_form(find("dc01")).template, pdf)
    with (
        pytest.raises(TemplateError, match=r"blank\.pdf.*can't be drawn"),
        LocalEngine([form], workers=2) as engine,
    ):
        list(engine.read([PageJob(SCAN, 1)]))
