"""What runs in a worker process: it opens untrusted files, so it has limits and writes nothing."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import cv2
from threadpoolctl import threadpool_limits

from scanform.digitise import PageResult, RejectedPage, Toolbox, read_pages
from scanform.engine.interface import PageJob
from scanform.engine.memory import keep_what_is_freed
from scanform.engine.references import references_of
from scanform.fields import FIELD_KINDS
from scanform.fields import learnt as learnt_scales
from scanform.fields.interface import ReaderName
from scanform.intake.pages import read_page
from scanform.lexicon import hamlets
from scanform.model.scan import Page, Rejected
from scanform.model.template import EmptyForm
from scanform.page.check import PageCheck, check_page
from scanform.page.cover import batch_on
from scanform.programs import scratch
from scanform.recognise.choose import for_kind, recogniser
from scanform.recognise.interface import Recogniser

GARBAGE = 20_000
"""Objects that are made before a worker looks for rings of them that nobody needs."""

_READERS: tuple[ReaderName, ...] = ("text", "digits", "marks", "presence", "codes")


def make_toolbox(folders: Sequence[Path], text_reader: str | None = None) -> Toolbox:
    """Loads the templates of ``folders`` and everything that reads them: see ``toolbox_for``."""
    # A worker is handed its forms, so it needn't load what checks them: that takes half a second.
    from scanform.template.load import empty_form  # noqa: PLC0415

    return toolbox_for([empty_form(folder) for folder in folders], text_reader)


def toolbox_for(
    forms: Sequence[EmptyForm],
    text_reader: str | None = None,
    keyed: bool = False,
    learnt: tuple[Path, str] | None = None,
) -> Toolbox:
    """What reads ``forms``; text with the reader of that name, or the best that is installed.
    ``keyed``: nothing is read, people type. ``learnt``: a model of the workspace and its id."""
    references = references_of(forms)
    if keyed or all(field.keyed for each in forms for field in each.template.fields):
        return Toolbox(references, {}, FIELD_KINDS, keyed=True)
    by_name: dict[str, Recogniser] = {}
    recognisers: dict[ReaderName, Recogniser] = {}
    for reader in _READERS:
        name = for_kind(reader, text_reader)
        if name not in by_name:
            by_name[name] = recogniser(name, learnt)
        recognisers[reader] = by_name[name]
    return Toolbox(references, recognisers, FIELD_KINDS)


_toolbox: Toolbox | None = None


def start(
    forms: Sequence[EmptyForm],
    memory_bytes: int,
    text_reader: str | None = None,
    keyed: bool = False,
    learnt: tuple[Path, str] | None = None,
    own_hamlets: hamlets.Hamlets | None = None,
) -> None:
    """Readies this process. The one piece of shared state in the house: a worker is handed its
    tools once, not with every page."""
    global _toolbox  # noqa: PLW0603
    _quiet(memory_bytes)
    hamlets.use(own_hamlets)
    learnt_scales.use(None if learnt is None else learnt[0].parent.parent)
    _toolbox = toolbox_for(forms, text_reader, keyed, learnt)


def _quiet(memory_bytes: int) -> None:
    # Ctrl-C reaches the whole group; the parent decides what becomes of the work in hand.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _take_programs_along()
    limit_memory(memory_bytes)
    keep_what_is_freed()
    # One worker a core: more threads would only get in each other's way. NumPy's, left alone,
    # spin while they wait: a page took eight times as long.
    cv2.setNumThreads(1)
    threadpool_limits(1, user_api="blas")
    scratch.sweep()
    # What is there by now stays: nobody needs to look through it again and again.
    gc.freeze()
    gc.set_threshold(GARBAGE)


def _take_programs_along() -> None:
    """Has the programs that this process runs end with it: one that hangs would stay for ever when
    the page's time is over and its worker is ended."""
    if not hasattr(os, "setpgid"):  # Windows
        return
    with suppress(PermissionError):  # it leads its group already
        os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))


def start_checking(forms: Sequence[EmptyForm], memory_bytes: int) -> None:
    """As ``start``, but with no readers: for checking pages they aren't needed."""
    global _toolbox  # noqa: PLW0603
    _quiet(memory_bytes)
    _toolbox = Toolbox(references_of(forms), {}, FIELD_KINDS)


def limit_memory(limit: int) -> None:
    """Gives this process no more than ``limit`` bytes of address space, where that can be said."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def be_ready() -> None:
    """Nothing to do: that it is called means that the process has started."""


def work(jobs: Sequence[PageJob]) -> list[PageResult]:
    """The results of ``jobs``, in order."""
    if _toolbox is None:
        raise RuntimeError("the worker was not started")
    # One after another: a page as it came isn't needed once it has been laid on its form.
    return read_pages((_open(job) for job in jobs), _toolbox)


def check(jobs: Sequence[PageJob]) -> list[PageCheck | RejectedPage]:
    """Whether the pages of ``jobs`` will work, in order, without reading them."""
    if _toolbox is None:
        raise RuntimeError("the worker was not started")
    opened = (_open(job) for job in jobs)
    return [
        each if isinstance(each, RejectedPage) else check_page(each, _toolbox.references)
        for each in opened
    ]


def covers(jobs: Sequence[PageJob]) -> list[str | None]:
    """The batch whose cover sheet each page is, in order; None for any other page."""
    opened = (_open(job) for job in jobs)
    return [
        None if isinstance(each, RejectedPage) else batch_on(each.pixels, each.dpi)
        for each in opened
    ]


def _open(job: PageJob) -> Page | RejectedPage:
    page = read_page(job.scan, job.page)
    return RejectedPage(job.page, page) if isinstance(page, Rejected) else page
