"""What opens over the answer: the keys, a note, the whole page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from PIL import Image as Pictures
from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from scanform.cli.screen.sight import Looked, Sight

_ENDS = tuple(
    Binding(key, f"app.{action}", show=False, priority=True)
    for key, action in (("ctrl+c", "interrupt"), ("ctrl+q", "leave"))
)


class Keys(ModalScreen[None]):
    """Which key does what."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *_ENDS,
        *(Binding(key, "dismiss", show=False) for key in ("escape", "enter", "f1")),
    ]

    def __init__(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._rows = title, rows

    def compose(self) -> ComposeResult:
        table = Table(title=self._title, box=None, padding=(0, 2), show_header=False)
        for keys, does in self._rows:
            table.add_row(f"[b]{keys}[/b]", does)
        with Container(classes="dialog"):
            yield Static(table)


class Note(ModalScreen[str]):
    """Asks for a remark; an empty one is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *_ENDS,
        Binding("escape", "dismiss('')", show=False),
    ]

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label

    def compose(self) -> ComposeResult:
        with Container(classes="dialog"):
            yield Static(self._label, markup=False)
            yield Input(max_length=500)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())


class Stage(Container):
    """Where a picture is drawn: as large as fits, at the bottom, right above the line."""

    def __init__(self, widget: Callable[[Pictures.Image], Widget], id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._widget = widget

    async def show(self, image: Pictures.Image | None, instead: str = "") -> None:
        await self.remove_children()
        if image is None:
            await self.mount(Static(instead, markup=False))
            return
        picture = self._widget(image)
        # A cell is about twice as high as wide.
        scale = min(self.size.width / image.width, 2 * self.size.height / image.height)
        picture.styles.width = max(1, round(image.width * scale))
        picture.styles.height = max(1, round(image.height * scale / 2))
        await self.mount(picture)


class WholePage(ModalScreen[None]):
    """The page that the answer stands on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *_ENDS,
        Binding("escape,f3", "dismiss", show=False),
        Binding("pagedown", "look(1)", show=False),
        Binding("pageup", "look(-1)", show=False),
        Binding("f7", "look(0)", show=False),
        *(
            Binding(key, f"move('{key}')", show=False, priority=True)
            for key in ("up", "down", "left", "right")
        ),
    ]

    def __init__(
        self, widget: Callable[[Pictures.Image], Widget], look: Callable[[Sight], Looked]
    ) -> None:
        super().__init__()
        self._widget, self._look = widget, look
        self._sight = Sight("page")

    def compose(self) -> ComposeResult:
        yield Stage(self._widget, "whole")

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw)

    async def _draw(self) -> None:
        await self.query_one(Stage).show(self._look(self._sight).image)

    async def action_look(self, step: int) -> None:
        doings = {1: self._sight.closer, -1: self._sight.wider, 0: self._sight.turned}
        self._sight = doings[step]()
        await self._draw()

    async def action_move(self, key: str) -> None:
        self._sight = moved(self._sight, self._look(self._sight), key)
        await self._draw()


def moved(sight: Sight, looked: Looked, key: str) -> Sight:
    """The sight moved by a third of what is seen."""
    step = 1 / 3 / sight.scale
    x, y = looked.at
    dx, dy = {"left": (-step, 0.0), "right": (step, 0.0), "up": (0.0, -step)}.get(key, (0.0, step))
    at = min(1.0, max(0.0, x + dx)), min(1.0, max(0.0, y + dy))
    return Sight(sight.view, sight.scale, sight.turns, at)
