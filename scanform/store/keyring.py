"""The keys of backups, kept apart from them: a key that is thrown away takes its backups along.

One JSON file, not in the workspace: when the disk dies the workspace is gone with it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from scanform.errors import StoreError
from scanform.store import wording
from scanform.store.leftovers import take_away
from scanform.whole import write_whole


@dataclass(frozen=True, slots=True)
class Key:
    """``identity`` (age, secret) opens the backup whose id is ``backup``."""

    backup: str
    made_at: str
    identity: str


def read(file: Path) -> list[Key]:
    """The keys, oldest first; none where there is no such file. Raises ``StoreError``."""
    if not file.exists():
        return []
    try:
        rows = json.loads(file.read_text("utf-8"))["keys"]
        return [Key(str(row["backup"]), str(row["made_at"]), str(row["identity"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(wording.NO_KEYRING.of(file=str(file)), wording.GIVE_KEYRING) from error


def write(file: Path, keys: list[Key]) -> None:
    """Replaces the file; what it held before is overwritten."""
    text = json.dumps({"keys": [asdict(each) for each in keys]}, indent=2) + "\n"
    before = file.with_name(f".{file.name}.before")
    take_away(before)  # left by one that was killed: keys in it may have been thrown away
    if file.exists():
        os.link(file, before)
    write_whole(file, text.encode())
    take_away(before)


def identities_in(file: Path) -> list[str]:
    """The identities of an age key file, or of a keyring."""
    try:
        text = file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StoreError(wording.KEY_CANT_BE_READ.of(file=str(file))) from error
    if text.lstrip().startswith("{"):
        return [key.identity for key in read(file)]
    return [line.strip() for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-")]
