"""Ways in besides an account: the one-time link of the machine's own user; and patience with
whoever tries passwords.

Accounts and their sessions are the use-case's (``review.people``). What is here lives in memory
and ends with the server.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

from scanform.review.people import Person, Session

LONGEST = timedelta(hours=12)


class OwnMachine:
    """Signs in whoever has the link that ``scanform serve`` printed: once, then it is void."""

    def __init__(
        self, person: Person, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.person = person
        self.key = secrets.token_urlsafe(32)
        self._clock = clock
        self._unused = True
        self._session: Session | None = None
        self._lock = threading.Lock()

    def enter(self, key: str) -> Session | None:
        """A session for the right key, the first time; else None."""
        right = secrets.compare_digest(key.encode(), self.key.encode())
        with self._lock:
            if not (right and self._unused):
                return None
            self._unused = False
            until = self._clock() + LONGEST
            self._session = Session(
                secrets.token_urlsafe(32), self.person, until, secrets.token_urlsafe(32)
            )
            return self._session

    def session(self, token: str) -> Session | None:
        mine = self._session
        if mine is None or not secrets.compare_digest(token.encode(), mine.token.encode()):
            return None
        return mine if self._clock() < mine.until else None

    def sign_out(self, token: str) -> None:
        mine = self.session(token)
        if mine is not None:
            self._session = replace(mine, until=self._clock())


FREE_TRIES = 20
FIRST_WAIT = 10.0
LONGEST_WAIT = 15 * 60.0


class Patience:
    """After ``FREE_TRIES`` wrong passwords from one address the wait doubles with each further
    one. The use-case does the same for each account; this stops one address from trying many
    accounts. An office behind one address still gets its mistypings forgiven."""

    MOST = 10_000

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until the next try is heard; 0 when at once."""
        with self._lock:
            count, last = self._failed.get(address, (0, 0.0))
        if count < FREE_TRIES:
            return 0.0
        pause = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(count - FREE_TRIES, 20))
        return max(0.0, last + pause - self._clock())

    def failed(self, address: str) -> None:
        with self._lock:
            count, _ = self._failed.pop(address, (0, 0.0))
            self._failed[address] = count + 1, self._clock()
            while len(self._failed) > self.MOST:
                self._failed.popitem(last=False)

    def succeeded(self, address: str) -> None:
        with self._lock:
            self._failed.pop(address, None)
