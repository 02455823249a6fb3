"""A record as the citizen of a QCVN 109:2017/BTTTT message: codes where the message wants codes.

Codes of ethnic groups, religions, countries and units come from ``scanform.lexicon``. The short
lists below are the message's own. Published examples confirm sex 1, marital status 2, blood group
00 and relation CH01; the others follow the order in which the forms list them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scanform.export.interface import Tell, Unmapped
from scanform.export.mask import is_masked
from scanform.export.units import locate
from scanform.lexicon import lists, places
from scanform.lexicon.spelling import key
from scanform.model.record import Record


def _by_key(codes: Mapping[str, str]) -> Mapping[str, str]:
    return {key(name): code for name, code in codes.items()}


SEXES = _by_key({"Nam": "1", "Nữ": "2"})
MARITAL = _by_key({"Chưa kết hôn": "1", "Đã kết hôn": "2", "Đã ly hôn": "3"})
BLOOD = _by_key({"A": "01", "B": "02", "AB": "03", "O": "04"})
NO_BLOOD = "00"
RELATIONS = _by_key({"Chủ hộ": "CH01"})

PLACES = {
    "birth_registration_place": "NoiDangKyKhaiSinh",
    "hometown": "QueQuan",
    "permanent_address": "ThuongTru",
    "current_address": "NoiOHienTai",
}
PEOPLE = {
    "father": "Cha",
    "mother": "Me",
    "spouse": "VoChong",
    "representative": "NguoiDaiDien",
    "head": "ChuHo",
}

MAPPED = frozenset(
    {
        "full_name", "birth_date", "blood_group", "sex", "marital_status", "ethnic_group",
        "nationality", "nationality_other", "religion", "id_number", "relation_to_head",
        "household_book_number",
        *PLACES,
        *(f"{who}_{what}" for who in PEOPLE for what in ("name", "id_number")),
        *(
            f"{who}_{what}"
            for who in PEOPLE
            if who != "head"
            for what in ("nationality", "nationality_other")
        ),
    }
)  # fmt: skip
"""The fields that the message has a place for. Fields of those names mean the same in every
template."""

Tree = list[tuple[str, "str | Tree"]]
"""Elements in the message's order: a name with a text or with elements."""

_NUMBER = re.compile("[0-9]{9}|[0-9]{12}")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def vintages() -> Mapping[str, str]:
    """The lists whose codes are written, with the year of each."""
    closed = {name: lists.VINTAGES[name] for name in ("ethnic_groups", "religions")}
    return closed | {"nationalities": lists.VINTAGES["nationalities"], "places": places.VINTAGE}


