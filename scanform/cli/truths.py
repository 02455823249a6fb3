"""What ``scanform rehearse`` says stands on the pages that it drew."""

from __future__ import annotations

import json
from pathlib import Path

from scanform.cli.rehearse import TRUTH
from scanform.errors import UsageError


def truths_in(folder: Path) -> dict[tuple[str, int], dict[str, str | None]]:
    """The answers of each form, by its file's name and page. Raises ``UsageError`` where there is
    no such list, or a line of it is none of ours."""
    file = folder / TRUTH
    advice = "Make one with: scanform rehearse TEMPLATE -o DIR"
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} can't be read.", advice) from error
    found: dict[tuple[str, int], dict[str, str | None]] = {}
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            place = str(said["scan"]), int(said["page"])
            found[place] = {str(k): v if v is None else str(v) for k, v in said["answers"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"{file}:{number} says no answers of a form.", advice) from error
    return found
