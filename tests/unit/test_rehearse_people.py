from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest

from scanform.errors import UsageError
from scanform.lexicon.lists import province_of_number
from scanform.lexicon.places import places
from scanform.rehearse.people import DAYS, FIRST_DAY, Person, Respondent, respondents


def crowd(seed: int, count: int = 300, first_day: dt.date = FIRST_DAY) -> list[Respondent]:
    people = respondents(np.random.default_rng(seed), "837", first_day)
    return list(itertools.islice(people, count))


def everyone(forms: list[Respondent]) -> list[Person]:
    named = itertools.chain.from_iterable(
        (form.member.person, form.member.father, form.member.mother, form.member.spouse)
        for form in forms
    )
    return [person for person in named if person is not None]


def test_the_same_seed_makes_the_same_people() -> None:
    assert crowd(4, 40) == crowd(4, 40)
    assert crowd(4, 40) != crowd(5, 40)


@pytest.mark.parametrize("seed", range(4))
def test_personal_numbers_agree_with_birth_sex_and_province(seed: int) -> None:
    for person in everyone(crowd(seed)):
        number = person.personal_number
        if number is None:
            assert person.year < 1900
            continue
        assert len(number) == 12
        assert number.isdigit()
        province = places()[places()[person.origin.parent].parent].code
        assert province_of_number()[number[:3]] == province
        assert int(number[3]) % 2 == (person.sex == "Nữ")
        assert 1900 + 100 * (int(number[3]) // 2) + int(number[4:6]) == person.year
        assert person.number is None or len(person.number) in (9, 12)


def test_some_have_the_old_card_and_some_no_number() -> None:
    lengths = {len(person.number or "") for person in everyone(crowd(1))}
    assert lengths == {0, 9, 12}


def test_nobody_has_an_old_card_after_it_ended() -> None:
    later = everyone(crowd(1, first_day=dt.date(2024, 1, 1)))
    assert {len(person.number or "") for person in later if person.nation == "Việt Nam"} <= {0, 12}


@pytest.mark.parametrize("seed", range(4))
def test_children_come_after_their_parents_and_bear_the_fathers_name(seed: int) -> None:
    for form in crowd(seed):
        child, father, mother = form.member.person, form.member.father, form.member.mother
        if father is not None:
            assert father.year + 18 <= child.year
            assert father.sex == "Nam"
            assert father.name.split()[0] == child.name.split()[0]
        if mother is not None:
            assert mother.year + 18 <= child.year
            assert mother.sex == "Nữ"


@pytest.mark.parametrize("seed", range(4))
def test_everyone_is_born_before_declaring(seed: int) -> None:
    for form in crowd(seed):
        assert form.member.person.born < form.declared.isoformat()
        assert FIRST_DAY <= form.declared <= FIRST_DAY + dt.timedelta(DAYS)


def test_a_household_shares_its_address_and_book() -> None:
    forms = crowd(2)
    families = [list(group) for _, group in itertools.groupby(forms, lambda f: f.household.head)]
    assert any(len(family) > 2 for family in families)
    for family in families:
        assert len({form.household.home for form in family}) == 1
        assert len({form.household.book for form in family}) == 1


def test_couples_name_each_other_and_are_married() -> None:
    couples = [form for form in crowd(3) if form.member.relation in ("Vợ", "Chủ hộ")]
    wives = [form for form in couples if form.member.relation == "Vợ"]
    assert wives
    for form in wives:
        assert form.member.spouse == form.household.head
        assert form.member.marital == "Đã kết hôn"
    for form in couples:
        assert form.member.spouse is None or form.member.marital == "Đã kết hôn"


def test_a_parent_signs_for_a_child() -> None:
    children = [form for form in crowd(6) if form.age < 14]
    assert children
    for form in children:
        parent = form.member.father or form.member.mother
        assert parent is not None
        assert form.signer == parent.name


def test_people_live_in_the_district_asked_for() -> None:
    hanoi = list(itertools.islice(respondents(np.random.default_rng(0), "001"), 30))
    assert {form.household.home.district.name for form in hanoi} == {"Ba Đình"}


@pytest.mark.parametrize("code", ["83", "29182", "999", ""])
def test_only_a_districts_code_will_do(code: str) -> None:
    with pytest.raises(UsageError, match="no district"):
        next(respondents(np.random.default_rng(0), code))
