"""The queue: one person at a time holds an answer, decides it, and may take it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from scanform.review.claims import Claim, Filter, Mine, Order, Outcome, ToPull, Waits, Work
from scanform.review.decide import Warned
from scanform.review.people import Person

View = Literal["field", "row", "page"]


@dataclass(frozen=True, slots=True)
class Queue:
    """Every call with a ``token`` raises ``Overtaken`` when the claim ran out and somebody else
    has the answer, or has decided it: then nothing was written. A claim that ran out and that
    nobody took is still good."""

    def claim(
        self,
        who: Person,
        work: Work = "review",
        order: Order = "by_field",
        only: Filter = Filter(),  # noqa: B008 - frozen
        holding: Collection[str] = (),
    ) -> Claim | None:
        """The next answer for this person, or None when nothing is left. A claim of his own that
        is still live (after a crash, in a new window) comes first, unless its token is in
        ``holding``: so a page may fetch the next one ahead. What he skipped comes last. Needs
        ``review``; ``settle`` and ``sample`` need ``settle``."""
        raise NotImplementedError

    def held(self, who: Person) -> list[Claim]:
        """His live claims, oldest first."""
        raise NotImplementedError

    def get(self, who: Person, token: str) -> Claim:
        """The claim as it stands, its lease renewed."""
        raise NotImplementedError

    def release(self, who: Person, token: str) -> None:
        """Gives the answer back; a claim that is gone already is no error."""
        raise NotImplementedError

    def skip(self, who: Person, token: str) -> None:
        """Gives it back and shows it to this person again only when nothing else is left."""
        raise NotImplementedError

    def accept(self, who: Person, token: str) -> Outcome:
        """What was read is right. Raises ``UsageError`` where nothing was read, or blind."""
        raise NotImplementedError

    def correct(self, who: Person, token: str, text: str) -> Outcome:
        """What a person typed (or picked: pass the option's value). In ``key``, ``settle`` and
        ``sample`` work this is what he says stands there. Raises ``UsageError`` with what would
        do when the text can't be an answer of this kind at all."""
        raise NotImplementedError

    def check(self, who: Person, token: str, text: str) -> tuple[str, tuple[Warned, ...]]:
        """The value that ``correct`` would keep and the rules it would break; writes nothing."""
        raise NotImplementedError

    def blank(self, who: Person, token: str) -> Outcome:
        raise NotImplementedError

    def unreadable(self, who: Person, token: str) -> Outcome:
        raise NotImplementedError

    def paper(self, who: Person, token: str, why: str = "") -> None:
        """The paper itself is needed: off the queue and onto the list of forms to pull."""
        raise NotImplementedError

    def note(self, who: Person, token: str, text: str) -> None:
        """A remark for whoever looks at this answer; a row of the log. The claim stays."""
        raise NotImplementedError

    def recent(self, who: Person, limit: int = 20) -> list[Mine]:
        """His own last decisions, newest first."""
        raise NotImplementedError

    def undo(self, who: Person, number: str | None = None) -> Mine:
        """Takes back his own last decision, or that one, however old; a decision from a group
        alone, or with ``number="lot:..."`` the whole lot. The answer is as it was before, in the
        queue. Raises ``UsageError`` when there is nothing to undo, ``Overtaken`` when somebody
        has decided it since."""
        raise NotImplementedError

    def complete(self, who: Person, token: str, text: str, limit: int = 8) -> list[str]:
        """What the text may become: entries of the field's list or, for a place, of the places
        within those that the record names. Ignores missing marks (``thanh`` finds Thạnh)."""
        raise NotImplementedError

    def picture(self, who: Person, token: str, view: View = "field") -> bytes:
        """PNG of the region; of the strip of the page that it stands in (``row``); of the whole
        page (``page``)."""
        raise NotImplementedError

    def region(self, who: Person, token: str, view: View) -> tuple[float, float, float, float]:
        """Where the field's box lies in that picture: left, top, width and height as shares of
        its size (0..1), for highlighting."""
        raise NotImplementedError

    def waits(self, who: Person, only: Filter = Filter()) -> Waits:  # noqa: B008
        """How much is left. Needs ``review``."""
        raise NotImplementedError

    def to_pull(self, who: Person) -> list[ToPull]:
        """Forms to pull from the box, by scan and page. Needs ``forms``."""
        raise NotImplementedError

    def pulled(self, who: Person, record: str, field: str | None = None) -> None:
        """The paper lies here: its answers are back in the queue. Needs ``forms``."""
        raise NotImplementedError
