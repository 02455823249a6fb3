"""How an answer is written for people, and which keys take what is offered: the same on every
screen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scanform.model.template import Field
from scanform.review.claims import Claim, Option

DIGIT_KINDS = frozenset({"digits", "date"})
"""Kinds of which an answer is figures."""

_WORD = re.compile(r"\s+|[^\s]+")


def written(kind: str, value: str | None) -> str:
    """The value as a person writes it: a date as day, month, year."""
    text = value or ""
    return "/".join(reversed(text.split("-"))) if kind == "date" else text


def shown(field: Field, option: Option) -> str:
    """The option's value as a person writes it."""
    return written(field.kind, option.value)


def offered(claim: Claim) -> tuple[Option, ...]:
    """What may be taken with a key; nothing for who must not see what others made of it."""
    return () if claim.blind else claim.options


def first(claim: Claim) -> Option | None:
    """What stands in the line at first and Enter takes: what was read, or the entry of a list that
    comes before it; None where a person has to type."""
    offers = offered(claim)
    return offers[0] if offers and offers[0].source in ("read", "match") else None


def plain_digits(field: Field, options: Sequence[Option]) -> bool:
    """Whether a digit alone takes an offer: no answer of the field begins with one."""
    if field.kind in DIGIT_KINDS:
        return False
    return not any(any(c.isdigit() for c in option.value or "") for option in options)


def differing(text: str, read: str) -> tuple[tuple[str, bool], ...]:
    """The words of ``text``, each with whether it differs from the word at its place in
    ``read``."""
    if not read or text == read:
        return ((text, False),)
    known = read.split()
    parts, at = [], 0
    for piece in _WORD.findall(text):
        if piece.isspace():
            parts.append((piece, False))
            continue
        parts.append((piece, at >= len(known) or known[at] != piece))
        at += 1
    return tuple(parts)


def masked(kind: str, text: str) -> str:
    """What a person has typed so far, without what can't stand in such an answer; a date gets its
    strokes from the fifth figure on (four alone may be a year): 05061985 is 05/06/1985."""
    if kind == "digits":
        return re.sub(r"[^0-9 .\-]", "", text)
    if kind != "date":
        return text
    kept = re.sub(r"[^0-9 ./\-]", "", text)
    figures = kept.replace("/", "")
    strokes = f"{figures[:2]}/{figures[2:4]}/{figures[4:]}"
    # Whoever sets his own strokes (5/6/1985, 6/1985) is left alone.
    return strokes if 4 < len(figures) <= 8 and kept in (figures, strokes) else kept
