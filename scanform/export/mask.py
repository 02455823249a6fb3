"""People's data left out of an export, or replaced by pseudonyms.

A pseudonym is an HMAC-SHA-256 under a secret key: the same name or number has the same pseudonym
in every export made with the same key, and whoever hasn't the key can't work it out or guess and
check. It does not make the records anonymous: see docs/exports.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from pathlib import Path

from scanform.lexicon.spelling import tidy
from scanform.model.record import Answer, Doubt, Record
from scanform.model.template import Template

REDACTED = "~redacted"
"""What stands for a value that was left out; a blank stays blank."""

PREFIX = "~"
LEAST_KEY = 16
"""Bytes that a key has at least: fewer could be guessed."""

_SCAN = 16
"""Characters of a scan's hash that stand for its name."""

_BASE32 = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_LETTERS = 26  # of 5 bits each: 130 bits, so two values never meet


@dataclass(frozen=True, slots=True)
class Mask:
    """Which fields are left out and which get pseudonyms under ``key``."""

    redacted: frozenset[str] = frozenset()
    pseudonyms: frozenset[str] = frozenset()
    key: bytes = b""

    def __call__(self, record: Record) -> Record:
        """The record with its masked answers. What the machine read of them and what its doubts
        quote goes as well, and the name of the scan, which files often have from people."""
        fields = self.redacted | self.pseudonyms
        return replace(
            record,
            scan_path=record.scan_sha256[:_SCAN] + Path(record.scan_path).suffix.lower(),
            answers=tuple(
                self._masked(answer) if answer.field in fields else answer
                for answer in record.answers
            ),
        )

    def _masked(self, answer: Answer) -> Answer:
        value = answer.value
        if value is not None:
            redacted = answer.field in self.redacted
            value = REDACTED if redacted else pseudonym(self.key, value)
        doubts = tuple(Doubt(each.code) for each in answer.doubts)
        return replace(answer, value=value, reading=None, doubts=doubts)

    def of(self, field: str) -> str:
        """``redacted``, ``pseudonym``, or nothing."""
        if field in self.redacted:
            return "redacted"
        return "pseudonym" if field in self.pseudonyms else ""


def pseudonym(key: bytes, value: str) -> str:
    """The pseudonym of a name or number: spelling in capitals or not makes no difference, nor
    does the field, so a father is the same person in the forms of all his children.

    >>> pseudonym(b"0" * 16, "Nguyễn Văn An") == pseudonym(b"0" * 16, "NGUYỄN VĂN AN")
    True
    """
    digest = hmac.digest(key, tidy(value).upper().encode(), hashlib.sha256)
    return PREFIX + base64.b32encode(digest).decode().lower()[:_LETTERS]


def is_masked(text: str) -> bool:
    """Whether the text is what a mask writes."""
    if not text.startswith(PREFIX):
        return False
    rest = text.removeprefix(PREFIX)
    return text == REDACTED or (len(rest) == _LETTERS and _BASE32.issuperset(rest))


def people_fields(template: Template) -> frozenset[str]:
    """The fields that name or number a person: those of names in capitals, those that a rule
    knows as ID numbers, other numbers of a fixed length, and whatever is called a name."""
    by_rule = {
        field
        for rule in template.rules
        if rule.name == "id_number"
        for field in [rule.fields["number"]]
    }
    found = {
        field.id
        for field in template.fields
        if field.kind in ("capitals", "digits") or field.id.split("_")[-1] == "name"
    }
    return frozenset(found | by_rule)
