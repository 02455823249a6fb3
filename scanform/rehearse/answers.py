"""What a respondent answers, field by field: the truth that a rehearsal is judged by.

Fields whose ids are known (those of dc01 and ct01) get what the person's life says; any other field
gets something fit for its kind, so every template can be rehearsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from scanform.lexicon.lists import VINTAGES, entries
from scanform.lexicon.places import places
from scanform.lexicon.spelling import fold
from scanform.model.template import Field, Template
from scanform.rehearse.homes import address, chain, written
from scanform.rehearse.names import chance, full_name, pick
from scanform.rehearse.people import Person, Respondent, personal_number

Answers = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Habits:
    """How fully a form is filled: ``blanks`` is the share of answers left out that a careful person
    would have given; ``unsigned`` the share of signatures and stamps not yet there."""

    blanks: float = 0.02
    unsigned: float = 0.05


def answers(
    template: Template, who: Respondent, rng: np.random.Generator, habits: Habits
) -> Answers:
    """A value or None for every field of ``template``, in its order and in the spelling that is
    written; the unit field is never left out by carelessness."""
    # One person writes "Thạnh Hải", another "Xã Thạnh Hải"; each keeps to it.
    short_places = chance(rng, 0.5)
    facts = known_facts(who, short_places, rng)
    found: Answers = {}
    for each in template.fields:
        if each.kind == "presence":
            absent = chance(rng, habits.unsigned) or facts.get(each.id) == "absent"
            found[each.id] = "absent" if absent else "present"
            continue
        name = _fact_name(each)
        value = facts[name] if name in facts else by_kind(each, who, short_places, rng)
        careless = chance(rng, habits.blanks) and each.id != template.unit and not each.required
        found[each.id] = None if careless else fitting(each, value)
    return found


def _fact_name(field: Field) -> str:
    """What the field asks of ``known_facts``: one that takes twelve digits only asks for the
    personal number, where others are content with the old card's."""
    if field.lengths == (12,):
        return field.id.replace("id_number", "personal_number")
    return field.id


def fitting(field: Field, value: str | None) -> str | None:
    """``value`` as this field can hold it: capitals, or None where no option or cell fits."""
    if value is None:
        return None
    if field.kind == "capitals":
        return value.upper()
    if field.options and value not in {option.value for option in field.options}:
        return None
    if field.kind == "digits" and field.cells:
        return value if len(value) <= len(field.cells) else None
    return value


def known_facts(who: Respondent, short: bool, rng: np.random.Generator) -> Answers:
    """Answers by the field ids that the shipped templates use."""
    member, person, home = who.member, who.member.person, who.household.home
    facts: Answers = {
        "province": written(home.province, short),
        "district": written(home.district, short),
        "commune": written(home.commune, short),
        "hamlet": home.hamlet,
        "street": home.street,
        "house": home.house,
        "full_name": person.name,
        "birth_date": person.born,
        "blood_group": who.blood_group,
        "sex": person.sex,
        "marital_status": member.marital,
        "birth_registration_place": _registry(person, short, rng),
        "hometown": chain((member.father or person).origin, short),
        "ethnic_group": who.household.ethnic_group,
        "religion": who.household.religion,
        "permanent_address": address(home, short),
        "current_address": address(who.elsewhere, short) if who.elsewhere else None,
        "relation_to_head": member.relation,
        "household_book_number": who.household.book,
        "declared_on": who.declared.isoformat(),
    }
    facts |= _block("", person)
    facts |= _block("father_", member.father)
    facts |= _block("mother_", member.mother)
    facts |= _block("spouse_", member.spouse)
    facts |= _block("representative_", _representative(who, rng))
    facts |= _block("head_", who.household.head)
    return facts | _residence(who, short, rng) | _household_rows(who)


def _block(prefix: str, person: Person | None) -> Answers:
    """The row of name, nationality and number that a form asks of each relative."""
    if person is None:
        names = ("name", "nationality", "nationality_other", "id_number", "personal_number")
        return dict.fromkeys(f"{prefix}{name}" for name in names)
    at_home = person.nation == "Việt Nam"
    return {
        f"{prefix}name": person.name,
        f"{prefix}nationality": person.nation if at_home else None,
        f"{prefix}nationality_other": None if at_home else person.nation,
        f"{prefix}id_number": person.number,
        f"{prefix}personal_number": person.personal_number,
    }


def _residence(who: Respondent, short: bool, rng: np.random.Generator) -> Answers:
    """What a form about where one lives asks beside the household (ct01)."""
    person, home = who.member.person, who.household.home
    guardian = (who.member.father or who.member.mother) if who.age < 18 else None
    owner = who.landlord
    words = fold(person.name).split()
    family, given = words[0], words[-1]
    mail = f"{given}.{family}{person.year % 100:02d}@example.com"
    return {
        # "Công an" is printed before it, so no capital.
        "authority": written(home.commune, short and chance(rng, 0.4), first=False),
        "phone": _phone(who, short, rng) if who.age > 12 and chance(rng, 0.8) else None,
        "email": mail if who.age > 15 and chance(rng, 0.3) else None,
        "request": pick(rng, REQUESTS).format(address=address(home, short)),
        "owner_name": owner,
        "owner_personal_number": _some_number(rng) if owner else None,
        "guardian_name": guardian.name if guardian else None,
        "guardian_personal_number": guardian.personal_number if guardian else None,
        "signed_owner": "present" if owner else "absent",
        "signed_guardian": "present" if guardian else "absent",
    }


