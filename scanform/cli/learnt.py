"""What a workspace has of its own to read with: the model that reads at present, its hamlets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from scanform.engine import worker
from scanform.lexicon.hamlets import FILE_NAME, Hamlets, load
from scanform.model.template import Field

Start = partial[None]


def learnt_model(workspace: Path, text_reader: str | None = None) -> tuple[Path, str] | None:
    """The file of the workspace's model that reads, and its id; None for the readers as shipped,
    also where another reader of text was asked for."""
    if text_reader not in (None, "tesseract+asterocr") or not (workspace / "models").is_dir():
        return None
    from scanform.store.models import ModelStore  # noqa: PLC0415 - only where something was learnt

    model = ModelStore(workspace).current()
    return None if model is None else (model.reader, model.id)


def start(workspace: Path, text_reader: str | None = None, keyed: bool = False) -> Start:
    """What readies a worker that reads for the workspace."""
    learnt = learnt_model(workspace, text_reader)
    return partial(
        worker.start,
        text_reader=text_reader,
        keyed=keyed,
        learnt=learnt,
        own_hamlets=hamlets_of(workspace),
    )


def hamlets_wanted(workspace: Path, fields: Iterable[Field]) -> Path | None:
    """Where an office would lay its list of hamlets; None where it has one or no form asks."""
    path = workspace / FILE_NAME
    asked = any(field.handled_by == "hamlet" and not field.keyed for field in fields)
    return path if asked and not path.is_file() else None


def hamlets_of(workspace: Path) -> Hamlets | None:
    """The office's list of its hamlets, where it has laid one into the workspace."""
    path = workspace / FILE_NAME
    return load(path) if path.is_file() else None
