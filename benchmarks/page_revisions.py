"""Made-up revisions of a form, for ``benchmarks/pages.py``: what a ministry changes in a form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scanform.model.geometry import Box
from scanform.model.template import Printed, PrintedBox, PrintedLine, PrintedText, Template

WORDINGS = (
    "Nghề nghiệp, nơi làm việc:",
    "Trình độ học vấn:",
    "Số thẻ bảo hiểm y tế:",
    "Họ và tên gọi khác:",
    "Nơi ở trước khi chuyển đến:",
    "Mã số thuế:",
    "Địa chỉ thư điện tử:",
    "Ngày cấp, nơi cấp:",
    "Tình trạng cư trú:",
    "Số điện thoại liên hệ:",
    "Lý do khai báo:",
    "Biển kiểm soát phương tiện:",
)
DECREES = (
    "Thông tư số 17/2024/TT-BCA ngày 15/3/2024",
    "Nghị định số 154/2024/NĐ-CP ngày 26/11/2024",
    "Thông tư số 53/2025/TT-BCA ngày 01/7/2025",
)


def another_revision(form: Template, changes: int, rng: np.random.Generator) -> Template:
    """``form``'s next revision with so many things printed otherwise: labels reworded or swapped,
    rows of the form in another order, what is printed moved along its row, another decree named.
    Its fields stay as they were: pages are filled where the old form had them."""
    printed = list(form.printed)
    ways = [_reworded, _reworded, _reworded, _swapped, _rows_swapped, _row_moved, _decree]
    done = 0
    while done < changes:
        done += ways[int(rng.integers(len(ways)))](printed, rng)
    return replace(form, revision=form.revision + 1, printed=tuple(printed))


def _labels(printed: list[Printed]) -> list[int]:
    return [
        k for k, each in enumerate(printed) if isinstance(each, PrintedText) and ":" in each.text
    ]


def _reworded(printed: list[Printed], rng: np.random.Generator) -> bool:
    k = int(rng.choice(_labels(printed)))
    label = printed[k]
    if not isinstance(label, PrintedText) or len(label.text) > 80:
        return False
    number = label.text.split(" ")[0] + " " if label.text[0].isdigit() else ""
    wording = str(rng.choice(WORDINGS))
    # No wider than it was, or it would run into what is written behind it.
    room = max(8, len(label.text) - len(number) + 1)
    if len(wording) > room:
        wording = wording[: room - 1].rstrip(" ,") + ":"
    printed[k] = replace(label, text=number + wording)
    return True


def _swapped(printed: list[Printed], rng: np.random.Generator) -> bool:
    one, two = (int(each) for each in rng.choice(_labels(printed), 2, replace=False))
    a, b = printed[one], printed[two]
    if not (isinstance(a, PrintedText) and isinstance(b, PrintedText)):
        return False
    if a.text == b.text or abs(len(a.text) - len(b.text)) > 6:
        return False
    printed[one], printed[two] = replace(a, text=b.text), replace(b, text=a.text)
    return True


def _decree(printed: list[Printed], rng: np.random.Generator) -> bool:
    for k, each in enumerate(printed):
        if isinstance(each, PrintedText) and "/TT-BCA" in each.text:
            printed[k] = replace(each, text=str(rng.choice(DECREES)))
            return True
    return False


def _row(each: Printed) -> float:
    """Where its line of the form is, as the middle of small print."""
    if isinstance(each, PrintedText):
        return each.y - 1.3
    box = _extent(each)
    return box.y + box.h / 2 if box.h < 8 else -1.0


def _rows(printed: list[Printed], rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """What is printed on two lines of the form, one below the other."""
    k = int(rng.choice(_labels(printed)))
    y = _row(printed[k])
    lower = [_row(printed[i]) for i in _labels(printed) if 5 < _row(printed[i]) - y < 12]
    if not lower:
        return [], []
    return tuple(  # type: ignore[return-value]
        [i for i, each in enumerate(printed) if abs(_row(each) - at) < 2.6]
        for at in (y, min(lower))
    )


def _rows_swapped(printed: list[Printed], rng: np.random.Generator) -> bool:
    upper, lower = _rows(printed, rng)
    if not upper or set(upper) & set(lower):
        return False
    texts = [
        sorted(each.text for i in row if isinstance(each := printed[i], PrintedText))
        for row in (upper, lower)
    ]
    if texts[0] == texts[1]:
        return False
    down = _row(printed[lower[0]]) - _row(printed[upper[0]])
    for rows, by in ((upper, down), (lower, -down)):
        for i in rows:
            printed[i] = _shifted(printed[i], 0.0, by)
    return True


def _row_moved(printed: list[Printed], rng: np.random.Generator) -> bool:
    """All of a line but its first word stands further left or right."""
    upper, _ = _rows(printed, rng)
    boxes = [i for i in upper if not isinstance(printed[i], PrintedText)]
    if not boxes:
        return False
    by = float(rng.choice([-1, 1]) * rng.uniform(3, 9))
    for i in boxes:
        printed[i] = _shifted(printed[i], by, 0.0)
    return True


def _shifted(each: Printed, dx: float, dy: float) -> Printed:
    if isinstance(each, PrintedText):
        return replace(each, x=each.x + dx, y=each.y + dy)
    if isinstance(each, PrintedBox):
        return replace(each, box=each.box.shifted(dx, dy))
    return replace(each, x1=each.x1 + dx, x2=each.x2 + dx, y1=each.y1 + dy, y2=each.y2 + dy)


def _extent(each: PrintedBox | PrintedLine) -> Box:
    if isinstance(each, PrintedBox):
        return each.box
    return Box(each.x1, each.y1, each.x2 - each.x1, each.y2 - each.y1)
