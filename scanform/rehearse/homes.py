"""Where made-up people live and come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scanform.errors import UsageError
from scanform.lexicon.entry import Entry
from scanform.lexicon.places import inside, level_of, places
from scanform.phrase import Phrase
from scanform.rehearse.names import chance, pick

_NO_DISTRICT = Phrase(
    "Danh mục địa danh không có huyện {code}.", "The gazetteer has no district {code}."
)
_ITS_CODE = Phrase(
    "Hãy cho mã ba chữ số của huyện theo cơ quan thống kê, như 837 là Thạnh Phú.",
    "Give a district's three-digit code of the statistics office, as 837 for Thạnh Phú.",
)

HAMLETS = (
    "Thạnh Lợi",
    "Thạnh Phước",
    "Thạnh Hòa",
    "An Hòa",
    "An Bình",
    "An Lợi",
    "An Định",
    "Bình Đông",
    "Giồng Chùa",
    "Giồng Dài",
    "Cái Bần",
    "Khâu Băng",
    "Quí Đức",
    "Quí Thuận",
    "Phú Hưng",
    "Phú Thạnh",
    "Mỹ Lợi",
    "Vĩnh Hội",
    "Tân Long",
    "Xóm Mới",
    "Cồn Bửng",
    "Giang Hà",
)
STREETS = (
    "Lê Lợi",
    "Đồng Khởi",
    "Nguyễn Thị Định",
    "Trần Hưng Đạo",
    "Bùi Quang Được",
    "30 Tháng 4",
)


@dataclass(frozen=True, slots=True)
class Home:
    """An address, from the house up to the province. ``None`` where there is no such part."""

    house: str | None
    street: str | None
    hamlet: str | None
    commune: Entry
    district: Entry
    province: Entry


def district(code: str) -> Entry:
    """The district of that code; raises ``UsageError`` when the gazetteer has none."""
    entry = places().get(code)
    if entry is None or level_of(entry) != "district":
        raise UsageError(_NO_DISTRICT.of(code=code), _ITS_CODE)
    return entry


def home(rng: np.random.Generator, commune: Entry) -> Home:
    """A house somewhere in ``commune``."""
    parent = places()[commune.parent]
    town = commune.unit != "Xã"
    number = int(rng.integers(1, 420))
    house = f"{number}/{int(rng.integers(1, 40))}" if chance(rng, 0.25) else str(number)
    street = f"Đường {pick(rng, STREETS)}" if town and chance(rng, 0.7) else None
    numbered = chance(rng, 0.25)
    name = str(int(rng.integers(1, 11))) if numbered else pick(rng, HAMLETS)
    unit = "Khu phố" if town and numbered else "Ấp"
    return Home(
        house=house if chance(rng, 0.8) else None,
        street=street,
        hamlet=f"{unit} {name}",
        commune=commune,
        district=parent,
        province=places()[parent.parent],
    )


def commune_of(rng: np.random.Generator, near: Entry) -> Entry:
    """Where someone comes from who lives in the commune ``near``: mostly from there, else from the
    district, the province or anywhere."""
    where = rng.random()
    if where < 0.72:
        return near
    if where < 0.86:
        return pick(rng, inside("commune", [near.parent]))
    province = places()[near.parent].parent
    if where < 0.95:
        return pick(rng, inside("commune", [province]))
    everywhere = [entry for entry in places().values() if level_of(entry) == "commune"]
    return pick(rng, everywhere)


def written(entry: Entry, short: bool, first: bool = True) -> str:
    """A place as it is written: the bare name, or behind its unit word, with a capital where it
    stands ``first``. A numbered ward always has its word."""
    if short and not entry.name.isdigit():
        return entry.name
    unit = entry.unit if first else entry.unit[0].lower() + entry.unit[1:]
    return f"{unit} {entry.name}"


def chain(commune: Entry, short: bool, first: bool = True) -> str:
    """Commune, district and province, from the small to the large."""
    above = places()[commune.parent]
    top = places()[above.parent]
    return ", ".join(
        (written(commune, short, first), written(above, short, False), written(top, short, False))
    )


def address(where: Home, short: bool) -> str:
    """The whole address on one line."""
    parts = []
    if where.house:
        parts.append(where.house if short else f"Số {where.house}")
    if where.street:
        parts.append(where.street[0].lower() + where.street[1:] if parts else where.street)
    if where.hamlet and not where.street:
        parts.append(where.hamlet[0].lower() + where.hamlet[1:] if parts else where.hamlet)
    return ", ".join([*parts, chain(where.commune, short, first=not parts)])
