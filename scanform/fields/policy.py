"""What is accepted without a look: the user's bound on errors, and what follows from it.

The bound is in the user's words: of what is accepted without a look, at most this share may be
wrong. It holds for each sort of answer and reader by itself, so a thousand sure tick boxes don't
pay for ten doubtful names. From which confidence on it holds is told by the calibration
(``calibration.least_chance``); an answer without a scale must keep the bound by its own figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime

from scanform.fields.calibration import least_chance, scale_for
from scanform.fields.doubt import settle
from scanform.model.calibration import Calibration
from scanform.model.record import Answer
from scanform.model.template import Field

DEFAULT_MAX_ERROR = 0.005
"""What the scales that come with scanform prove for most kinds of answers (docs/confidence.md)."""

_SHARE = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*%\s*")
_EQUAL = 1e-9
NEVER = 2.0
"""No answer is that sure."""


def parse_share(text: str) -> float:
    """``0.5%`` (or ``0,5 %``) as 0.005; raises ``ValueError``. A bare number could mean either."""
    found = _SHARE.fullmatch(text)
    share = float(found[1].replace(",", ".")) / 100 if found else 1.0
    if share >= 1.0:
        raise ValueError("write a share below 100% with its sign, such as 0.5%")
    return share


def say_share(share: float) -> str:
    """0.005 as ``0.5%``, as the user would write it; three figures at most."""
    percent = share * 100
    return f"{percent:.3g}%" if percent < 100 else "100%"


EVERY_KIND = "*"
"""Stands for all field kinds of a template."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A template's bound: ``max_error`` as it was promised. ``tighter``: field kinds (or
    ``EVERY_KIND``) whose errors are so many times as many as their confidences say."""

    max_error: float = DEFAULT_MAX_ERROR
    tighter: Mapping[str, float] = dataclass_field(default_factory=dict)

    def factor(self, kind: str) -> float:
        return max(1.0, self.tighter.get(kind, 1.0), self.tighter.get(EVERY_KIND, 1.0))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bound of each template: its own in ``of``, else ``every``. ``tighter``: what quality
    samples have shown, by template and field kind."""

    every: float = DEFAULT_MAX_ERROR
    of: Mapping[str, float] = dataclass_field(default_factory=dict)
    tighter: Mapping[str, Mapping[str, float]] = dataclass_field(default_factory=dict)

    def __getitem__(self, template: str) -> Bound:
        return Bound(self.of.get(template, self.every), self.tighter.get(template, {}))

    def changed(self, max_error: float, templates: Iterable[str] = ()) -> Bounds:
        """The bounds with another one for those templates, or for all when none is named."""
        named = dict.fromkeys(templates, max_error)
        if not named:
            return Bounds(max_error, tighter=self.tighter)
        return Bounds(self.every, {**self.of, **named}, self.tighter)

    def as_json(self) -> dict[str, object]:
        """What was promised; a ``Tightening`` is kept by itself."""
        return {"every": self.every, "of": dict(sorted(self.of.items()))}

    @classmethod
    def from_json(cls, value: object) -> Bounds:
        """As kept by a store; the default for what isn't one."""
        if not isinstance(value, dict):
            return cls()
        of = value.get("of") or {}
        return cls(float(value.get("every", DEFAULT_MAX_ERROR)), {k: float(of[k]) for k in of})


TIGHTENED = "tightened"
"""The name under which a store keeps a ``Tightening``."""


@dataclass(frozen=True, slots=True)
class Tighter:
    """``factor`` times as many errors as the confidences say; reckoned with since ``at``."""

    factor: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Tightening:
    """What quality samples have shown of answers that were accepted without a look, by template
    and field kind (or ``EVERY_KIND``)."""

    found: Mapping[tuple[str, str], Tighter] = dataclass_field(default_factory=dict)

    def applied(self, promised: Bounds) -> Bounds:
        """The bounds to judge by, so that what was promised holds."""
        tighter: dict[str, dict[str, float]] = {}
        for (template, kind), each in self.found.items():
            tighter.setdefault(template, {})[kind] = each.factor
        return Bounds(promised.every, promised.of, tighter)

    def since(self, template: str, kind: str) -> datetime | None:
        """Since when such answers are judged more strictly; None for never."""
        here = (self.found.get((template, each)) for each in (kind, EVERY_KIND))
        return max((each.at for each in here if each is not None), default=None)

    def as_json(self) -> list[dict[str, object]]:
        return [
            {"template": place[0], "kind": place[1], "factor": one.factor, "at": one.at.isoformat()}
            for place, one in sorted(self.found.items())
        ]

    @classmethod
    def from_json(cls, value: object) -> Tightening:
        """As kept by a store; none for what isn't one."""
        if isinstance(value, dict) and value.get("at"):  # as it was kept at first
            at = datetime.fromisoformat(str(value["at"]))
            factors = value.get("factors") or {}
            return cls({(str(t), EVERY_KIND): Tighter(float(by), at) for t, by in factors.items()})
        if not isinstance(value, list):
            return cls()
        return cls(
            {
                (str(each["template"]), str(each["kind"])): Tighter(
                    float(each["factor"]), datetime.fromisoformat(str(each["at"]))
                )
                for each in value
            }
        )


def bound_of(field: Field, max_error: float | Bound) -> float:
    """The bound that holds for the field. It may ask for more than the run does, never for less;
    a bare share is the same for every kind."""
    bound = max_error if isinstance(max_error, Bound) else Bound(max_error)
    own = 1.0 if field.max_error is None else field.max_error
    return min(bound.max_error, own) / bound.factor(field.kind)


def needed(
    answer: Answer, field: Field, max_error: float | Bound, own: Calibration | None = None
) -> float | None:
    """The confidence from which such answers are accepted; None where none is sure enough.
    ``own`` is the template's calibration."""
    bound = bound_of(field, max_error)
    scale = scale_for(answer, field.handled_by, own)
    return 1.0 - bound if scale is None else least_chance(scale, bound, field.handled_by)


def judged(
    answer: Answer, field: Field, max_error: float | Bound, own: Calibration | None = None
) -> Answer:
    """The answer, accepted or waiting by that bound; people's decisions stay."""
    least = needed(answer, field, max_error, own)
    return settle(answer, NEVER if least is None else least - _EQUAL)


def expected_wrong(answers: Iterable[Answer]) -> float:
    """How many of the answers that nobody is asked about are likely wrong."""
    return sum(
        1.0 - min(1.0, answer.confidence)
        for answer in answers
        if answer.state in ("accepted", "blank")
    )
