"""A hamlet that a form names twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanform.fields.same_hamlet import named_alike
from scanform.model.reading import Reading, Said
from scanform.model.record import Answer, Doubt
from scanform.template.find import find
from scanform.template.load import load

TEMPLATE = load(find("dc01"))
TAIL = "Thạnh Phong, Thạnh Phú, Bến Tre"


def answer(field: str, value: str, *said: str, doubts: tuple[Doubt, ...] = ()) -> Answer:
    """Readers that said the same, or each what it did."""
    reading = Reading(
        "read",
        value,
        0.9,
        "two",
        measures={"agree": float(not said)},
        said=tuple(Said("one", text, 0.9) for text in said or (value, value)),
    )
    return Answer(field, value, 0.97, "accepted", doubts, reading)


HAMLET = answer("hamlet", "Ấp Khâu Băng")
READ, SEEN = f"307, ấp Khâu Bằng, {TAIL}", f"307, ấp Khâu Băng. {TAIL}"


def named(hamlet: Answer, address: Answer) -> Answer:
    kept, found = named_alike(TEMPLATE, [hamlet, address])
    assert kept == hamlet
    return found


def test_an_address_has_the_hamlet_of_the_form_where_one_reader_saw_it() -> None:
    found = named(HAMLET, answer("permanent_address", READ, READ, SEEN))
    assert found.value == f"307, ấp Khâu Băng, {TAIL}"
    assert (found.state, found.doubts) == ("pending", (Doubt("named_as_hamlet"),))


@pytest.mark.parametrize(
    ("hamlet", "address"),
    [
        (HAMLET, answer("permanent_address", READ)),  # both readers say so
        (HAMLET, answer("permanent_address", READ, READ, READ.replace("Bằng", "Bàng"))),
        (HAMLET, answer("permanent_address", READ, READ, f"307 ấp Khâu Băng ở {TAIL}")),
        (
            HAMLET,
            answer("permanent_address", f"Ấp Khâu Băng, {TAIL}", "x", f"Ấp Khâu Băng, {TAIL}"),
        ),
        (answer("hamlet", "Ấp Khâu Băng", "x", "y"), answer("permanent_address", READ, READ, SEEN)),
        (
            answer("hamlet", "Ấp Khâu Băng", doubts=(Doubt("not_in_list"),)),
            answer("permanent_address", READ, READ, SEEN),
        ),
        (answer("hamlet", "Băng"), answer("permanent_address", READ, READ, SEEN)),
        (HAMLET, answer("street", READ, READ, SEEN)),
    ],
)
def test_what_nobody_saw_or_is_sure_of_changes_nothing(hamlet: Answer, address: Answer) -> None:
    assert named(hamlet, address) is address


ADDRESS = answer("permanent_address", READ, READ, SEEN)
AGREED = answer("hamlet", "x").reading
assert AGREED is not None
assert ADDRESS.reading is not None


@pytest.mark.parametrize(
    ("hamlet", "address"),
    [
        (replace(HAMLET, reading=None), ADDRESS),  # stood before: no reader says so now
        (Answer("hamlet", None, 0.99, "blank", (), AGREED), ADDRESS),
        (answer("full_name", "Khâu Băng"), ADDRESS),  # a name is no hamlet
        (HAMLET, replace(ADDRESS, reading=None)),
        (HAMLET, replace(ADDRESS, reading=replace(ADDRESS.reading, measures={"agree": 1.0}))),
        (HAMLET, replace(ADDRESS, value=None, state="blank")),
        # A commune may be called as a hamlet is; its field has a list of its own.
        (answer("hamlet", "Thạnh Hải"), answer("commune", "Xã Thạnh Hài", "x", "Xã Thạnh Hải")),
    ],
)
def test_only_a_hamlet_that_was_read_now_and_an_address_are_held_together(
    hamlet: Answer, address: Answer
) -> None:
    assert named(hamlet, address) is address
