"""A hamlet that a form names twice: in a field of its own and within addresses.

Where the two readers differ about an address, and one of them saw there just what the hamlet's
field says, on which both agree, the address has it. The answer is doubted: its figures speak of
what was read at first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scanform.fields.place import ADDRESS
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field, Template

EDGES = ".,;:"


def named_alike(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers with addresses that name the form's hamlet as its own field does; order stays."""
    fields = {field.id: field for field in template.fields}
    hamlets = [
        answer.value.split()
        for answer in answers
        if fields[answer.field].handled_by == "hamlet" and answer.value and _agreed(answer)
    ]
    found = list(answers)
    for hamlet in hamlets:
        found = [
            _with(answer, hamlet) if _is_address(fields[answer.field]) else answer
            for answer in found
        ]
    return tuple(found)


def _agreed(answer: Answer) -> bool:
    doubted = any(each.code != "low_confidence" for each in answer.doubts)
    return not doubted and bool(answer.reading and answer.reading.measures.get("agree"))


def _is_address(field: Field) -> bool:
    return field.kind == "place" and field.lexicon in (ADDRESS, None)


def _with(answer: Answer, hamlet: Sequence[str]) -> Answer:
    """The address with the hamlet where one of the readers saw it, if it hasn't got it there."""
    reading = answer.reading
    words = (answer.value or "").split()
    if reading is None or reading.measures.get("agree") or len(hamlet) < 2:
        return answer
    name = [_bare(word) for word in hamlet]
    for said in reading.said:
        seen = [_bare(word) for word in said.text.split()]
        if len(seen) != len(words):
            continue
        for at in range(len(seen) - len(name) + 1):
            here = words[at : at + len(name)]
            if seen[at : at + len(name)] != name or [_bare(word) for word in here] == name:
                continue
            ends = [word[len(word.rstrip(EDGES)) :] for word in here]
            mended = [
                _in_case(word, old) + end for word, old, end in zip(hamlet, here, ends, strict=True)
            ]
            value = " ".join([*words[:at], *mended, *words[at + len(name) :]])
            return replace(answer, value=value).doubted(Doubt("named_as_hamlet"))
    return answer


def _bare(word: str) -> str:
    return word.strip(EDGES).lower()


def _in_case(word: str, old: str) -> str:
    """The hamlet's unit is a capital in its field and often none within an address."""
    return word.lower() if old.islower() else word
