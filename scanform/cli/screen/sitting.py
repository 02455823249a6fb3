"""What the terminal's screen holds: the answer in hand, its picture, and how it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress

import click
from PIL import Image as Pictures
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from scanform.cli.screen import painting, words
from scanform.cli.screen.dialogs import Keys, Stage, WholePage, moved
from scanform.cli.screen.line import Line
from scanform.cli.screen.sight import Looked, Sight, fitted, look
from scanform.cli.wording import one_line
from scanform.errors import INTERRUPTED, ScanformError
from scanform.programs.scratch import PICTURE, scratch
from scanform.review import Claim, Desk, Filter, Order, Person, Work
from scanform.review.queue import Queue
from scanform.review.showing import first, offered, plain_digits, shown
from scanform.web.wording import say


class Sitting(App[int]):
    """One person's sitting: takes answers from the queue and shows them.

    ``widget`` draws a picture in this terminal; ``blocks`` says that it has few pixels for it.
    """

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
        self._stack = ExitStack()
        self._folder = self._stack.enter_context(scratch(PICTURE))

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
            others = self._left() > 0
            self._show("head", say("nothing_waits_here" if others else "nothing_waits", self.lang))
            for part in ("doubts", "warning", "list"):
                self._show(part, "")
            await self.query_one("#stage", Stage).show(None)
            return
        self._show("head", painting.head(claim, self._left(), self.lang))
        self._show("doubts", painting.doubts(claim, self.lang))
        self._show("warning", "")
        field, offers = claim.item.field, offered(claim)
        read = first(claim)
        commands = {"-", "?"}
        if plain_digits(field, offers):
            commands |= set("123456789"[: len(offers)])
        line.begin(shown(field, read) if read else "", field.kind, frozenset(commands))
        self._list()
        if self.blocks and not field.options and field.kind != "presence":
            with suppress(ScanformError):  # without a picture it is said when it is drawn
                self._sight = fitted(self.queue, self.who, claim.token)
        await self._draw()

    def _left(self) -> int:
        return self.queue.left(self.who, self.work, self.only)

    async def _draw(self) -> None:
        stage = self.query_one("#stage", Stage)
        if self.claim is None:
            return
        try:
            self._looked = look(self.queue, self.who, self.claim.token, self._sight)
        except ScanformError as error:
            self._looked = None
            await stage.show(None, f"{say('no_picture', self.lang)} {error.told(self.lang)[0]}")
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
        file = self._folder / "answer.png"
        try:
            file.write_bytes(self.queue.picture(self.who, self.claim.token, self._sight.view))
        except ScanformError as error:
            self._tell(error.told(self.lang)[0])
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
        self._stack.close()
        self.exit(result)
