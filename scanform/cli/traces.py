"""Where somebody who was erased is still: in files that only people can take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from scanform.cli.wording import one_line
from scanform.engine.watch import REJECTED
from scanform.model.phrases import Language, Phrase
from scanform.model.record import Record
from scanform.store.outputs import Output
from scanform.store.persons import can_be_looked_into, files_that_say

State = Literal["says", "may", "moved", "note"]

_WORDS: Mapping[State, Phrase] = {
    "says": Phrase("Vẫn còn nhắc tới trong: {path}", "A file still says it: {path}"),
    "may": Phrase(
        "Được ghi ra từ khi có phiếu, có thể có người này: {path} ({what}, {day}, {by})",
        "Written since the form came in, and may show the person: {path} ({what}, {day}, {by})",
    ),
    "moved": Phrase(
        "Được ghi ra từ khi có phiếu, nay không còn ở chỗ cũ: {path} ({what}, {day}, {by})",
        "Written since the form came in, and taken elsewhere since: {path} ({what}, {day}, {by})",
    ),
    "note": Phrase(
        "Tờ ghi lý do bên cạnh bản quét vẫn mang tên nó: {path}",
        "The note of why a page was rejected still bears the scan's name: {path}",
    ),
}
_WHATS = {
    "export": Phrase("xuất phiếu", "export"),
    "show": Phrase("hồ sơ đưa cho đương sự", "what was handed to a person"),
    "gallery": Phrase("trang ảnh cắt", "gallery"),
    "crop": Phrase("ảnh cắt", "crop"),
    "log": Phrase("nhật ký", "log"),
    "lines": Phrase("dòng chữ để học", "lines to learn from"),
    "backup": Phrase("bản sao lưu", "backup"),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """A file, and what is known of it: it says the person's name or number (``says``), it was
    written since and can't be looked into (``may``) or isn't there any more (``moved``), or it is a
    watch's note that bears the name of the scan (``note``)."""

    path: Path
    state: State
    output: Output | None = None


def first_of(records: Sequence[Record]) -> datetime | None:
    """When the first of them came in; None where that isn't known."""
    moments = [each.created_at for each in records]
    return None if None in moments else min((each for each in moments if each), default=None)


def traces(
    workspace: Path, tells: Sequence[str], written: Sequence[Output], scans: Sequence[Path]
) -> list[Trace]:
    """``tells``: what tells the person. ``written``: what went out since his form came in.
    ``scans``: files outside the workspace that were his scans."""
    inside = [workspace.absolute()]
    there = [each for each in written if each.path.exists()]
    outside = [
        each.path for each in there if each.searchable and not each.path.is_relative_to(inside[0])
    ]
    says = list(dict.fromkeys(files_that_say([*inside, *outside], tells)))
    found = [Trace(path, "says") for path in says]
    for each in written:
        if each not in there:
            found.append(Trace(each.path, "moved", each))
        elif each.path not in says and not (each.searchable and can_be_looked_into(each.path)):
            found.append(Trace(each.path, "may", each))
    notes = [path.parent.parent / REJECTED / f"{path.name}.txt" for path in scans]
    return found + [Trace(note, "note") for note in notes if note.is_file()]


def in_words(trace: Trace, lang: Language) -> str:
    told = {"path": one_line(str(trace.path))}
    if trace.output is not None:
        told |= {
            "what": _WHATS[trace.output.what].say(lang),
            "day": f"{trace.output.at.astimezone():%Y-%m-%d}",
            "by": one_line(trace.output.by),
        }
    return _WORDS[trace.state].say(lang, told)


def as_json_of(found: Sequence[Trace]) -> dict[str, Any]:
    return {
        "still_said_in": [str(each.path) for each in found if each.state == "says"],
        "notes": [str(each.path) for each in found if each.state == "note"],
        "written_out": [
            {
                "path": str(each.path),
                "state": each.state,
                "what": each.output.what,
                "at": each.output.at.isoformat(),
                "by": each.output.by,
            }
            for each in found
            if each.output is not None
        ],
    }
