from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from argon2 import PasswordHasher

from scanform.errors import NotAllowed, TooMany, UsageError
from scanform.review import Person
from scanform.review.people import PERMISSIONS, ROLES, People
from scanform.review.safe import Safe
from tests.unit.review.conftest import HOA, LAN, Office

WORD = "mật khẩu dài"


@pytest.fixture
def people(office: Office) -> People:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return People(office.desk.people.store, office.clock, Safe(cheap))


def test_each_role_may_more_than_the_one_below() -> None:
    allowed = [PERMISSIONS[role] for role in ROLES]
    assert all(low < high for low, high in pairwise(allowed))


def test_who_signs_in_has_a_session_with_his_role(people: People) -> None:
    assert not people.exist()
    people.add(LAN, "  Hòa   Bình ", "checker", WORD)
    assert people.exist()
    session = people.sign_in("Hòa Bình", WORD)
    assert session is not None
    assert session.person == Person("Hòa Bình", "checker", "vi")
    assert people.session(session.token) == session
    people.sign_out(session.token)
    assert people.session(session.token) is None


@pytest.mark.parametrize("odd", ["", "x", "\ud800", "' OR 1=1 --", "ế" * 5000])
def test_an_odd_cookie_is_nobody(people: People, odd: str) -> None:
    assert people.session(odd) is None


def test_wrong_names_and_passwords_are_told_alike(people: People) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    people.add(LAN, "mai", "clerk", None)
    for name, word in [("hoa", "wrong one"), ("nobody", WORD), ("mai", ""), ("mai", WORD)]:
        assert people.sign_in(name, word) is None


def test_five_failures_make_the_account_wait_longer_and_longer(
    office: Office, people: People
) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    for _ in range(5):
        assert people.sign_in("hoa", "wrong one") is None
    with pytest.raises(TooMany):
        people.sign_in("hoa", WORD)
    office.clock.pass_(minutes=1)
    assert people.sign_in("hoa", "wrong one") is None
    office.clock.pass_(minutes=1)
    with pytest.raises(TooMany):
        people.sign_in("hoa", WORD)
    office.clock.pass_(minutes=1)
    assert people.sign_in("hoa", WORD) is not None
    assert people.sign_in("hoa", "wrong one") is None
    assert people.sign_in("hoa", WORD) is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda people: people.disable(LAN, "hoa"),
        lambda people: people.set_role(LAN, "hoa", "officer"),
        lambda people: people.set_password(HOA, "hoa", WORD + "!"),
    ],
)
def test_what_changes_an_account_ends_its_sessions(
    people: People, change: Callable[[People], object]
) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    session = people.sign_in("hoa", WORD)
    assert session is not None
    change(people)
    assert people.session(session.token) is None


def test_a_session_ends_with_the_day(office: Office, people: People) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    session = people.sign_in("hoa", WORD)
    assert session is not None
    office.clock.pass_(minutes=12 * 60)
    assert people.session(session.token) is None


def test_a_disabled_account_cant_sign_in(people: People) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    people.disable(LAN, "hoa")
    assert people.sign_in("hoa", WORD) is None
    people.disable(LAN, "hoa", disabled=False)
    assert people.sign_in("hoa", WORD) is not None


def test_the_last_admin_stays(people: People) -> None:
    people.add(LAN, "tu", "admin", WORD)
    for call in (
        lambda: people.disable(LAN, "tu"),
        lambda: people.set_role(LAN, "tu", "officer"),
    ):
        with pytest.raises(UsageError, match="last admin"):
            call()
    people.add(LAN, "mai", "admin", WORD)
    assert people.set_role(LAN, "tu", "officer").role == "officer"


@pytest.mark.parametrize("name", ["", "   ", "rules", "a\nb\x07", "x" * 61, "HOA"])
def test_names_that_cant_be(people: People, name: str) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    with pytest.raises(UsageError):
        people.add(LAN, name, "clerk", WORD)


def test_short_passwords_are_refused(people: People) -> None:
    with pytest.raises(UsageError, match="10"):
        people.add(LAN, "hoa", "clerk", "short")


def test_only_an_admin_administers(people: People) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    for call in (
        lambda: people.all(HOA),
        lambda: people.add(HOA, "x", "admin", WORD),
        lambda: people.set_role(HOA, "hoa", "admin"),
        lambda: people.disable(HOA, "hoa"),
        lambda: people.set_password(HOA, "lan", WORD),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_no_password_and_no_cookie_is_kept(office: Office, people: People) -> None:
    people.add(LAN, "hoa", "clerk", WORD)
    session = people.sign_in("hoa", WORD)
    assert session is not None
    office.store.close()
    held = b"".join(each.read_bytes() for each in office.folder.glob("scanform.db*"))
    assert b"$argon2id$" in held
    assert WORD.encode() not in held
    assert session.token.encode() not in held
