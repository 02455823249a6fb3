"""A gallery of crops as one web page that needs nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from scanform.model.phrases import Language

_STYLE = """
body { margin: 0; padding: 1rem 1.5rem 4rem; color: #1a1a1a; background: #f6f6f3;
       font: 15px/1.4 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .1rem; }
p { margin: .2rem 0 .8rem; max-width: 60rem; color: #444; }
.shots { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
         list-style: none; margin: 0; padding: 0; }
.wide { grid-template-columns: repeat(auto-fill, minmax(25rem, 1fr)); }
figure { margin: 0; background: #fff; border: 1px solid #ccc; border-left: .35rem solid #2d7d46;
         border-radius: 3px; }
.waits figure { border-left-color: #c98a00; }
.wrong figure { border: 2px solid #b3261e; border-left-width: .35rem; }
figure .picture { height: 4.4rem; display: flex; align-items: center; justify-content: center;
                  overflow: hidden; border-bottom: 1px solid #e4e4e4; }
figure img { max-width: 100%; max-height: 100%; }
figcaption { padding: .15rem .5rem .3rem; display: grid; grid-template-columns: 1fr auto;
             column-gap: .6rem; }
.value { font-weight: 600; overflow-wrap: anywhere; }
.sure { font-variant-numeric: tabular-nums; color: #333; }
.where { color: #666; font-size: .8rem; grid-column: 1 / -1; overflow-wrap: anywhere; }
.said { color: #b3261e; font-weight: 600; grid-column: 1 / -1; }
.line { grid-column: 1 / -1; display: flex; align-items: center; gap: .8rem; font-weight: 700;
        color: #b3261e; margin: .6rem 0; }
.line::before, .line::after { content: ""; flex: 1; border-top: 3px solid #b3261e; }
@media print { body { background: #fff; } figure { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A crop (JPEG) with what is to be said of it, worded already. ``wrong`` is what a person
    put instead."""

    jpeg: bytes
    value: str
    sure: str
    where: str
    accepted: bool
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Pictures from the surest down; ``line`` is written where accepting ends."""

    title: str
    about: str
    line: str
    pictures: Sequence[Picture]
    wide: bool = False


def page(title: str, about: str, rows: Sequence[Row], lang: Language) -> bytes:
    """The whole page; every word is escaped, the pictures are in it."""
    parts = [
        "<!doctype html>\n",
        f'<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
        f"<h1>{escape(title)}</h1>\n<p>{escape(about)}</p>\n",
        *(_row(row) for row in rows),
        "</body>\n</html>\n",
    ]
    return "".join(parts).encode()


def _row(row: Row) -> str:
    accepted = [each for each in row.pictures if each.accepted]
    waiting = [each for each in row.pictures if not each.accepted]
    line = f'<li class="line">{escape(row.line)}</li>\n' if row.line else ""
    wide = " wide" if row.wide else ""
    return (
        f"<section>\n<h2>{escape(row.title)}</h2>\n<p>{escape(row.about)}</p>\n"
        f'<ul class="shots{wide}">\n'
        + "".join(map(_picture, accepted))
        + line
        + "".join(map(_picture, waiting))
        + "</ul>\n</section>\n"
    )


def _picture(each: Picture) -> str:
    classes = " ".join(
        name for name, on in (("waits", not each.accepted), ("wrong", bool(each.wrong))) if on
    )
    image = "–"
    if each.jpeg:
        data = b64encode(each.jpeg).decode("ascii")
        image = f'<img loading="lazy" alt="" src="data:image/jpeg;base64,{data}">'
    wrong = f'<span class="said">{escape(each.wrong)}</span>' if each.wrong else ""
    return (
        f'<li class="{classes}"><figure><div class="picture">{image}</div>\n'
        f'<figcaption><span class="value">{escape(each.value)}</span>'
        f'<span class="sure">{escape(each.sure)}</span>{wrong}'
        f'<span class="where">{escape(each.where)}</span></figcaption></figure></li>\n'
    )
