"""Finding one person in everything that was read, and in bytes."""

from __future__ import annotations

import json
import mmap
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.lexicon.spelling import fold
from scanform.store.tables import answers, records

MIN_DIGITS = 6
MOST_UNPACKED = 256 * 2**20
"""Bytes of one part of a zip file: more is not unpacked into memory."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A field of a record that says the name or the number."""

    record: str
    template: str
    revision: int
    scan_path: str
    field: str
    value: str


def mentions(connection: Connection, text: str) -> Iterator[Mention]:
    """Every answer that says ``text``: a number with all its digits, a name with all its words,
    whatever their case and marks. Also other people's forms that name the person, as a child's
    names the mother."""
    wanted = _Wanted.of(text)
    query = (
        sa.select(
            records.c.id,
            records.c.template,
            records.c.revision,
            records.c.scan_path,
            answers.c.field,
            answers.c.value,
        )
        .join(records, records.c.number == answers.c.record)
        .where(answers.c.value.is_not(None))
        .order_by(records.c.number, answers.c.position)
    )
    for row in connection.execute(query, execution_options={"yield_per": 2000}):
        if wanted.said_in(row.value):
            yield Mention(*row)


@dataclass(frozen=True, slots=True)
class _Wanted:
    digits: str
    words: str

    @classmethod
    def of(cls, text: str) -> _Wanted:
        digits = re.sub(r"\D", "", text)
        is_number = len(digits) >= MIN_DIGITS and not re.search(r"[^\W\d]", text)
        return cls(digits if is_number else "", " ".join(fold(text).split()))

    def said_in(self, value: str) -> bool:
        if self.digits:
            return self.digits in re.sub(r"\D", "", value)
        return bool(self.words) and f" {self.words} " in f" {' '.join(fold(value).split())} "


def written_forms(text: str) -> set[bytes]:
    """How a text may stand in a file: whole or in its two Unicode forms, in capitals or not, in
    UTF-8, UTF-16 or with the escapes of JSON."""
    spellings = {text, text.lower(), text.upper(), text.title()}
    forms = {unicodedata.normalize(form, each) for each in spellings for form in ("NFC", "NFD")}
    escaped = {json.dumps(each)[1:-1].encode() for each in forms}
    wide = {each.encode("utf-16-le") for each in forms}
    return escaped | wide | {each.encode() for each in forms}


def files_that_say(folders: Sequence[Path], texts: Iterable[str]) -> Iterator[Path]:
    """Files under ``folders`` with one of the texts anywhere in their bytes, also inside zip files,
    which workbooks and letters are. What is packed in another way or encrypted is not looked into.
    """
    needles = sorted({form for text in texts if text for form in written_forms(text)})
    if not needles:
        return
    pattern = re.compile(b"|".join(map(re.escape, needles)))
    for folder in folders:
        found = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for path in found:
            if path.is_file() and (_says(path, pattern) or _says_inside(path, pattern)):
                yield path


def _says(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return pattern.search(data) is not None
    except (OSError, ValueError):  # an empty file can't be mapped
        return False


def _says_inside(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            parts = [each for each in archive.infolist() if each.file_size <= MOST_UNPACKED]
            return any(pattern.search(archive.read(each)) for each in parts)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return False  # damaged, or behind a password
