"""A scanner's drop folder: what is whole in it is digitised and moved out of the way.

Nothing is remembered but what the store knows and where the files lie, so a watch that was killed
goes on where it was: a file that is still in the folder is looked at again, and what was digitised
before is known by its bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from scanform.intake.files import find_files, scan_file
from scanform.model.scan import Rejected
from scanform.whole import write_whole

DONE, REJECTED = "done", "rejected"
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".download")
_TAIL = 2048
PATIENCE = 6
"""How many times longer a file that doesn't look whole is waited for, then taken as it is."""
LEFT_SECONDS = 300.0
"""For how long a file is left that could not be moved away, as one that is held open."""
_MOST_BYTES = 240
"""Of a file's name: most file systems take 255, and a note's name is longer."""


@dataclass(slots=True)
class _Seen:
    size: int
    changed: int
    since: float

    def is_same(self, about: os.stat_result) -> bool:
        return (self.size, self.changed) == (about.st_size, about.st_mtime_ns)


@dataclass(slots=True)
class Folder:
    """The drop folder. A file is ready once its size and time have not changed for ``stable``
    seconds, by this computer's clock and not the share's, and its end looks like an end."""

    path: Path
    stable: float = 10.0
    clock: Callable[[], float] = monotonic
    _seen: dict[Path, _Seen] = field(default_factory=dict)

    def ready(self) -> list[Path]:
        """Files that are whole, in order. Raises ``OSError`` when the folder can't be read: a
        share that is away for a while."""
        os.scandir(self.path).close()
        now, found = self.clock(), {}
        for path in self._files():
            try:
                about = path.stat()
            except OSError:
                continue  # it went away between the two looks
            before = self._seen.get(path)
            fresh = _Seen(about.st_size, about.st_mtime_ns, now)
            found[path] = before if before and before.is_same(about) else fresh
        self._seen = found
        return [path for path, seen in found.items() if self._is_ready(path, now - seen.since)]

    def is_as_seen(self, path: Path) -> bool:
        """Whether nobody wrote to the file since the last look: what was read is all of it."""
        try:
            about = path.stat()
        except OSError:
            return False
        seen = self._seen.get(path)
        return seen is not None and seen.is_same(about)

    def leave(self, path: Path) -> None:
        """Leaves a file alone for a while, though it is ready."""
        if path in self._seen:
            self._seen[path].since = self.clock() + LEFT_SECONDS

    @property
    def waiting(self) -> int:
        """How many files there were at the last look."""
        return len(self._seen)

    def _is_ready(self, path: Path, quiet: float) -> bool:
        return quiet >= self.stable and (quiet >= PATIENCE * self.stable or looks_whole(path))

    def _files(self) -> Iterator[Path]:
        aside = [self.path / DONE, self.path / REJECTED]
        for path in find_files([self.path]):
            if path == self.path or path.suffix.lower() in _UNFINISHED or path.name.startswith("~"):
                continue
            if not any(path.is_relative_to(each) for each in aside):
                yield path


def looks_whole(path: Path) -> bool:
    """Whether the file ends as its sort does; one of a sort that has no sure end does."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            tail = file.read()
    except OSError:
        return False
    if head.startswith(b"%PDF-"):
        return b"%%EOF" in tail
    if head.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in tail
    if head.startswith(b"\x89PNG"):
        return b"IEND" in tail
    return bool(head)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: ``taken`` when any page of it was, and what was rejected."""

    path: Path
    sha256: str
    taken: bool
    rejected: tuple[Rejected, ...]


def outcomes(
    paths: Sequence[Path],
    pages_of: Callable[[str], Sequence[bool]],
    rejected: Sequence[Rejected],
) -> Iterator[Outcome]:
    """What became of each file after a run, as the store has it: ``pages_of`` gives of a scan
    whether each page was taken."""
    by_sha: dict[str, list[Rejected]] = {}
    by_path: dict[str, list[Rejected]] = {}
    for each in rejected:
        (by_sha if each.sha256 else by_path).setdefault(each.sha256 or str(each.path), []).append(
            each
        )
    for path in paths:
        scan = scan_file(path)
        if isinstance(scan, Rejected):
            yield Outcome(path, scan.sha256, False, (scan,))
            continue
        found = by_sha.get(scan.sha256, []) + by_path.get(str(path), [])
        yield Outcome(path, scan.sha256, any(pages_of(scan.sha256)), tuple(found))


def put_away(
    folder: Path,
    outcome: Outcome,
    words: Callable[[Rejected], str],
    known: Callable[[Path], bool] = lambda _: False,
    renamed: Callable[[Path, Path], None] = lambda *_: None,
) -> Path | None:
    """Moves the file to ``done/`` or ``rejected/``; what was rejected is told in a text file in
    ``rejected/``. Its new place, or None where it can't be moved (the scanner holds it open): then
    it is looked at again. ``known``: whether another file was at a place, though it is gone.
    ``renamed`` notes the new name, before the move: killed in between, the file still lies where
    the next watch finds it and moves it there, while after a move nobody would note it."""
    place = _free(folder / (DONE if outcome.taken else REJECTED), outcome.path.name, known)
    try:
        place.parent.mkdir(exist_ok=True)
        if outcome.rejected:
            note = folder / REJECTED / f"{place.name}.txt"
            note.parent.mkdir(exist_ok=True)
            lines = [words(each) for each in outcome.rejected]
            write_whole(note, ("\r\n".join(lines) + "\r\n").encode("utf-8-sig"), 0o644)
        renamed(outcome.path, place)
        try:
            outcome.path.rename(place)
        except OSError:
            renamed(place, outcome.path)
            raise
    except OSError:
        return None
    return place


def _free(folder: Path, name: str, known: Callable[[Path], bool]) -> Path:
    """A name in the folder that no file has or had."""
    stem, suffix = Path(name).stem, Path(name).suffix
    while len((stem + suffix).encode("utf-8", "surrogateescape")) > _MOST_BYTES:
        stem = stem[:-1]
    place, number = folder / f"{stem}{suffix}", 1
    while place.exists() or known(place):
        number += 1
        place = folder / f"{stem} ({number}){suffix}"
    return place


@dataclass(slots=True)
class Health:
    """How a watch is. ``state``: ``watching``, ``working``, ``folder_away`` (the share can't be
    reached), ``store_trouble`` (locked, full), ``no_cover`` (a file comes before any cover sheet,
    and every file has to come after one), ``not_moved`` (a file that was worked can't be moved
    away: the folder may only be read, or a program holds it open), ``stopped``."""

    state: str = "watching"
    waiting: int = 0
    done: int = 0
    rejected: int = 0
    records: int = 0

    @property
    def well(self) -> bool:
        return self.state in ("watching", "working")

    def as_json(self, at: str) -> Mapping[str, object]:
        return {
            "at": at,
            "ok": self.well,
            "state": self.state,
            "waiting": self.waiting,
            "done": self.done,
            "rejected": self.rejected,
            "records": self.records,
        }
