"""``scanform status``: what is done, what waits, what was rejected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scanform.cli.options import echo_json, json_option, lang_option, workspace_options
from scanform.cli.quality import warn_of_samples
from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.model.scan import Rejected
from scanform.store.accounts import Equation, equations
from scanform.store.interface import Figures
from scanform.store.open import open_store

_LINES = (
    Phrase(
        vi="Tệp quét:   {seen} (đã số hóa {digitised}, trùng {duplicate}, bị loại {rejected}, "
        "còn dở {unfinished})",
        en="Scans:      {seen} ({digitised} digitised, {duplicate} duplicate, {rejected} rejected, "
        "{unfinished} unfinished)",
    ),
    Phrase(
        vi="Trang:      {pages} của phiếu, {pages_blank} trắng, {pages_separator} tờ bìa, "
        "{pages_rejected} bị loại",
        en="Pages:      {pages} of forms, {pages_blank} blank, {pages_separator} cover sheets, "
        "{pages_rejected} rejected",
    ),
    Phrase(
        vi="Phiếu:      {records} (xong {complete}, chờ duyệt {waiting})",
        en="Records:    {records} ({complete} complete, {waiting} wait for review)",
    ),
    Phrase(
        vi="Mục:        đã nhận {accepted}, chờ duyệt {pending}, bỏ trống {blank}, "
        "không đọc được {unreadable}",
        en="Answers:    {accepted} accepted, {pending} wait for review, {blank} blank, "
        "{unreadable} unreadable",
    ),
)
_SIDES = {
    "files": Phrase("Tệp thấy:", "Files seen:"),
    "pages": Phrase("Số trang:", "All pages:"),
    "form_pages": Phrase("Trang phiếu:", "Form pages:"),
    "forms": Phrase("Số phiếu:", "Forms:"),
}
_PARTS = {
    "digitised": Phrase("đã số hóa", "digitised"),
    "duplicate": Phrase("trùng", "duplicate"),
    "rejected": Phrase("bị loại", "rejected"),
    "in_work": Phrase("còn dở", "in work"),
    "form": Phrase("của phiếu", "of forms"),
    "blank": Phrase("trắng", "blank"),
    "separator": Phrase("tờ bìa", "cover sheets"),
    "in_records": Phrase("trong bản ghi", "in records"),
    "records": Phrase("bản ghi", "records"),
    "erased": Phrase("đã xóa", "erased"),
}
_BROKEN = Phrase("KHÔNG KHỚP: chạy scanform verify", "DOES NOT BALANCE: run scanform verify")
_REJECTED = Phrase(vi="Bị loại:", en="Rejected:")
_PAGE = Phrase(vi=", trang {page}", en=", page {page}")


@click.command()
@workspace_options
@json_option
@lang_option
def status(workspace: Path, database: str | None, as_json: bool, lang: Language) -> None:
    """Say what is done, what waits, and what was rejected and why."""
    with open_store(workspace, database, create=False) as store:
        figures, rejected = store.figures(), store.rejected()
        with store.reading() as connection:
            books = equations(connection)
        warn_of_samples(store, workspace, lang)
    if as_json:
        echo_json(_json(figures, rejected, lang) | {"accounting": _books_json(books)})
        return
    told = {name: str(number) for name, number in _numbers(figures).items()}
    for line in _LINES:
        click.echo(line.say(lang, told))
    for equation in books:
        click.echo(_equation(equation, lang))
    if rejected:
        click.echo(_REJECTED.say(lang))
    for each in rejected:
        page = "" if each.page is None else _PAGE.say(lang, {"page": str(each.page)})
        click.echo(f"  {_shown(each.path)}{page}: {_why(each, lang)} [{each.reason}]")


def _equation(books: Equation, lang: Language) -> str:
    """``Files:  12 = 9 digitised + 1 duplicate + 2 rejected + 0 in work  ✓``."""
    parts = " + ".join(f"{number} {_PARTS[name].say(lang)}" for name, number in books.parts.items())
    sign, mark = ("=", "✓") if books.holds else ("≠", _BROKEN.say(lang))
    return f"{_SIDES[books.what].say(lang):<12}{books.total} {sign} {parts}  {mark}"


def _books_json(books: Sequence[Equation]) -> dict[str, Any]:
    return {
        "holds": all(each.holds for each in books),
        "equations": [
            {"what": each.what, "total": each.total, "parts": dict(each.parts)} for each in books
        ],
    }


def _numbers(figures: Figures) -> dict[str, int]:
    return {
        "seen": figures.scans_digitised
        + figures.scans_rejected
        + figures.scans_unfinished
        + figures.duplicates,
        "digitised": figures.scans_digitised,
        "duplicate": figures.duplicates,
        "rejected": figures.scans_rejected,
        "unfinished": figures.scans_unfinished,
        "pages": figures.pages
        - figures.pages_blank
        - figures.pages_separator
        - figures.pages_rejected,
        "pages_blank": figures.pages_blank,
        "pages_separator": figures.pages_separator,
        "pages_rejected": figures.pages_rejected,
        "records": figures.records,
        "complete": figures.complete,
        "waiting": figures.records - figures.complete,
        "accepted": figures.answers_accepted,
        "pending": figures.answers_pending,
        "blank": figures.answers_blank,
        "unreadable": figures.answers_unreadable,
    }


def _json(figures: Figures, rejected: list[Rejected], lang: Language) -> dict[str, Any]:
    numbers = _numbers(figures)
    scans = ("seen", "digitised", "duplicate", "rejected", "unfinished")
    answers = ("accepted", "pending", "blank", "unreadable")
    return {
        "scans": {name: numbers[name] for name in scans},
        "pages": numbers["pages"],
        "pages_blank": numbers["pages_blank"],
        "pages_separator": numbers["pages_separator"],
        "pages_rejected": numbers["pages_rejected"],
        "records": numbers["records"],
        "complete": numbers["complete"],
        "answers": {name: numbers[name] for name in answers},
        "rejected": [
            {
                "path": str(each.path),
                "sha256": each.sha256 or None,
                "page": each.page,
                "reason": each.reason,
                "message": _why(each, lang),
            }
            for each in rejected
        ],
    }


def _why(rejected: Rejected, lang: Language) -> str:
    phrase = REJECTIONS.get(rejected.reason)
    return phrase.say(lang, rejected.details) if phrase else rejected.reason


def _shown(path: Path) -> str:
    """The path on one line: a file name may hold line breaks and codes that move the cursor."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(path))
