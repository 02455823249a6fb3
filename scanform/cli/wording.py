"""How the commands word answers and doubts."""

from __future__ import annotations

from collections.abc import Iterator

from scanform.model.phrases import DOUBTS, Language, Phrase
from scanform.model.record import Doubt
from scanform.review import Item

_READ = Phrase("Đọc được:   {value}", "Read:       {value}")
_NOTHING = Phrase("(không có gì)", "(nothing)")
_DOUBT = Phrase("Nghi ngờ:   {why}", "Doubt:      {why}")
_OTHERS = Phrase("Hoặc là:    {texts}", "Or:         {texts}")


def one_line(text: str) -> str:
    """The text without line breaks and codes that move a terminal's cursor: it comes from
    strangers' forms."""
    return "".join(c if c.isprintable() else " " for c in text)


def say_doubt(doubt: Doubt, lang: Language) -> str:
    phrase = DOUBTS.get(doubt.code)
    return phrase.say(lang, {"detail": doubt.detail}) if phrase else doubt.code


def answer_lines(item: Item, lang: Language) -> Iterator[str]:
    """What a person should know before deciding, a line each."""
    answer, reading = item.answer, item.answer.reading
    yield f"{item.field.label}  [{item.record.id} {item.field.id}]"
    value = one_line(answer.value) if answer.value else _NOTHING.say(lang)
    yield "  " + _READ.say(lang, {"value": value})
    for doubt in answer.doubts:
        yield "  " + _DOUBT.say(lang, {"why": say_doubt(doubt, lang)})
    others = [each.text for each in reading.alternatives if each.text] if reading else []
    if others:
        yield "  " + _OTHERS.say(lang, {"texts": one_line(" | ".join(others))})
