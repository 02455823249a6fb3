"""What learning keeps of a form that is erased: nothing that was cut from it, and a note on the
card of each model that saw it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scanform.store.models import CARD, WORK, Model, ModelStore
from scanform.store.shred import overwrite_folder
from scanform.whole import write_whole

ERASED = "erased_since"
"""On a card: ids of records that the model learnt from and that were erased after that."""


def forget(workspace: Path, records: Sequence[str]) -> tuple[str, ...]:
    """Overwrites what a lesson that goes on or was killed keeps of forms, and notes on the cards
    which records are gone; ids of the models that learnt from one of them. Their weights stay as
    they are: what they learnt can't be taken out of them."""
    models = ModelStore(workspace)
    overwrite_folder(models.folder / WORK)
    saw = []
    for model in models.all():
        gone = set(records) & set(_learnt_from(model))
        if gone:
            noted = sorted(gone | set(model.card.get(ERASED, ())))
            card = json.dumps(
                {**model.card, ERASED: noted}, ensure_ascii=False, indent=2, sort_keys=True
            )
            write_whole(model.folder / CARD, f"{card}\n".encode())
            saw.append(model.id)
    return tuple(saw)


def _learnt_from(model: Model) -> list[str]:
    """Ids of records; a card from elsewhere may say anything."""
    about: Any = model.card.get("learnt_from")
    found = about.get("records") if isinstance(about, dict) else None
    return [str(each) for each in found] if isinstance(found, list) else []
