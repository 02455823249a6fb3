"""YAML text becomes plain values that know their lines; nothing in it is trusted.

Only mappings, lists, words, numbers, true/false and null come out. Anchors, tags and nesting
without end, by which a small file can grow large, are mistakes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator

import yaml
from yaml import events

from scanform.errors import Mistake, TemplateError

MAX_BYTES = 1 << 20
MAX_DEPTH = 20

_PREFIX = "tag:yaml.org,2002:"
_PLAIN = frozenset(
    _PREFIX + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its parser is used: ten times as fast where the library is there that it is made for."""

_NULL = re.compile(r"|~|null|Null|NULL")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,19}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
"""What a plain word means: YAML 1.2's core schema, so that ``no`` and ``12:30`` stay words."""


class Located(dict[str, object]):
    """A mapping of the file: ``line`` where it starts, ``lines`` of its keys, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


def read(data: bytes, file: str) -> tuple[object, list[Mistake]]:
    """The value of a YAML document, with ``Located`` mappings, and the mistakes in how it is
    written. Raises ``TemplateError`` when it can't be taken apart at all."""
    if len(data) > MAX_BYTES:
        raise TemplateError([_mistake(file, 1, "the file is larger than 1 MiB", "split the form")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TemplateError([_mistake(file, line, "it is not UTF-8", "save it as UTF-8")]) from None
    taker = _Taker(file, yaml.parse(text, Loader=_LOADER))
    try:
        value = taker.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = f"this is not YAML: {error.problem or error.context or 'it does not parse'}"
        advice = "look at indents, colons and quotes on this line and the one before"
        mistake = _mistake(file, line, problem, advice)
        raise TemplateError([*taker.mistakes, mistake]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise TemplateError(
            [_mistake(file, line, "a character that YAML does not take", "delete it")]
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise TemplateError([_mistake(file, 1, f"this is not YAML: {error}")]) from None
    return value, taker.mistakes


def _mistake(file: str, line: int, problem: str, advice: str = "") -> Mistake:
    return Mistake(file, line, "", problem, advice)


class _Taker:
    """Turns a parser's events into values. It goes no deeper than ``MAX_DEPTH`` itself, whatever
    the file does."""

    def __init__(self, file: str, parsed: Iterator[events.Event]) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self._events = parsed

    def document(self) -> object:
        """The value of the only document; None of none."""
        next(self._events)  # the stream's start
        if isinstance(next(self._events), events.StreamEndEvent):
            return None
        value = self._value(next(self._events), 0)
        next(self._events)  # the document's end
        after = next(self._events)
        if not isinstance(after, events.StreamEndEvent):
            self._refuse(after, "a second document begins here", "keep one document a file")
        return value

    def _value(self, event: events.Event, depth: int) -> object:
        if isinstance(event, events.AliasEvent):
            self._refuse(event, "anchors and aliases are not taken", "write it out")
            return None
        if depth > MAX_DEPTH:
            self._refuse(event, "it is nested too deep", "write it flatter")
            self._pass_over(event)
            return None
        tag = getattr(event, "tag", None)
        if tag not in (None, "!") and tag not in _PLAIN:
            self._refuse(event, f"the tag {tag} is not taken", "leave the tag out")
            self._pass_over(event)
            return None
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, events.SequenceStartEvent):
            return [self._value(each, depth + 1) for each in self._until(events.SequenceEndEvent)]
        return _scalar(event) if isinstance(event, events.ScalarEvent) else None

    def _mapping(self, start: events.Event, depth: int) -> Located:
        mapping = Located(_line(start))
        for key_event in self._until(events.MappingEndEvent):
            key = _scalar(key_event) if isinstance(key_event, events.ScalarEvent) else None
            self._pass_over(key_event)
            value_event = next(self._events)
            if not isinstance(key, Hashable) or key is None:
                self._refuse(key_event, "a key must be a word", "write `key: value`")
                self._pass_over(value_event)
                continue
            name = str(key)
            if name in mapping:
                first = mapping.lines[name]
                self._refuse(key_event, f"`{name}` stands twice", f"the first is on line {first}")
                self._pass_over(value_event)
                continue
            mapping[name] = self._value(value_event, depth + 1)
            mapping.lines[name] = _line(key_event)
        return mapping

    def _until(self, end: type[events.Event]) -> Iterator[events.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _pass_over(self, event: events.Event) -> None:
        """Leaves out all that began with ``event``."""
        deep = int(isinstance(event, events.CollectionStartEvent))
        while deep:
            event = next(self._events)
            deep += isinstance(event, events.CollectionStartEvent)
            deep -= isinstance(event, events.CollectionEndEvent)

    def _refuse(self, event: events.Event, problem: str, advice: str) -> None:
        self.mistakes.append(_mistake(self.file, _line(event), problem, advice))


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: events.ScalarEvent) -> str | int | float | bool | None:
    """The value of a word by its tag or looks; what only looks like a number stays a word."""
    text = str(event.value)
    match _kind_of(event):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text) if _INT.fullmatch(text) else text
        case "float":
            number = float(text) if _FLOAT.fullmatch(text) else math.inf
            return number if math.isfinite(number) else text
        case _:
            return text


def _kind_of(event: events.ScalarEvent) -> str:
    """The name of a word's tag, or of the one that it stands for where it is plain."""
    if event.tag not in (None, "!"):
        return str(event.tag).removeprefix(_PREFIX)
    text = str(event.value)
    if not event.implicit[0]:  # in quotes
        return "str"
    looks = (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT))
    return next((kind for kind, look in looks if look.fullmatch(text)), "str")
