"""The queue on a screen of the terminal: one answer after another, without a mouse."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import click
from PIL import Image as Pictures
from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from scanform.cli.screen import painting, words
from scanform.cli.screen.dialogs import Keys, Note, Stage, WholePage, moved
from scanform.cli.screen.dots import Dots
from scanform.cli.screen.line import METHODS, Line
from scanform.cli.screen.sight import Looked, Sight, fitted, look
from scanform.cli.wording import one_line, say_doubt
from scanform.errors import INTERRUPTED, Overtaken, ScanformError, UsageError
from scanform.review import Claim, Desk, Filter, Order, Outcome, Person, Work
from scanform.review.queue import Queue
from scanform.review.showing import offered, plain_digits, shown
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


class ReviewApp(App[int]):
    """Gives back how many answers were decided, or ``INTERRUPTED`` negative for Ctrl-C.

    ``widget`` draws a picture in this terminal; ``blocks`` says that it can draw no better than
    with blocks of colour.
    """

    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        # The line has a use of its own for Ctrl-C.
        Binding(key, action, show=False, priority=key.startswith("ctrl+"))
        for key, action in _KEYS
    ]

    def __init__(
        self,
        desk: Desk,
        who: Person,
        widget: Callable[[Pictures.Image], Widget],
        work: Work = "review",
        order: Order = "by_field",
        only: Filter = Filter(),  # noqa: B008 - frozen
        blocks: bool = True,
    ) -> None:
        super().__init__()
        self.queue: Queue = desk.queue
        self.who, self.lang = who, who.language
        self.work, self.order, self.only = work, order, only
        self.blocks = blocks
        self.claim: Claim | None = None
        self.decided = 0
        self._widget = widget
        self._sight = Sight()
        self._looked: Looked | None = None
        self._chosen = -1
        self._completions: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="scanform-review-")

    # --- the screen -----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield Static(id="head", markup=False)
        yield Static(id="doubts", markup=False)
        yield Stage(self._widget, "stage")
        yield Line()
        yield Static(id="warning", markup=False)
        yield Static(id="list", markup=False)
        yield Static(id="said", markup=False)
        yield Static(painting.footer(self.lang), id="keys", markup=False)

    async def on_mount(self) -> None:
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        await self._take(self._next())
        if self.blocks:
            self._tell(words.NO_GRAPHICS.say(self.lang))

    def _next(self) -> Claim | None:
        return self.queue.claim(self.who, self.work, self.order, self.only)

    async def _take(self, claim: Claim | None) -> None:
        """That answer on the screen, or none."""
        self.claim, self._sight, self._chosen, self._completions = claim, Sight(), -1, []
        line = self.query_one(Line)
        line.disabled = claim is None
        if claim is None:
            self._show("head", say("nothing_waits", self.lang))
            for part in ("doubts", "warning", "list"):
                self._show(part, "")
            await self.query_one("#stage", Stage).show(None)
            return
        self._show("head", painting.head(claim, self._left(), self.lang))
        self._show("doubts", painting.doubts(claim, self.lang))
        self._show("warning", "")
        field, offers = claim.item.field, offered(claim)
        read = offers[0] if offers and offers[0].source == "read" else None
        commands = {"-", "?"}
        if plain_digits(field, offers):
            commands |= set("123456789"[: len(offers)])
        line.begin(shown(field, read) if read else "", field.kind, frozenset(commands))
        self._list()
        if self.blocks:
            with suppress(ScanformError):  # without a picture it is said when it is drawn
                self._sight = fitted(self.queue, self.who, claim.token)
        await self._draw()

    def _left(self) -> int:
        waits = self.queue.waits(self.who, self.only)
        left = {"review": waits.review, "key": waits.key, "settle": waits.settle}
        return left.get(self.work, waits.sample)

    async def _draw(self) -> None:
        stage = self.query_one("#stage", Stage)
        if self.claim is None:
            return
        try:
            self._looked = look(self.queue, self.who, self.claim.token, self._sight)
        except ScanformError as error:
            self._looked = None
            await stage.show(None, f"{say('no_picture', self.lang)} {error}")
        else:
            await stage.show(self._looked.image)

    async def on_resize(self) -> None:
        if self.claim is not None and self._looked is not None:
            await self.query_one("#stage", Stage).show(self._looked.image)

    def _list(self) -> None:
        """What may be taken: what was read and its like, or what the typed text may become."""
        claim, line = self.claim, self.query_one(Line)
        if claim is None:
            return
        if line.untouched:
            self._show("list", painting.offers(claim, self._chosen, self.lang))
        else:
            self._show("list", painting.completions(self._completions, self._chosen))

    def _show(self, part: str, text: str | Text) -> None:
        self.query_one(f"#{part}", Static).update(text)

    def _tell(self, text: str) -> None:
        self._show("said", one_line(text))

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
                warning = str(error)
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
        if line.untouched and self._chosen > 0:
            await self.action_offer(self._chosen + 1)
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
            self._tell(f"{error} {error.next_step}")
        except UsageError as error:
            self._show("warning", one_line(f"{error} {error.next_step}"))
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
            self._tell(str(error))
            return
        held = [self.claim.token] if self.claim else []
        that = Filter(record=mine.record, field=mine.field)
        claim = self.queue.claim(self.who, self.work, self.order, that, held)
        self.decided -= 1
        self._tell(f"{say('undone', self.lang)} {mine.label}")
        await self._take(claim or self._next())

    def action_note(self) -> None:
        claim = self.claim
        if claim is None:
            return

        def keep(text: str | None) -> None:
            if text:
                self.queue.note(self.who, claim.token, text)
                self._tell(words.NOTED.say(self.lang))

        self.push_screen(Note(say("note_label", self.lang)), keep)

    # --- looking --------------------------------------------------------------------------------

    def action_page(self) -> None:
        claim = self.claim
        if claim is not None and self._looked is not None:
            self.push_screen(
                WholePage(
                    self._widget,
                    lambda sight: look(self.queue, self.who, claim.token, sight),
                )
            )

    async def action_look(self, step: int) -> None:
        if step < 0 and self._sight.view == "row":
            self.action_page()
            return
        self._sight = self._sight.closer() if step > 0 else self._sight.wider()
        await self._draw()

    async def action_turn(self) -> None:
        self._sight = self._sight.turned()
        await self._draw()

    async def action_move(self, key: str) -> None:
        if self._looked is not None:
            self._sight = moved(self._sight, self._looked, key)
            await self._draw()

    def action_viewer(self) -> None:
        """The picture in the desktop's own viewer; over a plain line its file is told."""
        if self.claim is None:
            return
        file = Path(self._folder.name) / "answer.png"
        try:
            file.write_bytes(self.queue.picture(self.who, self.claim.token, self._sight.view))
        except ScanformError as error:
            self._tell(str(error))
            return
        click.launch(str(file))
        self._tell(words.OPENED.say(self.lang, {"file": str(file)}))

    def action_keys(self) -> None:
        self.push_screen(Keys(say("help", self.lang), painting.keys(self.lang)))

    def action_leave(self) -> None:
        self._end(self.decided)

    def action_interrupt(self) -> None:
        self._end(-INTERRUPTED)

    def _end(self, result: int) -> None:
        if self.claim is not None:
            self.queue.release(self.who, self.claim.token)
        self._folder.cleanup()
        self.exit(result)


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
