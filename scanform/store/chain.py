"""The chain of the log: each row's hash covers the row and the hash before it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

from scanform.model.record import Decision, State

START = "0" * 64
"""What the first row names as the hash before it."""


def row_hash(
    previous: str, decision: Decision, from_value: str | None, from_state: State, to_state: State
) -> str:
    """SHA-256, in hex, over ``previous`` and the row as JSON with sorted keys."""
    row = row_json(decision, from_value, from_state, to_state) | {"previous": previous}
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def row_json(
    decision: Decision, from_value: str | None, from_state: State, to_state: State
) -> dict[str, object]:
    """Everything that a row says, as it is hashed and exported."""
    now = decision.standing
    return {
        "seq": decision.seq,
        "record": decision.record,
        "field": decision.field,
        "action": decision.action,
        "value": decision.value,
        "by": decision.by,
        "at": decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
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
