"""What came of a lesson, told to people and to scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanform.model.phrases import Language, Phrase
from scanform.store.models import Model

if TYPE_CHECKING:
    from scanform.learn.guards import Kept
    from scanform.learn.lesson import Lesson

_KEPT = Phrase(
    "Đã học {lines} dòng của {forms} phiếu. Trên phiếu để riêng: lỗi mỗi chữ cái {old} → {new}, "
    "dòng đúng hẳn {was} → {now}. Từ nay đọc bằng mô hình {model}.\n"
    "Đọc lại phần còn chờ: scanform reread --pending",
    "Learnt {lines} lines of {forms} forms. On forms held apart: errors a letter {old} → {new}, "
    "lines without error {was} → {now}. The model {model} reads from now on.\n"
    "Read again what waits: scanform reread --pending",
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
_WHY = {
    "not better": Phrase("không chắc là tốt hơn", "not surely better"),
    "worse on print": Phrase("kém hơn trên chữ in", "worse on print"),
}


def as_json_of(lesson: Lesson, model: Model | None, kept: Kept) -> dict[str, object]:
    apart = lesson.apart
    return {
        "lines": lesson.learnt_from,
        "forms": lesson.forms,
        "held_out": {"people": list(kept.people), "answers": kept.by_people + kept.repeated},
        "before": {"cer": round(apart.old_cer, 4), "exact": round(apart.old_exact, 4)},
        "after": {"cer": round(apart.new_cer, 4), "exact": round(apart.new_exact, 4)},
        "chance_better": round(apart.chance, 4),
        "print": {"before": round(lesson.print_old, 4), "after": round(lesson.print_new, 4)},
        "kept": lesson.better,
        "why": lesson.why,
        "model": model.id if model else None,
        "passes": round(lesson.fitted.passes, 2),
        "minutes": round(lesson.fitted.minutes, 1),
    }


def tell(lesson: Lesson, model: Model | None, kept: Kept, lang: Language) -> None:
    apart = lesson.apart
    told = {
        "lines": str(lesson.learnt_from),
        "forms": str(lesson.forms),
        "old": f"{apart.old_cer:.1%}",
        "new": f"{apart.new_cer:.1%}",
        "was": f"{apart.old_exact:.0%}",
        "now": f"{apart.new_exact:.0%}",
        "print_old": f"{lesson.print_old:.2%}",
        "print_new": f"{lesson.print_new:.2%}",
        "model": model.id if model else "",
        "why": _WHY[lesson.why].say(lang, {}) if lesson.why in _WHY else "",
    }
    click.echo((_KEPT if model else _NOT_KEPT).say(lang, told))
    if held := kept.by_people + kept.repeated:
        people = ", ".join(kept.people) or "-"
        click.echo(_HELD_OUT.say(lang, {"count": str(held), "people": people}))
