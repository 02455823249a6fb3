"""YAML text becomes plain values that know their lines; nothing in it is trusted.

Only mappings, lists, words, numbers, true/false and null come out. Anchors, tags and nesting
without end, by which a small file can grow large, are mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from scanform.errors import Mistake, TemplateError

MAX_BYTES = 1 << 20
MAX_DEPTH = 20

_PREFIX = "tag:yaml.org,2002:"
_PLAIN = frozenset(
    _PREFIX + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)


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
    try:
        node = YAML(typ="safe", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = f"this is not YAML: {error.problem or error.context or 'it does not parse'}"
        advice = "look at indents, colons and quotes on this line and the one before"
        raise TemplateError([_mistake(file, line, problem, advice)]) from None
    except ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise TemplateError(
            [_mistake(file, line, "a character that YAML does not take", "delete it")]
        ) from None
    except RecursionError:
        raise TemplateError(
            [_mistake(file, 1, "it is nested too deep", "write it flatter")]
        ) from None
    except (YAMLError, ValueError) as error:
        raise TemplateError([_mistake(file, 1, f"this is not YAML: {error}")]) from None
    taker = _Taker(file)
    value = None if node is None else taker.take(node, 0)
    return value, taker.mistakes


def _mistake(file: str, line: int, problem: str, advice: str = "") -> Mistake:
    return Mistake(file, line, "", problem, advice)


class _Taker:
    """Turns nodes into values, each node once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self._seen: set[int] = set()

    def take(self, node: Node, depth: int) -> object:
        if id(node) in self._seen:
            self._refuse(node, "anchors and aliases are not taken", "write it out")
            return None
        self._seen.add(id(node))
        if depth > MAX_DEPTH:
            self._refuse(node, "it is nested too deep", "write it flatter")
            return None
        if str(node.tag) not in _PLAIN:
            self._refuse(node, f"the tag {node.tag} is not taken", "leave the tag out")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self.take(child, depth + 1) for child in node.value]
        return _scalar(node) if isinstance(node, ScalarNode) else None

    def _mapping(self, node: MappingNode, depth: int) -> Located:
        mapping = Located(_line(node))
        for key_node, value_node in node.value:
            key = _scalar(key_node) if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, Hashable) or key is None:
                self._refuse(key_node, "a key must be a word", "write `key: value`")
                continue
            name = str(key)
            if name in mapping:
                first = mapping.lines[name]
                self._refuse(key_node, f"`{name}` stands twice", f"the first is on line {first}")
                continue
            mapping[name] = self.take(value_node, depth + 1)
            mapping.lines[name] = _line(key_node)
        return mapping

    def _refuse(self, node: Node, problem: str, advice: str) -> None:
        self.mistakes.append(_mistake(self.file, _line(node), problem, advice))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    """The value of a scalar by its resolved tag; what only looks like a number stays a word."""
    text = str(node.value)
    match str(node.tag).removeprefix(_PREFIX):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text) if text.lstrip("+-").isdecimal() and len(text) < 20 else text
        case "float":
            try:
                number = float(text)
            except ValueError:
                return text
            return number if math.isfinite(number) else text
        case _:
            return text
