"""Passwords: kept as Argon2id hashes, never as they are."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

NOBODY = "nobody's password"


@dataclass(slots=True)
class Safe:
    """Argon2id with the library's defaults (RFC 9106, the low-memory profile)."""

    hasher: PasswordHasher = dataclass_field(default_factory=PasswordHasher)
    _dummy: str | None = None

    def lock(self, password: str) -> str:
        return self.hasher.hash(password)

    def opens(self, secret: str | None, password: str) -> bool:
        """Whether the password is the one; as slow where there is none, so that nobody learns
        from the time which names exist."""
        if self._dummy is None:
            self._dummy = self.hasher.hash(NOBODY)
        try:
            return self.hasher.verify(secret or self._dummy, password) and secret is not None
        except (Argon2Error, InvalidHashError):
            return False
