"""The log for machines: one JSON object a line, in files that take turns, nothing about people.

Only what is said to be harmless gets in: the fields that our code names, and of everything else
the message before anything was filled into it, since what is filled in may be a name.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

FIELDS = ("figures", "reason", "scan", "page", "state", "waiting", "files", "seconds")
"""Fields that a line may have, given by ``extra``."""

MEGABYTE = 1 << 20
FILES = 5


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "from": record.name,
            "event": str(record.msg),
        }
        said |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = record.exc_info[0].__name__
        return json.dumps(said, ensure_ascii=False)


def log_to(file: Path, megabytes: int = 10) -> None:
    """Writes the program's log to ``file``; at ``megabytes`` the next is begun, the last few are
    kept. Raises ``OSError``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        file, maxBytes=megabytes * MEGABYTE, backupCount=FILES, encoding="utf-8", delay=False
    )
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("scanform")
    ours.addHandler(handler)
    ours.setLevel(min(logging.INFO, logging.getLogger().level or logging.INFO))
