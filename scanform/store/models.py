"""Readers that learnt, kept in the workspace by version, and which of them reads.

A model is a folder ``models/ID`` that holds ``reader.onnx`` (numbers and a graph), ``prior.json``
(words that the unit writes) and ``card.json`` (what it learnt from, how it does). Nothing in it can
run code. Models never change; what changes is ``use.json``, to which each choice is appended.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scanform.errors import StoreError, UsageError
from scanform.store.whole import write_whole

READER, PRIOR, CARD = "reader.onnx", "prior.json", "card.json"
FILES = (CARD, PRIOR, READER)
USE, LESSONS = "use.json", "lessons.json"
FOLDER = "models"
"""Of the workspace."""
WORK = ".work"
"""Folder of a lesson that goes on or was killed: what was cut from forms lies in it."""
FORMAT = "scanform-model 1"
MOST_BYTES = 160 * 2**20
"""Of one file of a model that comes from elsewhere; a reader has 43 MB."""
_ID = re.compile(r"\d{8}-[0-9a-f]{8}")
KEPT = re.compile(
    rf"{_ID.pattern}/(?:{'|'.join(map(re.escape, FILES))})|{re.escape(USE)}|{re.escape(LESSONS)}"
)
"""Names of the files of the folder that are kept for good."""


@dataclass(frozen=True, slots=True)
class Model:
    """``id``: day and the beginning of the reader's SHA-256; ``card``: see ``learn.card``."""

    id: str
    folder: Path
    card: Mapping[str, Any]

    @property
    def reader(self) -> Path:
        return self.folder / READER


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model reads from then on; None: the reader as shipped."""

    model: str | None
    by: str
    at: str
    why: str


class ModelStore:
    """The models of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / FOLDER

    def all(self) -> list[Model]:
        """Every model that is whole, oldest first."""
        if not self.folder.is_dir():
            return []
        names = sorted(each.name for each in self.folder.iterdir() if _ID.fullmatch(each.name))
        found = [model for name in names if (model := self._model(name)) is not None]
        return sorted(found, key=lambda model: (str(model.card.get("made_at", "")), model.id))

    def _model(self, name: str) -> Model | None:
        folder = self.folder / name
        if not all((folder / each).is_file() for each in FILES):
            return None
        try:
            card = json.loads((folder / CARD).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return Model(name, folder, card) if isinstance(card, dict) else None

    def get(self, model: str) -> Model:
        """Raises ``UsageError`` when there is none of that id."""
        found = self._model(model) if _ID.fullmatch(model) else None
        if found is None:
            raise UsageError(f"There is no model {model}.", "`scanform models list` names them.")
        return found

    def keep(self, reader: bytes, prior: str, card: Mapping[str, Any], at: datetime) -> Model:
        """Adds a model; the same reader again is the same model."""
        name = f"{at:%Y%m%d}-{hashlib.sha256(reader).hexdigest()[:8]}"
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / READER, reader)
        write_whole(folder / PRIOR, prior.encode())
        text = json.dumps(dict(card), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_whole(folder / CARD, text.encode())
        return self.get(name)

    def files(self) -> dict[str, Path]:
        """By its name in the folder: every file that is kept for good. What says which model reads
        comes first, so that all that it names is there when the others are looked for."""
        single = [USE, LESSONS]
        of_models = [f"{model.id}/{name}" for model in self.all() for name in FILES]
        return {
            name: self.folder / name
            for name in [*single, *of_models]
            if (self.folder / name).is_file()
        }

    def wrong(self) -> list[tuple[str, str]]:
        """Models whose reader is not what was kept, and those that were chosen and are not there:
        code and id."""
        kept = self.all()
        changed = [
            ("model_damaged", model.id)
            for model in kept
            if hashlib.sha256(model.reader.read_bytes()).hexdigest()[:8] != model.id[-8:]
        ]
        choices = self.choices()
        now = choices[-1].model if choices else None
        gone = now is not None and now not in {model.id for model in kept}
        return changed + ([("model_missing", now)] if gone and now else [])

    # Which one reads

    def choices(self) -> list[Choice]:
        """Every choice, oldest first. Raises ``StoreError`` when the file was damaged."""
        file = self.folder / USE
        if not file.exists():
            return []
        try:
            return [Choice(**row) for row in json.loads(file.read_text("utf-8"))["choices"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                "models/use.json of the workspace can't be read.",
                "Bring it back from a backup, or choose again: `scanform models use ID`.",
            ) from error

    def current(self) -> Model | None:
        """The model that reads; None for the reader as shipped."""
        choices = self.choices()
        return None if not choices or choices[-1].model is None else self.get(choices[-1].model)

    def use(self, model: str | None, by: str, at: datetime, why: str = "chosen") -> None:
        """Chooses the model that reads from now on. Raises ``UsageError`` for an unknown one."""
        if model is not None:
            self.get(model)
        rows = [_json(each) for each in self.choices()]
        rows.append(_json(Choice(model, by, at.isoformat(timespec="seconds"), why)))
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / USE, (json.dumps({"choices": rows}, indent=1)).encode())

    def before(self) -> str | None:
        """What read before the present model was chosen. Raises ``UsageError`` at the first."""
        choices = self.choices()
        if not choices:
            raise UsageError("The shipped reader reads; there is nothing to go back to.")
        now = choices[-1].model
        return next((each.model for each in reversed(choices) if each.model != now), None)

    def remove(self, model: str) -> None:
        """Raises ``UsageError`` for the one that reads."""
        found = self.get(model)
        if (now := self.current()) is not None and now.id == model:
            raise UsageError("This model reads at present.", "Choose another one first.")
        shutil.rmtree(found.folder)


def _json(choice: Choice) -> dict[str, object]:
    return {"model": choice.model, "by": choice.by, "at": choice.at, "why": choice.why}


# From one machine to another


def packed(model: Model) -> bytes:
    """The model as an archive (ZIP): its files and their hashes, nothing of any form."""
    target = io.BytesIO()
    data = {name: (model.folder / name).read_bytes() for name in FILES}
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
            _allowed(archive.infolist())
            found = {name: archive.read(name) for name in ("manifest.json", *FILES)}
        manifest = json.loads(found["manifest.json"])
        hashes, is_ours = dict(manifest["files"]), manifest["format"] == FORMAT
        _checked_card(json.loads(found[CARD].decode()))
        _checked_prior(json.loads(found[PRIOR].decode()))
    except UsageError:
        raise
    except Exception as error:  # zipfile, zlib and json raise whatever they trip over
        raise UsageError("The file is no model of scanform's.") from error
    if not is_ours:
        raise UsageError("The model is in a format that this scanform doesn't know.")
    for name in FILES:
        if hashlib.sha256(found[name]).hexdigest() != hashes.get(name):
            raise UsageError(f"The model's {name} was changed or broken on its way.")
    return {name: found[name] for name in FILES}


def _allowed(inside: Sequence[zipfile.ZipInfo]) -> None:
    for each in inside:
        if each.filename not in ("manifest.json", *FILES) or each.file_size > MOST_BYTES:
            raise UsageError(f"The file is no model: it holds {each.filename[:60]!r}.")


def _checked_card(card: Any) -> None:
    """Raises ``ValueError`` or ``TypeError`` for a card that `models list` could not read."""
    for part in ("learnt_from", "held_apart"):
        if not isinstance(card.get(part, {}), dict):
            raise TypeError(part)
    if not all(isinstance(each, float | int) for each in card.get("held_apart", {}).get("cer", ())):
        raise TypeError("cer")


def _checked_prior(prior: Any) -> None:
    words = prior.get("words", {})
    if not all(isinstance(each, str) for each in words) or not all(
        isinstance(count, int) and count >= 0 for count in words.values()
    ):
        raise TypeError("words")
