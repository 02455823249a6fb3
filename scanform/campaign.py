"""Planning a campaign: who is counted, until when. Pure; the store keeps what it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scanform.errors import UsageError
from scanform.lexicon import places
from scanform.lexicon.placing import place_units
from scanform.lexicon.spelling import key
from scanform.model.campaign import Campaign, Office, Unit
from scanform.phrase import Phrase

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_VIETNAMESE_DAYS = ("t2", "t3", "t4", "t5", "t6", "t7", "cn")

_NEEDS = Phrase("Đợt mới còn thiếu {options}.", "A new campaign needs {options}.")
_BOTH = Phrase(
    "{day} không thể vừa là ngày nghỉ vừa là ngày làm việc.",
    "{day} can't be both a holiday and a working day.",
)
_TURNED = Phrase("Hạn cuối trước ngày bắt đầu.", "The deadline lies before the start.")
_NO_GOAL = Phrase(
    "Mục tiêu phải lớn hơn 0 và không quá 100 %.",
    "The goal must be more than 0 and at most 100 %.",
)
_NO_SHARE = Phrase("Mục tiêu {text} không phải là tỷ lệ.", "The goal {text} is no share.")
_WRITE_GOAL = Phrase("Hãy viết --goal 70.", "Write --goal 70.")
_NO_DAY = Phrase(
    "Từ ngày bắt đầu đến hạn cuối không có ngày làm việc nào.",
    "There is no working day between start and deadline.",
)
_NO_UNITS = Phrase("Đợt chưa có đơn vị nào.", "The campaign has no units.")
_GIVE_UNITS = Phrase(
    "Hãy cho --targets TỆP hoặc --target TÊN=SỐ.", "Give --targets FILE or --target NAME=N."
)
_NOT_THERE = Phrase("Đợt không có đơn vị {name} để bỏ.", "The campaign has no unit {name} to drop.")
_NO_WEEKDAYS = Phrase("{text} không phải là ngày làm việc.", "{text} are no working days.")
_WRITE_WEEKDAYS = Phrase("Hãy viết t2-t6, t2-t7 hoặc mon-fri.", "Write mon-fri, mon-sat or t2-t7.")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be set or changed; None leaves a thing as it is. ``targets`` replaces all
    units, ``set_targets`` changes or adds some, ``drop`` takes some away. ``within`` is the code
    of the province or district whose communes the units are, or of the one whose hamlets. A day
    that becomes a holiday is no working day any more, and the reverse."""

    name: str | None = None
    unit_fields: Mapping[str, str] | None = None
    targets: Sequence[Unit] | None = None
    set_targets: Sequence[Unit] = ()
    drop: Sequence[str] = ()
    within: str | None = None
    start: date | None = None
    deadline: date | None = None
    goal: float | None = None
    weekdays: frozenset[int] | None = None
    holidays: Sequence[date] = ()
    workdays: Sequence[date] = ()
    office: Mapping[str, str] = field(default_factory=dict)


def new_campaign(changes: Changes) -> Campaign:
    """A campaign from scratch. Raises ``UsageError`` for all that is missing or wrong."""
    missing = [
        option
        for option, value in (
            ("--template", changes.unit_fields),
            ("--targets / --target", changes.targets or changes.set_targets),
            ("--start", changes.start),
            ("--deadline", changes.deadline),
        )
        if not value
    ]
    if missing or changes.start is None or changes.deadline is None:
        raise UsageError(_NEEDS.of(options=", ".join(missing)))
    bare = Campaign(changes.name or "", {}, (), changes.start, changes.deadline)
    return changed(bare, changes)


def changed(campaign: Campaign, changes: Changes) -> Campaign:
    """The campaign with the changes made. Raises ``UsageError`` where it makes no sense."""
    now = campaign
    for name in ("name", "unit_fields", "start", "deadline", "goal", "weekdays"):
        value = getattr(changes, name)
        if value is not None:
            now = replace(now, **{name: value})
    off, on = frozenset(changes.holidays), frozenset(changes.workdays)
    if off & on:
        raise UsageError(_BOTH.of(day=f"{min(off & on):%d/%m/%Y}"))
    now = replace(
        now, holidays=(now.holidays | off) - on, workdays=(now.workdays | _needed(now, on)) - off
    )
    if changes.office:
        now = replace(now, office=_office(now.office, changes.office))
    return _checked(_with_units(now, changes))


def _needed(campaign: Campaign, days: frozenset[date]) -> frozenset[date]:
    """Those days whose weekday is none to work on."""
    return frozenset(day for day in days if day.weekday() not in campaign.weekdays)


def _office(office: Office, changes: Mapping[str, str]) -> Office:
    return replace(office, **changes)


def _checked(campaign: Campaign) -> Campaign:
    if campaign.deadline < campaign.start:
        raise UsageError(_TURNED)
    if not 0 < campaign.goal <= 1:
        raise UsageError(_NO_GOAL, _WRITE_GOAL)
    if not campaign.working_days(campaign.start, campaign.deadline):
        raise UsageError(_NO_DAY)
    if not campaign.counted:
        raise UsageError(_NO_UNITS, _GIVE_UNITS)
    return campaign


def _with_units(campaign: Campaign, changes: Changes) -> Campaign:
    # What a unit is called by people; its code is looked up anew, for the district may be new.
    wanted = {key(unit.name): unit for unit in campaign.counted}
    if changes.targets is not None:
        wanted = {}
    for each in (*(changes.targets or ()), *changes.set_targets):
        before = wanted.get(key(each.name), each)
        wanted[key(each.name)] = replace(each, name=before.name, code=each.code or before.code)
    for name in changes.drop:
        if wanted.pop(key(name), None) is None:
            raise UsageError(_NOT_THERE.of(name=repr(name)))
    within = changes.within if changes.within is not None else _root(campaign)
    if not within:
        units = tuple(replace(unit, parent="") for unit in wanted.values())
        return replace(campaign, units=units, vintage="")
    units = place_units(list(wanted.values()), within)
    return replace(campaign, units=units, vintage=places.VINTAGE)


def _root(campaign: Campaign) -> str:
    """The unit above all others, as it was given."""
    above = (unit for unit in campaign.units if unit.target is None and unit.code)
    return next((unit.code for unit in above if not unit.parent), "")


def read_goal(text: str) -> float:
    """``70``, ``70 %``, ``70,5%`` or ``0.7``. Raises ``UsageError``."""
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d+)?)\s*(%?)", text.strip())
    if match is None:
        raise UsageError(_NO_SHARE.of(text=repr(text)), _WRITE_GOAL)
    number = float(match[1].replace(",", "."))
    return number / 100 if match[2] or number > 1 else number


def read_weekdays(text: str) -> frozenset[int]:
    """``mon-fri``, ``mon-sat``, ``mon,wed,fri``, ``t2-t7``, ``t2-cn``. Raises ``UsageError``."""
    found: set[int] = set()
    for part in text.lower().split(","):
        first, _, last = part.strip().partition("-")
        low, high = _weekday(first), _weekday(last or first)
        if low is None or high is None or high < low:
            raise UsageError(_NO_WEEKDAYS.of(text=repr(part.strip())), _WRITE_WEEKDAYS)
        found.update(range(low, high + 1))
    return frozenset(found)


def _weekday(name: str) -> int | None:
    name = name.strip()
    for names in (_DAYS, _VIETNAMESE_DAYS):
        if name in names:
            return names.index(name)
    return None
