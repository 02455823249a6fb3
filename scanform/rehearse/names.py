"""Names that people have, drawn by how often the lexicon saw them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, TypeVar

import numpy as np

from scanform.lexicon.lists import rows

Sex = Literal["Nam", "Nữ"]
T = TypeVar("T")

# The lists of names don't tell whose they are. These given names are seldom the other sex's.
GIRLS = frozenset(
    """Linh Phương Thảo Ngọc Hà Ngân Trang Hiền Dung Thương Châu Hạnh Nga Hương Yến Huyền Nhi Loan
    Mai Hằng Vân Quỳnh Tiên Ánh Thủy Thư Như Mỹ Hân Trâm Thúy Phụng Duyên My Thùy Trúc Hoa Trinh Ly
    Chi Hồng Kim Thu Nhung Uyên Hảo Vy Oanh Hường Quyên Kiều Diệp Tuyết Diệu Lan Thoa Trân Trà Huệ
    Phượng Thơ Bích Diễm Lệ Vi Nguyệt Liên Nương Sương Thắm Ngoan Đan Bông Cúc Mến Xuyến Đào Cẩm
    Mộng Thơm Yên Thy Xuân Thanh Bé Ái Nhàn Khuyên""".split()  # noqa: SIM905 - a list of words reads as words
)
BOYS = frozenset(
    """Huy Tuấn Duy Hoàng Nam Hiếu Dũng Đạt Cường Hùng Tùng Sơn Thành Trung Hải Long Vũ Đức Tiến
    Phúc Thắng Thịnh Khoa Vinh Hưng Tài Quân Trí Bảo Toàn Phong Quang Nghĩa Nhân Việt Lâm Trường
    Lộc Tân Thái Phú Tín Phát Thông Luân Phước Mạnh Vương Danh Hiệp Công Đăng Đại Quốc Khang Kiên
    Kha Lợi Khải Kiệt Thọ Văn Trọng Khôi Chương Định Nhựt Đông Cảnh Chiến Triều Tấn Quyền Khiêm Hào
    Liêm Luận Trực Tuân Thạch Lực Vượng Vĩ Lân Huân Điền Toản Giàu Em Sang Bình Tâm Thuận Minh
    Thanh""".split()  # noqa: SIM905
)
# Words that stand in the middle of one sex's names only.
GIRLS_MIDDLE = frozenset(
    "Thị Ngọc Thanh Kim Mỹ Hồng Bích Thùy Cẩm Diễm Tuyết Thúy Như Kiều".split()  # noqa: SIM905
)
NOT_GIRLS_MIDDLE = frozenset(
    "Văn Hữu Đức Đình Công Quốc Tấn Trọng Duy Quang Thành Minh Trung".split()  # noqa: SIM905
)


def pick(rng: np.random.Generator, values: Sequence[T]) -> T:
    """One of ``values``, each as likely."""
    return values[int(rng.integers(len(values)))]


def chance(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


class _Bag:
    """Words with their counts, drawn in proportion."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._words = [word for word, count in counts.items() if count > 0]
        self._steps = np.cumsum([counts[word] for word in self._words])

    def draw(self, rng: np.random.Generator) -> str:
        at = rng.random() * float(self._steps[-1])
        return self._words[int(np.searchsorted(self._steps, at, side="right"))]


@cache
def _tokens() -> tuple[tuple[str, int, int, int], ...]:
    return tuple(
        (row["token"], int(row["surname"]), int(row["middle"]), int(row["given"]))
        for row in rows("names.csv")
    )


@cache
def _surnames() -> _Bag:
    # A count of one or two is as likely a slip of the list as a name.
    return _Bag({word: count for word, count, _, _ in _tokens() if count > 2})


@cache
def _given(sex: Sex) -> _Bag:
    mine, others = (GIRLS, BOYS) if sex == "Nữ" else (BOYS, GIRLS)
    counts = {}
    for word, surname, _, given in _tokens():
        if (word in others and word not in mine) or given <= surname // 8:
            continue
        counts[word] = given * (6 if word in mine else 1)
    return _Bag(counts)


@cache
def _middle(sex: Sex) -> _Bag:
    counts = {}
    for word, surname, middle, _ in _tokens():
        if middle < 6 or middle < surname or word in ("Thị", "Văn"):
            continue
        if (sex == "Nam" and word not in GIRLS_MIDDLE) or word == "Thanh":
            counts[word] = middle
        elif sex == "Nữ" and word not in NOT_GIRLS_MIDDLE:
            counts[word] = middle * (3 if word in GIRLS_MIDDLE else 1)
    return _Bag(counts)


def surname(rng: np.random.Generator) -> str:
    return _surnames().draw(rng)


def full_name(rng: np.random.Generator, sex: Sex, born: int, family: str | None = None) -> str:
    """A whole name, of the surname ``family`` where it is given. ``Thị`` and ``Văn`` were usual
    until about 1980 and have grown rare since."""
    old = born < 1980
    first = family or surname(rng)
    if sex == "Nữ":
        plain = chance(rng, 0.85 if old else 0.45)
        middle = "Thị" if plain else _middle(sex).draw(rng)
    else:
        plain = chance(rng, 0.6 if old else 0.22)
        middle = "Văn" if plain else _middle(sex).draw(rng)
    given = _given(sex).draw(rng)
    while given in (middle, first):
        given = _given(sex).draw(rng)
    return f"{first} {middle} {given}"
