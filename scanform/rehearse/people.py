"""Made-up people who make sense: households whose names, numbers and dates agree.

Nobody here lives. Names come with the lexicon's frequencies, places from its gazetteer; shares
(how many married, how many with a twelve-digit number) are guesses of a rural district in 2018.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scanform.lexicon.entry import Entry
from scanform.lexicon.lists import province_of_number
from scanform.lexicon.places import inside, places
from scanform.rehearse.homes import Home, commune_of, district, home
from scanform.rehearse.names import Sex, chance, full_name, pick, surname

FIRST_DAY = dt.date(2018, 1, 8)
DAYS = 340
"""Forms are filled within so many days."""
LAST_CARDS = 2021
"""Until this year people filled in the nine digits of the old identity card."""


Marital = Literal["Chưa kết hôn", "Đã kết hôn", "Đã ly hôn"]


@dataclass(frozen=True, slots=True)
class Person:
    """``born`` is an ISO date, or a year alone for some of the old. ``number`` is what they would
    write: the personal number or the old identity card's 9 digits, None when they know of none;
    ``personal_number`` has the 12 digits that the state gives everyone since."""

    name: str
    sex: Sex
    born: str
    number: str | None
    personal_number: str | None
    origin: Entry
    """The commune in which the birth was registered."""
    nation: str = "Việt Nam"

    @property
    def year(self) -> int:
        return int(self.born[:4])


@dataclass(frozen=True, slots=True)
class Member:
    """One of a household, with those who are named on the form though they live elsewhere."""

    person: Person
    relation: str
    father: Person | None
    mother: Person | None
    spouse: Person | None = None
    marital: Marital = "Chưa kết hôn"


@dataclass(frozen=True, slots=True)
class Household:
    head: Person
    members: tuple[Member, ...]
    home: Home
    ethnic_group: str
    religion: str
    book: str | None


@dataclass(frozen=True, slots=True)
class Respondent:
    """One form: whose it is, which of the household, and when it was filled."""

    household: Household
    member: Member
    declared: dt.date
    officer: str
    chief: str
    elsewhere: Home | None = None
    """Where they live now, when not at the household's address."""
    blood_group: str | None = None
    landlord: str | None = None
    """Who owns the house, when it isn't the household's."""

    @property
    def age(self) -> int:
        return self.declared.year - self.member.person.year

    @property
    def signer(self) -> str:
        """Who signs the form: the respondent, for a child a parent."""
        parent = self.member.father or self.member.mother
        return parent.name if self.age < 14 and parent else self.member.person.name


def respondents(
    rng: np.random.Generator, district_code: str = "837", first_day: dt.date = FIRST_DAY
) -> Iterator[Respondent]:
    """People of one district without end, households together; they declare from ``first_day``
    on. Raises ``UsageError`` for a district that the gazetteer lacks."""
    communes = inside("commune", [district(district_code).code])
    # Communes differ in size; the same few officers sign in each.
    sizes = rng.uniform(0.4, 1.0, len(communes))
    officials = {
        each.code: (_official(rng), tuple(_official(rng) for _ in range(3))) for each in communes
    }
    while True:
        commune = communes[int(rng.choice(len(communes), p=sizes / sizes.sum()))]
        day = first_day + dt.timedelta(int(rng.integers(DAYS)))
        where = _Family(rng, commune, day.year).household()
        chief, officers = officials[commune.code]
        landlord = _official(rng) if chance(rng, 0.15) else None
        for member in _who_fills(rng, where):
            yield Respondent(
                household=where,
                member=member,
                declared=day,
                officer=pick(rng, officers),
                chief=chief,
                elsewhere=home(rng, commune_of(rng, commune)) if chance(rng, 0.1) else None,
                blood_group=pick(rng, ("O", "O", "B", "A", "AB")) if chance(rng, 0.06) else None,
                landlord=landlord,
            )


def _official(rng: np.random.Generator) -> str:
    return full_name(rng, "Nam", int(rng.integers(1962, 1990)))


def _who_fills(rng: np.random.Generator, household: Household) -> list[Member]:
    """Of a small household all, of a large one most: some work elsewhere."""
    present = [member for member in household.members if chance(rng, 0.75)]
    return present or [household.members[0]]


