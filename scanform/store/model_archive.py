"""A model from one machine to another: one file, every part of which is looked at on its way in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from scanform.errors import UsageError
from scanform.fields.calibration_json import from_json
from scanform.fields.learnt import FILE_NAME as SCALES
from scanform.fields.learnt import MOST_BYTES as MOST_SCALES
from scanform.phrase import Phrase
from scanform.store.models import CARD, FILES, MORE, MOST_BYTES, PRIOR, Model

FORMAT = "scanform-model 1"
LARGEST = {SCALES: MOST_SCALES}
"""Bytes of a file, where they are fewer than of any."""

_NO_MODEL = Phrase("Tệp không phải mô hình của scanform.", "The file is no model of scanform's.")
_OTHER_FORMAT = Phrase(
    "Mô hình ở định dạng mà bản scanform này không biết.",
    "The model is in a format that this scanform doesn't know.",
)
_CHANGED = Phrase(
    "{name} của mô hình đã bị thay đổi hoặc hỏng dọc đường.",
    "The model's {name} was changed or broken on its way.",
)
_HOLDS = Phrase(
    "Tệp không phải mô hình: trong đó có {name}.", "The file is no model: it holds {name}."
)


def packed(model: Model) -> bytes:
    """The model as an archive (ZIP): its files and their hashes, nothing of any form."""
    target = io.BytesIO()
    data = {name: path.read_bytes() for name, path in model.files().items()}
    hashes = {name: hashlib.sha256(each).hexdigest() for name, each in data.items()}
    manifest = json.dumps({"format": FORMAT, "id": model.id, "files": hashes}, indent=1)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in {"manifest.json": manifest.encode(), **data}.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), each)
    return target.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of such an archive; raises ``UsageError`` for anything else in it, for a file
    that is too large, and when a hash doesn't fit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            there = _allowed(archive.infolist())
            found = {name: archive.read(name) for name in ("manifest.json", *FILES, *there)}
        manifest = json.loads(found["manifest.json"])
        hashes, is_ours = dict(manifest["files"]), manifest["format"] == FORMAT
        _checked_card(json.loads(found[CARD].decode()))
        _checked_prior(json.loads(found[PRIOR].decode()))
        if SCALES in found:
            from_json(json.loads(found[SCALES].decode()))
    except UsageError:
        raise
    except Exception as error:  # zipfile, zlib and json raise whatever they trip over
        raise UsageError(_NO_MODEL) from error
    if not is_ours:
        raise UsageError(_OTHER_FORMAT)
    for name in (*FILES, *there):
        if hashlib.sha256(found[name]).hexdigest() != hashes.get(name):
            raise UsageError(_CHANGED.of(name=name))
    return {name: found[name] for name in (*FILES, *there)}


def _allowed(inside: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Which parts it has that not every model has."""
    for each in inside:
        known = each.filename in ("manifest.json", *FILES, *MORE)
        if not known or each.file_size > LARGEST.get(each.filename, MOST_BYTES):
            raise UsageError(_HOLDS.of(name=repr(each.filename[:60])))
    names = {each.filename for each in inside}
    return [name for name in MORE if name in names]


def _checked_card(card: Any) -> None:
    """Raises ``ValueError`` or ``TypeError`` for a card that `models list` could not read."""
    for part in ("learnt_from", "held_apart"):
        if not isinstance(card.get(part, {}), dict):
            raise TypeError(part)
    if not all(isinstance(each, float | int) for each in card.get("held_apart", {}).get("cer", ())):
        raise TypeError("cer")


def _checked_prior(prior: Any) -> None:
    """Raises for anything but words and how often."""
    for part in prior.values():
        if not all(isinstance(each, str) for each in part) or not all(
            isinstance(count, int) and count >= 0 for count in part.values()
        ):
            raise TypeError("words")
