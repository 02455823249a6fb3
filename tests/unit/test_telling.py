"""Errors in the language that was asked for."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanform import errors
from scanform.cli import main
from scanform.errors import NoSuchBatch, ScanformError, UsageError
from scanform.phrase import Listed, Phrase

SOURCE = Path(errors.__file__).parent
SPEAKING = (
    "campaign.py",
    "importing.py",
    "tally/*.py",
    "report/*.py",
    "export/*.py",
    "lexicon/placing.py",
    "store/age.py",
    "store/backup*.py",
    "store/images.py",
    "store/keyring.py",
    "store/open.py",
    "store/restore.py",
    "store/scrub.py",
    "store/log.py",
    "store/faults.py",
    "store/boxes.py",
    "store/campaign*.py",
    "template/find.py",
    "cli/backup.py",
    "cli/batch*.py",
    "cli/encrypt.py",
    "cli/log.py",
    "cli/person.py",
    "cli/purge.py",
    "cli/restore.py",
    "cli/serve.py",
    "cli/verify.py",
    "cli/watch*.py",
    "cli/by_value.py",
    "cli/campaign*.py",
    "cli/export*.py",
    "cli/files.py",
    "cli/import_.py",
    "cli/known.py",
    "cli/options.py",
    "cli/report*.py",
    "cli/tables.py",
    "cli/tally.py",
)
"""Where every error speaks both languages: what a clerk counts, reports and hands on with, and
what keeps the workspace."""


def told(*arguments: str, **environment: str) -> str:
    env = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "C", "SCANFORM_LANG": None, **environment}
    return CliRunner(env=env).invoke(main, arguments).stderr


class _Found(UsageError):
    """It is there already."""

    vi = "Đã có rồi."
    advice = Phrase("Hãy xóa {file}.", "Delete {file}.").of(file="a.csv")


def test_an_error_says_its_default_in_both_languages_and_is_english_as_text() -> None:
    error = _Found()
    assert (str(error), error.next_step) == ("It is there already.", "Delete a.csv.")
    assert error.told("vi") == ("Đã có rồi.", "Hãy xóa a.csv.")


def test_a_default_is_the_classes_own() -> None:
    class Bare(_Found):
        """Quite another thing."""

    assert Bare().told("vi")[0] == "Quite another thing."


def test_every_error_of_the_tree_has_its_vietnamese() -> None:
    for kind in (*UsageError.__subclasses__(), *errors.StoreError.__subclasses__()):
        if kind.__module__.startswith("scanform."):
            assert vars(kind)["vi"], kind
            assert not isinstance(kind.advice, str), kind


def test_details_may_be_wordings_and_lists_of_them() -> None:
    line = Phrase("dòng {line}", "line {line}")
    whole = Phrase("Sai:\n{mistakes}", "Wrong:\n{mistakes}")
    said = whole.of(mistakes=Listed([line.of(line="2"), line.of(line="{5}")]))
    assert said.say("vi") == "Sai:\n  dòng 2\n  dòng {5}"
    assert said.say("en") == "Wrong:\n  line 2\n  line {5}"


def test_an_error_keeps_its_languages_on_the_way_between_processes() -> None:
    sent = NoSuchBatch(Phrase("Không có {b}.", "No {b}.").of(b="B1"), Phrase("Xem lại.", "Look."))
    come = pickle.loads(pickle.dumps(sent))
    assert come.told("vi") == ("Không có B1.", "Xem lại.")


@pytest.mark.parametrize(
    ("arguments", "environment", "wanted"),
    [
        (["--lang", "vi"], {}, "Không có thư mục làm việc"),
        (["--lang", "en"], {"SCANFORM_LANG": "vi"}, "There is no workspace"),
        ([], {"SCANFORM_LANG": "vi"}, "Không có thư mục làm việc"),
        ([], {"LANG": "vi_VN.UTF-8"}, "Không có thư mục làm việc"),
        ([], {}, "There is no workspace"),
    ],
)
def test_a_command_fails_in_the_language_that_was_asked_for(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], wanted: str
) -> None:
    said = told("tally", "-w", str(tmp_path / "none"), *arguments, **environment)
    assert wanted in said


def test_what_lang_said_once_is_forgotten_by_the_next_command(tmp_path: Path) -> None:
    told("tally", "-w", str(tmp_path / "none"), "--lang", "vi")
    assert "There is no workspace" in told("tally", "-w", str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("arguments", "vietnamese", "english"),
    [
        (["tally", "--dayly"], "không có tùy chọn --dayly (có phải là", "No such option"),
        (["taly"], "không có lệnh taly", "No such command"),
        (["export", "-o", "x"], "thiếu '--format'", "Missing option"),
        (["report", "-o"], "tùy chọn -o cần một giá trị", "requires an argument"),
        (["export", "--format", "zip", "-o", "x"], "phải là một trong: csv,", "is not one of"),
        (["batch", "open", "X", "--forms", "-1", "--from", "A"], "số nguyên từ 0", "0<=x<="),
        (["campaign", "init", "--targets", "/none.csv"], "không có tệp", "does not exist"),
        (["report", "-o", "a.pdf", "--as-of", "31/31/18"], "không phải là ngày", "is no date"),
        (["campaign", "enter", "X", "many"], "không phải là số nguyên", "is no whole number"),
    ],
)
def test_what_is_wrong_with_a_command_line(
    arguments: list[str], vietnamese: str, english: str
) -> None:
    assert vietnamese in told(*arguments, SCANFORM_LANG="vi")
    assert english in told(*arguments)


def test_what_click_says_by_words_alone_stays_as_it_is() -> None:
    assert "unexpected extra argument" in told("tally", "extra", SCANFORM_LANG="vi")


def _errors() -> set[str]:
    found, left = {"ScanformError"}, [ScanformError]
    while left:
        kinds = left.pop().__subclasses__()
        found |= {kind.__name__ for kind in kinds}
        left += kinds
    return found


def test_no_error_that_a_clerk_meets_is_said_in_one_language_alone() -> None:
    files = [file for pattern in SPEAKING for file in SOURCE.glob(pattern)]
    known, seen = _errors(), 0
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in known:
                seen += 1
                plain = [a for a in node.args if isinstance(a, ast.Constant | ast.JoinedStr)]
                assert not plain, f"{file}:{node.lineno}"
    assert seen > 50
