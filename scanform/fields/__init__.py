"""Field kinds: what a reading means, and what is doubted about it.

A new kind is one new module and one line here. Templates name all of them but ``hamlet``: that is
``text`` with the lexicon ``hamlets`` (``Field.handled_by``).
"""

from __future__ import annotations

from scanform.fields.capitals import Capitals
from scanform.fields.choice import Choice
from scanform.fields.closed import Closed
from scanform.fields.code import Code
from scanform.fields.date import Date
from scanform.fields.digits import Digits
from scanform.fields.hamlet import Hamlet
from scanform.fields.interface import FieldKind
from scanform.fields.place import Place
from scanform.fields.presence import Presence
from scanform.fields.text import Text

FIELD_KINDS: dict[str, FieldKind] = {
    "text": Text(),
    "capitals": Capitals(),
    "digits": Digits(),
    "date": Date(),
    "choice": Choice(),
    "closed": Closed(),
    "place": Place(),
    "hamlet": Hamlet(),
    "presence": Presence(),
    "code": Code(),
}

TEMPLATE_KINDS = tuple(kind for kind in FIELD_KINDS if kind != "hamlet")
"""The kinds that a template may name."""

__all__ = ["FIELD_KINDS", "TEMPLATE_KINDS"]
