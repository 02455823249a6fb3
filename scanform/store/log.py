"""Appending to the log, and what it does to the answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from heapq import merge
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping

from scanform.errors import NoSuchField, Overtaken
from scanform.model.record import DECIDES, SILENT, TO_KEY, Answer, Decision, Record, State, fold
from scanform.phrase import Phrase
from scanform.store import units, withdrawn
from scanform.store.chain import START, Link, chained, event_json, outline, row_json, sealed
from scanform.store.interface import LogRow
from scanform.store.queries import record_row, with_rereadings
from scanform.store.rows import answer_from, decision_from, doubts_json, reading_json
from scanform.store.tables import (
    answers,
    decisions,
    events,
    insert_for,
    log_head,
    readings,
    records,
    rereadings,
    seals,
    storable,
)

_NO_DECISION = Phrase(
    "Không có quyết định này về mục đó, hoặc đã được rút lại.",
    "There is no such decision about the answer, or it was taken back.",
)
_ONLY = 1  # the head's only row


def append(connection: Connection, decision: Decision) -> Decision:
    """Appends the decision to the log and changes its answer; gives it back with its number.

    Raises ``NoSuchRecord``, ``NoSuchField``, and ``Overtaken`` when an undo names what is no
    decision about the answer, or was taken back already.
    """
    # The lock keeps the log's order the order in which the record's answers changed.
    row = record_row(connection, decision.record, lock=True)
    here = (answers.c.record == row["number"]) & (answers.c.field == decision.field)
    before = connection.execute(sa.select(answers).where(here)).mappings().one_or_none()
    if before is None:
        raise NoSuchField(NoSuchField.named.of(record=decision.record, field=repr(decision.field)))
    last, previous = locked_head(connection)
    decision = replace(_storable(decision), seq=last + 1)
    answer = _after(connection, row, before, decision)
    salt = secrets.token_hex(16)
    seal = sealed(salt, decision, before["value"])
    digest = chained(previous, outline(decision, before["state"], answer.state, seal))
    connection.execute(
        sa.insert(decisions).values(
            _columns(decision)
            | {
                "record": row["number"],
                "from_value": before["value"],
                "from_state": before["state"],
                "to_state": answer.state,
                "hash": digest,
            }
        )
    )
    connection.execute(sa.insert(seals).values(seq=decision.seq, salt=salt))
    if decision.reading is not None:
        anew = {"seq": decision.seq, "record": row["number"], "field": decision.field}
        read = {"reader": decision.reading.reader, "reading": reading_json(decision.reading)}
        connection.execute(sa.insert(rereadings).values(anew | read))
    connection.execute(sa.update(log_head).values(seq=decision.seq, hash=digest))
    now: dict[str, Any] = {
        "value": answer.value,
        "confidence": answer.confidence,
        "state": answer.state,
    }
    if decision.action in ("undo", "recheck"):
        now["doubts"] = doubts_json(answer.doubts)
    if (desk := _desk(connection, row["number"], before, decision, answer)) is not None:
        now["desk"] = desk
    connection.execute(sa.update(answers).where(here).values(now))
    if answer.value != before["value"]:
        units.keep_unit(connection, row["number"], row["template"], decision.field)
    change = (answer.state == "pending") - (before["state"] == "pending")
    if change:
        waiting = {"waiting": records.c.waiting + change}
        connection.execute(
            sa.update(records).where(records.c.number == row["number"]).values(waiting)
        )
    return decision


def _desk(
    connection: Connection, record: int, before: RowMapping, decision: Decision, answer: Answer
) -> str | None:
    """Where the answer would wait from now on; None where that is as it was."""
    if decision.action == "paper":
        return "paper"
    if decision.action in DECIDES:
        if before["desk"] == "key":
            withdrawn.withdraw(connection, record, decision.field)
        return "review"
    if decision.action == "undo":
        to_key = answer.state == "pending" and TO_KEY in answer.doubts
        again = to_key and withdrawn.ask_again(connection, record, decision.field)
        return "key" if again else "review"
    return None


def locked_head(connection: Connection) -> tuple[int, str]:
    """The last row's number and hash, locked until the transaction ends: one writer at a time."""
    query = sa.select(log_head).with_for_update()
    found = connection.execute(query).mappings().one_or_none()
    if found is None:
        first = insert_for(connection.dialect)(log_head).values(number=_ONLY, seq=0, hash=START)
        # Another's first row of the log may have come at this very moment.
        connection.execute(first.on_conflict_do_nothing())
        found = connection.execute(query).mappings().one()
    return found["seq"], found["hash"]


def _storable(decision: Decision) -> Decision:
    """The decision as the database will hold it, so that the hash is of what is held."""
    texts = {
        name: storable(text)
        for name in ("record", "field", "by", "crop", "template", "readers", "how", "lot", "note")
        if isinstance(text := getattr(decision, name), str)
    }
    value = None if decision.value is None else storable(decision.value)
    return replace(decision, value=value, **texts)  # type: ignore[arg-type]


def _columns(decision: Decision) -> dict[str, Any]:
    now = decision.standing
    return {
        "seq": decision.seq,
        "field": decision.field,
        "action": decision.action,
        "value": decision.value,
        "by": decision.by,
        "at": decision.at,
        "confidence": None if now is None else now.confidence,
        "doubts": None if now is None else doubts_json(now.doubts),
        "undoes": decision.undoes,
        "crop": decision.crop,
        "template": decision.template,
        "readers": decision.readers,
        "how": decision.how,
        "lot": decision.lot,
        "note": decision.note,
        "seconds": decision.seconds,
    }


