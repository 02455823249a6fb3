"""Who works here, and what each may do."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from scanform.errors import NotAllowed, TooMany, UsageError
from scanform.model.phrases import Language
from scanform.review import wording
from scanform.review.safe import Safe
from scanform.store.desk_interface import DeskStore, PersonRow, SessionRow

STAYS = timedelta(hours=12)
"""A session lasts a working day."""
FAILURES = 5
SHORTEST = 10
LONGEST = 60
RESERVED = ("rules", "template")
"""Names that the log uses for what no person did."""

Role = Literal["clerk", "checker", "officer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

Permission = Literal[
    "review",  # the queue, groups, keying: crops of the fields that are in hand, nothing else
    "settle",  # be the third between two keyers, and sample what was accepted
    "forms",  # whole records and pages
    "stats",  # figures of everybody; one's own need no permission
    "order",  # order second keying and samples, see what they measure
    "upload",  # put scans in, deal with rejected ones
    "export",  # take records out
    "log",  # read, verify and export the log
    "seeds",  # lay out seeded checks and see their truth
    "people",  # accounts and roles
]

_CLERK: frozenset[Permission] = frozenset({"review"})
_CHECKER: frozenset[Permission] = _CLERK | {"settle", "forms", "upload"}
_OFFICER: frozenset[Permission] = _CHECKER | {"stats", "order", "export", "log"}
_ADMIN: frozenset[Permission] = _OFFICER | {"seeds", "people"}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {"clerk": _CLERK, "checker": _CHECKER, "officer": _OFFICER, "admin": _ADMIN}
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. The terminal's user is an ``admin`` of his own workspace: who
    may write the database file needs no permission from a program."""

    name: str
    role: Role = "clerk"
    language: Language = "vi"

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def need(self, permission: Permission) -> None:
        """Raises ``NotAllowed`` without the permission."""
        if not self.may(permission):
            raise NotAllowed(
                wording.MAY_NOT.of(name=self.name, role=self.role, permission=permission)
            )


@dataclass(frozen=True, slots=True)
class Account:
    """An account as ``people list`` shows it."""

    name: str
    role: Role
    language: Language
    disabled: bool
    created_at: datetime
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``token`` is the cookie's value; the store keeps only its hash."""

    token: str
    person: Person
    until: datetime
    csrf: str


