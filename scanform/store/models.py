"""Readers that learnt, kept in the workspace by version, and which of them reads.

A model is a folder ``models/ID`` that holds ``reader.onnx`` (numbers and a graph), ``prior.json``
(words that the unit writes) and ``card.json`` (what it learnt from, how it does); it may hold
``digits.onnx`` (a network for the cells of combs) and ``scales.json`` (what its figures mean,
fitted on what people confirmed). Nothing in it can run code. Models never change; what changes is
``use.json``, to which each choice is appended.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scanform.errors import StoreError, UsageError
from scanform.fields.learnt import FILE_NAME as SCALES
from scanform.phrase import Phrase
from scanform.store import wording
from scanform.whole import write_whole

READER, PRIOR, CARD = "reader.onnx", "prior.json", "card.json"
FILES = (CARD, PRIOR, READER)
DIGITS = "digits.onnx"
MORE = (DIGITS, SCALES)
"""What a model may have beside."""
USE, LESSONS = "use.json", "lessons.json"
FOLDER = "models"
"""Of the workspace."""
WORK = ".work"
"""Folder of a lesson that goes on or was killed: what was cut from forms lies in it."""
MOST_BYTES = 160 * 2**20
"""Of one file of a model that comes from elsewhere; a reader has 43 MB."""
_ID = re.compile(r"\d{8}-[0-9a-f]{8}")
KEPT = re.compile(
    rf"{_ID.pattern}/(?:{'|'.join(map(re.escape, (*FILES, *MORE)))})"
    rf"|{re.escape(USE)}|{re.escape(LESSONS)}"
)
"""Names of the files of the folder that are kept for good."""


_NOTHING: Mapping[str, bytes] = MappingProxyType({})

_NO_MODEL = Phrase("Không có mô hình {model}.", "There is no model {model}.")
_LIST = Phrase(
    "`scanform models list` nêu các mô hình hiện có.", "`scanform models list` names them."
)
_CANT_BE_READ = Phrase(
    "Không đọc được models/use.json của thư mục làm việc.",
    "models/use.json of the workspace can't be read.",
)
_BRING_BACK = Phrase(
    "Hãy lấy lại từ bản sao lưu, hoặc xóa tệp đó rồi chọn lại: `scanform models use MÃ`.",
    "Bring it back from a backup, or delete it and choose again: `scanform models use ID`.",
)
_AS_SHIPPED = Phrase(
    "Bộ đọc đi kèm đang đọc: không có gì để trở về.",
    "The shipped reader reads; there is nothing to go back to.",
)
_READS_NOW = Phrase("Mô hình này đang đọc.", "This model reads at present.")
_OTHER_FIRST = Phrase("Hãy chọn mô hình khác trước.", "Choose another one first.")


@dataclass(frozen=True, slots=True)
class Model:
    """``id``: day and the beginning of a SHA-256 over what reads; ``card``: see ``learn.card``."""

    id: str
    folder: Path
    card: Mapping[str, Any]

    @property
    def reader(self) -> Path:
        return self.folder / READER

    def files(self) -> dict[str, Path]:
        """The files that there are, by their names."""
        return {
            name: self.folder / name
            for name in (*FILES, *MORE)
            if name in FILES or (self.folder / name).is_file()
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model reads from then on; None: the reader as shipped."""

    model: str | None
    by: str
    at: str
    why: str


@contextmanager
def written_or_told() -> Iterator[None]:
    """Says it in words (``StoreError``) where the folder can't be read or written: a full disk."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            wording.MODELS_CANT_BE_WRITTEN.of(why=error.strerror or str(error)),
            wording.MAKE_ROOM_AGAIN,
        ) from error


class ModelStore:
    """The models of a workspace. Raises ``StoreError`` where one can't be kept."""

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
            raise UsageError(_NO_MODEL.of(model=model), _LIST)
        return found

    def keep(
        self,
        reader: bytes,
        prior: str,
        card: Mapping[str, Any],
        at: datetime,
        more: Mapping[str, bytes] = _NOTHING,
    ) -> Model:
        """Adds a model; the same again is the same model. ``more``: files of ``MORE``."""
        name = f"{at:%Y%m%d}-{_hash([reader, *(more[each] for each in MORE if each in more)])}"
        folder = self.folder / name
        text = json.dumps(dict(card), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        with written_or_told():
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / READER, reader)
            for each in MORE:
                if each in more:
                    write_whole(folder / each, more[each])
            write_whole(folder / PRIOR, prior.encode())
            write_whole(folder / CARD, text.encode())
        return self.get(name)

    def files(self) -> dict[str, Path]:
        """By its name in the folder: every file that is kept for good. What says which model reads
        comes first, so that all that it names is there when the others are looked for."""
        single = [USE, LESSONS]
        of_models = [f"{model.id}/{name}" for model in self.all() for name in model.files()]
        return {
            name: self.folder / name
            for name in [*single, *of_models]
            if (self.folder / name).is_file()
        }

    def wrong(self) -> list[tuple[str, str]]:
        """Models that don't read with what was kept, and those that were chosen and are not there:
        code and id."""
        kept = self.all()
        changed = [
            ("model_damaged", model.id)
            for model in kept
            if _hash([(model.folder / name).read_bytes() for name in _reading(model)])
            != model.id[-8:]
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
            raise StoreError(_CANT_BE_READ, _BRING_BACK) from error

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
        with written_or_told():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / USE, (json.dumps({"choices": rows}, indent=1)).encode())

    def before(self) -> str | None:
        """What read before the present model was chosen. Raises ``UsageError`` at the first."""
        choices = self.choices()
        if not choices:
            raise UsageError(_AS_SHIPPED)
        now = choices[-1].model
        return next((each.model for each in reversed(choices) if each.model != now), None)

    def remove(self, model: str) -> None:
        """Raises ``UsageError`` for the one that reads."""
        found = self.get(model)
        if (now := self.current()) is not None and now.id == model:
            raise UsageError(_READS_NOW, _OTHER_FIRST)
        with written_or_told():
            shutil.rmtree(found.folder)


def _json(choice: Choice) -> dict[str, object]:
    return {"model": choice.model, "by": choice.by, "at": choice.at, "why": choice.why}


def _reading(model: Model) -> list[str]:
    """Its files that bear on what it reads and how sure it is."""
    return [READER, *(each for each in MORE if each in model.files())]


def _hash(parts: list[bytes]) -> str:
    """Eight digits that name the parts together."""
    digest = hashlib.sha256()
    for each in parts:
        digest.update(each)
    return digest.hexdigest()[:8]
