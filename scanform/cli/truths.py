"""What ``scanform rehearse`` says stands on the pages that it drew."""

from __future__ import annotations

import json
from pathlib import Path

from scanform.cli.rehearse import TRUTH
from scanform.errors import UsageError
from scanform.phrase import Phrase

_CANT_READ = Phrase("Không đọc được {file}.", "{file} can't be read.")
_NO_ANSWERS = Phrase(
    "{file}:{line} không nêu câu trả lời của phiếu nào.",
    "{file}:{line} says no answers of a form.",
)
_MAKE_ONE = Phrase(
    "Hãy tạo bằng: scanform rehearse MẪU -o THƯ_MỤC",
    "Make one with: scanform rehearse TEMPLATE -o DIR",
)


def truths_in(folder: Path) -> dict[tuple[str, int], dict[str, str | None]]:
    """The answers of each form, by its file's name and page. Raises ``UsageError`` where there is
    no such list, or a line of it is none of ours."""
    file = folder / TRUTH
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(_CANT_READ.of(file=str(file)), _MAKE_ONE) from error
    found: dict[tuple[str, int], dict[str, str | None]] = {}
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            place = str(said["scan"]), int(said["page"])
            found[place] = {str(k): v if v is None else str(v) for k, v in said["answers"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(_NO_ANSWERS.of(file=str(file), line=str(number)), _MAKE_ONE) from error
    return found
