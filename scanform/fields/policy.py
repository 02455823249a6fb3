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


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bound of each template: its own in ``of``, else ``every``."""

    every: float = DEFAULT_MAX_ERROR
    of: Mapping[str, float] = dataclass_field(default_factory=dict)

    def __getitem__(self, template: str) -> float:
        return self.of.get(template, self.every)

    def changed(self, max_error: float, templates: Iterable[str] = ()) -> Bounds:
        """The bounds with another one for those templates, or for all when none is named."""
        named = dict.fromkeys(templates, max_error)
        return Bounds(self.every, {**self.of, **named}) if named else Bounds(max_error)

    def as_json(self) -> dict[str, object]:
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
class Tightening:
    """What quality samples have shown: in answers of a template that were accepted without a look
    there were so many times more errors than their confidences say. ``at``: since when that is
    reckoned with."""

    factors: Mapping[str, float] = dataclass_field(default_factory=dict)
    at: datetime | None = None

    def applied(self, promised: Bounds) -> Bounds:
        """The bounds to judge by, so that what was promised holds."""
        tighter = {name: promised[name] / max(1.0, by) for name, by in self.factors.items()}
        return Bounds(promised.every, {**promised.of, **tighter})

    def as_json(self) -> dict[str, object]:
        at = self.at.isoformat() if self.at else None
        return {"factors": dict(sorted(self.factors.items())), "at": at}

    @classmethod
    def from_json(cls, value: object) -> Tightening:
        """As kept by a store; none for what isn't one."""
        if not isinstance(value, dict):
            return cls()
        at = value.get("at")
        factors = {str(name): float(by) for name, by in (value.get("factors") or {}).items()}
        return cls(factors, datetime.fromisoformat(at) if at else None)


def bound_of(field: Field, max_error: float) -> float:
    """The bound that holds for the field. It may ask for more than the run does, never for less."""
    return max_error if field.max_error is None else min(max_error, field.max_error)


def needed(
    answer: Answer, field: Field, max_error: float, own: Calibration | None = None
) -> float | None:
    """The confidence from which such answers are accepted; None where none is sure enough.
    ``own`` is the template's calibration."""
    bound = bound_of(field, max_error)
    scale = scale_for(answer, field.kind, own)
    return 1.0 - bound if scale is None else least_chance(scale, bound)


def judged(
    answer: Answer, field: Field, max_error: float, own: Calibration | None = None
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
