"""A real browser, and a server of the test's own behind it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from web_office import open_office

from scanform.web.app import create_app
from scanform.web.office import Office

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(office: Office) -> Iterator[str]:
    """The office's pages at an address of their own."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
        config = uvicorn.Config(create_app(office), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([place],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture
def open_pages(
    chromium: Browser, tmp_path: Path
) -> Iterator[Callable[..., tuple[Office, Callable[[], Page]]]]:
    """Opens an office and gives it with a maker of pages: each a browser of its own, in which
    anything said on the console is an error of the test."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def start(**asked: object) -> tuple[Office, Callable[[], Page]]:
            office = stack.enter_context(open_office(tmp_path, **asked))  # type: ignore[arg-type]
            address = stack.enter_context(served(office))

            def page() -> Page:
                context = chromium.new_context(
                    base_url=address, viewport={"width": 1366, "height": 768}
                )
                stack.callback(context.close)
                made = context.new_page()
                made.set_default_timeout(10_000)
                made.on("pageerror", lambda error: complaints.append(str(error)))
                made.on(
                    "console",
                    lambda message: (
                        complaints.append(message.text)
                        if "Security Policy" in message.text
                        else None
                    ),
                )
                return made

            return office, page

        yield start
    assert complaints == []
