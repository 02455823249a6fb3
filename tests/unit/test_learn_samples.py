"""Forms held apart are read as a run would read them, and held against what people said."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from learning_office import Office, office

from scanform.cli.empty_forms import EmptyForms
from scanform.cli.known import KnownTemplates
from scanform.fields import FIELD_KINDS
from scanform.fields.calibration import LINE, weights_name
from scanform.fields.calibration_json import to_json
from scanform.learn import samples as samples_module
from scanform.learn.confirmed import confirmed
from scanform.learn.gather import Books
from scanform.learn.samples import samples_before, samples_of
from scanform.model.calibration import Calibration, Scale, Step
from scanform.model.reading import Crop, Reading
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.open import open_store
from scanform.store.sql import SqlStore


class Anew:
    """Reads the lines of the office in turn; the third one wrong."""

    name = "tesseract-vie+asterocr 1~new"

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [*texts[:2], texts[2] + " x"]
        self.calls = 0

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        self.calls += 1
        return [
            Reading("read", text, 0.9, self.name, measures={"readers": 2.0, "agree": 1.0})
            for text in self._texts[: len(crops)]
        ]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(tmp_path_factory.mktemp("office"), forms=3, waiting=1)


def _books(built: Office, store: SqlStore) -> Books:
    names = [str(built.template)]
    images = ImageStore(built.workspace).get
    return Books(store, images, KnownTemplates(names), EmptyForms(names), FIELD_KINDS)


def test_what_people_said_tells_which_readings_are_right(built: Office) -> None:
    with open_store(built.workspace) as store:
        books = _books(built, store)
        said = confirmed(store, SqlDesk(store))
        order = sorted(each.record for each in said)
        texts = {each.record: each.value or "" for each in said}
        reader = Anew([texts[name] for name in order])
        shares: list[float] = []
        found = samples_of(said, books, {"text": reader}, shares.append)
        assert (reader.calls, shares) == (1, [1.0])  # one call for all forms, whose start is dear
        assert [each.right for each in found.samples] == [True, True, False]
        assert {each.sort for each in found.samples} == {LINE}
        assert {each.strata for each in found.samples} == {("survey", "text")}
        assert len({each.form for each in found.samples}) == 3
        one = found.samples[0]
        # The new reader's own figures, and beside them how the field lay when it was first read.
        assert one.reader == reader.name
        assert one.features["agree"] == 1.0
        assert one.features["raw"] != 0.0
        assert one.features["unsupported"] == 0.0
        assert found.fields["survey", one.field].id == "remark"
        # Readers that aren't asked read nothing, and nobody else's readings are samples.
        assert samples_of(said, books, {}).samples == ()


def test_a_form_whose_page_is_gone_is_left_out(built: Office, tmp_path: Path) -> None:
    names = [str(built.template)]
    with open_store(built.workspace) as store:
        books = Books(
            store,
            ImageStore(tmp_path / "elsewhere").get,
            KnownTemplates(names),
            EmptyForms(names),
            FIELD_KINDS,
        )
        said = confirmed(store, SqlDesk(store))
        assert samples_of(said, books, {"text": Anew(["a", "b", "c"])}).samples == ()


def test_what_a_model_read_when_a_form_came_in_is_a_sample_without_reading(tmp_path: Path) -> None:
    learnt = "tesseract-vie+asterocr 5.3.0+1.0.2~20250301-3f9a1c07"
    built = office(tmp_path, 3, 1, learnt)
    with open_store(built.workspace) as store:
        first, *others = confirmed(store, SqlDesk(store))
        said = [replace(first, value="xxxx"), *others]  # what the model had read
        found = samples_before(said, _books(built, store))
        assert [each.right for each in found.samples] == [True, False, False]
        assert {each.reader for each in found.samples} == {learnt}
        assert {each.sort for each in found.samples} == {LINE}
        assert {each.strata for each in found.samples} == {("survey", "text")}
        assert len({each.form for each in found.samples}) == 3
        assert found.fields["survey", "remark"].handled_by == "text"


def test_of_forms_read_before_the_latest_are_taken_if_a_model_read_them(
    built: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(built.workspace) as store:  # read by readers as shipped
        said = confirmed(store, SqlDesk(store))
        assert samples_before(said, _books(built, store)).samples == ()
    learnt = office(tmp_path, 3, 2, "tesseract-vie+asterocr 5~20250301-3f9a1c07")
    monkeypatch.setattr(samples_module, "MOST_BEFORE", 2)
    with open_store(learnt.workspace) as store:
        said = confirmed(store, SqlDesk(store))
        newest = max(said, key=lambda each: each.at)
        said = [replace(each, value="xxxx" if each is newest else "y") for each in said]
        found = samples_before(said, _books(learnt, store)).samples
        assert [each.right for each in found] == [False, True]


SCALED, PLAIN = "20250301-3f9a1c07", "20250302-00000000"
BY_SCALED, BY_PLAIN = (f"tesseract-vie+asterocr 5~{model}" for model in (SCALED, PLAIN))


def give_scale(built: Office, reader: str) -> None:
    """The model has a scale of its own for what that reader reads."""
    scale = Scale({"bias": 1.0}, (Step(0.0, 0.5, 1, 1),), (), beyond=0.005)
    made = Calibration({(LINE, reader): scale}, "", weights_name())
    file = built.workspace / "models" / SCALED / "scales.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(to_json(made)), "utf-8")
    os.utime(file, ns=(0, len(reader)))  # another one, however fast this goes


def test_what_waits_beyond_a_models_own_scale_proves_nothing(tmp_path: Path) -> None:
    built = office(tmp_path, 3, 1, BY_SCALED)

    def counted() -> tuple[int, int]:
        with open_store(built.workspace) as store:
            said, books = confirmed(store, SqlDesk(store)), _books(built, store)
            anew = samples_of(said, books, {"text": Anew(["a", "b", "c"])})
            return len(samples_before(said, books).samples), len(anew.samples)

    give_scale(built, "digit-net")
    assert counted() == (3, 3)
    give_scale(built, "tesseract-vie+asterocr")
    assert counted() == (0, 0)


def test_forms_that_prove_nothing_take_no_places_and_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = office(tmp_path, 4, 0, BY_PLAIN, BY_PLAIN, BY_SCALED, BY_SCALED)
    give_scale(built, "tesseract-vie+asterocr")
    monkeypatch.setattr(samples_module, "MOST_BEFORE", 1)
    monkeypatch.setattr(samples_module, "MOST_FORMS", 2)
    read: list[int] = []

    class Counting(Anew):
        def read(self, crops: Sequence[Crop]) -> list[Reading]:
            read.append(len(crops))
            return super().read(crops)

    with open_store(built.workspace) as store:
        said, books = confirmed(store, SqlDesk(store)), _books(built, store)
        (before,) = samples_before(said, books).samples  # not of the two that came in since
        assert before.reader == BY_PLAIN
        found = samples_of(said, books, {"text": Counting(["a", "b", "c"])})
        assert (len(found.samples), read) == (2, [2])
