"""The loader: what it makes of good YAML, and that it tells every mistake of bad YAML at once."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanform.errors import Mistake, TemplateError, UsageError
from scanform.model.geometry import Box
from scanform.model.template import PrintedBox, PrintedLine, PrintedText, Template
from scanform.template import find, load, source

GOOD = """\
id: survey
title: Phiếu hỏi
revision: 2
unit: commune
size: 11
rules:
  - dates_in_order: {earlier: born, later: told}
print:
  - {text: PHIẾU HỎI, at: [105, 30], size: 14, bold: true, align: centre}
  - {line: [20, 32, 190, 32]}
  - {box: [15, 40, 180, 100], radius: 2}
fields:
  - id: commune
    kind: place
    label: Xã
    box: [60, 45, 100, 8]
    caption: {x: 20}
  - id: born
    kind: date
    label: Ngày sinh
    cells: {at: [60, 55], size: [5, 6], groups: [2, 2, 4], gap: 2}
    caption: "1. {label}:"
  - id: told
    kind: date
    label: Ngày khai
    box: [60, 65, 40, 8]
    line: none
  - id: sex
    kind: choice
    label: Giới tính
    options:
      - {value: Nam, at: [60, 76]}
      - {value: Nữ, at: [80, 76], label: "nữ"}
  - repeat: {rows: 3, dy: 10}
    print:
      - {text: "{row}", at: [20, 95]}
    fields:
      - {id: "child{row}", kind: text, label: "Con {row}", box: [60, 90, 100, 8]}
      - {id: "born{row}", kind: date, label: "Sinh {row}", box: [165, 90, 25, 8]}
    rules:
      - dates_in_order: {earlier: "born{row}", later: told}
"""


def parse(text: str) -> Template:
    return load.parse(text.encode(), "t.yaml")


def mistakes(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(TemplateError) as caught:
        parse(text)
    return caught.value.mistakes


def only(text: str) -> Mistake:
    found = mistakes(text)
    assert len(found) == 1, found
    return found[0]


def line_of(text: str, part: str) -> int:
    """The line of ``text`` that has ``part``; it must be one line."""
    (number,) = (number for number, line in enumerate(text.split("\n"), 1) if part in line)
    return number


def test_a_good_file_becomes_a_template() -> None:
    template = parse(GOOD)
    assert (template.ref, template.title, template.unit) == ("survey@2", "Phiếu hỏi", "commune")
    assert template.page_mm == (210, 297)
    assert template.field("commune").box == Box(60, 45, 100, 8)
    assert [option.value for option in template.field("sex").options] == ["Nam", "Nữ"]
    assert template.field("sex").box == Box(60, 76, 24, 4)


def test_a_comb_has_its_cells_in_groups() -> None:
    field = parse(GOOD).field("born")
    assert field.groups == (2, 2, 4)
    assert [cell.x for cell in field.cells] == [60, 65, 72, 77, 84, 89, 94, 99]
    assert {(cell.y, cell.w, cell.h) for cell in field.cells} == {(55, 5, 6)}
    assert field.box == Box(60, 55, 44, 6)


def test_rows_are_repeated_with_their_rules() -> None:
    template = parse(GOOD)
    assert [template.field(f"child{row}").box.y for row in (1, 2, 3)] == [90, 100, 110]
    assert template.field("child2").label == "Con 2"
    later = [rule.fields["earlier"] for rule in template.rules]
    assert later == ["born", "born1", "born2", "born3"]
    numbers = [each for each in template.printed if isinstance(each, PrintedText)]
    assert {(each.text, each.y) for each in numbers} >= {("1", 95), ("2", 105), ("3", 115)}


def test_captions_labels_and_lines_are_printed() -> None:
    printed = parse(GOOD).printed
    texts = {each.text: each for each in printed if isinstance(each, PrintedText)}
    assert {"Xã:", "1. Ngày sinh:", "Nam", "nữ"} <= set(texts)
    assert (texts["Xã:"].x, texts["Xã:"].align) == (20, "left")
    assert texts["1. Ngày sinh:"].align == "right"
    assert texts["1. Ngày sinh:"].x < 60
    assert texts["Xã:"].size == 11
    dotted = [line for line in printed if isinstance(line, PrintedLine) and line.style == "dotted"]
    # Commune, three children, three dates; combs, boxes and `line: none` have none.
    assert len(dotted) == 7
    assert sum(isinstance(each, PrintedBox) for each in printed) == 1 + 8 + 2


def test_marks_stand_in_the_corners_unless_switched_off() -> None:
    marks = parse(GOOD).page_marks
    assert [mark.number for mark in marks[0].corners] == [0, 1, 2, 3]
    top_left, top_right, bottom_right, bottom_left = (mark.box for mark in marks[0].corners)
    assert top_left.x == bottom_left.x < top_right.x == bottom_right.x
    assert top_left.y == top_right.y < bottom_left.y == bottom_right.y
    assert all(Box(5, 5, 200, 287).holds(mark.box) for mark in marks[0].corners)
    bare = parse(GOOD + "register: {marks: none}\n")
    assert (bare.marks, bare.page_marks) == ("none", ())


BAD = """\
id: Wrong Id
titel: Phiếu
revision: two
unit: comune
register: {marks: corner}
rules:
  - id_nummer: {number: a}
  - dates_in_order: {earlier: a, before: zz}
