"""One night in a small office: learn, read again what waits, go back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("torch")
pytest.importorskip("asterocr")

from learning_office import office

from scanform.cli import main
from scanform.learn import lesson, on_print
from scanform.store.models import ModelStore

pytestmark = pytest.mark.slow


def say(*args: str) -> Result:
    return CliRunner().invoke(main, list(args), catch_exceptions=False)


def test_a_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = office(tmp_path, forms=26, waiting=2)
    # A few lines can't be sure of anything; here it is the way that counts.
    measured = lesson.compare
    better = {"old_cer": 0.3, "new_cer": 0.2, "chance": 1.0}
    monkeypatch.setattr(lesson, "compare", lambda *given: replace(measured(*given), **better))
    monkeypatch.setattr(on_print, "PRINT_LINES", 6)
    monkeypatch.setattr(on_print, "PRINT_LOSS", 1.0)
    where = ("-w", str(built.workspace), "-t", str(built.template))
    at_first = say("export", "--format", "jsonl", "-o", str(tmp_path / "first.jsonl"), *where)
    assert at_first.exit_code == 0, at_first.output
    learnt = say("learn", "--minutes", "0.5", "--jobs", "1", "--json", *where)
    assert learnt.exit_code == 0, learnt.output
    told = json.loads(learnt.stdout)
    assert (told["forms"], told["kept"]) == (26, True)
    models = ModelStore(built.workspace)
    assert not (models.folder / ".work").exists()  # nothing that was cut from forms is left
    model = models.current()
    assert model is not None
    again = say("reread", "--pending", "--json", *where)
    assert json.loads(again.stdout)["looked"] == 2
    shown = say("export", "--format", "jsonl", "-o", str(tmp_path / "now.jsonl"), *where)
    assert shown.exit_code == 0, shown.output
    assert model.id in (tmp_path / "now.jsonl").read_text("utf-8")
    drawn = say("learn", "--report", str(tmp_path / "curve.png"), "-w", str(built.workspace))
    assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    back = say("models", "rollback", "-w", str(built.workspace))
    assert back.exit_code == 0, back.output
    say("export", "--format", "jsonl", "-o", str(tmp_path / "back.jsonl"), *where)
    assert (tmp_path / "back.jsonl").read_bytes() == (tmp_path / "first.jsonl").read_bytes()
    assert models.current() is None