@dataclass(frozen=True, slots=True)
class _Family:
    """Draws the people of one household in ``commune``, as they are in ``year``."""

    rng: np.random.Generator
    commune: Entry
    year: int

    def household(self) -> Household:
        """One couple (or one of them), their children, at times the man's mother."""
        rng = self.rng
        man = head = self.person("Nam", self.year - int(rng.integers(26, 80)), surname(rng))
        wife = self.person("Nữ", man.year + int(rng.integers(-3, 7)))
        if chance(rng, 0.015):
            wife = replace(wife, nation=pick(rng, ("Campuchia", "Đài Loan", "Lào")), number=None)
        his, hers = self.parents(man), self.parents(wife)
        status = rng.random()
        members: list[Member] = []
        if status < 0.8:
            members.append(Member(man, "Chủ hộ", *his, wife, "Đã kết hôn"))
            members.append(Member(wife, "Vợ", *hers, man, "Đã kết hôn"))
        elif status < 0.9:
            head = wife
            # Divorced, or a widow: the form has no word for her but married.
            marital: Marital = "Đã ly hôn" if chance(rng, 0.6) else "Đã kết hôn"
            members.append(Member(wife, "Chủ hộ", *hers, marital=marital))
        else:
            members.append(Member(man, "Chủ hộ", *his))
        if status < 0.9:
            members += self.children(man, wife)
        old = his[1]
        if status < 0.8 and old is not None and old.year > self.year - 90 and chance(rng, 0.3):
            members.append(Member(old, "Mẹ", *self.parents(old), marital="Đã kết hôn"))
        return Household(
            head=head,
            members=tuple(members),
            home=home(rng, self.commune),
            ethnic_group=_draw(rng, ETHNIC_GROUPS),
            religion=_draw(rng, RELIGIONS),
            book=_digits(rng, 9, "32") if chance(rng, 0.9) else None,
        )

    def children(self, father: Person, mother: Person) -> list[Member]:
        """Named after the father, each born to a mother of at most 41 and before this year."""
        rng, family = self.rng, father.name.split()[0]
        members: list[Member] = []
        born = max(mother.year, father.year) + int(rng.integers(19, 28))
        for _ in range(int(rng.integers(0, 5))):
            if born > min(self.year - 1, mother.year + 41):
                break
            sex: Sex = pick(rng, ("Nam", "Nữ"))
            child = self.person(sex, born, family)
            age = self.year - born
            spouse = None
            if age > 22 and chance(rng, 0.6):
                spouse = self.person("Nữ" if sex == "Nam" else "Nam", born)
            # Most of the grown have a household of their own.
            if age <= 24 or chance(rng, 0.4):
                marital: Marital = "Đã kết hôn" if spouse else "Chưa kết hôn"
                relation = pick(rng, ("Con", "Con", "Con đẻ"))
                members.append(Member(child, relation, father, mother, spouse, marital))
            born += int(rng.integers(2, 7))
        return members

    def parents(self, child: Person) -> tuple[Person | None, Person | None]:
        """Father, who gives the surname, and mother."""
        rng = self.rng
        older = child.year - int(rng.integers(21, 38))
        father = self.person("Nam", older, child.name.split()[0])
        mother = self.person("Nữ", min(older + int(rng.integers(-2, 6)), child.year - 18))
        if child.year < 1975:
            # Many of the old never had a number that their children know.
            father = replace(father, number=None if chance(rng, 0.8) else father.number)
            mother = replace(mother, number=None if chance(rng, 0.7) else mother.number)
        return (father if chance(rng, 0.96) else None), mother

    def person(self, sex: Sex, year: int, family: str | None = None) -> Person:
        """Someone born in ``year``; of some of the old only the year is known."""
        rng = self.rng
        origin = commune_of(rng, self.commune)
        born = dt.date(year, 1, 1) + dt.timedelta(int(rng.integers(365)))
        vague = year < 1960 and chance(rng, 0.25)
        # The numbering begins with the twentieth century.
        personal = personal_number(rng, sex, year, origin) if year >= 1900 else None
        return Person(
            name=full_name(rng, sex, year, family),
            sex=sex,
            born=str(year) if vague else born.isoformat(),
            number=self._known_number(year, personal),
            personal_number=personal,
            origin=origin,
        )

    def _known_number(self, born: int, personal: str | None) -> str | None:
        """Children born since 2016 have a personal number, other children none; of the rest most
        have the nine digits of the old card, as long as that is good."""
        kind = self.rng.random()
        card = _digits(self.rng, 9, "32" if kind < 0.9 else "")
        if born >= 2016 or self.year > LAST_CARDS:
            return personal
        if born > self.year - 15 or kind > 0.95:
            return None
        return personal if kind < 0.3 else card


def personal_number(rng: np.random.Generator, sex: Sex, year: int, origin: Entry) -> str:
    """Twelve digits: province of birth registration (3), century and sex (1), year of birth (2),
    a running number (6). Circular 07/2016/TT-BCA, article 7."""
    province = places()[places()[origin.parent].parent].code
    prefix = next(code for code, place in province_of_number().items() if place == province)
    century = (year // 100 - 19) * 2 + (sex == "Nữ")
    return f"{prefix}{century}{year % 100:02d}{int(rng.integers(1, 1_000_000)):06d}"


ETHNIC_GROUPS = (("Kinh", 0.965), ("Hoa", 0.02), ("Khmer", 0.01), ("Chăm", 0.005))
RELIGIONS = (
    ("Không", 0.74),
    ("Phật giáo", 0.1),
    ("Công giáo", 0.06),
    ("Cao Đài", 0.06),
    ("Phật giáo Hòa Hảo", 0.02),
    ("Tin Lành", 0.02),
)


def _digits(rng: np.random.Generator, length: int, start: str = "") -> str:
    rest = "".join(str(digit) for digit in rng.integers(0, 10, length - len(start)))
    return start + rest


def _draw(rng: np.random.Generator, shares: tuple[tuple[str, float], ...]) -> str:
    at = rng.random()
    for value, share in shares:
        at -= share
        if at < 0:
            return value
    return shares[0][0]
