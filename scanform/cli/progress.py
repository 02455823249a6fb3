"""What commands show while they work."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.model.scan import Rejected

_PAGE = Phrase(vi=", trang {page}", en=", page {page}")


def counting_bar(quiet: bool = False) -> Progress:
    """A bar of so many done of so many, on stderr; it draws nothing where nobody sees it."""
    console = Console(stderr=True, highlight=False)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )


class _PagesAMinute(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed * 60:.0f}/min", style="progress.data.speed")


class RunProgress(Progress):
    """A ``Listener`` that draws a bar on a terminal and writes plain lines elsewhere.

    All of it goes to stderr: stdout is for the summary.
    """

    LINE_EVERY = 50
    """Pages between two plain lines."""

    def __init__(self, lang: Language) -> None:
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _PagesAMinute(),
            TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self.disable = not self.console.is_terminal
        self._lang = lang
        self._files = 0
        self._opened = 0
        self._pages = 0
        self._done = 0
        self._task = self.add_task("trang" if lang == "vi" else "pages", total=None)

    def files_found(self, number: int) -> None:
        self._files = number

    def scan_opened(self, pages: int) -> None:
        self._opened += 1
        self._pages += pages
        # Files not looked into yet are taken to hold as many pages as those before them.
        expected = self._pages * self._files / self._opened
        self.update(self._task, total=max(self._pages, round(expected)))

    def page_done(self) -> None:
        self._done += 1
        self.advance(self._task)
        if self.disable and self._done % self.LINE_EVERY == 0:
            click.echo(f"{self._done} / {self._pages}", err=True)

    def was_rejected(self, rejected: Rejected) -> None:
        page = "" if rejected.page is None else _PAGE.say(self._lang, {"page": str(rejected.page)})
        why = REJECTIONS[rejected.reason].say(self._lang, rejected.details)
        self.console.print(f"✗ {rejected.path}{page}: {why}", markup=False, soft_wrap=True)
