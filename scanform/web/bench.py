"""What the review screen shows of an answer in hand: its picture, what is offered, which keys."""

from __future__ import annotations

from dataclasses import dataclass

from scanform.errors import ScanformError
from scanform.model.phrases import Language
from scanform.model.template import Field
from scanform.review import Claim, Option, Person
from scanform.review.queue import View
from scanform.review.showing import DIGIT_KINDS, differing, first, offered, plain_digits, shown
from scanform.web.office import Office
from scanform.web.pictures import Picture
from scanform.web.wording import say

KEYS = 9
"""Values that one key each takes: 1 to 9."""

_OFFERS = 6
_LONG_OFFERS = 4
"""What has room without anything moving. Readings behind these are hardly ever right."""

_HALF_A_LINE = 42
"""Letters."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A rectangle of a picture, in its pixels; ``name`` is written beside it."""

    x: float
    y: float
    w: float
    h: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture as the page draws it: its size, where the answer stands in it, and where the tick
    boxes of a choice are."""

    view: View
    width: int
    height: int
    region: Spot
    options: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A value with its key. ``parts`` cuts it into pieces that are (or are not) as in the value
    read, so that a person sees what differs."""

    text: str
    parts: tuple[tuple[str, bool], ...]
    key: str
    read: bool


@dataclass(frozen=True, slots=True)
class BenchView:
    """``text`` is what the line holds at first. ``plain_digits``: a digit alone takes an offer,
    as no answer of this field begins with one."""

    sight: Sight | None
    offers: tuple[Offer, ...]
    text: str
    plain_digits: bool
    input_mode: str
    hint: str
    long: bool
    """Whether an offer fills more than half of a line."""


@dataclass(frozen=True, slots=True)
class Bench:
    office: Office
    who: Person

    def picture(self, token: str, view: View) -> Picture:
        """Raises ``Overtaken`` where the answer isn't in this person's hands (any more)."""
        queue = self.office.desk.queue
        row = queue.look(self.who, token, view)
        return self.office.pictures.get(self.who.name, (token, view), lambda: queue.draw(row, view))

    def sight(self, claim: Claim, view: View) -> Sight:
        """Raises ``ScanformError`` where the record has no such sheet."""
        picture = self.picture(claim.token, view)
        left, top, width, height = self.office.desk.queue.lit(claim.item, view)
        region = Spot(
            left * picture.width,
            top * picture.height,
            width * picture.width,
            height * picture.height,
        )
        return Sight(view, picture.width, picture.height, region, _options(claim, region))

    def view(self, claim: Claim, language: Language) -> BenchView:
        field, offers = claim.item.field, offered(claim)
        read = first(claim)
        long = any(len(each.value or "") > _HALF_A_LINE for each in offers)
        keys = KEYS if field.options else _LONG_OFFERS if long else _OFFERS
        plain = plain_digits(field, offers)
        text = shown(field, read) if read else ""
        return BenchView(
            sight=self._sight(claim),
            offers=tuple(
                Offer(
                    said := _said(field, each, language),
                    differing(said, text),
                    str(number) if plain else f"Alt+{number}",
                    each is read,
                )
                for number, each in enumerate(offers[:keys], 1)
            ),
            text=text,
            plain_digits=plain,
            input_mode="numeric" if field.kind in DIGIT_KINDS else "text",
            hint=_hint(field, language),
            long=long,
        )

    def _sight(self, claim: Claim) -> Sight | None:
        try:
            return self.sight(claim, "field")
        except ScanformError:
            return None


def _said(field: Field, option: Option, language: Language) -> str:
    if option.outcome == "blank" or (option.value is None and option.outcome == "value"):
        return say("blank", language)
    if option.outcome == "unreadable":
        return say("unreadable", language)
    if field.kind == "presence":
        return say(option.value or "absent", language)
    return shown(field, option)


def _options(claim: Claim, region: Spot) -> tuple[Spot, ...]:
    """The tick boxes, numbered as the keys are."""
    box = claim.item.field.box
    if not box.w or not box.h:
        return ()
    keys = {option.value: str(at) for at, option in enumerate(offered(claim)[:KEYS], 1)}
    across, down = region.w / box.w, region.h / box.h
    return tuple(
        Spot(
            region.x + (each.box.x - box.x) * across,
            region.y + (each.box.y - box.y) * down,
            each.box.w * across,
            each.box.h * down,
            keys.get(each.value, ""),
        )
        for each in claim.item.field.options
    )


def _hint(field: Field, language: Language) -> str:
    if field.kind == "date":
        return say("date_mask", language)
    if field.kind == "digits" and field.lengths:
        return say("digits_mask", language, lengths=" / ".join(map(str, sorted(field.lengths))))
    return ""
