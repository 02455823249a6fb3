"""The desk over PostgreSQL: the same questions, another database, several people at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanform.review import Filter, Person
from scanform.store.open import open_store
from tests.unit.review import conftest
from tests.unit.review.conftest import HOA, LAN, MAI, Office


@pytest.fixture
def office(
    new_postgresql: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    url = new_postgresql()
    monkeypatch.setattr(
        conftest, "open_store", lambda folder, clock: open_store(folder, url, clock=clock)
    )
    made = Office(tmp_path / "w")
    for number in range(1, 8):
        made.save(f"r{number}", page=number)
    yield made
    made.store.close()


@pytest.mark.slow
def test_people_at_once_never_get_the_same_answer(office: Office) -> None:
    given: list[tuple[str, str]] = []

    def work(number: int) -> None:
        who = Person(f"p{number}")
        for _ in range(3):
            claim = office.desk.queue.claim(who, order="by_form" if number % 2 else "by_field")
            assert claim is not None
            given.append((claim.item.record.id, claim.item.field.id))
            office.desk.queue.accept(who, claim.token)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == len(set(given)) == 18
    verified = office.desk.log.verify(LAN)
    assert (verified.rows, verified.faults) == (18, ())


@pytest.mark.slow
def test_every_question_is_understood(office: Office) -> None:
    desk = office.desk
    (group, *_) = desk.groups.all(LAN)
    sheet = desk.groups.claim(LAN, group)
    assert sheet is not None
    assert len(desk.groups.accept(LAN, sheet.token)) == 7
    desk.queue.undo(LAN)
    desk.keying.order(LAN, "form", Filter(field="sex"))
    for who in (HOA, MAI):
        claim = desk.queue.claim(who, "key")
        assert claim is not None
        desk.queue.correct(who, claim.token, "Nữ")
    assert office.store.record("r1").answer("sex").value == "Nữ"
    desk.sample.draw(LAN, 1.0)
    sampled = desk.queue.claim(MAI, "sample")
    assert sampled is not None
    desk.queue.blank(MAI, sampled.token)
    doubted = desk.queue.claim(HOA)
    assert doubted is not None
    desk.queue.paper(HOA, doubted.token, "mờ")
    assert [each.why for each in desk.queue.to_pull(LAN)] == [("mờ",)]
    assert desk.queue.waits(LAN).paper == 1
    assert desk.sample.measured(LAN) == []
    assert desk.figures.of(LAN).paces
    assert desk.seeds.from_confirmed(LAN, 3) == 0
    desk.seeds.set_share(LAN, 0.1)
    assert desk.seeds.share(LAN) == 0.1
    assert [each.id for each in desk.forms.find(MAI, scan="BOX", after="r6")] == ["r7"]
    desk.people.add(LAN, "hoa", "clerk", "0123456789")
    session = desk.people.sign_in("hoa", "0123456789")
    assert session is not None
    assert desk.people.session(session.token) == session
    assert desk.log.verify(LAN).faults == ()
