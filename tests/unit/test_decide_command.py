"""``scanform decide``: another bound over a real store, without reading again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanform.cli import main
from scanform.cli.bounds import kept_bounds
from scanform.fields.policy import DEFAULT_MAX_ERROR
from scanform.model.reading import Reading
from scanform.model.record import Answer, Decision, Doubt, Record, State
from scanform.model.scan import ScanFile
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import load

SHA = "ab" * 32
T0 = datetime(2018, 10, 1, tzinfo=UTC)
TEMPLATE = load(find("dc01"))
LOW = Doubt("low_confidence")


def answer(field: str, confidence: float, state: State, *doubts: Doubt) -> Answer:
    reading = Reading("read", "x", 0.9, "test 1")
    return Answer(field, "x", confidence, state, doubts, reading)


ANSWERS = (
    answer("hamlet", 0.97, "accepted"),
    answer("commune", 0.9, "pending", LOW),
    answer("full_name", 0.999, "pending", Doubt("odd_characters")),
    answer("sex", 0.9985, "pending", LOW),
    answer("religion", 0.5, "pending", LOW),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """One record; a person accepted the religion though the machine was not sure."""
    folder = tmp_path / "w"
    with open_store(folder, clock=lambda: T0) as store:
        store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        record = Record("r1", "dc01", TEMPLATE.revision, "box/a.pdf", SHA, 1, ANSWERS)
        store.save([PageRow(SHA, 1, "form", "")], record)
        store.decide(Decision("r1", "religion", "accept", None, "lan", T0 + timedelta(hours=1)))
    return folder


def call(workspace: Path, *words: str) -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    return CliRunner().invoke(main, list(words), env=environment)


def states(workspace: Path, as_of: datetime | None = None) -> dict[str, str]:
    with open_store(workspace) as store:
        (record,) = store.records(as_of=as_of)
    return {each.field: each.state for each in record.answers}


def test_a_looser_bound_accepts_more_and_doubts_stay(workspace: Path) -> None:
    done = call(workspace, "decide", "--max-error", "15%")
    assert done.exit_code == 0, done.output
    assert "1 answers are accepted now, 0 wait now" in done.stdout
    assert states(workspace) == {
        "hamlet": "accepted",
        "commune": "accepted",
        "full_name": "pending",
        "sex": "pending",  # it asks for 0.1% itself
        "religion": "accepted",
    }


def test_a_stricter_bound_takes_back_the_machines_word_and_no_persons(workspace: Path) -> None:
    done = call(workspace, "decide", "--max-error", "0.2%", "--json")
    assert json.loads(done.stdout)["waiting"] == 1
    now = states(workspace)
    assert (now["hamlet"], now["religion"]) == ("pending", "accepted")
    with open_store(workspace) as store:
        hamlet = store.record("r1").answer("hamlet")
    assert (hamlet.value, hamlet.confidence, hamlet.doubts) == ("x", 0.97, (LOW,))


def test_earlier_moments_stay_as_they_were(workspace: Path) -> None:
    before = states(workspace)
    call(workspace, "decide", "--max-error", "15%")
    assert states(workspace) != before
    assert states(workspace, T0 + timedelta(hours=2)) == before
    assert call(workspace, "log", "verify").exit_code == 0


def test_there_and_back_is_as_it_was(workspace: Path) -> None:
    before = states(workspace)
    call(workspace, "decide", "--max-error", "15%")
    call(workspace, "decide", "--max-error", "5%")
    assert states(workspace) == before
    with open_store(workspace) as store:
        rows = len(store.decisions("r1"))
    call(workspace, "decide", "--max-error", "5%")
    with open_store(workspace) as store:
        assert len(store.decisions("r1")) == rows  # nothing changed, so nothing is logged


def test_a_log_row_says_who_and_why(workspace: Path) -> None:
    call(workspace, "decide", "--max-error", "15%", "--by", "chi")
    with open_store(workspace) as store:
        last = store.decisions("r1")[-1]
    assert (last.action, last.by, last.how) == ("recheck", "chi", "max-error 15%")


def test_the_bound_is_kept_for_later_runs(workspace: Path) -> None:
    call(workspace, "decide", "--max-error", "0.2%", "-t", "ct01")
    assert states(workspace)["hamlet"] == "accepted"  # another form's
    with open_store(workspace) as store:
        bounds = kept_bounds(store)
    assert bounds["ct01"].max_error == pytest.approx(0.002)
    assert bounds["dc01"].max_error == DEFAULT_MAX_ERROR


@pytest.mark.parametrize("share", ["0.5", "100%", "few"])
def test_what_is_no_share_exits_2(workspace: Path, share: str) -> None:
    assert call(workspace, "decide", "--max-error", share).exit_code == 2