def _after(
    connection: Connection, row: RowMapping, before: RowMapping, decision: Decision
) -> Answer:
    """The answer after the decision: what the model says, nothing else."""
    if decision.action == "undo":
        return _undone(connection, row, decision)
    answer = Answer(before["field"], before["value"], before["confidence"], before["state"])
    return _alone(row, answer).decided(decision).answers[0]


def _undone(connection: Connection, row: RowMapping, decision: Decision) -> Answer:
    """The fold of the answer's log without what is taken back."""
    log = _log_of(connection, row, decision.field)
    undone = {each.undoes for each in log}
    wanted = [each for each in log if each.seq == decision.undoes and each.action in DECIDES]
    if not wanted or decision.undoes in undone:
        raise Overtaken(_NO_DECISION)
    here = (readings.c.record == row["number"]) & (readings.c.field == decision.field)
    reading = connection.execute(sa.select(readings).where(here)).mappings().one()
    return fold(_alone(row, answer_from(reading)), [*log, decision]).answers[0]


def _alone(row: RowMapping, answer: Answer) -> Record:
    return Record(row["id"], row["template"], row["revision"], "", row["scan"], 1, (answer,))


def _log_of(connection: Connection, row: RowMapping, field: str) -> list[Decision]:
    query = (
        with_rereadings(sa.select(decisions))
        .where(decisions.c.record == row["number"], decisions.c.field == field)
        .order_by(decisions.c.seq)
    )
    return [decision_from(each, row["id"]) for each in connection.execute(query).mappings()]


def counted(as_of: datetime | None = None) -> list[ColumnElement[bool]]:
    """Conditions on ``decisions``: the rows that make the answers, as of then."""
    undo = decisions.alias("undo")
    taken_back = sa.exists().where(
        undo.c.record == decisions.c.record,
        undo.c.action == "undo",
        undo.c.undoes == decisions.c.seq,
        *([] if as_of is None else [undo.c.at <= as_of]),
    )
    found = [decisions.c.action.not_in([*sorted(SILENT), "undo"]), ~taken_back]
    return found if as_of is None else [decisions.c.at <= as_of, *found]


def rows(connection: Connection, only: ColumnElement[bool] | None = None) -> Iterator[LogRow]:
    """Rows of the log, oldest first, streamed."""
    query = (
        sa.select(decisions, records.c.id)
        .join(records, records.c.number == decisions.c.record)
        .order_by(decisions.c.seq)
    )
    if only is not None:
        query = query.where(only)
    options = {"yield_per": 500}
    yield from map(_log_row, connection.execute(query, execution_options=options).mappings())


def _log_row(row: RowMapping) -> LogRow:
    from_state: State = row["from_state"]
    to_state: State = row["to_state"]
    return LogRow(
        decision_from(row, row["id"]), row["from_value"], from_state, to_state, row["hash"]
    )


def links(connection: Connection) -> Iterator[Link]:
    """Every row of the log as a link of its chain, oldest first, streamed."""
    of_answers = (
        sa.select(decisions, records.c.id, seals.c.salt)
        .outerjoin(records, records.c.number == decisions.c.record)
        .outerjoin(seals, seals.c.seq == decisions.c.seq)
        .order_by(decisions.c.seq)
    )
    others = sa.select(events).order_by(events.c.seq)
    options = {"yield_per": 500}
    yield from merge(
        map(_answer_link, connection.execute(of_answers, execution_options=options).mappings()),
        map(_event_link, connection.execute(others, execution_options=options).mappings()),
        key=lambda link: link.seq,
    )


def _answer_link(row: RowMapping) -> Link:
    said, was = decision_from(row, row["id"] or ""), (row["from_state"], row["to_state"])
    if row["salt"] is None:  # the first format: everything was hashed in one
        whole = shown = row_json(said, row["from_value"], *was)
    else:
        whole = outline(said, *was, sealed(row["salt"], said, row["from_value"]))
        shown = row_json(said, row["from_value"], *was) | {"salt": row["salt"]}
    return Link(said.seq, row["id"], said.action, whole, row["hash"], shown)


def _event_link(row: RowMapping) -> Link:
    if row["from_state"] is None:  # it was never about an answer
        whole = event_json(
            seq=row["seq"],
            record=row["record"],
            action=row["action"],
            by=row["by"],
            at=row["at"],
            how=row["how"],
            detail=row["detail"],
        )
        return Link(row["seq"], row["record"], row["action"], whole, row["hash"], whole)
    shown = outline_of_erased(row)
    said = None if row["sealed"] is None else shown
    return Link(row["seq"], row["record"], row["action"], said, row["hash"], shown, erased=True)


def outline_of_erased(row: RowMapping) -> dict[str, object]:
    """What the chain holds of a decision whose personal part is gone."""
    said = Decision(
        record=row["record"],
        field=row["field"],
        action=row["action"],
        value=None,
        by=row["by"],
        at=row["at"],
        undoes=row["undoes"],
        template=row["template"],
        readers=row["readers"],
        how=row["how"],
        lot=row["lot"],
        seconds=row["seconds"],
        seq=row["seq"],
    )
    return outline(said, row["from_state"], row["to_state"], row["sealed"])


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last row, as noted beside the log."""
    found = connection.execute(sa.select(log_head)).mappings().one_or_none()
    return (0, START) if found is None else (found["seq"], found["hash"])


def append_all(connection: Connection, taken: Iterable[Decision]) -> list[Decision]:
    """Appends them in their order; see ``append``."""
    return [append(connection, decision) for decision in taken]
