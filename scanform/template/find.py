"""Where templates lie: the user's own folders first, then those that come with scanform."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scanform.errors import UsageError
from scanform.phrase import Phrase
from scanform.template.load import YAML_NAME

ENVIRONMENT = "SCANFORM_TEMPLATES"

_HERE = Path(__file__).resolve().parent
_SHIPPED = (_HERE / "bundled", _HERE.parent.parent / "templates")
"""In a wheel, and in a checkout."""

_NONE = Phrase("Không có mẫu {name}.", "There is no template {name}.")
_NAME_ONE = Phrase(
    "Hãy nêu thư mục có {file}, hoặc một trong: {ids}.",
    "Name a folder with a {file}, or one of: {ids}.",
)


def folders() -> Iterator[Path]:
    """Folders that hold templates, those that come first hiding the later ones:
    ``$SCANFORM_TEMPLATES`` (several, parted as in ``PATH``), ``./templates``, the shipped ones."""
    for name in os.environ.get(ENVIRONMENT, "").split(os.pathsep):
        if name:
            yield Path(name)
    yield Path("templates")
    yield from _SHIPPED


def available() -> list[Path]:
    """The folder of every template that can be named by its id, by id."""
    found: dict[str, Path] = {}
    for place in folders():
        if not place.is_dir():
            continue
        for folder in place.iterdir():
            if (folder / YAML_NAME).is_file():
                found.setdefault(folder.name, folder)
    return [found[name] for name in sorted(found)]


def find(name: str) -> Path:
    """The folder of a template: ``name`` is a path to it or to its ``template.yaml``, or an id.
    Raises ``UsageError``."""
    path = Path(name)
    if path.name == YAML_NAME and path.is_file():
        return path.parent
    if (path / YAML_NAME).is_file():
        return path
    known = available()
    for folder in known:
        if folder.name == name:
            return folder
    ids = ", ".join(folder.name for folder in known)
    raise UsageError(_NONE.of(name=repr(name)), _NAME_ONE.of(file=YAML_NAME, ids=ids or "?"))
