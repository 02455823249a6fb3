"""A Tesseract that stays: it is handed images one by one and says of each at once what it read.

A new process loads its language and a table of ambiguities that its network doesn't use before it
reads a thing, which takes as long as several lines. It takes names of images from where it is typed
to (``stream_filelist``) and writes a page of hOCR for each; ``stdbuf`` of the GNU coreutils has it
not keep back what it wrote. Where there is none, there is no standing Tesseract.
"""

from __future__ import annotations

import atexit
import functools
import os
import selectors
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, cast
from xml.etree import ElementTree

STANDS = ("-c", "stream_filelist=1")
MOST_BYTES = 2**24
"""Of hOCR for one image: a line has some ten thousand."""
SECONDS_TO_END = 2.0

_PAGE, _PAGE_END = b"<div", b"</div>"


class NoAnswerError(Exception):
    """The program ended, hung or talked rubbish."""


class Standing:
    """One such process, for one thread at a time, in this one's environment. ``words`` follow the
    program's name."""

    def __init__(self, program: str, words: Sequence[str]) -> None:
        self.has_answered = False
        self._process = subprocess.Popen(  # noqa: S603
            [str(shutil.which("stdbuf")), "-o0", program, "-", "-", *words, *STANDS, "hocr"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._names = cast("IO[bytes]", self._process.stdin)
        self._pages = cast("IO[bytes]", self._process.stdout)
        self._told = selectors.DefaultSelector()
        self._told.register(self._pages, selectors.EVENT_READ)

    def read(self, image: str, seconds: float) -> ElementTree.Element:
        """The hOCR of the image of that name, its page. Raises ``NoAnswerError`` when there is none
        within ``seconds``; the process is then of no more use."""
        until = time.monotonic() + seconds
        heard = b""
        try:
            self._names.write(os.fsencode(image) + b"\n")
            # Marks in what was read are escaped, so a page is over when as many are closed.
            while not (opened := heard.count(_PAGE)) or opened > heard.count(_PAGE_END):
                left = until - time.monotonic()
                if left < 0 or not self._told.select(left):
                    raise NoAnswerError
                piece = self._pages.read(1 << 16)
                if not piece or len(heard) > MOST_BYTES:
                    raise NoAnswerError
                heard += piece
            page = heard[heard.index(_PAGE) : heard.rindex(_PAGE_END) + len(_PAGE_END)]
            element = ElementTree.fromstring(page)  # noqa: S314  # nosec B314
        except (OSError, ValueError, ElementTree.ParseError) as error:
            raise NoAnswerError from error
        self.has_answered = True
        return element

    def close(self) -> None:
        """Ends the process; one that won't end is killed."""
        with suppress(OSError):
            self._names.close()  # nothing is to come: it ends by itself
        try:
            self._process.wait(SECONDS_TO_END if self.has_answered else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._told.close()
        self._pages.close()


_lock = threading.Lock()
_standing: dict[tuple[object, ...], Standing] = {}
_never: set[tuple[object, ...]] = set()
"""Those of which one didn't answer even once: they are not begun again."""


@contextmanager
def at_hand(program: str, words: Sequence[str]) -> Iterator[Standing | None]:
    """The one of this process that has these words; None where there can be none, or while another
    thread has one. What is raised within ends it. Raises ``OSError`` when none can be begun."""
    # Another path or other languages are another program, and one that was begun before this
    # process was forked is its parent's.
    places = (os.environ.get(name) for name in ("PATH", "TESSDATA_PREFIX"))
    which = (os.getpid(), program, *words, *places)
    if which in _never or not can_stand() or not _lock.acquire(blocking=False):
        yield None
        return
    try:
        one = _standing.get(which)
        if one is None:
            one = _standing[which] = Standing(program, words)
        try:
            yield one
        except BaseException:
            _standing.pop(which).close()
            if not one.has_answered:
                _never.add(which)
            raise
    finally:
        _lock.release()


def end_all() -> None:
    """Ends those of this process."""
    with _lock:
        for which in [each for each in _standing if each[0] == os.getpid()]:
            _standing.pop(which).close()


atexit.register(end_all)


@functools.cache
def can_stand() -> bool:
    """Whether a program can be had that writes at once what it has to say."""
    return os.name == "posix" and shutil.which("stdbuf") is not None
