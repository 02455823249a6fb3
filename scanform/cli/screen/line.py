"""The line that an answer is typed into: masks, Telex and VNI, and the keys that are commands only
while nothing was typed."""

from __future__ import annotations

import re
import unicodedata

from textual import events
from textual.message import Message
from textual.widgets import Input

from scanform.lexicon.keyboard import Method, typed
from scanform.review.showing import masked

METHODS: tuple[Method | None, ...] = (None, "telex", "vni")
_WORD = re.compile(r"[^\W_]*$")


class Line(Input):
    """``original`` is what stood there at first: as long as that stands, ``commands`` aren't
    letters."""

    class Command(Message):
        """A key that is a command while the line is untouched."""

        def __init__(self, key: str) -> None:
            self.key = key
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="line", select_on_focus=False)
        self.original = ""
        self.kind = "text"
        self.commands: frozenset[str] = frozenset()
        self.method: Method | None = None
        self._keys = ""  # of the word in the making, as they were struck
        self._made = ""  # what they gave

    @property
    def untouched(self) -> bool:
        return self.value == self.original

    def begin(self, text: str, kind: str, commands: frozenset[str]) -> None:
        self.original, self.kind, self.commands = text, kind, commands
        self.value = text
        self.focus()
        self.select_all()

    def put(self, text: str) -> None:
        """Another text, its end ready to be typed at."""
        self.value = text
        self.cursor_position = len(text)

    def on_key(self, event: events.Key) -> None:
        if event.character is None or not event.is_printable:
            return
        if self.untouched and event.character in self.commands:
            event.stop()
            event.prevent_default()
            self.post_message(self.Command(event.character))
        elif self.method is not None and self.kind == "text" and self._composed(event.character):
            event.stop()
            event.prevent_default()

    def _composed(self, key: str) -> bool:
        """Whether the key was taken as one of the input method's."""
        if not self.selection.is_empty or self.method is None or not key.isalnum():
            self._keys = self._made = ""
            return False
        caret = self.cursor_position
        found = _WORD.search(self.value[:caret])
        word = found[0] if found else ""
        keys = (self._keys if word == self._made else word) + key
        made = typed(keys, self.method)
        self._keys, self._made = keys, made
        start = caret - len(word)
        self.value = self.value[:start] + made + self.value[caret:]
        self.cursor_position = start + len(made)
        return True

    def kept(self) -> None:
        """Takes out what the mask doesn't let stand; what is typed is NFC."""
        text = unicodedata.normalize("NFC", masked(self.kind, self.value))
        if text != self.value and not self.untouched:
            self.put(text)
