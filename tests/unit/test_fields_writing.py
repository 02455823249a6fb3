"""What is struck out, and blanks beside writing that a scan broke to pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanform.fields.writing import BROKEN, doubted_by_writing
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.record import Answer, State
from scanform.model.template import Field, Template


def form(*answers: tuple[str, int, float | None]) -> tuple[Template, list[Answer]]:
    """Fields of a kind, on a page, with the wholeness of what is written (None: blank)."""
    fields, made = [], []
    for number, (kind, page, whole) in enumerate(answers):
        box = Box(10, 10 + 10 * number, 60, 7)
        fields.append(Field(f"f{number}", "It", kind, page, box))
        state: State = "blank" if whole is None else "accepted"
        measures = {} if whole is None else {"whole": whole}
        read = Reading("blank" if whole is None else "read", "x", 0.9, "canned", measures=measures)
        made.append(Answer(f"f{number}", None if whole is None else "x", 0.999, state, (), read))
    return Template("t", "T", 1, 2, (210, 297), tuple(fields)), made


def doubted(*answers: tuple[str, int, float | None]) -> list[int]:
    found = doubted_by_writing(*form(*answers))
    assert [each.field for each in found] == [f"f{k}" for k in range(len(answers))]
    told = [k for k, each in enumerate(found) if each.doubts]
    assert all(found[k].state == "pending" and found[k].confidence <= 0.5 for k in told)
    return told


PIECES = [("text", 1, 0.5), ("text", 1, 0.64), ("text", 1, 0.6)]
WHOLE = [("text", 1, 0.9), ("text", 1, 0.6), ("text", 1, 0.8)]


@pytest.mark.parametrize("kind", ["text", "digits", "choice", "date"])
def test_blanks_are_doubted_where_writing_is_in_pieces(kind: str) -> None:
    assert doubted(*PIECES, (kind, 1, None)) == [3]
    assert doubted(*WHOLE, (kind, 1, None)) == []


def test_a_missing_signature_and_another_page_are_not() -> None:
    assert doubted(*PIECES, ("presence", 1, None), ("text", 2, None), ("code", 1, None)) == []


def test_a_line_or_two_say_nothing_of_a_page() -> None:
    assert doubted(*PIECES[:2], ("text", 1, None)) == []


@pytest.mark.parametrize(
    ("measure", "code"), [("struck", "struck_out"), ("failed", "reader_failed")]
)
def test_what_is_struck_out_or_read_by_one_of_two_is_doubted(measure: str, code: str) -> None:
    template, answers = form(*WHOLE)
    odd = replace(answers[0].reading, measures={"whole": 0.9, measure: 1.0})
    found = doubted_by_writing(template, [replace(answers[0], reading=odd), *answers[1:]])
    assert [each.state for each in found] == ["pending", "accepted", "accepted"]
    assert (found[0].doubts[0].code, found[0].confidence) == (code, 0.5)


def test_just_as_whole_as_writing_must_be_is_whole() -> None:
    assert doubted(*[("text", 1, BROKEN)] * 3, ("text", 1, None)) == []
    assert doubted(*[("text", 1, BROKEN - 0.01)] * 3, ("text", 1, None)) == [3]


def test_an_answer_that_nobody_read_says_nothing() -> None:
    template, answers = form(*PIECES, ("text", 1, None))
    typed = [replace(each, reading=None) for each in answers]
    assert doubted_by_writing(template, typed) == tuple(typed)
