"""What machines are told: well or not, and counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from filled_workspace import NAMES, NUMBERS, fill

from scanform.cli.metrics import exposition
from scanform.store.open import open_store

pytest.importorskip("starlette")
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from scanform.errors import StoreError
from scanform.web.routes import machines

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")?\})? [0-9.e+]+')


class Office:
    figures = staticmethod(lambda: None)
    metrics = None


def client(office: object) -> TestClient:
    app = Starlette(routes=[Route("/health", machines.health), Route("/metrics", machines.metrics)])
    app.state.office = office
    return TestClient(app)


def test_figures_are_text_for_prometheus_and_about_nobody(tmp_path: Path) -> None:
    fill(tmp_path / "w")
    with open_store(tmp_path / "w") as store:
        text = exposition(store)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert 'scanform_accounted{what="files",outcome="duplicate"} 1' in lines
    assert 'scanform_books_balance{what="pages"} 1' in lines
    assert "scanform_log_rows 3" in lines
    assert not any(each in text for each in (*NAMES, *NUMBERS, "box/"))


def test_they_are_served_only_where_asked_for() -> None:
    office = Office()
    assert client(office).get("/metrics").status_code == 404
    office.metrics = lambda: "a 1\n"  # type: ignore[assignment,method-assign]
    answer = client(office).get("/metrics")
    assert (answer.status_code, answer.text) == (200, "a 1\n")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_a_store_that_does_not_answer_is_not_well() -> None:
    def locked() -> None:
        raise StoreError("locked")

    office = Office()
    assert client(office).get("/health").json() == {"ok": True}
    office.figures = locked  # type: ignore[assignment,method-assign]
    assert client(office).get("/health").status_code == 503
