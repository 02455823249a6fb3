"""Files from strangers that are nearly right: tables, calibrations, covers, templates, models.

Random bytes are turned away at the door. What is tried here comes further in: whole files with a
piece of them changed, and values of the wrong sort, size or depth in the right places.
"""

from __future__ import annotations

import io
import json
import random
import tempfile
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import pytest
from filled_workspace import T0
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scanform.cli.tables import figures_file, targets_file
from scanform.errors import ScanformError, TemplateError, UsageError
from scanform.export import workbook as workbook_module
from scanform.export.read_back import read_rows
from scanform.fields import calibration, calibration_json
from scanform.model.template import Template
from scanform.page.cover import batch_in, batch_on, cover_text
from scanform.store.model_archive import packed, unpacked
from scanform.store.models import ModelStore
from scanform.template.find import find
from scanform.template.load import load, parse

often = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
seldom = settings(often, max_examples=25)

NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([10**400, -1, 0, float("inf"), float("nan")])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)
DEEP = "[" * 100_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with bits turned over, pieces taken out, doubled or overwritten."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + chance.randrange(1, 40)]
            case 2:
                changed[at:at] = changed[at : at + chance.randrange(1, 40)]
            case _:
                changed[at : at + 4] = chance.choice([b"\xff" * 4, bytes(4), b"\0\0\0\x80"])
    return bytes(changed)


# Tables


@cache
def workbook() -> bytes:
    pytest.importorskip("openpyxl")
    from openpyxl import Workbook  # noqa: PLC0415 - an extra

    book, target = Workbook(), io.BytesIO()
    for row in (["record", "version", "full_name", "unit", "target"], ["ab", 0, "An", "Xã", 12]):
        book.worksheets[0].append(row)
    book.save(target)
    return target.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(inside: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in inside.items():
            archive.writestr(name, data)
    return target.getvalue()


def read_every_way(data: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{ending}"
        file.write_bytes(data)
        for read in (lambda: list(read_rows(file)), lambda: targets_file(file),
                     lambda: figures_file(file)):  # fmt: skip
            with suppress(ScanformError):
                read()


@often
@given(st.integers(0, 2**32))
def test_a_workbook_with_changed_bytes(seed: int) -> None:
    read_every_way(mutated(workbook(), random.Random(seed)), "xlsx")


@often
@given(st.integers(0, 2**32))
def test_a_workbook_with_a_changed_part(seed: int) -> None:
    chance, inside = random.Random(seed), parts(workbook())
    name = chance.choice(sorted(inside))
    data = mutated(inside[name], chance)
    del inside[name]
    read_every_way(zipped(inside if chance.random() < 0.2 else {**inside, name: data}), "xlsx")


@pytest.mark.parametrize("limit", ["MOST_SHEETS", "MOST_OTHERS"])
def test_a_workbook_that_would_unpack_to_too_much_is_not_unpacked(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bomb.xlsx").write_bytes(workbook())
    monkeypatch.setattr(workbook_module, limit, 100)
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("unpacked"))
    for read in (read_rows, targets_file):
        with pytest.raises(UsageError, match="too large"):
            list(read(tmp_path / "bomb.xlsx"))


@often
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text('record,version;\t"\n\r\0=-+@ ab09é', max_size=200).map(str.encode),
        st.text(max_size=100).map(lambda text: f"record,version,{text}\nab,1,{text}".encode()),
    )
)
@example(b'record,version,a\n"')
@example(b"record,version\n\0,1")
@example(b"record,version\n" + b"9" * 5000 + b"," + b"9" * 5000)
def test_any_text_for_a_table(data: bytes) -> None:
    read_every_way(data, "csv")


# Calibrations


def whole_calibration() -> dict[str, Any]:
    return calibration_json.to_json(calibration.shipped())


def put(value: Any, into: Any, chance: random.Random) -> Any:
    """``into`` with the value in a random place of it."""
    if not isinstance(into, dict | list) or not into or chance.random() < 0.15:
        return value
    if isinstance(into, dict):
        key = chance.choice(sorted(into))
        return {**into, key: put(value, into[key], chance)}
    at = chance.randrange(len(into))
    return [*into[:at], put(value, into[at], chance), *into[at + 1 :]]


@often
@given(VALUES, st.integers(0, 2**32))
def test_a_calibration_with_another_value_somewhere(value: Any, seed: int) -> None:
    data = put(value, whole_calibration(), random.Random(seed))
    with suppress(ValueError):
        made = calibration_json.from_json(data)
        for scale in made.scales.values():
            for figure in (0.0, 0.5, 1.0):
                assert 0.0 <= scale.chance(figure) <= 1.0


