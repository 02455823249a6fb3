"""A form that nothing reads: its answers are typed from their pictures, in the same queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scanform.cli import main
from scanform.cli.opened import open_desk
from scanform.review import Filter, Person

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).parents[2] / "sample_scans" / "straight_300dpi"
LAN, HOA, MAI = Person("lan", "admin"), Person("hoa"), Person("mai")


def test_a_box_is_keyed_without_any_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not even a text reader is needed: there is none on this path.
    monkeypatch.setattr("scanform.programs.tesseract.version", lambda: None)
    where = ["-w", str(tmp_path / "w"), "-t", "dc01"]
    done = CliRunner().invoke(main, ["run", str(SAMPLE), *where, "--jobs", "1", "--keyed"])
    assert done.exit_code == 0, done.output
    with open_desk(tmp_path / "w") as desk:
        (record,) = desk.review.store.records()
        assert {each.state for each in record.answers} == {"pending"}
        assert {each.reading for each in record.answers} == {None}
        assert {each.doubts[0].code for each in record.answers} == {"not_read"}

        # One person types it, in the ordinary queue: nothing is offered, nothing to accept.
        claim = desk.queue.claim(HOA, only=Filter(field="full_name"))
        assert claim is not None
        assert claim.options == ()
        assert desk.queue.picture(HOA, claim.token).startswith(b"\x89PNG")
        desk.queue.correct(HOA, claim.token, "Nguyễn Văn Ấn")

        # Two people type it, blind, where that is ordered.
        desk.keying.order(LAN, "dc01", Filter(field="birth_date"))
        for who in (HOA, MAI):
            claim = desk.queue.claim(who, work="key")
            assert claim is not None
            assert claim.blind
            desk.queue.correct(who, claim.token, "5/6/1985")

        record = desk.review.store.record(record.id)
        assert record.answer("full_name").value == "NGUYỄN VĂN ẤN"
        assert record.answer("birth_date").value == "1985-06-05"
        assert desk.log.verify(LAN).faults == ()
