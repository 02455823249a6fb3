"""Finding one person in everything that was read, and in bytes."""

from __future__ import annotations

import importlib.util
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
from scanform.store.outputs import words
from scanform.store.tables import answers, records

MIN_DIGITS = 6
MOST_UNPACKED = 256 * 2**20
"""Bytes of one part of a zip file: more is not unpacked into memory."""


_PARQUET = b"PAR1"

_OWN_FIELDS = ("full_name", "personal_id", "id_number", "name", "number")


def telling(said: Iterable[tuple[str, str | None]]) -> list[str]:
    """Of fields and what they say, what tells the person: long numbers, and names (two words and
    more) of few fields."""
    texts: dict[str, None] = {}
    for field, value in said:
        digits = sum(c.isdigit() for c in value or "")
        is_own = field in _OWN_FIELDS
        if value and ((is_own and (digits >= 9 or " " in value)) or digits == 12):
            texts[value] = None
    return list(texts)


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
    """Files under ``folders`` with one of the texts in their names or anywhere in their bytes, also
    inside zip files, which workbooks and letters are, and in Parquet. What is packed in another way
    or encrypted is not looked into.
    """
    wanted = [text for text in texts if text]
    needles = sorted({form for text in wanted for form in written_forms(text)})
    if not needles:
        return
    pattern = re.compile(b"|".join(map(re.escape, needles)))
    called = {words(text) for text in wanted} - {""}
    for folder in folders:
        found = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for path in found:
            if path.is_file() and (
                any(each in words(path.name) for each in called)
                or _says(path, pattern)
                or _says_inside(path, pattern)
                or _says_in_table(path, pattern)
            ):
                yield path


def _says(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return pattern.search(data) is not None
    except (OSError, ValueError):  # an empty file can't be mapped
        return False


def can_be_looked_into(path: Path) -> bool:
    """Whether ``files_that_say`` would find a text in a file of that sort, which may be a Parquet
    file where nothing reads those."""
    try:
        with path.open("rb") as file:
            return file.read(4) != _PARQUET or importlib.util.find_spec("pyarrow") is not None
    except OSError:
        return False


def _says_in_table(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            if file.read(4) != _PARQUET:
                return False
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra may be missing

        with pq.ParquetFile(path) as table:
            columns = (column for each in table.iter_batches() for column in each.columns)
            return any(
                pattern.search("\0".join(map(str, column.to_pylist())).encode())
                for column in columns
            )
    except (OSError, ValueError, ImportError):
        return False  # damaged, or nothing here reads it


def _says_inside(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            parts = [each for each in archive.infolist() if each.file_size <= MOST_UNPACKED]
            return any(pattern.search(archive.read(each)) for each in parts)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return False  # damaged, or behind a password
