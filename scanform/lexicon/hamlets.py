"""Hamlets, quarters and groups below the commune: no list of the nation has them, an office has its
own. Pure but for ``load``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scanform.errors import UsageError
from scanform.lexicon import places
from scanform.lexicon.entry import Entry, Match
from scanform.lexicon.forms import Forms
from scanform.lexicon.spelling import fold, key, late_tones, tidy
from scanform.phrase import Phrase

FILE_NAME = "hamlets.csv"
"""An office's list, in its workspace."""
MOST_BYTES = 2_000_000
_HEADINGS = {
    "commune": "commune",
    "xã": "commune",
    "thuộc": "commune",
    "hamlet": "hamlet",
    "ấp": "hamlet",
    "thôn": "hamlet",
    "tên": "hamlet",
}
_UNIT = re.compile(
    r"(?:tổ dân phố|khu phố|khu dân cư|tdp|kp|ấp|thôn|khóm|khu|tổ|xóm|bản|làng|buôn|sóc|phum|đội)"
    r"(?:\.\s*|\s+)(?P<name>\S.*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,2}[A-ZĐ]?", re.IGNORECASE)

_WRITE_TABLE = Phrase(
    "Hãy ghi một bảng có các cột xã và ấp (commune, hamlet), mã UTF-8.",
    "Write a table with the columns commune and hamlet, in UTF-8.",
)
_TOO_LARGE = Phrase(
    "{file} quá lớn đối với một danh sách ấp.", "{file} is too large for a list of hamlets."
)
_CANT_BE_READ = Phrase("Không đọc được {file}.", "{file} can't be read.")
_NO_TABLE = Phrase("{file} không phải một bảng: {why}.", "{file} is no table: {why}.")
_NO_COLUMNS = Phrase(
    "{file} thiếu cột xã hoặc cột ấp.", "{file} lacks the columns commune and hamlet."
)
_HALF_LINE = Phrase(
    "{file}, dòng {line}: thiếu xã hoặc ấp.",
    "{file}, line {line}: the commune or the hamlet is missing.",
)


@dataclass(frozen=True, slots=True)
class Usual:
    """How usual a hamlet's name is. ``known``: it has a unit's word before a number, or before
    a name that communes bear, too, or a unit's people confirmed it. ``rivals``: names that differ
    in marks alone, of communes or, where it was confirmed, of others that were."""

    known: bool
    rivals: int


def usual(text: str) -> Usual:
    """What the nation's list of communes says of a hamlet: it names places as people do.

    >>> usual("Ấp 3"), usual("Ấp Phú Thạnh").known, usual("Ấp Phú Thạnh").rivals > 0
    (Usual(known=True, rivals=0), True, True)
    """
    found = _UNIT.fullmatch(tidy(text))
    if found is None:
        return Usual(False, 0)
    name = found["name"]
    if _NUMBER.fullmatch(name):
        return Usual(True, 0)
    said = late_tones(tidy(text).lower())
    if said in (ours := _late_confirmed()) and name.istitle():
        return Usual(True, sum(fold(each) == fold(said) for each in ours) - 1)
    alike = _communes().get(fold(name), frozenset())
    known = late_tones(name) in alike  # in its case, too: "Mỹ lợi" may be misread
    return Usual(known, len({key(each) for each in alike} - {key(name)}))


@cache
def _communes() -> Mapping[str, frozenset[str]]:
    """Names of communes, by their letters without marks."""
    found: dict[str, set[str]] = {}
    for entry in places.of_level("commune"):
        found.setdefault(fold(entry.name), set()).add(late_tones(entry.name))
    return {letters: frozenset(names) for letters, names in found.items()}


