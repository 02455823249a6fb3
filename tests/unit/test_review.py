from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanform.errors import NoSuchField, NoSuchRecord, StoreError, UsageError
from scanform.fields import FIELD_KINDS
from scanform.model.geometry import Box
from scanform.model.record import Answer, Doubt, Record, SheetRef
from scanform.model.scan import ScanFile
from scanform.model.template import Field, Template
from scanform.review import MARGIN_MM, Review, Warned
from scanform.testing import MemoryStore

T0 = datetime(2018, 10, 1, tzinfo=UTC)
SHA = "ab" * 32
TEMPLATE = Template(
    id="small",
    title="Small",
    revision=1,
    pages=2,
    page_mm=(210, 297),
    fields=(
        Field("name", "Họ và tên", "text", 1, Box(20, 30, 100, 8)),
        Field("number", "Số", "digits", 1, Box(20, 50, 60, 8), lengths=(4,)),
        Field("later", "Trang sau", "text", 2, Box(20, 50, 60, 8)),
    ),
)


def check(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """A rule of this test: the name must not be the number."""
    values = {answer.field: answer.value for answer in answers}
    doubt = Doubt("place_disagrees", "number")
    return tuple(
        answer.doubted(doubt)
        if answer.field == "name" and values["name"] == values["number"]
        else answer
        for answer in answers
    )


@pytest.fixture
def review() -> Review:
    store = MemoryStore(lambda: T0)
    store.open_scan(ScanFile(Path("a.pdf"), SHA, 1))
    answers = (
        Answer("name", "Nguyễn Văn Ấn", 0.5, "pending", (Doubt("low_confidence"),)),
        Answer("number", None, 0.0, "pending", (Doubt("unreadable"),)),
        Answer("later", None, 1.0, "pending", (Doubt("required_blank"),)),
    )
    record = Record("r1", "small", 1, "a.pdf", SHA, 1, answers, (SheetRef(1, 1, "s1"),))
    store.save([], record)
    return Review(
        store=store,
        kinds=FIELD_KINDS,
        template=lambda _id, _revision: TEMPLATE,
        check=check,
        image=lambda sha256: f"image {sha256}".encode(),
        cut=lambda data, box: data + f" {box.x} {box.y} {box.w} {box.h}".encode(),
        clock=lambda: T0,
    )


def test_the_queue_may_be_cut_short(review: Review) -> None:
    assert [each.answer.field for each in review.queue()] == ["name", "number", "later"]
    assert [each.answer.field for each in review.queue("small", 1)] == ["name"]
    assert list(review.queue("other")) == []


def test_a_correction_is_parsed_kept_and_logged(review: Review) -> None:
    kept, warnings = review.correct(review.item("r1", "number"), " 12 34 ", "lan")
    assert (kept, warnings) == ("1234", ())
    answer = review.item("r1", "number").answer
    assert (answer.value, answer.state) == ("1234", "corrected")
    (decision,) = review.store.decisions("r1")
    assert (decision.by, decision.at, decision.action) == ("lan", T0, "correct")


def test_what_can_be_no_answer_is_refused_with_what_would_do(review: Review) -> None:
    with pytest.raises(UsageError, match=r"number.*4"):
        review.correct(review.item("r1", "number"), "123", "lan")
    assert review.store.decisions("r1") == []


def test_a_broken_rule_is_told_and_the_value_taken(review: Review) -> None:
    review.correct(review.item("r1", "number"), "1234", "lan")
    kept, warnings = review.correct(review.item("r1", "name"), "1234", "lan")
    assert Warned("name", Doubt("place_disagrees", "number")) in warnings
    assert review.item("r1", "name").answer.value == kept == "1234"


def test_a_rule_that_another_field_breaks_now_is_told_too(review: Review) -> None:
    review.correct(review.item("r1", "name"), "1234", "lan")
    _, warnings = review.correct(review.item("r1", "number"), "1234", "lan")
    assert warnings == (Warned("name", Doubt("place_disagrees", "number")),)


def test_accepting_keeps_what_was_read(review: Review) -> None:
    review.accept(review.item("r1", "name"), "lan")
    answer = review.item("r1", "name").answer
    assert (answer.value, answer.state) == ("Nguyễn Văn Ấn", "accepted")


def test_a_blank_may_be_accepted_but_not_what_nobody_read(review: Review) -> None:
    review.accept(review.item("r1", "later"), "lan")
    assert review.item("r1", "later").answer.state == "blank"
    with pytest.raises(UsageError, match="nothing to accept"):
        review.accept(review.item("r1", "number"), "lan")
    assert review.item("r1", "number").answer.state == "pending"


def test_blank_and_unreadable_are_decisions(review: Review) -> None:
    review.blank(review.item("r1", "name"), "lan")
    review.unreadable(review.item("r1", "number"), "lan")
    assert review.item("r1", "name").answer.state == "blank"
    assert review.item("r1", "number").answer.state == "unreadable"


def test_the_snippet_is_the_region_with_its_surroundings(review: Review) -> None:
    m = MARGIN_MM
    wanted = f"image s1 {20 - m} {30 - m} {100 + 2 * m} {8 + 2 * m}"
    assert review.snippet(review.item("r1", "name")).decode() == wanted


def test_a_page_that_is_not_there_is_told(review: Review) -> None:
    with pytest.raises(StoreError, match="no page 2"):
        review.snippet(review.item("r1", "later"))


def test_what_is_not_there_is_told(review: Review) -> None:
    with pytest.raises(NoSuchRecord):
        review.item("nope", "name")
    with pytest.raises(NoSuchField):
        review.item("r1", "nope")
