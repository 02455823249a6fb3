"""A document as Markdown: for mail, chat and the archives of plain text."""

from __future__ import annotations

import re

from scanform.report.interface import Block, Chart, Document, Paragraph, Table, plain_rows


def write(document: Document) -> bytes:
    head = document.letterhead
    lines = [head.above, head.office, head.state, head.motto, head.number, head.place_and_date]
    parts = ["  \n".join(_plain(line) for line in lines if line)]
    parts += [f"# {_plain(document.title)}", f"**{_plain(document.subtitle)}**"]
    parts += [text for block in document.blocks if (text := _block(block))]
    if document.recipients:
        heading, *lines = document.recipients
        copies = [f"- {_plain(line.removeprefix('- '))}" for line in lines]
        parts.append("\n".join([f"***{_plain(heading)}***", "", *copies]))
    for each in document.signatures:
        said = (f"**{_plain(each.post)}**", f"*{_plain(each.note)}*", _plain(each.name))
        parts.append("  \n".join(line for line in said if line.strip("*")))
    if document.made:
        parts.append(f"*{_plain(document.made)}*")
    return ("\n\n".join(parts) + "\n").encode()


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            lead = f"**{_plain(block.lead)}** " if block.lead else ""
            return lead + _plain(block.text)
        case Table():
            return _table(block)
        case Chart():
            return ""


def _table(table: Table) -> str:
    headings, *rows = plain_rows(table)
    first = table.rows[0] if table.rows else ()
    sides = [":--" if cell.sort == "text" else "--:" for cell in first] or ["---"] * len(headings)
    bold = len(rows) - 1 if table.total else -1
    lines = [_row(headings), _row(sides, plain=False)]
    lines += [
        _row([f"**{_plain(cell)}**" if cell else "" for cell in row], plain=False)
        if number == bold
        else _row(row)
        for number, row in enumerate(rows)
    ]
    return "\n".join(lines)


def _row(cells: tuple[str, ...] | list[str], plain: bool = True) -> str:
    return "| " + " | ".join(_plain(cell) if plain else cell for cell in cells) + " |"


def _plain(text: str) -> str:
    """Text that says the same in Markdown: a unit's name comes from a form."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)
