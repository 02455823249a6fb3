"""Lines to learn from, for ``scanform learn``: the workspace's own, from and for other offices.

What ``learn`` holds is imported late here: PyTorch takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanform.cli.bounds import kept_bounds
from scanform.cli.empty_forms import EmptyForms
from scanform.cli.files import write_whole
from scanform.cli.known import KnownTemplates
from scanform.cli.sealed import opened
from scanform.fields import FIELD_KINDS
from scanform.model.phrases import Language, Phrase
from scanform.store import age
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.sql import SqlStore

if TYPE_CHECKING:
    from scanform.learn.gather import Material
    from scanform.learn.night import Office

_OUT = Phrase("Đã ghi các dòng vào {file}.", "Wrote the lines to {file}.")
_LARGE = Phrase(
    "{file} lớn hơn một tệp các dòng có thể có.", "{file} is larger than a file of lines can be."
)
_ENCRYPTED = Phrase("{file} đã mã hóa.", "{file} is encrypted.")


def gathered(
    store: SqlStore, workspace: Path, names: tuple[str, ...], night: tuple[int, int] | None
) -> tuple[Material, Office]:
    """``night``: how many answers it can learn, and its seed; None for all there are."""
    from scanform.learn.confirmed import confirmed, disagreements  # noqa: PLC0415
    from scanform.learn.gather import Books, for_one_night, material_of  # noqa: PLC0415
    from scanform.learn.guards import guarded  # noqa: PLC0415
    from scanform.learn.night import Office  # noqa: PLC0415

    desk = SqlDesk(store)
    kept = guarded(confirmed(store, desk), disagreements(desk))
    images = ImageStore(workspace).get
    books = Books(store, images, KnownTemplates(names), EmptyForms(names), FIELD_KINDS)
    learnable = [each for each in kept.answers if books.learnable(each)]
    chosen = learnable if night is None else for_one_night(learnable, *night)
    material = replace(material_of(chosen, books), left=len(learnable) - len(chosen))
    return material, Office(kept, books, kept_bounds(store))


def take_out_lines(
    material: Material,
    file: Path,
    which: tuple[Sequence[str], int | None, int],
    recipients: tuple[str, ...],
    lang: Language,
) -> None:
    """``which``: kinds of fields, most lines, seed."""
    from scanform.learn.archive import packed  # noqa: PLC0415

    data = packed(material, *which)
    write_whole(file, age.encrypt(data, recipients) if recipients else data)
    click.echo(_OUT.say(lang, {"file": str(file)}), err=True)  # the file may be stdout


def taken_in(
    material: Material, files: tuple[Path, ...], key: Path | None, night: tuple[int, int]
) -> Material:
    """What there is, and what other offices took out. ``night``: how many answers it can learn of
    each, and its seed."""
    from scanform.learn.archive import MOST_IN_ALL, unpacked  # noqa: PLC0415
    from scanform.learn.gather import Material  # noqa: PLC0415

    for file in files:
        large, encrypted = (each.of(file=str(file)) for each in (_LARGE, _ENCRYPTED))
        more = unpacked(opened(file, key, MOST_IN_ALL, large, encrypted), *night)
        material = Material(
            (*material.lines, *more.lines),
            (*material.cells, *more.cells),
            material.left + more.left,
        )
    return material
