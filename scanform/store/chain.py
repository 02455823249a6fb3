"""The chain of the log: each row's hash covers the row and the hash before it.

What a row says about a person is hashed apart, with a salt of the row's own, and only that
second hash goes into the chain. So a person can be erased, salt and all, and the chain still
holds: the row proves that something was decided, by whom and when, and no longer what. Without
the salt the hash would tell an identity number to whoever tries a few billion of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scanform.model.record import Decision, State

START = "0" * 64
"""What the first row names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row as a link of the chain. ``said`` is what is hashed beside the hash before it; None
    for an erased row of the first format, which can't be told any more. ``shown`` is the row as it
    is exported; ``erased``: whether what it said is gone."""

    seq: int
    record: str | None
    action: str
    said: Mapping[str, object] | None
    hash: str
    shown: Mapping[str, object]
    erased: bool = False

    def fits(self, previous: str) -> bool:
        return self.said is None or chained(previous, self.said) == self.hash


def chained(previous: str, said: Mapping[str, object]) -> str:
    """SHA-256, in hex, over ``previous`` and the row as JSON with sorted keys."""
    return _hash({**said, "previous": previous})


def sealed(salt: str, decision: Decision, from_value: str | None) -> str:
    """SHA-256, in hex, over the salt and everything in the row that is about the person."""
    whole = row_json(decision, from_value, "pending", "pending")
    payload = {name: whole[name] for name in _PERSONAL}
    return _hash({**payload, "from": from_value, "salt": salt})


def outline(decision: Decision, from_state: State, to_state: State, seal: str) -> dict[str, object]:
    """What the chain holds of a decision: all but what is about the person, and the seal of
    that."""
    whole = row_json(decision, None, from_state, to_state)
    kept = {name: value for name, value in whole.items() if name not in _PERSONAL}
    return {**kept, "from": from_state, "sealed": seal}


def event_json(  # noqa: PLR0913 - the columns of a row, each named
    *,
    seq: int,
    record: str | None,
    action: str,
    by: str,
    at: datetime,
    how: str,
    detail: Mapping[str, Any] | None,
) -> dict[str, object]:
    """Everything that a row says which is about no answer."""
    return {
        "seq": seq,
        "record": record,
        "action": action,
        "by": by,
        "at": _moment(at),
        "how": how,
        "detail": None if detail is None else dict(detail),
    }


def row_json(
    decision: Decision, from_value: str | None, from_state: State, to_state: State
) -> dict[str, object]:
    """Everything that a decision's row says, as it is exported (and was hashed at first)."""
    now = decision.standing
    return {
        "seq": decision.seq,
        "record": decision.record,
        "field": decision.field,
        "action": decision.action,
        "value": decision.value,
        "by": decision.by,
        "at": _moment(decision.at),
        "from": [from_value, from_state],
        "to": to_state,
        "confidence": None if now is None else now.confidence,
        "doubts": None if now is None else [[each.code, each.detail] for each in now.doubts],
        "undoes": decision.undoes,
        "crop": decision.crop,
        "template": decision.template,
        "readers": decision.readers,
        "how": decision.how,
        "lot": decision.lot,
        "note": decision.note,
        "seconds": decision.seconds,
    }


_PERSONAL = ("value", "confidence", "doubts", "crop", "note")
"""Beside the value that there was before."""


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(said: Mapping[str, object]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
