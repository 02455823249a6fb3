"""Everything that can go wrong, in one tree.

ScanformError            1
├── UsageError           2   the command was given something it can't use
│   ├── NotAllowed       2   this person's role doesn't allow it
│   └── TooMany          2   too many failed tries to sign in
├── MissingProgram       4   Tesseract, its Vietnamese, or Poppler is not there
├── LearningError        1   a reader can't be taught or taken in
│   └── NotEnough        1   too little was confirmed to learn from
├── WorkersDie           1   the reading processes die before they have read anything
├── TemplateError        5   a template has mistakes
└── StoreError           6   the workspace or database is wrong, or locked
    ├── NoSuchRecord     6   no record of that id
    ├── NoSuchField      6   the record has no such field
    ├── NoSuchBatch      6   no batch of that number
    ├── BatchClosed      6   the batch takes no more scans
    └── Overtaken        6   somebody else decided meanwhile

A scan or page that can't be read is none of these: it is a ``Rejected`` value with a reason,
and the rest of the batch goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

REJECTED_SOME = 3
INTERRUPTED = 130


class ScanformError(Exception):
    """Something is wrong that the user can mend. The docstring is the default message."""

    exit_code: int = 1
    next_step: str = ""
    """What the user can do about it."""

    def __init__(self, message: str = "", next_step: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])
        if next_step:
            self.next_step = next_step


class UsageError(ScanformError):
    """The command was given something it can't use."""

    exit_code = 2


class NotAllowed(UsageError):
    """This person's role doesn't allow it."""

    next_step = "Ask an admin: `scanform people role NAME ROLE`."


class TooMany(UsageError):
    """Too many failed tries to sign in."""

    next_step = "Wait, then try again."


class MissingProgram(ScanformError):
    """A needed program or language is missing."""

    exit_code = 4
    next_step = "Run `scanform doctor`: it names the command that installs it."


class LearningError(ScanformError):
    """The reader can't be taught."""


class NotEnough(LearningError):
    """There is too little to learn from."""

    next_step = "Review more forms, then run the same command again."


class WorkersDie(ScanformError):
    """The reading processes die before they have read anything. What was finished is kept."""

    next_step = (
        "Is there memory left on this machine (about 1 GB a process)? Try fewer (--jobs 1), then "
        "run the same command again."
    )


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a template: where it is, what is wrong, what to write instead."""

    file: str
    line: int
    field: str
    problem: str
    advice: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        what = f"{self.field}: {self.problem}" if self.field else self.problem
        return f"{where}: {what}" + (f" ({self.advice})" if self.advice else "")


class TemplateError(ScanformError):
    """The template has mistakes."""

    exit_code = 5
    next_step = "Mend the lines named above, then run `scanform template check DIR`."

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)

    def __reduce__(self) -> tuple[type[TemplateError], tuple[tuple[Mistake, ...]]]:
        return type(self), (self.mistakes,)


class StoreError(ScanformError):
    """The workspace or database is wrong, or locked."""

    exit_code = 6


class NoSuchRecord(StoreError):
    """There is no record of that id."""

    next_step = "`scanform review list` names the records that wait."


class NoSuchField(StoreError):
    """The record has no such field."""

    next_step = "`scanform template show ID --json` names the fields."


class NoSuchBatch(StoreError):
    """There is no batch of that number."""

    next_step = "`scanform batch list` names the batches."


class Overtaken(StoreError):
    """Somebody else was quicker: the answer is theirs or decided. Nothing was written."""

    next_step = "Look at it again, then decide."


class BatchClosed(StoreError):
    """The batch is closed and takes no more scans."""

    next_step = "Open another with `scanform batch open`."
