"""What stands on the terminal's screen around the picture and the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from scanform.cli.screen import words
from scanform.cli.wording import one_line, say_doubt
from scanform.model.phrases import Language
from scanform.model.template import Field
from scanform.review import Claim, Option, Outcome
from scanform.review.showing import DIGIT_KINDS, differing, first, offered, plain_digits, shown
from scanform.web.wording import number, say

SHOWN = 6
"""Offers and completions in the list: what has room."""

_KEY = "bold cyan"


def head(claim: Claim, left: int, lang: Language) -> Text:
    """The field, what such an answer looks like, and how many are left."""
    return Text.assemble(
        (one_line(claim.item.field.label), "bold"),
        f"  {_hint(claim.item.field, lang)}  ",
        (f"{claim.item.record.template} · {say('left', lang, count=number(left, lang))}", "dim"),
    )


def _hint(field: Field, lang: Language) -> str:
    if field.kind == "date":
        return say("date_mask", lang)
    if field.kind == "digits" and field.lengths:
        return say("digits_mask", lang, lengths=" / ".join(map(str, sorted(field.lengths))))
    return ""


def doubts(claim: Claim, lang: Language) -> str:
    """Why the answer is here, and what others noted about it."""
    told = [say_doubt(doubt, lang) for doubt in claim.doubts]
    told += [f"{say('note', lang)}: {note}" for note in claim.notes]
    return one_line("  ".join(told))


def offers(claim: Claim, chosen: int, lang: Language) -> Text:
    """What one key takes; the words in which a reading differs from the first stand out."""
    field, found = claim.item.field, offered(claim)
    plain = plain_digits(field, found)
    begun = first(claim)
    read = shown(field, begun) if begun else ""
    rows = Text()
    for at, option in enumerate(found[: 9 if field.options else SHOWN]):
        key = f"{at + 1}" if plain else f"Alt+{at + 1}"
        _row(rows, key, differing(one_line(_option(field, option, lang)), read), at == chosen)
    return rows


def completions(texts: Sequence[str], chosen: int) -> Text:
    """What a typed text may become."""
    rows = Text()
    for at, text in enumerate(texts):
        _row(rows, "↓", ((one_line(text), False),), at == chosen)
    return rows


def _row(rows: Text, key: str, pieces: Sequence[tuple[str, bool]], chosen: bool) -> None:
    style = "reverse " if chosen else ""
    rows.append(f" {key:>5} ", _KEY)
    for piece, differs in pieces:
        rows.append(piece, f"{style}bold yellow" if differs else style)
    rows.append("\n")


def _option(field: Field, option: Option, lang: Language) -> str:
    if option.outcome != "value" or option.value is None:
        return say("unreadable" if option.outcome == "unreadable" else "blank", lang)
    if field.kind == "presence":
        return say(option.value, lang)
    return shown(field, option)


def so_far(field: Field, text: str, lang: Language) -> str:
    """How many figures a text has that is no answer yet."""
    if field.kind not in DIGIT_KINDS:
        return ""
    return words.FIGURES.say(lang, {"count": str(sum(c.isdigit() for c in text))})


def outcome(label: str, done: Outcome, lang: Language) -> str:
    """What became of a decision, on one line."""
    return " ".join([f"{label}: {done.value or say('blank', lang)}", *_followed(done, lang)])


def _followed(done: Outcome, lang: Language) -> Iterator[str]:
    for each in done.warnings:
        yield say("warned", lang, field=each.field, why=say_doubt(each.doubt, lang))
    if done.reopened:
        yield words.REOPENED.say(lang, {"fields": ", ".join(done.reopened)})


def keys(lang: Language) -> list[tuple[str, str]]:
    """Every key and what it does."""

    def told(key: str) -> str:
        return say(key, lang)

    return [
        ("Enter", told("key_accept")),
        ("a … z", told("key_type")),
        ("1 … 9", told("key_number")),
        ("↓ ↑", told("key_arrows")),
        ("Esc", told("key_escape")),
        ("-", told("blank")),
        ("F2", told("unreadable")),
        ("F3", told("whole_page")),
        ("F4", told("needs_paper")),
        ("F5", words.VIEWER.say(lang)),
        ("F6", told("note")),
        ("F7", told("rotate")),
        ("F8", told("skip")),
        ("F9", told("undo")),
        ("F10", "Telex, VNI"),
        ("PgDn PgUp", f"{told('zoom_in')}, {told('zoom_out')}"),
        ("Alt + ← → ↑ ↓", words.HELP_TAIL.say(lang)),
        ("Ctrl+Q", words.QUIT.say(lang)),
    ]


def footer(lang: Language) -> Text:
    """The keys that are needed most."""
    shown_keys = [
        ("Enter", say("accept", lang)),
        ("-", say("blank", lang)),
        ("F2", say("unreadable", lang)),
        ("F3", say("whole_page", lang)),
        ("F4", say("needs_paper", lang)),
        ("F6", say("note", lang)),
        ("F8", say("skip", lang)),
        ("F9", say("undo", lang)),
        ("PgDn", say("zoom_in", lang)),
        ("F10", "Telex/VNI"),
        ("?", say("help", lang)),
        ("Ctrl+Q", words.QUIT.say(lang)),
    ]
    text = Text()
    for key, word in shown_keys:
        text.append(f" {key} ", _KEY).append(f"{word} ")
    return text
