"""Which answers are learnt from, who gave them, and how often each person was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scanform.learn.confirmed import Confirmed, confirmed, counting, disagreements
from scanform.model.reading import Reading
from scanform.model.record import Action, Answer, Decision, Record, State
from scanform.store.desk_interface import OrderRow, TaskRow

T0 = datetime(2025, 3, 1, tzinfo=UTC)
READ = Reading("read", "Ap 3", 0.9, "one")
ACCEPTED = Answer("home", "Ấp 3", 0.99, "accepted", (), READ)


@dataclass
class Office:
    """One record of one answer, its log, and the orders with their tasks."""

    answer: Answer = ACCEPTED
    log: Sequence[Decision] = ()
    work: Mapping[str, Sequence[TaskRow]] = field(default_factory=dict)

    def selected(self, *_: object, readings: bool = False) -> Iterator[Record]:
        assert readings  # else what was read isn't there
        yield Record("r", "dc01", 2, "a.pdf", "ab", 1, (self.answer,))

    def decisions(self, record_id: str) -> list[Decision]:
        assert record_id == "r"
        return [*self.log]

    def orders(self, work: str) -> list[OrderRow]:
        number = {"key": 1, "sample": 2}[work]
        row = OrderRow(number, work, "chi", T0, "dc01", ("home",), 1.0, 2, 1)
        return [row] if work in self.work else []

    def tasks(self, order: int | None = None) -> list[TaskRow]:
        return [*self.work[{1: "key", 2: "sample"}[order or 0]]]


def decided(action: Action, by: str = "lan", seq: int = 1, **more: Any) -> Decision:
    value = "Ấp 3" if action == "correct" else None
    return Decision("r", "home", action, value, by, T0 + timedelta(minutes=seq), seq=seq, **more)


def task(work: str, by: str | None, value: str | None = "Ấp 3", **more: Any) -> TaskRow:
    outcome = None if by is None else "value" if value is not None else "blank"
    told = {"open": by is None, "by": by, "outcome": outcome, "value": value, **more}
    at = None if by is None else T0 + timedelta(hours=1)
    told = {"record": "r", "field": "home", "template": "dc01", **told}
    return TaskRow(1, 1, work, at=at, **told)


def sampled(by: str | None, value: str | None = "Ấp 3", not_by: str = "", **more: Any) -> TaskRow:
    """A blind sample of an answer that was accepted as Ấp 3."""
    told = {"not_by": not_by, "expected": "Ấp 3", "expected_outcome": "value", **more}
    return task("sample", by, value, **told)


def learnt(office: Office) -> list[Confirmed]:
    return confirmed(office, office)  # type: ignore[arg-type]


def standing(state: State, value: str | None = "Ấp 3", reading: Reading | None = READ) -> Answer:
    return Answer("home", value, 0.99, state, (), reading)


@pytest.mark.parametrize(
    ("answer", "action", "corrected"),
    [
        (standing("corrected"), "correct", True),
        (standing("accepted"), "accept", False),
        (standing("blank", None), "blank", False),
    ],
)
def test_what_a_person_said_is_learnt(answer: Answer, action: Action, corrected: bool) -> None:
    (one,) = learnt(Office(answer, [decided(action)]))
    assert one == Confirmed(
        "r", ("dc01", 2), "home", answer.value, "lan", one.at, corrected, "Ap 3", False
    )
    assert one.at == T0 + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("answer", "log"),
    [
        (standing("accepted"), []),  # only the machine said so
        (standing("blank", None), []),
        (standing("pending"), [decided("paper")]),
        (standing("pending"), [decided("note")]),
        (standing("accepted"), [decided("recheck")]),
        (standing("unreadable", None), [decided("unreadable")]),
        (standing("accepted"), [decided("correct"), decided("undo", seq=2, undoes=1)]),
    ],
)
def test_what_no_person_said_is_not(answer: Answer, log: list[Decision]) -> None:
    assert learnt(Office(answer, log)) == []


def test_what_was_typed_where_nothing_was_read_is_learnt_too() -> None:
    (one,) = learnt(Office(standing("corrected", reading=None), [decided("correct")]))
    assert (one.value, one.read) == ("Ấp 3", None)


def test_the_last_word_counts_and_two_people_who_said_it_are_two() -> None:
    log = [decided("correct", "lan"), decided("accept", "mai", 2)]
    (one,) = learnt(Office(standing("corrected"), log))
    assert (one.by, one.corrected, one.seconded) == ("mai", False, True)
    (one,) = learnt(Office(standing("corrected"), [*log, decided("undo", "mai", 3, undoes=2)]))
    assert (one.by, one.corrected, one.seconded) == ("lan", True, False)
    other = Decision("r", "street", "accept", None, "mai", T0, seq=2)
    (one,) = learnt(Office(standing("corrected"), [log[0], other]))
    assert (one.by, one.seconded) == ("lan", False)


@pytest.mark.parametrize(
    ("second", "seconded"),
    [
        (task("key", "mai"), True),
        (task("key", "lan"), False),  # himself
        (task("key", "mai", "Ấp 8"), False),  # something else
        (task("key", None), False),  # not yet
        (task("key", None, open=False), False),  # withdrawn
    ],
)
def test_who_keyed_the_same_blindly_is_a_second(second: TaskRow, seconded: bool) -> None:
    found = learnt(Office(standing("corrected"), [decided("correct")], {"key": [second]}))
    assert [each.seconded for each in found] == [seconded]


@pytest.mark.parametrize(
    ("answer", "tasks", "by"),
    [
        (standing("accepted"), [sampled("mai")], "mai"),
        (standing("accepted"), [sampled("mai", "Ấp 8")], None),  # he saw something else
        (standing("accepted"), [sampled(None)], None),
        (standing("accepted"), [task("key", "mai")], None),  # a first keyer decides nothing
        (standing("blank", None), [sampled("mai", None)], "mai"),
        (standing("blank", None), [sampled("mai", None, outcome="unreadable")], None),
        (standing("accepted"), [sampled("mai", outcome="unreadable", value=None)], None),
        (standing("accepted"), [sampled("mai", "Ấp 8"), sampled("tam")], "tam"),
    ],
)
def test_what_a_blind_sample_says_of_the_machine_s_is_learnt(
    answer: Answer, tasks: list[TaskRow], by: str | None
) -> None:
    found = learnt(Office(answer, [], {"sample": tasks}))
    assert [(each.by, each.corrected, each.value) for each in found] == (
        [] if by is None else [(by, False, answer.value)]
    )
    assert all(each.at == T0 + timedelta(hours=1) for each in found)


def test_a_decision_that_was_taken_back_does_not_count() -> None:
    log = [decided("correct"), decided("key", seq=2), decided("accept", seq=3)]
    assert counting(log) == [log[0], log[2]]
    assert counting([*log, decided("undo", seq=4, undoes=3)]) == [log[0]]


def judged(**work: Sequence[TaskRow]) -> dict[str, tuple[int, int]]:
    return dict(disagreements(Office(work=work)))  # type: ignore[arg-type]


def test_keyers_judge_each_other() -> None:
    one, other = task("key", "lan"), task("key", "mai", "Ấp 8")
    assert judged(key=[one, task("key", "mai")]) == {"lan": (1, 0), "mai": (1, 0)}
    assert judged(key=[one]) == {}  # nobody else looked
    assert judged(key=[one, task("key", None)]) == {}
    # A third has the last word; until he has spoken nobody was wrong.
    assert judged(key=[one, other, task("settle", None)]) == {}
    assert judged(key=[one, other, task("settle", "tam")]) == {"lan": (1, 0), "mai": (1, 1)}
    assert judged(key=[one, other, task("settle", "tam", "Ấp 5")]) == {
        "lan": (1, 1),
        "mai": (1, 1),
    }
    # A share that was withdrawn says nothing: neither a third's nor a keyer's.
    assert judged(key=[one, other, task("settle", None, open=False)]) == {}
    assert judged(key=[one, task("key", None, open=False)]) == {}
    blank = task("settle", "tam", None)
    assert judged(key=[one, task("key", "mai", None), blank]) == {"lan": (1, 1), "mai": (1, 0)}


def test_answers_are_judged_one_by_one() -> None:
    here = [task("key", "lan"), task("key", "mai")]
    there = [task("key", each.by, field="street") for each in here]
    third = task("settle", "tam", "Ấp 8", record="s")
    assert judged(key=[*here, *there, third]) == {"lan": (2, 0), "mai": (2, 0)}


def test_a_sample_judges_who_gave_the_answer() -> None:
    assert judged(sample=[sampled("mai", not_by="lan")]) == {"lan": (1, 0)}
    assert judged(sample=[sampled("mai", "Ấp 8", not_by="lan")]) == {"lan": (1, 1)}
    assert judged(sample=[sampled("mai", None, not_by="lan")]) == {"lan": (1, 1)}
    assert judged(sample=[sampled("mai")]) == {}  # the machine's own answer
    assert judged(sample=[sampled(None, not_by="lan")]) == {}
    # Who differed from him may be wrong: a third says.
    odd = sampled("mai", "Ấp 8", not_by="lan")
    assert judged(sample=[odd, task("settle", "tam")]) == {"lan": (1, 0)}
    assert judged(sample=[odd, task("settle", None)]) == {}


def test_keyings_and_samples_are_counted_together() -> None:
    keyed = [task("key", "lan"), task("key", "mai")]
    found = judged(key=keyed, sample=[sampled("tam", "Ấp 8", not_by="lan")])
    assert found == {"lan": (2, 1), "mai": (1, 0)}
