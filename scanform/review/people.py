"""Who works here, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from scanform.errors import NotAllowed
from scanform.model.phrases import Language

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
            raise NotAllowed(f"{self.name} ({self.role}) may not do this: {permission}.")


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
    """Accounts and sessions. All but ``sign_in``, ``session`` and ``sign_out`` need ``people``."""

    def exist(self) -> bool:
        """Whether there is an account at all: without one, only the machine itself is served."""
        raise NotImplementedError

    def all(self, who: Person) -> list[Account]:
        raise NotImplementedError

    def add(self, who: Person, name: str, role: Role, password: str | None) -> Account:
        """Raises ``UsageError`` for a name that is taken or no name, or a password of fewer than
        10 characters. Without a password nobody can sign in until one is set."""
        raise NotImplementedError

    def set_role(self, who: Person, name: str, role: Role) -> Account:
        """Ends the person's sessions. The last admin can't be made less."""
        raise NotImplementedError

    def set_password(self, who: Person, name: str, password: str) -> None:
        """One's own needs no permission. Ends the person's sessions."""
        raise NotImplementedError

    def disable(self, who: Person, name: str, disabled: bool = True) -> Account:
        raise NotImplementedError

    def sign_in(self, name: str, password: str) -> Session | None:
        """None for a wrong name or password, or a disabled account: the same answer in the same
        time. After 5 failures in a row the account waits, 1 minute and then longer; raises
        ``TooMany`` with the moment until which it does."""
        raise NotImplementedError

    def session(self, token: str) -> Session | None:
        """The live session of a cookie; None when it has ended. Never raises for odd tokens."""
        raise NotImplementedError

    def sign_out(self, token: str) -> None:
        raise NotImplementedError