@dataclass(frozen=True, slots=True)
class Citizen:
    """Makes one record's elements, and tells what it can't say."""

    record: Record
    values: Mapping[str, str]
    tell: Tell

    @classmethod
    def of(cls, record: Record, fields: frozenset[str], tell: Tell) -> Citizen:
        """The citizen as far as the answers of ``fields`` tell. What is masked or can't stand in
        XML is told at once."""
        values = {}
        for answer in record.answers:
            if answer.field in fields and answer.field in MAPPED and answer.value:
                if is_masked(answer.value):
                    tell(Unmapped(record.id, answer.field, "masked"))
                elif _ILLEGAL.search(answer.value):
                    tell(Unmapped(record.id, answer.field, "bad_character"))
                else:
                    values[answer.field] = answer.value
        return cls(record, values, tell)

    def tree(self) -> Tree:
        """The elements under ``CongDan``; empty without a name, which a citizen needs."""
        name = self.values.get("full_name")
        if name is None:
            self._cannot("", "no_name")
            return []
        return [
            *self._numbers("id_number"),
            # As the live service has it: which words are the family name nobody wrote down.
            ("HoVaTen", [("Ho", ""), ("ChuDem", ""), ("Ten", name)]),
            *self._own("GioiTinh", "sex", SEXES),
            *self._listed("DanToc", "ethnic_group", "ethnic_groups"),
            *self._listed("TonGiao", "religion", "religions"),
            *self._own("TinhTrangHonNhan", "marital_status", MARITAL),
            *(self._own("NhomMau", "blood_group", BLOOD) or [("NhomMau", NO_BLOOD)]),
            *self._birth(),
            *self._place("birth_registration_place"),
            *self._nationality(""),
            *self._place("hometown"),
            *self._place("permanent_address"),
            *self._place("current_address"),
            *(each for who in PEOPLE for each in self._person(who)),
            *self._text("SoSoHoKhau", "household_book_number"),
        ]

    def _cannot(self, field: str, reason: str) -> None:
        self.tell(Unmapped(self.record.id, field, reason))

    def _text(self, element: str, field: str) -> Tree:
        return [(element, self.values[field])] if field in self.values else []

    def _numbers(self, field: str) -> Tree:
        value = self.values.get(field)
        if value is None:
            return []
        if not _NUMBER.fullmatch(value):
            self._cannot(field, "not_digits")
            return []
        return [("SoDinhDanh" if len(value) == 12 else "SoCMND", value)]

    def _own(self, element: str, field: str, codes: Mapping[str, str]) -> Tree:
        value = self.values.get(field)
        if value is None:
            return []
        code = codes.get(key(value))
        if code is None:
            self._cannot(field, "no_code")
            return []
        return [(element, code)]

    def _listed(self, element: str, field: str, name: str) -> Tree:
        value = self.values.get(field)
        if value is None:
            return []
        codes = _codes(name, value)
        if len(codes) != 1:
            self._cannot(field, "several_codes" if codes else "no_code")
            return []
        return [(element, codes[0])]

    def _birth(self) -> Tree:
        value = self.values.get("birth_date")
        if value is None:
            return []
        if not _is_date(value):
            self._cannot("birth_date", "no_such_date")
            return []
        if len(value) == 10:
            return [("NgayThangNamSinh", [("Nam", value[:4]), ("NgayThangNam", value)])]
        if len(value) == 7:  # a month without a day: the message knows years and days
            self._cannot("birth_date", "no_day")
        return [("NgayThangNamSinh", [("Nam", value[:4])])]

    def _place(self, field: str) -> Tree:
        value = self.values.get(field)
        if value is None:
            return []
        found = locate(value)
        if found.reason:
            self._cannot(field, found.reason)
        parts: Tree = [
            (name, text)
            for name, text in (
                ("MaDonViHanhChinh", found.unit),
                ("ChiTiet", found.detail),
                ("QuocGia", found.country),
            )
            if text
        ]
        return [(PLACES[field], parts)]

    def _nationality(self, who: str) -> Tree:
        ticked = self._listed("QuocTich", f"{who}nationality", "nationalities")
        written = self._listed("QuocTich", f"{who}nationality_other", "nationalities")
        if ticked and written and ticked != written:
            self._cannot(f"{who}nationality_other", "two_values")
        return ticked or written

    def _person(self, who: str) -> Tree:
        numbers = self._numbers(f"{who}_id_number")
        name = self._text("HoVaTen", f"{who}_name")
        if who == "head":
            relation = self._own("QuanHe", "relation_to_head", RELATIONS)
            parts = [*relation, *numbers, *name]
        else:
            parts = [*name, *self._nationality(f"{who}_"), *numbers]
        return [(PEOPLE[who], parts)] if parts else []


def strangers(record: Record, fields: frozenset[str]) -> Iterator[str]:
    """The record's answered fields that the message has no place for."""
    for answer in record.answers:
        if answer.value and answer.field in fields and answer.field not in MAPPED:
            yield answer.field


@lru_cache(maxsize=10_000)
def _codes(name: str, value: str) -> tuple[str, ...]:
    found = lists.forms(name).match(value, 0.99)
    if found is None or not found.exact:
        return ()
    return tuple(dict.fromkeys(entry.code for entry in found.entries if entry.code))


def _is_date(value: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value):
        return False
    try:
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True
