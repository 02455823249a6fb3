"""The queue: one person at a time holds an answer, decides it, and may take it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from scanform.errors import Overtaken, UsageError
from scanform.review import finding, taking_back, wording
from scanform.review.claims import Claim, Filter, Mine, Order, Outcome, ToPull, Waits, Work
from scanform.review.complete import completions
from scanform.review.decide import Item, Said, Warned
from scanform.review.entries import enter
from scanform.review.memory import Memory
from scanform.review.people import Person
from scanform.review.room import Room, box_of_view, fits, outcome, picture
from scanform.review.seeds import answer_seed, skip_seed
from scanform.store.desk_interface import ClaimRow, Doing

View = Literal["field", "row", "page"]
NOTHING = Filter()


@dataclass(frozen=True, slots=True)
class Queue:
    """Every call with a ``token`` raises ``Overtaken`` when the claim ran out and somebody else
    has the answer, or has decided it: then nothing was written. A claim that ran out and that
    nobody took is still good."""

    room: Room
    memory: Memory

    def claim(
        self,
        who: Person,
        work: Work = "review",
        order: Order = "by_field",
        only: Filter = NOTHING,
        holding: Collection[str] = (),
    ) -> Claim | None:
        """The next answer for this person, or None when nothing is left. A claim of his own that
        is still live (after a crash, in a new window) comes first, unless its token is in
        ``holding``: so a page may fetch the next one ahead. What he skipped comes last. Needs
        ``review``; ``settle`` and ``sample`` need ``settle``."""
        who.need("review" if work in ("review", "key") else "settle")
        asked = finding.Asked(who, work, order, only, holding)
        return finding.claim(self.room, self.memory, asked)

    def held(self, who: Person) -> list[Claim]:
        """His live claims, oldest first; a sheetful is none of these."""
        rows = self.room.store.held(who.name, self.room.now)
        return [finding.shown(self.room, row) for row in rows if not row.asked.get("sheet")]

    def get(self, who: Person, token: str) -> Claim:
        """The claim as it stands now, its lease renewed."""
        row = self.room.row(who, token)
        claim = finding.shown(self.room, row)
        if finding.decided(row, claim):
            self.room.store.release(token)
            raise Overtaken(wording.ANSWER_DECIDED)
        until = finding.renewed(self.room, row, claim.item)
        notes = claim.notes if row.seed is None else self.memory.noted(token)
        return replace(claim, until=until, notes=notes)

    def release(self, who: Person, token: str) -> None:
        """Gives the answer back; a claim that is gone already is no error."""
        rows = self.room.store.claims(token)
        if rows and rows[0].by == who.name:
            self.room.store.release(token)

    def skip(self, who: Person, token: str) -> None:
        """Gives it back and shows it to this person again only when nothing else is left."""
        row = self.room.row(who, token)
        self._looked(row, row.work)
        if row.seed is not None:
            skip_seed(self.room, row)
            return
        self.room.store.skip(who.name, row.record, row.field, self.room.now)
        self.room.store.release(token)

    def accept(self, who: Person, token: str) -> Outcome:
        """What was read is right. Raises ``UsageError`` where nothing was read, or blind."""
        row = self.room.row(who, token)
        if row.work != "review":
            raise UsageError(wording.NOTHING_TO_ACCEPT, wording.TYPE_WHAT_IS_SEEN)
        item = finding.item_of(self.room, row)
        said = self.room.review.accepting(item)
        return self._say(who, row, item, said, item.answer.value)

    def correct(self, who: Person, token: str, text: str) -> Outcome:
        """What a person typed (or picked: pass the option's value). In ``key``, ``settle`` and
        ``sample`` work this is what he says stands there. Raises ``UsageError`` with what would
        do when the text can't be an answer of this kind at all."""
        row = self.room.row(who, token)
        item = finding.item_of(self.room, row)
        value, warnings = self.room.review.typed(item, text)
        return self._say(who, row, item, Said("correct", value), value, warnings)

    def check(self, who: Person, token: str, text: str) -> tuple[str, tuple[Warned, ...]]:
        """The value that ``correct`` would keep and the rules it would break; writes nothing."""
        item = finding.item_of(self.room, self.room.row(who, token))
        return self.room.review.typed(item, text)

    def blank(self, who: Person, token: str) -> Outcome:
        row = self.room.row(who, token)
        return self._say(who, row, finding.item_of(self.room, row), Said("blank"), None)

    def unreadable(self, who: Person, token: str) -> Outcome:
        row = self.room.row(who, token)
        return self._say(who, row, finding.item_of(self.room, row), Said("unreadable"), None)

    def _say(
        self,
        who: Person,
        row: ClaimRow,
        item: Item,
        said: Said,
        value: str | None,
        warnings: tuple[Warned, ...] = (),
    ) -> Outcome:
        """Writes what was said about a claimed answer, and ends the claim."""
        seconds = self.memory.seconds(who.name, row.at, self.room.now)
        if row.seed is not None:
            answer_seed(self.room, row, item.field, said, value, seconds)
            done = Outcome(value, warnings)
        elif row.task is not None:
            done = enter(self.room, row, said, seconds, warnings)
        else:
            said = Said(said.action, said.value, how=row.work, seconds=seconds)
            doing = Doing(tokens=(row.token,))
            written = self.room.review.decide(
                item,
                said,
                who.name,
                version=row.version,
                write=lambda rows, versions: self.room.store.act(rows, versions, doing),
            )
            done = outcome(written, value, warnings)
        self.memory.did(who.name, self.room.now)
        return done

    def paper(self, who: Person, token: str, why: str = "") -> None:
        """The paper itself is needed: off the queue and onto the list of forms to pull."""
        row = self.room.row(who, token)
        if row.seed is not None:
            item = finding.item_of(self.room, row)
            answer_seed(self.room, row, item.field, Said("paper"), None, None)
            return
        if row.work != "review":
            raise UsageError(wording.UNREADABLE_OR_SKIP)
        doing = Doing(tokens=(token,))
        self.room.review.decide(
            finding.item_of(self.room, row),
            Said("paper", note=why, how=row.work),
            who.name,
            version=row.version,
            write=lambda rows, versions: self.room.store.act(rows, versions, doing),
        )

    def note(self, who: Person, token: str, text: str) -> None:
        """A remark for whoever looks at this answer; a row of the log. The claim stays."""
        row = self.room.row(who, token)
        if not text.strip():
            raise UsageError(wording.NO_NOTE)
        if row.seed is not None:
            self.memory.note(token, text.strip())
        else:
            item = finding.item_of(self.room, row)
            self.room.review.decide(item, Said("note", note=text.strip(), how=row.work), who.name)

    def recent(self, who: Person, limit: int = 20) -> list[Mine]:
        """His own last decisions, newest first."""
        return taking_back.recent(self.room, who, limit)

    def undo(self, who: Person, number: str | None = None) -> Mine:
        """Takes back his own last decision, or that one, however old; a decision from a group
        alone, or with ``number="lot:..."`` the whole lot. The answer is as it was before, in the
        queue. Raises ``UsageError`` when there is nothing to undo, ``Overtaken`` when somebody
        has decided it since."""
        return taking_back.undo(self.room, who, number)

    def complete(self, who: Person, token: str, text: str, limit: int = 8) -> list[str]:
        """What the text may become: entries of the field's list or, for a place, of the places
        within those that the record names. Ignores missing marks (``thanh`` finds Thạnh)."""
        item = finding.item_of(self.room, self.room.row(who, token))
        return completions(item.field, text, item.record, limit)

    def picture(self, who: Person, token: str, view: View = "field") -> bytes:
        """PNG of the region; of the strip of the page that it stands in (``row``); of the whole
        page (``page``). That it was looked at is noted first: see ``look``."""
        return self.draw(self.look(who, token, view), view)

    def look(self, who: Person, token: str, view: View = "field") -> ClaimRow:
        """The claim, if it is his; to be called each time before its picture is handed out, also
        one that was drawn before. Notes in the log that he looks: once for a claim, and for the
        whole page once more, whatever he decides then and whether he does."""
        row = self.room.row(who, token)
        self._looked(row, "page" if view == "page" else row.work)
        return row

    def draw(self, row: ClaimRow, view: View) -> bytes:
        """The picture of a claim that was looked up by ``look``."""
        item = finding.item_of(self.room, row)
        return picture(self.room, item.record, item.field, view)

    def _looked(self, row: ClaimRow, how: str) -> None:
        """What can't be noted isn't shown. A rehearsed form is nobody's."""
        if self.memory.seen(row.token, how):
            return
        if row.seed is None or self.room.store.seed(row.seed).rehearsed is None:
            self.room.store.note_looks(row.by, [row.record], how)
        self.memory.saw(row.token, how)

    def region(self, who: Person, token: str, view: View) -> tuple[float, float, float, float]:
        """Where the field's box lies in that picture: left, top, width and height as shares of
        its size (0..1), for highlighting."""
        return self.lit(finding.item_of(self.room, self.room.row(who, token)), view)

    def lit(self, item: Item, view: View) -> tuple[float, float, float, float]:
        """The same for an item that is in hand already."""
        template = self.room.review.template(item.record.template, item.record.revision)
        box = item.field.box
        shown = box_of_view(template, item.field, view)
        # A picture ends where the page ends.
        left, top = max(0.0, shown.x), max(0.0, shown.y)
        width = min(shown.right, template.page_mm[0]) - left
        height = min(shown.bottom, template.page_mm[1]) - top
        return (box.x - left) / width, (box.y - top) / height, box.w / width, box.h / height

    def left(self, who: Person, work: Work, only: Filter = NOTHING) -> int:
        """How much of that work is left for this person. Needs ``review``."""
        who.need("review")
        if work != "review":
            return self.room.store.count_tasks(who.name).get(work, 0)
        return sum(number for _, _, at, number in self._waiting(only) if at == "review")

    def _waiting(self, only: Filter) -> list[tuple[str, str, str, int]]:
        return [
            row
            for row in self.memory.counts.rows(self.room)
            if fits(only, row[0], row[1], only.kind and self.memory.kind(self.room, row[0], row[1]))
        ]

    def waits(self, who: Person, only: Filter = NOTHING) -> Waits:
        """How much is left. Needs ``review``."""
        who.need("review")
        rows = self._waiting(only)
        tasks = self.room.store.count_tasks(who.name)
        by_field = tuple((template, field, n) for template, field, at, n in rows if at == "review")
        return Waits(
            sum(number for _, _, number in by_field),
            by_field,
            tasks.get("key", 0),
            tasks.get("settle", 0),
            tasks.get("sample", 0),
            sum(number for _, _, at, number in rows if at == "paper"),
            self.room.store.count_claims(self.room.now),
        )

    def to_pull(self, who: Person) -> list[ToPull]:
        """Forms to pull from the box, by scan and page. Needs ``forms``."""
        who.need("forms")
        found: dict[str, ToPull] = {}
        for row in self.room.store.papers():
            form = found.get(row.record)
            found[row.record] = ToPull(
                row.record,
                row.template,
                row.scan_path,
                row.scan_page,
                (*(form.fields if form else ()), row.field),
                (*(form.why if form else ()), row.why),
                (*(form.by if form else ()), row.by),
            )
        return list(found.values())

    def pulled(self, who: Person, record: str, field: str | None = None) -> None:
        """The paper lies here: its answers are back in the queue. Needs ``forms``."""
        who.need("forms")
        self.room.store.set_desk(record, field, "review")