@pytest.mark.parametrize("text", ["", "{", DEEP, "[]", "null", '{"scales": 1e999}', "\0"])
def test_a_damaged_calibration_beside_a_template_is_told(tmp_path: Path, text: str) -> None:
    for each in find("dc01").iterdir():
        if each.is_file():
            (tmp_path / each.name).write_bytes(each.read_bytes())
    (tmp_path / "confidence.json").write_text(text)
    with pytest.raises(TemplateError, match="damaged"):
        load(tmp_path)


# Cover sheets


@often
@given(st.text(max_size=30), st.text(max_size=12))
@example("B٠٠٠١", "")
@example("B0001\n", "")
@example("B0001/../B0002", "")
@example("B" + "9" * 40, "")
def test_only_a_box_of_ours_is_on_a_cover(name: str, before: str) -> None:
    for text in (name, f"scanform:batch/{name}", f"{before}scanform:batch/B0001{name}"):
        found = batch_in(text)
        assert found is None or text == cover_text(found)
        assert found is None or found.isascii()


@seldom
@given(st.binary(min_size=1, max_size=60))
def test_any_code_on_a_page(data: bytes) -> None:
    try:
        code = cv2.QRCodeEncoder.create().encode(data.decode("latin-1"))
    except (cv2.error, SystemError):
        return
    page = cv2.resize(code, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    assert batch_on(cv2.copyMakeBorder(page, 60, 60, 60, 60, 0, value=255), 120) is None


# Templates

KEYS = st.sampled_from(
    [
        "id",
        "title",
        "revision",
        "pages",
        "page_mm",
        "fields",
        "box_mm",
        "kind",
        "label",
        "options",
        "value",
        "rules",
        "marks",
        "unit",
        "cells",
        "lines",
        "lexicon",
        "required",
        "name",
    ]
)
DOCUMENTS = st.recursive(
    st.one_of(
        st.none(), st.booleans(), NUMBERS, st.sampled_from(["a", "text", "digits", "../x", "dc01"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=20,
)


@often
@given(DOCUMENTS)
def test_any_document_for_a_template(document: Any) -> None:
    with suppress(TemplateError):
        assert isinstance(parse(json.dumps(document).encode(), "t.yaml"), Template)


@seldom
@given(st.integers(0, 2**32))
def test_a_shipped_template_with_lines_changed(seed: int) -> None:
    chance = random.Random(seed)
    lines = (find("dc01") / "template.yaml").read_text("utf-8").splitlines()
    lines = lines[: chance.randrange(20, 120)]
    for _ in range(chance.choice([1, 2, 8])):
        at = chance.randrange(len(lines))
        key, colon, _ = lines[at].partition(":")
        told = ["-1", "[]", "{}", ".nan", "1e400", "~", "x" * 300, "*a", "'", "9" * 400, "yes"]
        lines[at] = chance.choice([f"{key}{colon} {chance.choice(told)}", "", lines[at] + "]"])
    with suppress(TemplateError):
        assert isinstance(parse("\n".join(lines).encode(), "t.yaml"), Template)


# Readers that learnt


@cache
def archive() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = ModelStore(Path(folder)).keep(b"numbers " * 40, "{}", {"made_at": "x"}, T0)
        return packed(made)


@often
@given(st.integers(0, 2**32))
def test_a_model_with_changed_bytes(seed: int) -> None:
    with suppress(UsageError):
        assert set(unpacked(mutated(archive(), random.Random(seed)))) == {
            "card.json",
            "prior.json",
            "reader.onnx",
        }


@often
@given(VALUES, st.integers(0, 2**32))
def test_a_model_that_says_something_else_of_itself(value: Any, seed: int) -> None:
    inside = parts(archive())
    said = put(value, json.loads(inside["manifest.json"]), random.Random(seed))
    with suppress(UsageError):
        unpacked(zipped({**inside, "manifest.json": json.dumps(said).encode()}))


def test_a_model_of_great_depth_or_behind_a_password(tmp_path: Path) -> None:
    inside = parts(archive())
    with pytest.raises(UsageError):
        unpacked(zipped({**inside, "manifest.json": DEEP.encode()}))
    sealed = bytearray(archive())
    at = sealed.find(b"PK\3\4")
    while at >= 0:  # say of every file that it is encrypted
        sealed[at + 6] |= 1
        at = sealed.find(b"PK\3\4", at + 4)
    at = sealed.find(b"PK\1\2")
    while at >= 0:
        sealed[at + 8] |= 1
        at = sealed.find(b"PK\1\2", at + 4)
    with pytest.raises(UsageError):
        unpacked(bytes(sealed))
