"""A document as one web page that needs nothing else: no script, no font from elsewhere."""

from __future__ import annotations

import re
from html import escape

from reportlab.graphics import renderSVG

from scanform.report.chart import draw
from scanform.report.interface import (
    Block,
    Cell,
    Chart,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)

_STYLE = """
body { max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff;
       font: 16px/1.4 "Tinos", "Times New Roman", serif; }
header { display: grid; grid-template-columns: 2fr 3fr; gap: 1rem; text-align: center; }
header p, footer p { margin: .1rem 0; }
h1 { font-size: 1.35rem; text-align: center; margin: 1.4rem 0 .2rem; }
.subtitle { font-weight: bold; text-align: center; margin: 0 0 1rem; }
.line { display: inline-block; border-bottom: 1px solid; padding-bottom: .15rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { border: 1px solid #8a8a8a; padding: .15rem .4rem; }
td { white-space: nowrap; }
figure { margin: 1rem 0; }
th, tfoot td { background: #e8eef4; font-weight: bold; }
.marked { background: #fdf1e3; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; }
footer { display: flex; justify-content: space-between; gap: 2rem; margin-top: 1.5rem; }
.signature { text-align: center; min-width: 14rem; }
.signature .name { margin-top: 4.5rem; font-weight: bold; }
.made { color: #666; font-size: .8rem; font-style: italic; }
@media print { body { margin: 0; font-size: 11pt; } }
@media (max-width: 36rem) { header { grid-template-columns: 1fr; } }
"""


_RANGE, _JOINED = re.compile(r"(?<=\d)–(?=\d)"), "&#8288;–&#8288;"
"""No line ends inside 53.461–78.540."""


def write(document: Document) -> bytes:
    parts = [
        "<!doctype html>\n",
        f'<html lang="{document.lang}">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
        _head(document.letterhead),
        f"<h1>{escape(document.title)}</h1>\n",
        f'<p class="subtitle">{escape(document.subtitle)}</p>\n',
        *(_block(block) for block in document.blocks),
        _foot(document),
        f'<p class="made">{escape(document.made)}</p>\n</body>\n</html>\n',
    ]
    return "".join(parts).encode()


def _head(head: Letterhead) -> str:
    right = ""
    if head.state:
        right = f'<p><b>{escape(head.state)}</b></p><p><b class="line">{escape(head.motto)}</b></p>'
    return (
        f'<header>\n<div><p>{escape(head.above)}</p><p><b class="line">{escape(head.office)}</b>'
        f"</p><p>{escape(head.number)}</p></div>\n"
        f"<div>{right}<p><i>{escape(head.place_and_date)}</i></p></div>\n</header>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            lead = f"<b>{escape(block.lead)}</b> " if block.lead else ""
            return f"<p>{lead}{_RANGE.sub(_JOINED, escape(block.text))}</p>\n"
        case Table():
            return _table(block)
        case Chart():
            return f"<figure>{_svg(block)}</figure>\n"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in table.headings)
    rows = "".join(
        f"<tr{' class=marked' if number in table.marked else ''}>{_cells(row)}</tr>\n"
        for number, row in enumerate(table.rows)
    )
    foot = f"<tfoot><tr>{_cells(table.total)}</tr></tfoot>\n" if table.total else ""
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n{foot}</table></div>\n"
    )


def _cells(cells: tuple[Cell, ...]) -> str:
    return "".join(
        f"<td{'' if cell.sort == 'text' else ' class=number'}>{escape(cell.text)}</td>"
        for cell in cells
    )


def _svg(chart: Chart) -> str:
    """The drawing inside the page: without the XML head that only a file of its own has."""
    drawn = renderSVG.drawToString(draw(chart, 560, 190))
    inside = drawn[drawn.index("<svg") :]
    inside = re.sub(
        r"font-family:\s*[^;\"]*", "font-family: Tinos, 'Times New Roman', serif", inside
    )
    names = " / ".join(chart.labels)
    return re.sub(r"<svg ", f'<svg role="img" aria-label="{escape(names)}" ', inside, count=1)


def _foot(document: Document) -> str:
    if not document.signatures:
        return ""
    heading, *lines = document.recipients or ("",)
    copies = "".join(f"<p>{escape(line)}</p>" for line in lines)
    signed = "".join(_signature(each) for each in document.signatures)
    return (
        f"<footer>\n<div><p><b><i>{escape(heading)}</i></b></p>{copies}</div>\n{signed}</footer>\n"
    )


def _signature(signature: Signature) -> str:
    return (
        f'<div class="signature"><p><b>{escape(signature.post)}</b></p>'
        f"<p><i>{escape(signature.note)}</i></p>"
        f'<p class="name">{escape(signature.name)}</p></div>\n'
    )
