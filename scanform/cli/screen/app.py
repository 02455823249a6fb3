"""The queue on a screen of the terminal: one answer after another, without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import click
from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from scanform.cli.screen import painting, words
from scanform.cli.screen.dialogs import Note
from scanform.cli.screen.dots import Dots
from scanform.cli.screen.line import METHODS, Line
from scanform.cli.screen.sitting import Sitting
from scanform.cli.wording import one_line, say_doubt
from scanform.errors import INTERRUPTED, Overtaken, ScanformError, UsageError
from scanform.review import Desk, Filter, Order, Outcome, Person, Work
from scanform.review.showing import first, offered
from scanform.web.wording import say

_KEYS: tuple[tuple[str, str], ...] = (
    ("f2", "unreadable"),
    ("f3", "page"),
    ("f4", "paper"),
    ("f5", "viewer"),
    ("f6", "note"),
    ("f7", "turn"),
    ("f8", "skip"),
    ("f9", "undo"),
    ("f10", "method"),
    ("f1", "keys"),
    ("escape", "restore"),
    ("pagedown", "look(1)"),
    ("pageup", "look(-1)"),
    ("up", "walk(-1)"),
    ("down", "walk(1)"),
    ("alt+left", "move('left')"),
    ("alt+right", "move('right')"),
    ("alt+up", "move('up')"),
    ("alt+down", "move('down')"),
    ("ctrl+q", "leave"),
    ("ctrl+c", "interrupt"),
    *((f"alt+{at}", f"offer({at})") for at in range(1, 10)),
)


class ReviewApp(Sitting):
    """Gives back how many answers were decided, or ``INTERRUPTED`` negative for Ctrl-C."""

    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        # The line has a use of its own for Ctrl-C.
        Binding(key, action, show=False, priority=key.startswith("ctrl+"))
        for key, action in _KEYS
    ]

    # --- typing ---------------------------------------------------------------------------------

    @on(Input.Changed, "#line")
    def typed(self) -> None:
        """Completions of what was typed, and what would be wrong with it."""
        line, claim = self.query_one(Line), self.claim
        line.kept()
        if claim is None or (self._chosen >= 0 and line.value in self._completions):
            return
        self._chosen, self._completions = -1, []
        warning = ""
        if not line.untouched and line.value:
            try:
                self._completions = self.queue.complete(
                    self.who, claim.token, line.value, painting.SHOWN
                )
                _, found = self.queue.check(self.who, claim.token, line.value)
                warning = " ".join(dict.fromkeys(say_doubt(w.doubt, self.lang) for w in found))
            except UsageError:
                warning = painting.so_far(claim.item.field, line.value, self.lang)
            except Overtaken as error:
                warning = error.told(self.lang)[0]
        self._show("warning", warning)
        self._list()

    @on(Line.Command)
    async def short(self, event: Line.Command) -> None:
        match event.key:
            case "-":
                await self._decide(lambda token: self.queue.blank(self.who, token))
            case "?":
                self.action_keys()
            case digit:
                await self.action_offer(int(digit))

    @on(Input.Submitted, "#line")
    async def entered(self) -> None:
        """Enter: what was read is accepted when nobody changed it; else it is a correction."""
        line, claim = self.query_one(Line), self.claim
        if claim is None:
            return
        begun = first(claim)
        if line.untouched and self._chosen > 0:
            await self.action_offer(self._chosen + 1)
        elif line.untouched and begun is not None and begun.source == "match":
            await self.action_offer(1)
        elif line.untouched and not claim.blind and claim.work == "review":
            await self._decide(lambda token: self.queue.accept(self.who, token))
        else:
            text = line.value
            await self._decide(lambda token: self.queue.correct(self.who, token, text))

    async def action_offer(self, at: int) -> None:
        claim = self.claim
        offers = offered(claim) if claim is not None else ()
        if not 1 <= at <= len(offers):
            return
        option, queue, who = offers[at - 1], self.queue, self.who
        if option.outcome == "unreadable":
            await self._decide(lambda token: queue.unreadable(who, token))
        elif option.outcome == "blank" or option.value is None:
            await self._decide(lambda token: queue.blank(who, token))
        elif option.source == "read":
            await self._decide(lambda token: queue.accept(who, token))
        else:
            value = option.value
            await self._decide(lambda token: queue.correct(who, token, value))

    def action_walk(self, step: int) -> None:
        line, claim = self.query_one(Line), self.claim
        if claim is None:
            return
        count = len(self._completions if not line.untouched else offered(claim)[: painting.SHOWN])
        if not count:
            return
        self._chosen = (self._chosen + step) % count
        if not line.untouched:
            line.put(self._completions[self._chosen])
        self._list()

    def action_restore(self) -> None:
        line = self.query_one(Line)
        if self.claim is not None:
            line.begin(line.original, line.kind, line.commands)

    def action_method(self) -> None:
        line = self.query_one(Line)
        line.method = METHODS[(METHODS.index(line.method) + 1) % len(METHODS)]
        method = line.method.upper() if line.method else words.AS_IT_COMES.say(self.lang)
        self._tell(words.METHOD.say(self.lang, {"method": method}))

    # --- deciding -------------------------------------------------------------------------------

    async def _decide(self, doing: Callable[[str], Outcome | None]) -> None:
        """Does it to the answer in hand and takes the next; what is refused stays in hand."""
        claim = self.claim
        if claim is None:
            return
        label = claim.item.field.label
        try:
            done = doing(claim.token)
        except Overtaken as error:
            self._tell(" ".join(error.told(self.lang)))
        except UsageError as error:
            self._show("warning", one_line(" ".join(error.told(self.lang))))
            return
        else:
            if done is not None:
                self.decided += 1
                self._tell(painting.outcome(label, done, self.lang))
        await self._take(self._next())

    async def action_unreadable(self) -> None:
        await self._decide(lambda token: self.queue.unreadable(self.who, token))

    async def action_skip(self) -> None:
        await self._decide(lambda token: self.queue.skip(self.who, token))

    async def action_paper(self) -> None:
        await self._decide(lambda token: self.queue.paper(self.who, token))

    async def action_undo(self) -> None:
        try:
            mine = self.queue.undo(self.who)
        except (UsageError, Overtaken) as error:
            self._tell(" ".join(filter(None, error.told(self.lang))))
            return
        held = [self.claim.token] if self.claim else []
        that = Filter(record=mine.record, field=mine.field)
        claim = self.queue.claim(self.who, self.work, self.order, that, held)
        self.decided = max(0, self.decided - 1)
        self._tell(f"{say('undone', self.lang)} {mine.label}")
        await self._take(claim or self._next())

    def action_note(self) -> None:
        claim = self.claim
        if claim is None:
            return

        def keep(text: str | None) -> None:
            if text:
                try:
                    self.queue.note(self.who, claim.token, text)
                except ScanformError as error:
                    self._tell(" ".join(filter(None, error.told(self.lang))))
                else:
                    self._tell(words.NOTED.say(self.lang))

        self.push_screen(Note(say("note_label", self.lang)), keep)


def run(desk: Desk, who: Person, work: Work, order: Order, only: Filter) -> None:
    """Works through the queue on the terminal's screen; raises ``KeyboardInterrupt`` for Ctrl-C."""
    # Finding out what the terminal can draw asks it, so it must come before the screen is taken.
    from textual_image import renderable, widget  # noqa: PLC0415

    blocks = renderable.Image not in (renderable.SixelImage, renderable.TGPImage)
    draws = Dots if blocks else widget.Image
    result = ReviewApp(desk, who, draws, work, order, only, blocks).run()
    if result == -INTERRUPTED:
        raise KeyboardInterrupt
    click.echo(words.DECIDED.say(who.language, {"count": str(result or 0)}))