def _some_number(rng: np.random.Generator) -> str:
    year = int(rng.integers(1955, 1995))
    return personal_number(rng, "Nam", year, places()["29182"])


REQUESTS = (
    "Đăng ký thường trú",
    "Đăng ký tạm trú",
    "Đăng ký thường trú tại {address}",
    "Đăng ký tạm trú tại {address}",
    "Tách hộ",
    "Điều chỉnh thông tin về cư trú",
    "Xác nhận thông tin về cư trú",
)


def _registry(person: Person, short: bool, rng: np.random.Generator) -> str:
    """Where the birth is registered: the place, at times with the office's short name."""
    where = chain(person.origin, short)
    if short or chance(rng, 0.8):
        return where
    return f"UBND {where[0].lower()}{where[1:]}"


def _representative(who: Respondent, rng: np.random.Generator) -> Person | None:
    if who.age >= 14 or chance(rng, 0.3):
        return None
    return who.member.father or who.member.mother


def _household_rows(who: Respondent) -> Answers:
    """Rows of a table of household members: those beside the respondent, then blank ones."""
    others = [member for member in who.household.members if member is not who.member]
    facts: Answers = {}
    for row in range(1, 31):
        member = others[row - 1] if row <= len(others) else None
        person = member.person if member else None
        prefix = f"member{row}_"
        facts |= _block(prefix, person)
        facts |= {
            f"{prefix}birth_date": person.born if person else None,
            f"{prefix}sex": person.sex if person else None,
            f"{prefix}relation": member.relation if member else None,
        }
    return facts


def by_kind(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str | None:
    """Something to write in a field that nothing is known of but its kind, label and list."""
    if not field.required and chance(rng, 0.1):
        return None
    return _BY_KIND.get(field.handled_by, _some_text)(field, who, short, rng)


def _some_text(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    asked = f"{field.id} {field.label}".lower()
    for pattern, answer in _BY_WORD:
        if re.search(pattern, asked):
            return answer(who, short, rng)
    if who.age < 18:
        return "Học sinh"
    return pick(rng, ("Buôn bán", "Làm ruộng", "Công nhân", "Nuôi tôm", "Giáo viên", "Nội trợ"))


def _some_name(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    del field, who, short
    return full_name(rng, pick(rng, ("Nam", "Nữ")), int(rng.integers(1950, 2000)))


def _some_digits(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    del short
    person = who.member.person
    length = pick(rng, field.lengths) if field.lengths else len(field.cells) or 6
    if length == 12:
        return personal_number(rng, person.sex, person.year, person.origin)
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


def _some_date(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    del short, rng
    asked = f"{field.id} {field.label}".lower()
    return (
        who.member.person.born
        if re.search(r"birth|born|sinh", asked)
        else (who.declared.isoformat())
    )


def _some_option(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    del short
    values = [option.value for option in field.options]
    if who.member.person.sex in values:
        return who.member.person.sex
    return pick(rng, values) if values else "x"


def _some_entry(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    if field.lexicon not in VINTAGES:
        return _some_text(field, who, short, rng)
    # The first entries of a list are the usual ones.
    known = entries(field.lexicon)
    return known[min(int(rng.exponential(3)), len(known) - 1)].name


def _some_place(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    del rng
    home = who.household.home
    levels = {"province": home.province, "district": home.district, "commune": home.commune}
    for level, entry in levels.items():
        if (field.lexicon and level in field.lexicon) or field.id.endswith(level):
            return written(entry, short)
    return address(home, short)


def _some_hamlet(
    field: Field, who: Respondent, short: bool, rng: np.random.Generator
) -> str | None:
    del field, short, rng
    return who.household.home.hamlet


def _some_code(field: Field, who: Respondent, short: bool, rng: np.random.Generator) -> str:
    del who, short
    length = pick(rng, field.lengths) if field.lengths else 10
    return "".join(str(digit) for digit in rng.integers(0, 10, length))


Answerer = Callable[[Field, Respondent, bool, np.random.Generator], str | None]
_BY_KIND: Mapping[str, Answerer] = {
    "text": _some_text,
    "capitals": _some_name,
    "digits": _some_digits,
    "date": _some_date,
    "choice": _some_option,
    "closed": _some_entry,
    "place": _some_place,
    "hamlet": _some_hamlet,
    "code": _some_code,
}


def _phone(_who: Respondent, _short: bool, rng: np.random.Generator) -> str:
    # No network in Vietnam begins with 06, so nobody can be called by it.
    return "06" + "".join(map(str, rng.integers(0, 10, 8)))


def _name(who: Respondent, _short: bool, _rng: np.random.Generator) -> str:
    return who.member.person.name


def _address(who: Respondent, short: bool, _rng: np.random.Generator) -> str:
    return address(who.household.home, short)


_BY_WORD: tuple[tuple[str, Callable[[Respondent, bool, np.random.Generator], str]], ...] = (
    (r"phone|điện thoại", _phone),
    (r"name|họ,? .*tên|họ tên", _name),
    (r"address|địa chỉ|nơi (ở|thường trú|cư trú)", _address),
)
