"""Which lines teach most: doubtful ones, of forms and boxes that are new; and `learn --ask`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from learning_office import office

from scanform.cli import main
from scanform.learn.telling import Waiting, doubt_of, most_telling
from scanform.model.reading import Reading, Said
from scanform.review.teaching import SETTING, Teaching
from scanform.store.desk import SqlDesk
from scanform.store.open import open_store


def line(record: str, doubt: float, source: str = "box", field: str = "home") -> Waiting:
    return Waiting(record, "dc01", field, doubt, source)


def test_the_more_doubtful_line_comes_first_but_a_stain_does_not() -> None:
    found = most_telling([line("a", 0.02), line("b", 0.2), line("c", 0.0)], {}, 5)
    assert [each.record for each in found] == ["b", "a"]  # what is sure teaches nothing
    # Nothing to choose between half the letters in doubt and all of them.
    both = most_telling([line("b", 0.5), line("a", 0.99)], {}, 1)
    assert [each.record for each in both] == ["a"]


def test_many_hands_come_before_many_lines_of_one() -> None:
    one = [line("a", 0.3, field=f"f{at}") for at in range(5)]
    others = [line(name, 0.2) for name in "bcde"]
    found = most_telling([*one, *others], {}, 5)
    assert [each.record for each in found] == ["a", "b", "c", "d", "e"]


def test_a_box_that_nobody_confirmed_anything_of_comes_first() -> None:
    known, new = line("a", 0.3, "known"), line("b", 0.2, "new")
    assert most_telling([known, new], {"known": 200}, 1) == [new]
    assert most_telling([known, new], {}, 1) == [known]


def test_the_choice_is_that_of_asking_each_anew_and_the_same_each_time() -> None:
    lines = [line(f"r{at % 7}", (at * 37 % 50) / 100, f"s{at % 3}", f"f{at}") for at in range(60)]
    found = most_telling(lines, {"s1": 30}, 20)
    assert found == most_telling([*reversed(lines)], {"s1": 30}, 20)
    assert len(found) == len({(each.record, each.field) for each in found}) == 20
    assert {each.record for each in found[:7]} == {f"r{at}" for at in range(7)}


def test_doubt_is_the_share_of_letters_by_the_reader_that_goes_by_shapes() -> None:
    said = (Said("tesseract", "Ap 3", 0.9), Said("asterocr", "Ấp 3", 0.5**4))
    assert doubt_of(Reading("read", "Ấp 3", 0.9, "two", said=said)) == pytest.approx(0.5)
    assert doubt_of(Reading("read", "Ấp 3", 0.5**4, "one")) == pytest.approx(0.5)
    assert doubt_of(Reading("unreadable", None, 0.0, "one")) == pytest.approx(1.0)


def test_learn_asks_for_a_share_until_it_is_told_otherwise(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("asterocr")
    built = office(tmp_path, forms=3, waiting=2)  # too few to learn from, enough to ask for

    def learn(*more: str) -> Teaching:
        names = ("-w", str(built.workspace), "-t", str(built.template))
        done = CliRunner().invoke(main, ["learn", "--jobs", "1", *more, *names])
        assert "too few" in done.output
        with open_store(built.workspace) as store:
            return Teaching.from_json(SqlDesk(store).setting(SETTING))

    assert learn() == Teaching()  # off, until somebody asks
    asked = learn("--ask", "10%")
    assert asked.share == 0.1
    assert sorted(asked.records["survey", "remark"]) == sorted(built.records[3:])
    assert learn().share == 0.1  # kept for the nights to come
    assert learn("--ask", "0%") == Teaching()
    bad = CliRunner().invoke(main, ["learn", "--ask", "10"])
    assert bad.exit_code == 2
