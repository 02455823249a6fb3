"""How an answer came about: what speaks for it, and what it would take to accept it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scanform.fields import learnt
from scanform.fields.calibration import DOUBTED, features, scale_for, sort_of
from scanform.fields.confirm import Spoken, spoken
from scanform.fields.policy import Bound, bound_of, needed
from scanform.model.calibration import Scale, Seen
from scanform.model.template import Template
from scanform.review.decide import Item

How = Literal["figure", "shipped", "template", "learnt", "person", "doubt"]
"""What a confidence comes from: the reader's own figure, a calibration (that of scanform, of the
template or of the model that learnt), a person's decision; ``doubt``: it waits whatever the
confidence."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a feature adds to the figure (log odds)."""

    name: str
    adds: float


@dataclass(frozen=True, slots=True)
class Why:
    """``bound`` is the share of wrong answers that the field allows, ``least`` the confidence that
    this takes (None: no calibration proves it). ``parts`` add up to ``figure``; ``seen`` is what
    became of answers this sure or surer, of rehearsed ones or (``learnt``) of those that people
    confirmed. ``rules`` are those that speak of the field."""

    how: How
    bound: float
    least: float | None
    rules: tuple[Spoken, ...]
    parts: tuple[Part, ...] = ()
    figure: float | None = None
    seen: Seen | None = None


def explained(item: Item, template: Template, within: Bound) -> Why:
    """Why the answer stands as it does."""
    answer, field = item.answer, item.field
    said = spoken(template, item.record.answers)
    about = tuple(each for each in said if field.id in each.fields)
    bound = bound_of(field, within)
    least = needed(answer, field, within, template.calibration)
    scale = scale_for(answer, field.handled_by, template.calibration)
    how = _how(item, scale)
    if scale is None or how == "person":
        return Why(how, bound, least, about)
    told = features(answer, field.handled_by)
    told["bias"] = 1.0
    parts = [Part(name, weight * told.get(name, 0.0)) for name, weight in scale.weights.items()]
    parts.sort(key=lambda part: -abs(part.adds))
    figure = scale.figure(told)
    above = [cut for cut in scale.cuts if cut.least >= figure]
    nearest = next((cut for cut in scale.cuts if cut.least <= figure), None)
    cut = above[-1] if above else nearest
    return Why(how, bound, least, about, tuple(parts), figure, cut.seen[0] if cut else None)


def _how(item: Item, scale: Scale | None) -> How:
    answer, kind = item.answer, item.field.handled_by
    if answer.state in ("corrected", "unreadable") or answer.confidence == 1.0:
        return "person"
    if sort_of(answer, kind) == DOUBTED:
        return "doubt"
    if scale is None:
        return "figure"
    model = learnt.scales_of(answer.reading.reader) if answer.reading else None
    if model is not None and scale in model.scales.values():
        return "learnt"
    return "shipped" if scale is scale_for(answer, kind) else "template"
