"""Any bytes into every parser that is ours: an error with a name, or a value; never a crash."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanform.errors import ScanformError, StoreError, TemplateError
from scanform.intake.files import scan_file
from scanform.model.scan import Rejected
from scanform.programs import tesseract
from scanform.store import keyring
from scanform.store.backup_file import manifest_of
from scanform.tally import read_targets
from scanform.template.load import load

often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

TITLES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "x_bboxes 1 2 3 4; x_conf 9",
            "x_bboxes 1 2",
            "x_bboxes 1 2 3 4",
            "x_confs",
            "bbox 0 0 1 1",
        ]
    ),
)
CLASSES = st.sampled_from(["ocr_page", "ocrx_word", "ocrx_cinfo", "x"])
LEAF = st.tuples(CLASSES, TITLES, st.text(max_size=5), st.just(()))
TREE = st.recursive(
    LEAF,
    lambda inner: st.tuples(
        CLASSES, TITLES, st.text(max_size=5), st.lists(inner, max_size=4).map(tuple)
    ),
    max_leaves=12,
)


def element(said: tuple[str, str, str, tuple[object, ...]]) -> ElementTree.Element:
    made = ElementTree.Element("span", {"class": said[0], "title": said[1], "id": "lstm_choices_1"})
    made.text = said[2]
    made.extend(element(each) for each in said[3])  # type: ignore[arg-type]
    return made


@often
@given(TREE, st.integers(0, 2))
def test_hocr_of_any_shape_is_read_or_refused(
    said: tuple[str, str, str, tuple[object, ...]], count: int
) -> None:
    try:
        data = ElementTree.tostring(element(said))
    except ValueError:
        return
    with suppress(ElementTree.ParseError, ValueError):
        tesseract.parse(data, count)


def test_a_character_without_its_figures_is_refused() -> None:
    character = ("ocrx_cinfo", "x_bboxes 1 2 3 4", "a", ())
    page = ("ocr_page", "", "", (("ocrx_word", "", "", (character,)),))
    with pytest.raises(ValueError, match="figures"):
        tesseract.parse(ElementTree.tostring(element(page)), 1)


@often
@given(st.binary(max_size=300))
def test_any_bytes_for_hocr(data: bytes) -> None:
    with pytest.raises((ElementTree.ParseError, ValueError)):
        tesseract.parse(data, 1)


@often
@given(st.one_of(st.text(max_size=200), st.text('unit,target\n\r\t ";0123456789,', max_size=200)))
def test_any_text_for_targets(text: str) -> None:
    with suppress(ScanformError):
        read_targets(text)


@often
@given(st.binary(max_size=400))
def test_any_bytes_for_a_template(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "template.yaml").write_bytes(data)
        with pytest.raises(TemplateError):
            load(Path(folder))


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "!!python/object/apply:os.system ['touch /tmp/scanform-was-here']",
        "id: " + "[" * 5000,
        "id: ../../../etc\ntitle: x\n",
        "x: " + "y" * (2 << 20),
    ],
    ids=["aliases", "objects", "depth", "path", "size"],
)
def test_tricks_in_a_template_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "template.yaml").write_text(text)
    with pytest.raises(TemplateError):
        load(tmp_path)
    assert not Path("/tmp/scanform-was-here").exists()


@often
@given(st.binary(max_size=2000))
def test_any_bytes_for_a_backup_or_a_keyring(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "b"
        for each in (data, b"age-encryption.org/v1\n" + data):
            file.write_bytes(each)
            with pytest.raises(StoreError):
                manifest_of(file)
        file.write_bytes(b"{" + data)
        with pytest.raises(StoreError):
            keyring.read(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pdf"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        found = scan_file(path)
        assert isinstance(found, Rejected)
        assert found.reason == "unreadable_file"
