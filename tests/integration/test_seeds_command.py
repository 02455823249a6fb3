"""A rehearsal is read and mixed into the queue, and no figure and no export knows of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanform.cli import main

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).parents[2] / "sample_scans" / "straight_300dpi"


def call(workspace: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(main, [*arguments, "-w", str(workspace)])
    assert done.exit_code == 0, done.output
    return done


def test_seeds_of_a_rehearsal(tmp_path: Path) -> None:
    workspace, made = tmp_path / "w", tmp_path / "made"
    call(workspace, "run", str(SAMPLE), "-t", "dc01", "--jobs", "1", "--keyed")
    done = CliRunner().invoke(main, ["rehearse", "dc01", "-n", "1", "-o", str(made), "--quiet"])
    assert done.exit_code == 0, done.output
    status = call(workspace, "status", "--json").stdout
    export = ["export", "--format", "jsonl", "-o", str(tmp_path / "before.jsonl")]
    call(workspace, *export)

    seeds = ["review", "seeds", "--rehearsed", str(made), "-t", "dc01", "--share", "0.1", "--json"]
    told = json.loads(call(workspace, *seeds).stdout)
    assert told["laid"] > 0
    assert (told["rehearsed"], told["confirmed"]) == (told["laid"], 0)

    assert call(workspace, "status", "--json").stdout == status
    call(workspace, *export[:-1], str(tmp_path / "after.jsonl"))
    before, after = ((tmp_path / f"{name}.jsonl").read_bytes() for name in ("before", "after"))
    assert after == before
    call(workspace, "verify")  # its page is an image that something names


@pytest.mark.parametrize("line", [None, "not json", "{}", '{"scan": "a", "page": 1, "answers": 3}'])
def test_what_is_no_rehearsal_is_told(tmp_path: Path, line: str | None) -> None:
    from scanform.cli.truths import truths_in  # noqa: PLC0415
    from scanform.errors import UsageError  # noqa: PLC0415

    if line is not None:
        (tmp_path / "truth.jsonl").write_text(line)
    with pytest.raises(UsageError, match=r"truth\.jsonl"):
        truths_in(tmp_path)
