"""Writes the pages that the code itself can tell: cli.md, messages.md and api.md.

``python docs/generate.py`` writes them; ``--check`` only says whether they are up to date.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

import scanform
from scanform import errors
from scanform.cli import main
from scanform.model.phrases import DOUBTS, REJECTIONS, Phrase
from scanform.phrase import say

DOCS = Path(__file__).parent
NOTE = "<!-- Written by docs/generate.py: change the code, then run it. -->\n"

EXIT_CODES = [
    (0, "done"),
    (2, "wrong usage"),
    (3, "done, but some scans or pages were rejected"),
    (4, "a needed program or language is missing: run `scanform doctor`"),
    (5, "the template has mistakes: all are named"),
    (6, "the workspace or database is wrong or locked, or has no such record"),
    (130, "interrupted; what was finished is kept"),
]


def cli_page() -> str:
    """Every command with its help, as the terminal shows it."""
    parts = [NOTE, "# Commands\n", "\n| exit code | meaning |\n|---|---|\n"]
    parts += [f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES]
    for context in walk(main, "scanform"):
        usage = context.command.get_help(context)
        parts.append(f"\n## {context.command_path}\n\n```text\n{usage}\n```\n")
    return "".join(parts)


def walk(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """The command and those under it, each in the context in which the terminal calls it."""
    settings = {**command.context_settings, "terminal_width": 96}
    context = click.Context(command, parent, info_name=name, **settings)
    yield context
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            under = command.get_command(context, each)
            if under is not None:
                yield from walk(under, each, context)


def messages_page() -> str:
    """Every error, every reason to reject a scan, every doubt."""
    parts = [NOTE, "# Messages\n", "\n## Errors\n", "\nThey end a command.\n"]
    parts.append("\n| error | exit code | tiếng Việt | English |\n|---|---|---|---|\n")
    for kind in _error_tree(errors.ScanformError):
        english = (kind.__doc__ or "").splitlines()[0], say(kind.advice, "en")
        vietnamese = vars(kind).get("vi", ""), say(kind.advice, "vi")
        cells = (" ".join(filter(None, each)) for each in (vietnamese, english))
        parts.append(f"| `{kind.__name__}` | {kind.exit_code} | {' | '.join(cells)} |\n")
    parts += ["\n## Why a scan or page is rejected\n", "\nThe rest of the batch goes on.\n"]
    parts.append(_phrases(REJECTIONS))
    parts += ["\n## What is doubted about an answer\n", "\nThe answer waits in the review queue.\n"]
    parts.append(_phrases(DOUBTS))
    return "".join(parts)


def _error_tree(kind: type[errors.ScanformError]) -> Iterator[type[errors.ScanformError]]:
    yield kind
    for under in kind.__subclasses__():
        if under.__module__ == "scanform.errors":
            yield from _error_tree(under)


def _phrases(phrases: Mapping[str, Phrase]) -> str:
    rows = "".join(f"| `{code}` | {each.vi} | {each.en} |\n" for code, each in phrases.items())
    return f"\n| code | tiếng Việt | English |\n|---|---|---|\n{rows}"


def api_page() -> str:
    """The public names, from their docstrings."""
    parts = [NOTE, "# Public names\n", "\n`from scanform import ...`; everything else may move.\n"]
    for name in sorted(set(scanform.__all__) - {"__version__"}):
        value = getattr(scanform, name)
        parts.append(f"\n## {name}\n\n{inspect.getdoc(value) or ''}\n")
        if hasattr(value, "__dataclass_fields__"):
            fields = [each for each in value.__dataclass_fields__.values() if each.init]
            rows = "".join(f"| `{each.name}` | `{each.type}` |\n" for each in fields)
            parts.append(f"\n| field | type |\n|---|---|\n{rows}")
    return "".join(parts)


PAGES = {"cli.md": cli_page, "messages.md": messages_page, "api.md": api_page}


def stale() -> list[str]:
    """Names of the pages that don't say what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != page()
    ]


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(stale())}" if stale() else 0)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