print:
  - {text: Hi, at: [1]}
  - {txt: Hi, at: [20, 20]}
  - {text: "off the page", at: [205, 150]}
  - {text: 漢, at: [100, 150]}
fields:
  - {id: a, kind: txt, label: A, box: [20, 50, 50, 8]}
  - {id: b, kind: text, label: B, box: [190, 60, 50, 8]}
  - {id: c, kind: text, label: C, box: [20, 70, 50, 8]}
  - {id: d, kind: text, label: D, box: [60, 70, 50, 8]}
  - {id: c, kind: text, label: C, box: [20, 80, 50, 8]}
  - {id: e, kind: choice, label: E}
  - {id: f, kind: date, label: F, cells: {at: [200, 100], groups: [2, 2, 4]}}
  - {id: g, kind: place, label: G, box: [20, 110, 50, 8], within: bb}
  - {id: h, kind: text, label: 12, boxx: [20, 120, 50, 8]}
  - {id: i, kind: text, label: I, box: [20, 130, 50, 8], page: 2}
  - {id: j, kind: text, label: J}
  - {id: k, kind: text, label: K, box: [8, 8, 20, 8]}
  - {id: l, kind: closed, label: L, box: [20, 140, 50, 8], lexicon: nothing}
  - {id: m, kind: digits, label: M, box: [1, 2, 3, 4], cells: {at: [20, 150], groups: [3]}}
  - {id: n, kind: text, label: N, box: [20, 160, -5, 8]}
