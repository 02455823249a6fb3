"""Rules about a person and the family: parents, head of the household, marriage, relation.

Each takes answers by their roles and gives pairs of role and doubt, as the rules in ``rules.py``.
A number tells sex and year of birth only when it has twelve digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scanform.lexicon import lists
from scanform.lexicon.spelling import key
from scanform.model.record import Answer, Doubt

ByRole = Mapping[str, Answer]
Found = list[tuple[str, Doubt]]

PARENT_FROM = 13
"""Years that a parent is older than a child at the least."""
PARENT_UNTIL = 75
MARRIED_FROM = 15
"""Years. The law says 18 and 20; married earlier is written now and then, at nine it is misread."""
SELF = "chủ hộ"

_HERS = ("vợ", "mẹ", "mẹ vợ", "mẹ chồng", "con dâu", "bà", "chị", "chị dâu", "em dâu", "cháu dâu")
_HERS_TOO = ("cô", "dì", "mợ", "thím", "con gái", "em gái", "má", "mẹ đẻ", "bà nội", "bà ngoại")
_HIS = ("chồng", "bố", "cha", "bố vợ", "bố chồng", "con rể", "ông", "anh", "anh rể", "em rể")
_HIS_TOO = ("chú", "cậu", "dượng", "cháu rể", "con trai", "em trai", "cha đẻ", "bố đẻ", "ba")
SEX_OF: Mapping[str, str] = MappingProxyType(
    {key(word): "Nữ" for word in _HERS + _HERS_TOO} | {key(word): "Nam" for word in _HIS + _HIS_TOO}
)
"""What a relation to the head says about the sex, where it does."""


def parents(found: ByRole) -> Found:
    """Father's and mother's numbers are of a man and of a woman, each of an age to have a child
    born on ``birth_date``. Roles: ``father_number``, ``mother_number``, ``birth_date``."""
    doubts: Found = []
    born = _year(value(found, "birth_date"))
    for role, sex in (("father_number", "Nam"), ("mother_number", "Nữ")):
        number = value(found, role)
        if sex_of(number) not in (None, sex):
            doubts.append((role, Doubt("parent_sex_disagrees")))
        year = year_of(number)
        if born is None or year is None or PARENT_FROM <= born - year <= PARENT_UNTIL:
            continue
        doubts.append((role, Doubt("parent_age_disagrees", found["birth_date"].field)))
        doubts.append(("birth_date", Doubt("parent_age_disagrees", found[role].field)))
    father, mother = value(found, "father_number"), value(found, "mother_number")
    if father and father == mother:
        doubts += [(role, Doubt("same_number")) for role in ("father_number", "mother_number")]
    return doubts


def spouse(found: ByRole) -> Found:
    """A spouse's number is of the other sex. Roles: ``spouse_number``, ``sex``."""
    theirs, own = sex_of(value(found, "spouse_number")), value(found, "sex")
    if theirs is None or own not in ("Nam", "Nữ") or theirs != own:
        return []
    return [
        ("spouse_number", Doubt("spouse_sex_disagrees", found["sex"].field)),
        ("sex", Doubt("spouse_sex_disagrees", found["spouse_number"].field)),
    ]


def head_is_self(found: ByRole) -> Found:
    """Who is the head has the head's name and number, and nobody else has the head's number.
    Roles: ``relation``, ``name``, ``head_name``, ``number``, ``head_number``."""
    relation = value(found, "relation")
    if not relation:
        return []
    head = _is_head(relation)
    doubts: Found = []
    for own, heads in (("name", "head_name"), ("number", "head_number")):
        one, other = value(found, own), value(found, heads)
        if not one or not other:
            continue
        same = key(one) == key(other)
        if head and not same:
            doubts.append((own, Doubt("head_differs", found[heads].field)))
            doubts.append((heads, Doubt("head_differs", found[own].field)))
            doubts.append(("relation", Doubt("head_differs", found[heads].field)))
        elif not head and same and own == "number":
            doubts.append(("relation", Doubt("is_head", found[heads].field)))
            doubts.append((heads, Doubt("is_head", found["relation"].field)))
    return list(dict.fromkeys(doubts))


def of_age(found: ByRole) -> Found:
    """Nobody is married as a child. Roles: ``marital_status``, ``birth_date``, ``declared_on``."""
    status = value(found, "marital_status")
    if not status or key(status).startswith(key("chưa")):
        return []
    born, declared = _year(value(found, "birth_date")), _year(value(found, "declared_on"))
    if born is None or declared is None or declared - born >= MARRIED_FROM:
        return []
    return [
        ("marital_status", Doubt("too_young", found["birth_date"].field)),
        ("birth_date", Doubt("too_young", found["marital_status"].field)),
    ]


def relation_fits(found: ByRole) -> Found:
    """A wife is a woman. Roles: ``relation``, ``sex``."""
    told, sex = SEX_OF.get(key(value(found, "relation"))), value(found, "sex")
    if told is None or sex not in ("Nam", "Nữ") or told == sex:
        return []
    return [
        ("relation", Doubt("relation_disagrees", found["sex"].field)),
        ("sex", Doubt("relation_disagrees", found["relation"].field)),
    ]


def heads_agree(found: ByRole) -> tuple[str, ...]:
    """The roles in which the head's answers and the person's own were found the same."""
    if not _is_head(value(found, "relation")):
        return ()
    pairs = (("name", "head_name"), ("number", "head_number"))
    same = [role for pair in pairs if all(value(found, r) for r in pair) for role in pair]
    return ("relation", *same) if same else ()


def _is_head(relation: str) -> bool:
    match = lists.forms("relations").match(relation, 0.99) if relation else None
    return match is not None and any(key(each.name) == key(SELF) for each in match.entries)


def sex_of(number: str) -> str | None:
    """The sex that a personal number tells (Circular 07/2016/TT-BCA, article 7)."""
    if len(number) != 12 or not number.isdigit():
        return None
    return "Nữ" if int(number[3]) % 2 else "Nam"


def year_of(number: str) -> int | None:
    """The year of birth that a personal number tells."""
    if len(number) != 12 or not number.isdigit():
        return None
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def _year(date: str) -> int | None:
    return int(date[:4]) if len(date) >= 4 and date[:4].isdigit() else None


def value(found: ByRole, role: str) -> str:
    """The answer in that role; "" where there is none."""
    answer = found.get(role)
    return (answer.value or "") if answer is not None else ""
