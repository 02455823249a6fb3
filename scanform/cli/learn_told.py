"""What came of a lesson, told to people and to scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanform.model.phrases import Language, Phrase
from scanform.store.models import Model

if TYPE_CHECKING:
    from scanform.learn.guards import Kept
    from scanform.learn.lesson import Lesson
    from scanform.learn.night import Night

_KEPT = Phrase(
    "Đã học {lines} dòng của {forms} phiếu. Trên phiếu để riêng: lỗi mỗi chữ cái {old} → {new}, "
    "dòng đúng hẳn {was} → {now}.",
    "Learnt {lines} lines of {forms} forms. On forms held apart: errors a letter {old} → {new}, "
    "lines without error {was} → {now}.",
)
_NOT_KEPT = Phrase(
    "Đã học {lines} dòng của {forms} phiếu, nhưng bộ đọc mới không được giữ ({why}): lỗi mỗi chữ "
    "cái {old} → {new} trên phiếu để riêng, {print_old} → {print_new} trên chữ in.",
    "Learnt {lines} lines of {forms} forms, but the new reader was not kept ({why}): errors a "
    "letter {old} → {new} on forms held apart, {print_old} → {print_new} on print.",
)
_HELD_OUT = Phrase(
    "Không học {count} mục: của người hay nhầm ({people}), hoặc một giá trị lặp lại.",
    "{count} answers were held out: of people often wrong ({people}), or one value over and over.",
)
_LEFT = Phrase(
    "Đêm nay chưa học {count} mục đã xác nhận: mỗi đêm chỉ học được chừng nào thời gian và bộ nhớ "
    "cho phép.",
    "{count} confirmed answers were left out tonight: a night learns as many as its time and "
    "memory allow.",
)
_WHY = {
    "not better": Phrase("không chắc là tốt hơn", "not surely better"),
    "worse on print": Phrase("kém hơn trên chữ in", "worse on print"),
}


_DIGITS = Phrase(
    "Ô số: học {cells} ô; trên phiếu để riêng sai {old} → {new} trong {apart} ô. {kept}",
    "Cells of digits: learnt {cells}; of {apart} on forms held apart {old} → {new} were wrong. "
    "{kept}",
)
_NETWORK = {
    True: Phrase("Từ nay đọc bằng mạng mới.", "The new network reads from now on."),
    False: Phrase("Mạng mới không được giữ.", "The new network was not kept."),
}
_SCALE = Phrase(
    "Hiệu chuẩn {reader}: trong {count} mục đã có người duyệt nhận {old} → {new} ({wrong} sai). "
    "{kept}",
    "Calibration of {reader}: of {count} answers that people confirmed {old} → {new} are accepted "
    "({wrong} wrong). {kept}",
)
_SCALES = {
    True: Phrase("Dùng từ nay.", "It judges from now on."),
    False: Phrase("Giữ hiệu chuẩn cũ.", "The old one stays."),
}
_NEW = Phrase(
    "Từ nay đọc bằng mô hình {model}. Đọc lại phần còn chờ: scanform reread --pending",
    "The model {model} reads from now on. Read again what waits: scanform reread --pending",
)


def as_json_of(night: Night, model: Model | None, kept: Kept, left: int) -> dict[str, object]:
    from scanform.learn.card import of_digits, of_scales  # noqa: PLC0415

    return {
        **(_json_of_lines(night.lines) if night.lines else {}),
        "held_out": {"people": list(kept.people), "answers": kept.by_people + kept.repeated},
        "left": left,
        "digits": of_digits(night.digits),
        "scales": of_scales(night.scales),
        "model": model.id if model else None,
    }


def _json_of_lines(lesson: Lesson) -> dict[str, object]:
    apart = lesson.apart
    return {
        "lines": lesson.learnt_from,
        "forms": lesson.forms,
        "before": {"cer": round(apart.old_cer, 4), "exact": round(apart.old_exact, 4)},
        "after": {"cer": round(apart.new_cer, 4), "exact": round(apart.new_exact, 4)},
        "chance_better": round(apart.chance, 4),
        "print": {
            "before": round(lesson.printed.before, 4),
            "after": round(lesson.printed.after, 4),
        },
        "kept": lesson.better,
        "why": lesson.why,
        "passes": round(lesson.fitted.passes, 2),
        "minutes": round(lesson.fitted.minutes, 1),
    }


def tell(night: Night, model: Model | None, kept: Kept, left: int, lang: Language) -> None:
    """``left``: answers that there was no room for."""
    if night.lines is not None:
        _tell_lines(night.lines, lang)
    digits = night.digits
    if digits.apart and digits.why != "too few":
        told = {"cells": str(digits.cells), "apart": str(digits.apart)}
        told |= {"old": str(digits.wrong[0]), "new": str(digits.wrong[1])}
        click.echo(_DIGITS.say(lang, told | {"kept": _NETWORK[digits.better].say(lang, {})}))
    for each in night.scales.judged:
        told = {"reader": each.reader, "count": str(each.count), "wrong": str(each.new.wrong)}
        told |= {"old": str(each.old.count), "new": str(each.new.count)}
        click.echo(_SCALE.say(lang, told | {"kept": _SCALES[each.kept].say(lang, {})}))
    if model is not None:
        click.echo(_NEW.say(lang, {"model": model.id}))
    if held := kept.by_people + kept.repeated:
        people = ", ".join(kept.people) or "-"
        click.echo(_HELD_OUT.say(lang, {"count": str(held), "people": people}))
    if left:
        click.echo(_LEFT.say(lang, {"count": str(left)}))


def _tell_lines(lesson: Lesson, lang: Language) -> None:
    apart = lesson.apart
    told = {
        "lines": str(lesson.learnt_from),
        "forms": str(lesson.forms),
        "old": f"{apart.old_cer:.1%}",
        "new": f"{apart.new_cer:.1%}",
        "was": f"{apart.old_exact:.0%}",
        "now": f"{apart.new_exact:.0%}",
        "print_old": f"{lesson.printed.before:.2%}",
        "print_new": f"{lesson.printed.after:.2%}",
        "why": _WHY[lesson.why].say(lang, {}) if lesson.why in _WHY else "",
    }
    click.echo((_KEPT if lesson.better else _NOT_KEPT).say(lang, told))
