"""From doubts and confidence to a state."""

from __future__ import annotations

from dataclasses import replace

from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt, State
from scanform.model.template import Field

ACCEPT_AT = 0.95
"""Where an answer is settled by itself, before a run's bound on errors (``policy.py``) is known."""
LOW = Doubt("low_confidence")


def settle(answer: Answer, least: float = ACCEPT_AT) -> Answer:
    """Sets ``accepted``, ``pending`` or ``blank``; people's corrections stay as they are.

    An answer is taken without a look when nothing is doubted and its confidence is at least
    ``least``. Whatever is not sure enough carries a doubt, so that a clerk always sees a reason;
    one of an earlier ``least`` is forgotten.
    """
    if answer.state in ("corrected", "unreadable"):
        return answer
    doubts = tuple(each for each in answer.doubts if each != LOW)
    if not doubts and answer.confidence < least:
        doubts = (LOW,)
    done: State = "blank" if answer.value is None else "accepted"
    return replace(answer, doubts=doubts, state="pending" if doubts else done)


def blank(field: Field, reading: Reading) -> Answer:
    """The answer of a region where nothing is written. Faint ink is told, not guessed about."""
    doubts: list[Doubt] = []
    confidence = reading.score
    if reading.measures.get("faint", 0.0) > 0:
        doubts.append(Doubt("faint"))
        confidence = min(confidence, 0.8)
    if field.required:
        doubts.append(Doubt("required_blank"))
    return settle(Answer(field.id, None, confidence, "blank", tuple(doubts), reading))


def stray(field: Field, reading: Reading) -> Answer:
    """The answer where only a dash, a dot or a speck was read: most likely blank."""
    return Answer(field.id, None, 0.7, "pending", (Doubt("faint"),), reading)


def unreadable(field: Field, reading: Reading) -> Answer:
    """Something is written but no value could be read: a person has to look."""
    return Answer(field.id, None, 0.0, "pending", (Doubt("unreadable"),), reading)


def read(
    field: Field, value: str, confidence: float, reading: Reading, doubts: tuple[Doubt, ...] = ()
) -> Answer:
    """The answer of a value that was read, settled."""
    if doubts:
        confidence = min(confidence, 0.9)
    confidence = min(1.0, max(0.0, confidence))
    return settle(Answer(field.id, value, confidence, "pending", doubts, reading))
