"""Makes the pictures of docs/review.md from the real pages, in a real browser, and from the real
screen of the terminal.

``python docs/pictures_review.py`` digitises ``sample_scans`` into a temporary workspace, serves it
and takes the pictures; ``--workspace DIR`` takes one that is filled already (it is copied first).
Needs Chromium and ``pip install -e .[dev]``.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from scanform.cli.opened import open_desk
from scanform.cli.screen.app import ReviewApp
from scanform.cli.screen.dots import Dots
from scanform.cli.serve import Address, _office
from scanform.review import Filter, Person, Work
from scanform.tally import Target, read_targets

ROOT = Path(__file__).parents[1]
PICTURES = Path(__file__).parent / "pictures"
SIZES = {"": (1366, 768), "-tablet": (820, 1180)}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def take(page: Page, name: str, size: str = "") -> None:
    """The picture with few colours: a page of text needs no more."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(
        PICTURES / f"review-{name}{size}.png", optimize=True
    )


def _type(page: Page) -> None:
    page.goto("/review?work=key&template=dc01&field=commune")
    page.keyboard.type("thanh")
    page.wait_for_selector("#completions li")


def _keys(page: Page) -> None:
    page.goto("/review")
    page.keyboard.press("?")


def _whole_page(page: Page) -> None:
    page.goto("/review?template=dc01&field=permanent_address")
    page.keyboard.press("F3")
    page.wait_for_selector("#page-region")


def _form(page: Page) -> None:
    page.goto("/records?template=dc01&status=pending")
    page.locator("tbody a").nth(1).click()
    page.locator("a:has(.spot.pending)").first.click(force=True)


def _sheet(page: Page) -> None:
    page.goto("/groups")
    page.locator("tbody a").first.click()


def _rejected(page: Page) -> None:
    page.goto("/rejected")
    page.get_by_role("link", name="typed_letter").click()


def _goto(path: str) -> Callable[[Page], None]:
    return lambda page: page.goto(path) and None


SHOTS: dict[str, Callable[[Page], None]] = {
    "overview": _goto("/"),
    "bench": _goto("/review?template=dc01&field=permanent_address"),
    "typing": _type,
    "keys": _keys,
    "page": _whole_page,
    "form": _form,
    "groups": _sheet,
    "rejected": _rejected,
    "tally": _goto("/tally"),
}
ON_A_TABLET = ("bench",)
TERMINAL: dict[str, tuple[Work, str, Sequence[str]]] = {
    "terminal": ("review", "full_name", ()),
    "terminal-typing": ("key", "commune", tuple("thanh")),
}
"""What the terminal shows: which work on which field, and which keys are pressed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scanform-pictures-") as folder:
        workspace = Path(folder) / "ws"
        if asked.workspace:
            shutil.copytree(asked.workspace, workspace)
        else:
            command = [
                sys.executable,
                "-m",
                "scanform",
                "run",
                "sample_scans",
                "-w",
                str(workspace),
            ]
            command += ["-w", str(workspace), "-t", "dc01", "-t", "ct01"]
            subprocess.run(command, cwd=ROOT, check=False)  # some samples must be rejected
        # A strict bound, so that there is something to look at.
        command = [sys.executable, "-m", "scanform", "decide", "--max-error", "0.1%"]
        subprocess.run([*command, "-w", str(workspace)], cwd=ROOT, check=True)
        command = [sys.executable, "-m", "scanform", "review", "keying", "dc01"]
        command += ["--field", "commune", "--keyers", "1", "-w", str(workspace)]
        subprocess.run(command, cwd=ROOT, check=True)
        shoot(workspace)
        shoot_terminal(workspace)


def shoot_terminal(workspace: Path) -> None:
    """The terminal's own drawing of its screen, in a terminal that draws no pictures."""
    for name, (work, field, keys) in TERMINAL.items():
        only = Filter(template="dc01", field=field)
        drawn = asyncio.run(_screen(workspace, work, only, keys))
        with sync_playwright() as playwright:
            program = shutil.which("chromium") or "chromium"
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1240, "height": 790})
            page.set_content(f'<body style="margin:0">{drawn}</body>')
            take(page, name)
            browser.close()


async def _screen(workspace: Path, work: Work, only: Filter, keys: Sequence[str]) -> str:
    with open_desk(workspace, templates=["dc01", "ct01"]) as desk:
        app = ReviewApp(desk, Person("lan", "admin", "vi"), Dots, work, only=only)
        app.title = "scanform review"
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause(0.5)
            drawn = app.export_screenshot()
            app.action_leave()
        return drawn


@contextmanager
def served(workspace: Path, targets: Sequence[Target] = ()) -> Iterator[Page]:
    """The workspace's pages in a browser, signed in."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", place.getsockname()[1])
        with _office(address, workspace, None, [], targets, "vi") as (app, link):
            server = uvicorn.Server(uvicorn.Config(app, log_level="error"))  # type: ignore[arg-type]
            thread = threading.Thread(target=server.run, args=([place],), daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            with sync_playwright() as playwright:
                program = shutil.which("chromium") or "chromium"
                browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
                page = browser.new_context(base_url=address.url).new_page()
                page.goto(link)
                yield page
                browser.close()
            server.should_exit = True
            thread.join(10)


def shoot(workspace: Path) -> None:
    targets = read_targets((ROOT / "sample_scans/targets.csv").read_text("utf-8-sig"))
    with served(workspace, targets) as page:
        for name, go in SHOTS.items():
            for size, (width, height) in SIZES.items():
                if size and name not in ON_A_TABLET:
                    continue
                page.set_viewport_size({"width": width, "height": height})
                go(page)
                take(page, name, size)


if __name__ == "__main__":
    main()
