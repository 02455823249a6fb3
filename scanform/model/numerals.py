"""Numbers and dates as an office of that language writes them."""

from __future__ import annotations

from datetime import date

from scanform.model.phrases import Language

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def number_text(number: float, lang: Language, decimals: int = 0) -> str:
    """``23.500`` in Vietnamese, ``23,500`` in English."""
    text = f"{number:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def percent_text(rate: float, lang: Language) -> str:
    """``13,3 %`` in Vietnamese, ``13.3 %`` in English."""
    return f"{number_text(rate * 100, lang, 1)} %"


def share_text(rate: float, lang: Language) -> str:
    """As ``percent_text``, without decimals where there are none: ``70 %``."""
    whole = abs(rate * 100 - round(rate * 100)) < 0.05
    return f"{number_text(rate * 100, lang, 0 if whole else 1)} %"


def day_text(day: date, lang: Language) -> str:
    """``26/10/2018`` in Vietnamese, ``26 October 2018`` in English."""
    return f"{day:%d/%m/%Y}" if lang == "vi" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def long_day_text(day: date, lang: Language) -> str:
    """As at the head of a letter: ``ngày 26 tháng 10 năm 2018``; the first two months and the
    first nine days bear a nought there, so that nothing can be written before them
    (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
    if lang == "en":
        return day_text(day, lang)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
