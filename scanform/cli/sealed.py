"""Files that another office sent, perhaps encrypted: held in memory, so that they have a limit."""

from __future__ import annotations

from pathlib import Path

from scanform.errors import UsageError
from scanform.phrase import Words
from scanform.store import age, keyring, wording


def opened(file: Path, key: Path | None, most: int, too_large: Words, encrypted: Words) -> bytes:
    """What the file holds, opened with the age key in ``key`` where it is encrypted. Raises
    ``UsageError`` with ``too_large`` for one of more than ``most`` bytes, before it is read, and
    with ``encrypted`` where there is no key."""
    if file.stat().st_size > most:
        raise UsageError(too_large)
    data = file.read_bytes()
    if not data.startswith(age.MAGIC):
        return data
    if key is None:
        raise UsageError(encrypted, wording.GIVE_OPENING_KEY)
    return age.decrypt(data, keyring.identities_in(key))
