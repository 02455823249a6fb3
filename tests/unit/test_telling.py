"""Errors in the language that was asked for."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner

from scanform import errors
from scanform.cli import main
from scanform.errors import NoSuchBatch, ScanformError, UsageError
from scanform.phrase import Listed, Phrase
from scanform.store.models import USE, ModelStore

SOURCE = Path(errors.__file__).parent
DOUBLES = SOURCE / "testing.py"
"""What only tests meet is English alone; so are a template's mistakes, which an engineer mends."""


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
        (["purge", "--older-than", "9999y"], "không phải một khoảng thời gian", "is no age"),
        (["learn", "--ask", "10"], "một tỷ lệ kèm dấu %", "a share with its sign"),
        (["decide", "--max-error", "2"], "một tỷ lệ dưới 100%", "a share below 100%"),
        (["campaign", "enter", "X", "many"], "không phải là số nguyên", "is no whole number"),
        (["review", "--plain", "list"], "là để duyệt hàng chờ", "working through the queue"),
        (["review", "set", "R", "name"], "Hãy cho một giá trị", "Give a value, or"),
        (["review", "seeds", "--rehearsed", "/"], "Hãy nêu mẫu đã diễn tập", "Say which form"),
        (
            ["--log-file", f"{__file__}/a", "tally"],
            "Không ghi được tệp nhật ký",
            "log file can't be",
        ),
        (
            ["rehearse", "dc01", "--hand", __file__, "-o", "x"],
            "Không có thư mục phông",
            "No folder",
        ),
        (
            ["template", "preview", "dc01", __file__, "-o", "x"],
            "không phải .png",
            "is neither .png",
        ),
    ],
)
def test_what_is_wrong_with_a_command_line(
    arguments: list[str], vietnamese: str, english: str
) -> None:
    assert vietnamese in told(*arguments, SCANFORM_LANG="vi")
    assert english in told(*arguments)


@pytest.mark.parametrize(
    ("arguments", "vietnamese", "english"),
    [
        (["learn", "--report", "a.png"], "Ở đây chưa học gì", "Nothing was learnt here"),
        (["reread"], "Hãy nêu đọc lại gì", "Say what to read again"),
        (["models", "use", "20250301-0a0b0c0d"], "Không có mô hình", "There is no model"),
        (["models", "rollback"], "Bộ đọc đi kèm đang đọc", "The shipped reader reads"),
        (["models", "import", __file__], "không phải mô hình", "is no model"),
    ],
)
def test_what_learning_can_not_do(
    tmp_path: Path, arguments: list[str], vietnamese: str, english: str
) -> None:
    assert vietnamese in told(*arguments, "-w", str(tmp_path), "--lang", "vi")
    assert english in told(*arguments, "-w", str(tmp_path), "--lang", "en")


def test_a_damaged_choice_of_models_says_how_to_go_on(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    store.folder.mkdir()
    (store.folder / USE).write_text("{")
    arguments = ("models", "use", "shipped", "-w", str(tmp_path), "--lang")
    assert "xóa tệp đó rồi chọn lại" in told(*arguments, "vi")
    assert "delete it and choose again" in told(*arguments, "en")
    (store.folder / USE).unlink()
    assert told(*arguments, "en") == ""
    assert store.current() is None


def test_what_click_says_by_words_alone_stays_as_it_is() -> None:
    assert "unexpected extra argument" in told("tally", "extra", SCANFORM_LANG="vi")


def _errors() -> set[str]:
    found, left = {"ScanformError"}, [ScanformError]
    while left:
        kinds = left.pop().__subclasses__()
        found |= {each.__name__ for each in kinds if each.__module__.startswith("scanform.")}
        left += kinds
    return found


def _plain(words: ast.expr, texts: set[str]) -> bool:
    """Whether it is a text of one language; ``texts``: names that stand for such."""
    match words:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Name(id=name):
            return name in texts
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return _plain(one, texts) or _plain(other, texts)
    return False


def _texts(tree: ast.AST) -> set[str]:
    """Names that a text is given to."""
    given = [each for each in ast.walk(tree) if isinstance(each, ast.Assign)]
    return {
        name.id
        for each in given
        if _plain(each.value, set())
        for name in each.targets
        if isinstance(name, ast.Name)
    }


def test_no_error_is_said_in_one_language_alone() -> None:
    files = [file for file in SOURCE.rglob("*.py") if file != DOUBLES]
    known, seen = _errors(), 0
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = _texts(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in known | {"BadValue", "InvalidValue", "fail"}:
                    seen += 1
                    given = (*node.args[:2], *(each.value for each in node.keywords))
                    assert not any(_plain(each, texts) for each in given), f"{file}:{node.lineno}"
    assert seen > 150


def test_a_phrase_names_the_same_details_in_both_languages() -> None:
    seen = 0
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Phrase":
                words = (*node.args, *(each.value for each in node.keywords))
                texts = [each.value for each in words if isinstance(each, ast.Constant)]
                if len(texts) != 2:
                    continue
                seen += 1
                vi, en = (
                    {part[1] for part in Formatter().parse(text) if part[1]} for text in texts
                )
                assert vi == en, f"{file}:{node.lineno}"
                assert texts[0] or not texts[1], f"{file}:{node.lineno}"
    assert seen > 500