class Hamlets:
    """An office's hamlets, by commune (``Xã Thạnh Hải`` or ``Thạnh Hải``)."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """``rows``: pairs of a commune and a hamlet in it."""
        forms: dict[str, list[tuple[str, Entry]]] = {}
        for commune, name in rows:
            forms.setdefault(_bare(commune), []).extend(_written(name, commune))
        self._forms = {commune: Forms(some) for commune, some in forms.items()}

    @property
    def written(self) -> tuple[str, ...]:
        """Every form that people may write for one of them, whatever commune it lies in."""
        return tuple(
            dict.fromkeys(form for some in self._forms.values() for form in some.written())
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Their names in small letters without the unit's word; numbers are none."""
        found = (_UNIT.fullmatch(form) for form in self.written)
        names = (each["name"].lower() for each in found if each is not None)
        return tuple(dict.fromkeys(name for name in names if not _NUMBER.fullmatch(name)))

    def knows(self, commune: str) -> bool:
        """Whether the hamlets of that commune are listed."""
        return _bare(commune) in self._forms

    def match(self, text: str, commune: str, least: float) -> Match | None:
        """The hamlet of that commune that a text is nearest to, at least so alike."""
        forms = self._forms.get(_bare(commune))
        return None if forms is None else forms.match(text, least)


_COMMUNE = re.compile(r"(?:xã|phường|thị trấn|tt|x|p)[.\s]\s*(?=\S)", re.IGNORECASE)


def _bare(commune: str) -> str:
    """A commune's name without its unit's word, for comparing."""
    text = tidy(commune)
    found = _COMMUNE.match(text)
    return key(text[found.end() :] if found else text)


def _written(name: str, commune: str) -> list[tuple[str, Entry]]:
    entry = Entry("", name, "", parent=commune)
    found = _UNIT.fullmatch(name)
    bare = found["name"] if found else name
    forms = [name] if _NUMBER.fullmatch(bare) else [name, bare]
    return [(form, entry) for form in dict.fromkeys(forms)]


def load(path: Path) -> Hamlets:
    """A list as CSV with the columns ``commune`` and ``hamlet`` (``xã``, ``ấp``), separated by
    commas, semicolons or tabs. Raises ``UsageError`` for what is no such list."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(_TOO_LARGE.of(file=str(path)), _WRITE_TABLE)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_CANT_BE_READ.of(file=str(path)), _WRITE_TABLE) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(_NO_TABLE.of(file=str(path), why=str(error)), _WRITE_TABLE) from error
    heads = [_HEADINGS.get(tidy(each).lower(), "") for each in rows[0]] if rows else []
    if "commune" not in heads or "hamlet" not in heads:
        raise UsageError(_NO_COLUMNS.of(file=str(path)), _WRITE_TABLE)
    found: list[tuple[str, str]] = []
    for line, row in enumerate(rows[1:], start=2):
        cells = {head: tidy(cell) for head, cell in zip(heads, row, strict=False) if head}
        commune, hamlet = cells.get("commune", ""), cells.get("hamlet", "")
        if not commune and not hamlet:
            continue
        if not commune or not hamlet:
            raise UsageError(_HALF_LINE.of(file=str(path), line=str(line)), _WRITE_TABLE)
        found.append((commune, hamlet))
    return Hamlets(found)


_own = Hamlets(())


def use(own: Hamlets | None) -> None:
    """Reads hamlets from now on as those of an office; None: as anybody's. For the process, as its
    readers are."""
    global _own  # noqa: PLW0603
    _own = own or Hamlets(())


_confirmed: Mapping[str, float] = {}


def use_confirmed(found: Mapping[str, float]) -> None:
    """Takes from now on hamlets (in small letters, with the unit's word) for known that a unit's
    people confirmed, by how often; for the process, as its readers are."""
    global _confirmed  # noqa: PLW0603
    _confirmed = found
    _late_confirmed.cache_clear()


def confirmed() -> Mapping[str, float]:
    """The hamlets that people of the unit that this process reads for confirmed, by how often."""
    return _confirmed


@cache
def _late_confirmed() -> frozenset[str]:
    return frozenset(late_tones(tidy(each).lower()) for each in _confirmed)


def own() -> Hamlets:
    """The hamlets of the office that this process reads for."""
    return _own