"""

EXPECTED = {
    ("id: Wrong Id", "id", "small letters", ""),
    ("titel: Phiếu", "titel", "unknown key `titel`", "did you mean `title`?"),
    ("id: Wrong Id", "", "`title` is missing", ""),
    ("revision: two", "revision", "a whole number", ""),
    ("unit: comune", "unit", "no field `comune`", ""),
    ("register:", "register.marks", "'corners' or 'none'", ""),
    ("id_nummer", "rules", "no rule `id_nummer`", "did you mean `id_number`?"),
    ("before: zz", "rules", "no `before`", ""),
    ("before: zz", "rules", "`zz`", ""),
    ("at: [1]", "print.at", "too few numbers", ""),
    ("{txt: Hi", "print", "a `text`, a `line` or a `box`", ""),
    ("off the page", "", "off the page", "210 x 297"),
    ("漢", "", "no '漢'", ""),
    ("kind: txt", "a", "no kind `txt`", "did you mean `text`?"),
    ("id: b,", "b", "off the page", ""),
    ("id: d,", "d", "overlaps that of `c`", "line 17"),
    ("[20, 80, 50, 8]", "c", "two fields have this id", "line 17"),
    ("id: e,", "e", "choice without options", "add `options:`"),
    ("id: f,", "f", "off the page", ""),
    ("within: bb", "g", "`bb`", ""),
    ("boxx", "h", "unknown key `boxx`", "did you mean `box`?"),
    ("boxx", "h", "it should be words, not 12", "quotes"),
    ("page: 2", "i", "no page 2", "pages: 1"),
    ("id: j,", "j", "no region", "add `box:"),
    ("id: k,", "k", "on a mark", ""),
    ("id: l,", "l", "'nothing'", "ethnic_groups"),
    ("id: m,", "m", "both `box` and `cells`", "leave out `box`"),
    ("id: n,", "n", "greater than 0", ""),
}


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    found = mistakes(BAD)
    for part, field, problem, advice in EXPECTED:
        line = line_of(BAD, part)
        fitting = [
            each
            for each in found
            if (each.line, each.field) == (line, field)
            and problem in each.problem
            and advice in each.advice
        ]
        assert fitting, (part, problem, [each for each in found if each.line == line])
    assert len(found) == len(EXPECTED), [str(each) for each in found]
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert {each.file for each in found} == {"t.yaml"}


def test_lines_are_right_in_blocks_too() -> None:
    text = GOOD.replace("    kind: place\n", "    kind: plaice\n")
    assert (only(text).line, only(text).field) == (line_of(text, "plaice"), "commune")
    text = GOOD.replace("  - {value: Nữ, at: [80, 76], ", "  - {value: Nữ, at: [80, 76, 1], ")
    assert (only(text).line, only(text).field) == (line_of(text, "Nữ"), "sex")
    text = GOOD.replace('earlier: "born{row}"', 'earlier: "birth{row}"')
    assert {each.line for each in mistakes(text)} == {line_of(text, "birth{row}")}


def test_a_reference_to_a_field_with_a_mistake_is_no_second_mistake() -> None:
    text = GOOD.replace("    kind: place\n", "").replace('"born{row}", kind: date', '"born{row}"')
    assert {each.problem for each in mistakes(text)} == {"`kind` is missing"}


def test_rows_need_their_number_in_the_id() -> None:
    text = GOOD.replace('id: "child{row}"', "id: child")
    assert "put {row} in it" in {each.advice for each in mistakes(text)}
    text = GOOD.replace("id: told", 'id: "told{row}"').replace("later: told", "later: born")
    assert "{row} outside repeated rows" in {each.problem for each in mistakes(text)}


def test_words_may_not_be_printed_where_people_write() -> None:
    text = GOOD.replace(
        "print:\n  - {text: PHIẾU HỎI, at: [105, 30]", "print:\n  - {text: X, at: [70, 50]"
    )
    assert "lies on the region of `commune`" in only(text).problem


def test_neighbours_may_share_a_border() -> None:
    parse(GOOD.replace("box: [165, 90, 25, 8]", "box: [160, 90, 25, 8]"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no template"),
        ("- a", "no template"),
        ("id: [", "not YAML"),
        ("a: b: c", "not YAML"),
        ("[\n" * 500, "nested too deep"),
        ("id: &a [*a]", "anchors"),
        ("id: !!python/object:os.system x", "tag"),
        ("id: x\nid: y", "stands twice"),
        ("\x01", "character"),
    ],
)
def test_what_is_no_template_is_told(text: str, problem: str) -> None:
    assert any(problem in each.problem for each in mistakes(text))


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert any("anchors" in each.problem for each in mistakes("\n".join(lines)))


def test_a_form_of_endless_rows_is_not_built() -> None:
    row = GOOD[GOOD.index("  - repeat:") :].replace("rows: 3", "rows: 100")
    assert "more than 2000" in only(GOOD + row * 10).problem


def test_a_file_too_large_or_in_another_code_is_told() -> None:
    with pytest.raises(TemplateError, match="1 MiB"):
        load.parse(b"#" * (source.MAX_BYTES + 1), "t.yaml")
    with pytest.raises(TemplateError, match=r"t\.yaml:2: it is not UTF-8"):
        load.parse("id: x\ntitle: Phiếu".encode("cp1258", "replace") + b"\xff", "t.yaml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-300, 300) | st.floats(-300, 300) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def never_another_error(data: bytes) -> None:
    try:
        load.parse(data, "t.yaml")
    except TemplateError as error:
        found = error.mistakes
    else:
        return
    assert found
    assert all(each.line >= 1 and each.problem for each in found)


@given(st.text(alphabet=st.sampled_from("abi:-[]{}&*!|>'\"#%@,?<=.0123 \n\t~é"), max_size=60))
@example("? ? a")
@example("2001-99-99: 0x")
@example("a: 0b2\nb: 1_000\nc: +.inf\nd: 12:30:45")
@settings(deadline=None)
def test_no_text_raises_anything_else(text: str) -> None:
    never_another_error(text.encode())


@given(st.binary(max_size=40))
@settings(deadline=None)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    never_another_error(data)


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_no_change_of_a_good_file_raises_anything_else(data: st.DataObject) -> None:
    document = yaml.safe_load(GOOD)
    place: object = document
    for _ in range(data.draw(st.integers(1, 5))):
        if isinstance(place, dict) and place:
            keys = list(place)
        elif isinstance(place, list) and place:
            keys = list(range(len(place)))
        else:
            break
        parent, key = place, data.draw(st.sampled_from(keys))
        place = parent[key]
    parent[key] = data.draw(VALUES)
    never_another_error(json.dumps(document).encode())


def test_the_published_schema_is_up_to_date() -> None:
    published = Path(__file__).parents[2] / "templates" / "template.schema.json"
    assert published.read_text("utf-8") == load.json_schema(), (
        "run: python -m scanform.template.load > templates/template.schema.json"
    )


def test_the_schema_takes_what_the_loader_takes() -> None:
    schema = json.loads(load.json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(yaml.safe_load(GOOD)))
    jsonschema.validate(document, schema)
    for change in ({"titel": "x"}, {"revision": "two"}, {"fields": [{"id": "a"}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document | change, schema)


def write(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(GOOD, "utf-8")
    return folder


def test_templates_are_found_by_path_and_by_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here, there = write(tmp_path / "templates" / "here"), write(tmp_path / "other" / "there")
    monkeypatch.setenv(find.ENVIRONMENT, str(tmp_path / "other"))
    assert find.find(str(there)) == there
    assert find.find(str(there / "template.yaml")) == there
    assert find.find("there") == there
    assert find.find("here").resolve() == here
    assert {"dc01", "ct01", "here", "there"} <= {folder.name for folder in find.available()}
    with pytest.raises(UsageError, match="nowhere"):
        find.find("nowhere")


def test_a_users_template_hides_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write(tmp_path / "dc01")
    monkeypatch.setenv(find.ENVIRONMENT, str(tmp_path))
    assert find.find("dc01") == own


def test_a_folder_without_a_template_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no template"):
        load.load(tmp_path)


def test_what_nothing_reads_is_said_of_a_field_or_of_all() -> None:
    one = parse(GOOD.replace("  - id: told\n", "  - id: told\n    keyed: true\n"))
    assert [each.id for each in one.fields if each.keyed] == ["told"]
    everything = parse(GOOD.replace("size: 11\n", "size: 11\nkeyed: true\n"))
    assert all(each.keyed for each in everything.fields)
    assert not any(each.keyed for each in parse(GOOD).fields)


def test_second_keying_is_asked_for_all_some_fields_or_a_share() -> None:
    def asked(field: str = "", form: str = "") -> list[float]:
        text = GOOD.replace("  - id: told\n", f"  - id: told\n{field}")
        text = text.replace("size: 11\n", f"size: 11\n{form}")
        return [each.second_keying for each in parse(text).fields]

    others = len(asked()) - 1
    assert not any(asked())
    assert sorted(asked(field="    second_keying: true\n")) == [0.0] * others + [1.0]
    assert asked(form="second_keying: 5%\n") == [0.05] * (others + 1)
    but_one = asked("    second_keying: false\n", "second_keying: true\n")
    assert sorted(but_one) == [0.0] + [1.0] * others
    with pytest.raises(TemplateError, match="share such as 5%"):
        asked(field="    second_keying: often\n")