@dataclass(frozen=True, slots=True)
class People:
    """Accounts and sessions. All but ``exist``, ``sign_in``, ``session`` and ``sign_out`` need
    ``people``."""

    store: DeskStore
    clock: Callable[[], datetime]
    safe: Safe = dataclass_field(default_factory=Safe)
    stays: timedelta = STAYS

    def exist(self) -> bool:
        """Whether there is an account at all: without one, only the machine itself is served."""
        return bool(self.store.people())

    def all(self, who: Person) -> list[Account]:
        who.need("people")
        return [_account(row) for row in self.store.people()]

    def add(self, who: Person, name: str, role: Role, password: str | None) -> Account:
        """Raises ``UsageError`` for a name that is taken or no name, or a password of fewer than
        10 characters. Without a password nobody can sign in until one is set."""
        who.need("people")
        name = unicodedata.normalize("NFC", " ".join(name.split()))
        if not name or len(name) > LONGEST or not name.isprintable() or name in RESERVED:
            raise UsageError(wording.NO_NAME, wording.NAMES.of(most=str(LONGEST)))
        if any(row.name.casefold() == name.casefold() for row in self.store.people()):
            raise UsageError(wording.NAME_TAKEN.of(name=repr(name)))
        secret = None if password is None else self._secret(password)
        row = PersonRow(name, role, who.language, secret, False, self.clock())
        self.store.put_person(row)
        return _account(row)

    def set_role(self, who: Person, name: str, role: Role) -> Account:
        """Ends the person's sessions. The last admin can't be made less."""
        who.need("people")
        row = self._row(name)
        if role != "admin":
            self._not_the_last(row)
        return self._changed(replace(row, role=role))

    def set_password(self, who: Person, name: str, password: str) -> None:
        """One's own needs no permission. Ends the person's sessions."""
        if name != who.name:
            who.need("people")
        row = replace(self._row(name), secret=self._secret(password), failures=0, waits_until=None)
        self._changed(row)

    def set_language(self, who: Person, language: Language) -> None:
        """One's own."""
        self.store.put_person(replace(self._row(who.name), language=language))

    def disable(self, who: Person, name: str, disabled: bool = True) -> Account:
        """Ends the person's sessions. What he decided stays; the last admin can't be disabled."""
        who.need("people")
        row = self._row(name)
        if disabled:
            self._not_the_last(row)
        return self._changed(replace(row, disabled=disabled))

    def _row(self, name: str) -> PersonRow:
        for row in self.store.people():
            if row.name == name:
                return row
        raise UsageError(wording.NO_ACCOUNT.of(name=repr(name)), wording.LIST_ACCOUNTS)

    def _not_the_last(self, row: PersonRow) -> None:
        admins = [each for each in self.store.people() if _is_admin(each) and each != row]
        if _is_admin(row) and not admins:
            raise UsageError(wording.LAST_ADMIN.of(name=row.name), wording.OTHER_ADMIN_FIRST)

    def _changed(self, row: PersonRow) -> Account:
        self.store.put_person(row)
        self.store.end_sessions(row.name)
        return _account(row)

    def _secret(self, password: str) -> str:
        if len(password) < SHORTEST:
            raise UsageError(wording.PASSWORD_TOO_SHORT.of(least=str(SHORTEST)))
        return self.safe.lock(password)

    def sign_in(self, name: str, password: str) -> Session | None:
        """None for a wrong name or password, or a disabled account: the same answer in the same
        time. After 5 failures in a row the account waits, 1 minute and then longer; raises
        ``TooMany`` while it does."""
        name = unicodedata.normalize("NFC", name)
        row = next((each for each in self.store.people() if each.name == name), None)
        now = self.clock()
        if row is not None and row.waits_until is not None and now < row.waits_until:
            raise TooMany(wording.TRY_AGAIN_AT.of(time=f"{row.waits_until:%H:%M:%S}"))
        right = self.safe.opens(row.secret if row else None, password)
        if row is None or row.disabled or not right:
            if row is not None:
                self.store.put_person(_failed(row, now))
            return None
        self.store.put_person(replace(row, failures=0, waits_until=None, last_seen=now))
        token = secrets.token_urlsafe(32)
        session = SessionRow(_hashed(token), row.name, secrets.token_urlsafe(32), now + self.stays)
        self.store.put_session(session)
        return Session(token, _person(row), session.until, session.csrf)

    def session(self, token: str) -> Session | None:
        """The live session of a cookie; None when it has ended. Never raises for odd tokens."""
        found = self.store.session(_hashed(token))
        if found is None or found.until <= self.clock():
            return None
        row = next((each for each in self.store.people() if each.name == found.person), None)
        if row is None or row.disabled:
            return None
        return Session(token, _person(row), found.until, found.csrf)

    def sign_out(self, token: str) -> None:
        self.store.end_session(_hashed(token))


def _failed(row: PersonRow, now: datetime) -> PersonRow:
    """One failure more; from the fifth on the account waits, twice as long each time."""
    failures = row.failures + 1
    over = failures - FAILURES
    waits = None if over < 0 else now + timedelta(minutes=min(60, 2**over))
    return replace(row, failures=failures, waits_until=waits)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _is_admin(row: PersonRow) -> bool:
    return row.role == "admin" and not row.disabled


def _role(row: PersonRow) -> Role:
    return next((role for role in ROLES if role == row.role), "clerk")


def _language(row: PersonRow) -> Language:
    return "en" if row.language == "en" else "vi"


def _person(row: PersonRow) -> Person:
    return Person(row.name, _role(row), _language(row))


def _account(row: PersonRow) -> Account:
    return Account(
        row.name, _role(row), _language(row), row.disabled, row.created_at, row.last_seen
    )
