"""Pages of one respondent become one record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.digitise import (
    Assembled,
    BlankPage,
    FormAssembler,
    FormPage,
    PageResult,
    RejectedPage,
    respondents,
)
from scanform.model.geometry import Box
from scanform.model.record import TO_KEY, Answer
from scanform.model.scan import Quality, Rejected, ScanFile
from scanform.model.template import Field, Template

SCAN = ScanFile(Path("box/a.pdf"), "a" * 64, 10)
GOOD = Quality(0.1, 0.1, 0.9, 300, 0, "marks")


def template(pages: int) -> Template:
    fields = tuple(
        Field(f"f{page}", f"Field {page}", "text", page, Box(10, 10, 50, 8))
        for page in range(1, pages + 1)
    )
    return Template("long", "A long form", 1, pages, (210, 297), fields)


def form_page(number: int, page: int) -> FormPage:
    answer = Answer(f"f{page}", f"said on {number}", 0.999, "accepted")
    return FormPage(number, "long@1", page, b"image", GOOD, (answer,))


def assemble(results: list[PageResult], pages: int) -> list[Assembled]:
    assembler = FormAssembler(SCAN, {"long@1": template(pages)}, lambda _: "sha")
    done = [assembled for result in results for assembled in assembler.feed(result)]
    return [*done, *assembler.finish()]


def test_a_one_page_form_is_a_record_at_once() -> None:
    (done,) = assemble([form_page(4, 1)], pages=1)
    assert done.record is not None
    assert done.record.status == "complete"
    assert done.record.scan_page == 4
    assert done.record.answer("f1").value == "said on 4"


def test_two_pages_make_one_record() -> None:
    results: list[PageResult] = [form_page(1, 1), form_page(2, 2), form_page(3, 1), form_page(4, 2)]
    done = assemble(results, pages=2)
    assert [[page.number for page in each.pages] for each in done] == [[1, 2], [3, 4]]
    assert [each.record.scan_page for each in done if each.record] == [1, 3]


@pytest.mark.parametrize(
    ("pages", "missing"), [([1, 1, 2], "f2"), ([2, 1, 2], "f1")], ids=["second", "first"]
)
def test_a_missing_page_is_told_not_guessed(pages: list[int], missing: str) -> None:
    results: list[PageResult] = [form_page(n, page) for n, page in enumerate(pages, 1)]
    first, second = assemble(results, pages=2)
    assert first.record is not None
    assert second.record is not None
    assert first.record.status == "pending"
    assert [doubt.code for doubt in first.record.answer(missing).doubts] == ["page_missing"]
    assert second.record.status == "complete"


def test_a_back_between_two_pages_does_not_part_them() -> None:
    done = assemble([form_page(1, 1), BlankPage(2), form_page(3, 2)], pages=2)
    assert [each.record is not None for each in done] == [False, True]


@pytest.mark.parametrize(
    ("pages", "whole", "sizes"),
    [
        ([2, 1], 2, [2]),
        ([2, 1, 2, 1], 2, [2, 2]),
        ([1, 2, 2, 1, 1, 2], 2, [2, 2, 2]),
        ([3, 2, 1, 3, 2, 1], 3, [3, 3]),
        ([1, 3, 2], 3, [3]),
        ([2, 1, 2], 2, [1, 2]),
        ([1, 1, 2], 2, [1, 2]),
        ([1, 3, 1, 2, 3], 3, [2, 3]),
        ([2, 2, 1, 1], 2, [1, 2, 1]),
    ],
)
def test_pages_out_of_order(pages: list[int], whole: int, sizes: list[int]) -> None:
    assert respondents(pages, whole) == sizes


def test_a_rejected_page_parts_respondents() -> None:
    lost = RejectedPage(2, Rejected(SCAN.path, SCAN.sha256, 2, "misaligned"))
    done = assemble([form_page(1, 1), lost, form_page(3, 2)], pages=2)
    assert [each.record.status for each in done if each.record] == ["pending", "pending"]


@given(st.integers(2, 4), st.integers(1, 5), st.booleans())
def test_whole_forms_all_laid_alike_are_all_found(whole: int, forms: int, down: bool) -> None:
    one = [*range(1, whole + 1)]
    assert respondents((one[::-1] if down else one) * forms, whole) == [whole] * forms


@given(st.lists(st.integers(1, 3), max_size=14))
def test_respondents_share_out_all_pages_and_have_none_twice(pages: list[int]) -> None:
    sizes = respondents(pages, 3)
    assert sum(sizes) == len(pages)
    rest = list(pages)
    for size in sizes:
        group, rest = rest[:size], rest[size:]
        assert len({*group}) == size
        # Out of order only when it is whole.
        assert group == sorted(group) or sorted(group) == [1, 2, 3]


@given(st.lists(st.sampled_from([1, 2, 3, "blank", "rejected"]), max_size=12))
def test_every_page_comes_out_once_and_every_form_page_in_a_record(kinds: list[object]) -> None:
    results: list[PageResult] = []
    for number, kind in enumerate(kinds, 1):
        if isinstance(kind, int):
            results.append(form_page(number, kind))
        elif kind == "blank":
            results.append(BlankPage(number))
        else:
            rejected = Rejected(SCAN.path, SCAN.sha256, number, "unknown_form")
            results.append(RejectedPage(number, rejected))
    done = assemble(results, pages=3)
    out = sorted(page.number for each in done for page in each.pages)
    assert out == list(range(1, len(kinds) + 1))
    for each in done:
        of_form = [page for page in each.pages if isinstance(page, FormPage)]
        assert bool(of_form) == (each.record is not None)
        assert len({page.page for page in of_form}) == len(of_form)


def test_what_the_template_has_keyed_twice_waits_whatever_was_read() -> None:
    form = template(2)
    twice = replace(form.fields[0], second_keying=1.0)
    share = replace(form.fields[1], second_keying=0.25)
    asked = replace(form, fields=(twice, share))
    waits = []
    for number in range(200):
        scan = ScanFile(Path("box/a.pdf"), f"{number:064x}", 10)
        assembler = FormAssembler(scan, {"long@1": asked}, lambda _: "sha")
        (done,) = [one for page in (1, 2) for one in assembler.feed(form_page(page, page))]
        assert done.record is not None
        first, second = done.record.answers
        assert (first.state, first.doubts, first.value) == ("pending", (TO_KEY,), "said on 1")
        waits.append(second.state == "pending" and second.doubts == (TO_KEY,))
    assert 30 < sum(waits) < 70
