"""Reading again what waits: nothing decided is touched, nothing is lost, all can be taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from learning_office import T0, Office, office

from scanform.cli.empty_forms import EmptyForms
from scanform.cli.known import KnownTemplates
from scanform.digitise.anew import as_it_lies, measured_as_before, stored_sheet
from scanform.digitise.pages import MISALIGNED
from scanform.engine import reread
from scanform.engine.reread import Desk, reread_pending, take_back
from scanform.errors import Overtaken, StoreError
from scanform.fields import FIELD_KINDS, learnt
from scanform.fields.calibration import weights_name
from scanform.fields.calibration_json import to_json
from scanform.fields.policy import Bounds
from scanform.model.calibration import Calibration, Cut, Scale, Seen, Step
from scanform.model.reading import Crop, Reading
from scanform.model.record import TO_KEY, Action, Answer, Decision, Doubt, Record, Standing, fold
from scanform.model.template import Template
from scanform.store.images import ImageStore
from scanform.store.open import open_store
from scanform.store.sql import SqlStore


class Learnt:
    """Reads every line as the same words, for certain."""

    name = "learnt 2~20250301-00000000"

    def __init__(self) -> None:
        self.seen = 0

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        self.seen += len(crops)
        return [Reading("read", "Ghi chú mới", 0.99, self.name) for _ in crops]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(tmp_path_factory.mktemp("office"), forms=1, waiting=2)


@pytest.fixture
def store(built: Office, tmp_path: Path) -> SqlStore:
    shutil.copytree(built.workspace, tmp_path / "work")
    return open_store(tmp_path / "work")


def desk_of(store: SqlStore, built: Office, reader: Learnt, model: str = "one") -> Desk:
    names = [str(built.template)]
    return Desk(
        store,
        ImageStore(built.workspace).get,
        KnownTemplates(names),
        EmptyForms(names),
        FIELD_KINDS,
        {"text": reader},
        Bounds(),
        lambda: T0 + timedelta(days=1),
        "night",
        model,
    )


def standing(store: SqlStore, built: Office) -> list[Record]:
    return [replace(store.record(each), version=0) for each in built.records]


def test_what_waits_is_read_anew_and_what_was_decided_is_not(
    store: SqlStore, built: Office
) -> None:
    reader = Learnt()
    done = reread_pending(desk_of(store, built, reader))
    assert (done.records, done.looked, done.changed) == (2, 2, 2)
    assert reader.seen == 2
    decided, *others = (store.record(each) for each in built.records)
    assert decided.answer("remark").value == built.texts[0]
    for record in others:
        answer = record.answer("remark")
        assert answer.value == "Ghi chú mới"
        assert answer.reading is not None
        assert answer.reading.reader == reader.name
        # How the field lies on its page is the page's, and kept.
        assert answer.reading.measures["field_support"] == 0.9
        first = store.record_at(record.id, 0).answer("remark")
        assert first.reading is not None
        assert (first.value, first.reading.reader) == ("xxxx", "canned 1")
        # The log makes the record, also the reading.
        made = fold(store.record_at(record.id, 0), store.decisions(record.id))
        assert made == store.record(record.id)


def test_what_is_struck_out_waits_however_surely_it_is_read_anew(
    store: SqlStore, built: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck = Reading("read", "Ghi chú mới", 0.99, Learnt.name, measures={"struck": 1.0})
    monkeypatch.setattr(Learnt, "read", lambda _, crops: [struck for _ in crops])
    reread_pending(desk_of(store, built, Learnt()))
    answer = store.record(built.records[1]).answer("remark")
    assert (answer.value, answer.state) == ("Ghi chú mới", "pending")
    assert "struck_out" in [each.code for each in answer.doubts]


def test_the_same_reading_again_adds_nothing(
    store: SqlStore, built: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck = Reading("read", "Ghi chú mới", 0.99, Learnt.name, measures={"struck": 1.0})
    monkeypatch.setattr(Learnt, "read", lambda _, crops: [struck for _ in crops])  # it waits on
    reread_pending(desk_of(store, built, Learnt()))
    rows = len(store.decisions(built.records[1]))
    done = reread_pending(desk_of(store, built, Learnt()))
    assert (done.looked, done.changed, done.accepted) == (2, 0, 0)
    assert len(store.decisions(built.records[1])) == rows == 1


def test_taken_back_all_is_as_it_was_but_for_what_people_decided_since(
    store: SqlStore, built: Office
) -> None:
    before = standing(store, built)
    reread_pending(desk_of(store, built, Learnt()))
    assert standing(store, built) != before
    assert take_back(desk_of(store, built, Learnt(), "another model")) == 0
    said = Decision(built.records[2], "remark", "accept", None, "lan", T0 + timedelta(days=2))
    store.decide(said)
    assert take_back(desk_of(store, built, Learnt())) == 1
    after = standing(store, built)
    assert after[:2] == before[:2]
    assert after[2].answer("remark").value == "Ghi chú mới"
    assert take_back(desk_of(store, built, Learnt())) == 0


def test_as_of_an_earlier_day_it_is_read_as_it_was_then(store: SqlStore, built: Office) -> None:
    reread_pending(desk_of(store, built, Learnt()))
    then = {each.id: each for each in store.records(as_of=T0 + timedelta(hours=20))}
    assert then[built.records[1]].answer("remark").value == "xxxx"
    later = {each.id: each for each in store.records(as_of=T0 + timedelta(days=3))}
    assert later[built.records[1]] == replace(
        store.record(built.records[1]), version=later[built.records[1]].version
    )


def test_combs_read_anew_are_decoded_together_and_what_stood_is_taken_as_it_is(
    store: SqlStore, built: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Sequence[Answer]] = []

    def decoded(_template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
        seen.append(answers)
        return tuple(replace(each, value="together") for each in answers)

    monkeypatch.setattr(reread, "decoded", decoded)
    template = KnownTemplates([str(built.template)])("survey", 1)
    one, other = Answer("remark", "a", 0.9, "pending"), Answer("stood", "b", 1.0, "corrected")
    read = Reading("read", "a", 0.9, "x")
    standing = {each.field: replace(each, reading=read) for each in (one, other)}
    asked = SimpleNamespace(field=template.field("remark"))
    found = reread._together(template, standing, [asked])  # type: ignore[list-item]
    assert [(each.field, each.reading) for each in seen[0]] == [("remark", read), ("stood", None)]
    assert {name: each.value for name, each in found.items()} == {"remark": "together"}


def test_what_a_model_reads_is_accepted_by_the_scales_of_its_lesson(
    built: Office, tmp_path: Path
) -> None:
    shutil.copytree(built.workspace, tmp_path / "work")
    steps = (Step(-12.0, 0.9, 0, 0), Step(12.0, 0.9999, 5000, 0))
    sure = Scale({"raw": 1.0}, steps, (Cut(-12.0, (Seen("", 5000, 0),)),))
    folder = tmp_path / "work" / "models" / "20250301-00000000"
    folder.mkdir(parents=True)
    made = Calibration({("line", "learnt"): sure}, "a lesson", weights_name())
    (folder / "scales.json").write_text(json.dumps(to_json(made)))
    store = open_store(tmp_path / "work")
    done = reread_pending(desk_of(store, built, Learnt(), "20250301-00000000"))
    assert (done.looked, done.accepted) == (2, 2)
    answer = store.record(built.records[1]).answer("remark")
    assert (answer.state, answer.value) == ("accepted", "Ghi chú mới")
    # Taken back, it waits again as it did.
    assert take_back(desk_of(store, built, Learnt(), "20250301-00000000")) == 2
    assert store.record(built.records[1]).answer("remark").state == "pending"
    learnt.use(None)


def fields(*pages: int) -> SimpleNamespace:
    """A template of a text field a page number, ``f0``, ``f1`` and so on; f9 is a tick."""
    made = {f"f{at}": SimpleNamespace(id=f"f{at}", page=page) for at, page in enumerate(pages)}
    for each in made.values():
        each.handled_by = "text"
    made["f9"] = SimpleNamespace(id="f9", page=1, handled_by="choice")
    return SimpleNamespace(field=made.__getitem__)


def waits(field: str, **more: object) -> Answer:
    read = Reading("read", "a", 0.9, "x")
    return replace(Answer(field, "a", 0.9, "pending", (), read), **more)  # type: ignore[arg-type]


def said(field: str, action: Action, seq: int = 1, **more: int) -> Decision:
    return Decision("r", field, action, None, "lan", T0, seq=seq, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "log", "wanted"),
    [
        (waits("f0"), [], True),
        (waits("f0", state="accepted"), [], False),
        (waits("f0", reading=None), [], False),  # there is no ink that was read
        (waits("f0", doubts=(TO_KEY,)), [], False),  # only keying ends that
        (waits("f9"), [], False),  # no reader that learnt is there for it
        (waits("f0"), [said("f0", "accept")], False),
        (waits("f0"), [said("f0", "paper")], False),  # somebody wants the paper
        (waits("f0"), [said("f0", "note")], True),
        (waits("f0"), [said("f0", "recheck")], True),
        (waits("f0"), [said("f1", "accept")], True),
        (waits("f0"), [said("f0", "accept"), said("f0", "undo", 2, undoes=1)], True),
        (waits("f0"), [said("f0", "accept", 3), said("f0", "undo", 4, undoes=1)], False),
    ],
)
def test_what_is_read_anew(answer: Answer, log: list[Decision], wanted: bool) -> None:
    desk = SimpleNamespace(kinds=FIELD_KINDS, readers={"text": Learnt()})
    record = SimpleNamespace(answers=(answer,))
    found = reread._wanted(desk, fields(1), record, log)  # type: ignore[arg-type]
    assert found == ([answer] if wanted else [])


def test_each_page_is_opened_once_and_what_can_not_be_opened_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[int] = []

    def stored(_record: object, _template: object, page: int, _images: object) -> int | None:
        opened.append(page)
        return None if page == 2 else page

    monkeypatch.setattr(reread, "stored_sheet", stored)
    monkeypatch.setattr(reread, "crop", lambda sheet, field, _blank: (sheet, field.id))
    empty = SimpleNamespace(blank=None)
    desk = SimpleNamespace(references=lambda _: {1: empty, 2: empty}, images=None)
    template, record = fields(1, 1, 2, 2, 3), object()
    wanted = [waits(f"f{at}") for at in range(5)]
    found = list(reread._crops(desk, template, record, wanted))  # type: ignore[arg-type]
    assert found == [(1, "f0"), (1, "f1")]  # page 3 is none of the empty form's
    assert opened == [1, 2]
    desk.references = lambda _: pytest.fail("nothing is wanted")
    assert list(reread._crops(desk, template, record, [])) == []  # type: ignore[arg-type]


def test_a_form_that_somebody_decides_about_meanwhile_is_left_and_the_others_are_not(
    store: SqlStore, built: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    write = store.decide_all

    def overtaken(rows: Sequence[Decision], versions: dict[str, int]) -> object:
        assert versions == {rows[0].record: 0}  # the version that was read
        if rows[0].record == built.records[1]:
            raise Overtaken("decided meanwhile")
        return write(rows, versions)

    monkeypatch.setattr(store, "decide_all", overtaken)
    done = reread_pending(
        desk_of(store, built, Learnt()), lambda now, whole: told.append((now, whole))
    )
    assert (done.records, done.changed) == (1, 1)
    assert store.record(built.records[1]).answer("remark").value == "xxxx"
    assert store.record(built.records[2]).answer("remark").value == "Ghi chú mới"
    assert [whole for _, whole in told] == [2]


def test_a_page_that_lies_badly_still_does(store: SqlStore, built: Office) -> None:
    before = store.record(built.records[1]).answer("remark")
    lies = before.doubted(Doubt(MISALIGNED, "2.1"), 0.4)
    read = replace(before, confidence=0.99, doubts=(), state="accepted")
    assert as_it_lies(read, before) == read
    found = as_it_lies(read, lies)
    assert (found.state, found.doubts) == ("pending", (Doubt(MISALIGNED, "2.1"),))
    assert found.confidence == lies.confidence


def test_figures_of_the_page_stay_and_those_of_the_reader_are_the_new_ones() -> None:
    old = Reading("read", "a", 0.9, "x", measures={"field_support": 0.9, "agree": 1.0})
    new = Reading("read", "b", 0.9, "y", measures={"agree": 0.0})
    found = measured_as_before(new, waits("f0", reading=old))
    assert found == replace(new, measures={"field_support": 0.9, "agree": 0.0})
    assert measured_as_before(new, waits("f0", reading=None)) == new


def test_what_a_reader_failed_at_is_forgotten_where_it_is_read_anew() -> None:
    old = Reading("read", "a", 0.9, "x", measures={"field_support": 0.9, "failed": 1.0})
    new = Reading("read", "a", 0.9, "x", measures={"agree": 1.0})
    found = measured_as_before(new, waits("f0", reading=old))
    assert found.measures == {"field_support": 0.9, "agree": 1.0}


@pytest.mark.parametrize("fault", [StoreError("erased"), ValueError("damaged")])
def test_a_stored_page_that_can_not_be_opened_is_none(
    store: SqlStore, built: Office, fault: Exception
) -> None:
    record = store.record(built.records[1])
    template = KnownTemplates([str(built.template)])("survey", 1)

    def broken(_image: str) -> bytes:
        raise fault

    images = ImageStore(built.workspace).get
    sheet = stored_sheet(record, template, 1, images)
    assert sheet is not None
    assert (sheet.template, sheet.page, sheet.pixels.ndim) == ("survey@1", 1, 3)
    assert stored_sheet(record, template, 2, images) is None  # it never came
    assert stored_sheet(record, template, 1, broken) is None


def test_only_this_models_readings_are_taken_back(store: SqlStore, built: Office) -> None:
    reread_pending(desk_of(store, built, Learnt(), "one"))
    rows = store.decisions(built.records[1])
    # A decision that was taken back is none; another one is the last word.
    store.decide(Decision(built.records[1], "remark", "accept", None, "lan", T0))
    seq = store.decisions(built.records[1])[-1].seq
    assert take_back(desk_of(store, built, Learnt(), "one")) == 1
    store.decide(Decision(built.records[1], "remark", "undo", None, "lan", T0, undoes=seq))
    assert take_back(desk_of(store, built, Learnt(), "two")) == 0
    # What the rules made of it since is no reading.
    now = store.record(built.records[1]).answer("remark")
    stands = Standing("pending", 0.3, now.doubts)
    store.decide(replace(rows[0], reading=None, how="", note="", standing=stands))
    assert take_back(desk_of(store, built, Learnt(), "one")) == 1
    assert len(rows) == 1
    answer = store.record(built.records[1]).answer("remark")
    assert (answer.value, answer.state) == ("xxxx", "pending")
