"""Records to a file that takes its name only when it is whole, and a manifest beside it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, BinaryIO

from scanform.errors import UsageError
from scanform.export.interface import Format, Layout, Unmapped
from scanform.export.output import writing_output
from scanform.export.reasons import REASONS
from scanform.model.record import Record
from scanform.phrase import Phrase

SUFFIX = ".manifest.json"

SHOWN = 20
"""So many complaints are shown one by one; the manifest has them all."""

_IN_MEMORY = 1024 * 1024  # bytes
_FIELD = attrgetter("field")  # looked up 47 million times in an export of a million


@dataclass
class Account:
    """What went into the file, counted while it went."""

    written: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    revisions: Counter[tuple[str, int]] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many records can't say something, by field and reason; an empty field is a record that
    was left out."""
    first: list[Unmapped] = field(default_factory=list)
    """The first of them, to be shown at once."""

    @property
    def given(self) -> int:
        """Records that were handed to the exporter."""
        return self.statuses.total()

    @property
    def left_out(self) -> int:
        return sum(count for (name, _), count in self.unmapped.items() if not name)


class HandOver:
    """One export. ``sure`` says that ``layout`` has every field there is, so that one it has not
    is an error and not lost in silence."""

    def __init__(self, form: Format, layout: Layout, sure: bool) -> None:
        self._form = form
        self._layout = layout
        self._known = frozenset(layout.fields) if sure else None
        self.account = Account()
        # A million records may have a million complaints: they wait on disk for the manifest.
        self._complaints: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - see close
            _IN_MEMORY, "w+", encoding="ascii"
        )

    def __enter__(self) -> HandOver:
        return self

    def __exit__(self, *_: object) -> None:
        self._complaints.close()

    def write(self, records: Iterable[Record], to: BinaryIO) -> Account:
        """Writes the records and counts them. Raises what the exporter does, and ``UsageError``
        for an answer to a field that the template has not."""
        counted = self._counted(records)
        self.account.written = self._form.write(counted, to, self._layout, self._tell)
        return self.account

    def _counted(self, records: Iterable[Record]) -> Iterator[Record]:
        account, known = self.account, self._known
        for record in records:
            account.statuses[record.status] += 1
            account.revisions[record.template, record.revision] += 1
            if known is not None and not known.issuperset(map(_FIELD, record.answers)):
                raise _strange(record, known)
            yield record

    def _tell(self, unmapped: Unmapped) -> None:
        self.account.unmapped[unmapped.field, unmapped.reason] += 1
        if unmapped.record:
            if len(self.account.first) < SHOWN:
                self.account.first.append(unmapped)
            self._complaints.write(
                json.dumps([unmapped.record, unmapped.field, unmapped.reason]) + "\n"
            )

    def write_to(self, output: Path, records: Iterable[Record], about: Mapping[str, Any]) -> None:
        """The file and its manifest; what was there before is replaced when both are whole.
        ``about`` is what the manifest says first: the format, the filter, who and when."""
        manifest = output.with_name(output.name + SUFFIX)
        with writing_output(manifest) as beside, writing_output(output) as file:
            self.write(records, file)
            file.flush()
            digest, size = _digest(file)
            told = {"file": output.name, "sha256": digest, "bytes": size, **about}
            self._manifest(beside, told)

    def _manifest(self, to: BinaryIO, about: Mapping[str, Any]) -> None:
        account = self.account
        head = dict(about) | {
            "records": account.written,
            "left_out": account.left_out,
            "complete": account.statuses["complete"],
            "pending": account.statuses["pending"],
            "templates": [
                {"id": template, "revision": revision, "records": count}
                for (template, revision), count in sorted(account.revisions.items())
            ],
            "lists": _lists(self._form, self._layout),
            "unmapped": [
                {
                    "field": name or None,
                    "reason": reason,
                    "message": REASONS[reason].en,
                    "records": None if reason == "no_element" else count,
                }
                for (name, reason), count in sorted(account.unmapped.items())
            ],
        }
        text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
        to.write(text.encode("utf-8", "backslashreplace"))
        to.write(b',\n  "unmapped_in": [')
        self._complaints.seek(0)
        for at, line in enumerate(self._complaints):
            record, name, reason = json.loads(line)
            entry = json.dumps({"record": record, "field": name or None, "reason": reason})
            to.write(b",\n    " if at else b"\n    ")
            to.write(entry.encode())
        to.write(b"\n  ]\n}\n")


def _digest(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1024 * 1024):
        digest.update(block)
    return digest.hexdigest(), file.tell()


def _lists(form: Format, layout: Layout) -> dict[str, str]:
    """Every list that a value or code comes from, with its vintage."""
    found = {note.lexicon: note.vintage for note in layout.notes if note.vintage}
    return dict(sorted((found | dict(form.codes())).items()))


def _strange(record: Record, known: frozenset[str]) -> UsageError:
    fields = sorted({answer.field for answer in record.answers} - known)
    template = f"{record.template}@{record.revision}"
    return UsageError(
        _STRANGE.of(record=record.id, fields=", ".join(fields), template=template), _NAME_TEMPLATE
    )


_STRANGE = Phrase(
    "Phiếu {record} có mục {fields} mà mẫu {template} không có: mẫu đã bị sửa mà không đổi phiên "
    "bản.",
    "Record {record} answers {fields}, which its template {template} does not have: it was changed "
    "but kept its revision.",
)
_NAME_TEMPLATE = Phrase(
    "Hãy nêu mẫu đã dùng khi đọc (-t THƯ_MỤC), hoặc các mục cần xuất (--fields).",
    "Name the template it was read with (-t FOLDER), or the fields you want (--fields).",
)
