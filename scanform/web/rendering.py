"""Templates, with everything they may call."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from scanform import __version__
from scanform.model.phrases import DOUBTS, REJECTIONS, Language
from scanform.model.record import Doubt
from scanform.model.scan import Rejected
from scanform.review.showing import written
from scanform.web import wording

if TYPE_CHECKING:
    from scanform.web.visit import Visit

_templates = Environment(
    loader=PackageLoader("scanform.web", "templates"),
    autoescape=True,
    undefined=StrictUndefined,  # a misspelt name is an error, not an empty place
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, visit: Visit, context: dict[str, Any]) -> str:
    language = visit.language
    return _templates.get_template(template).render(
        visit=visit,
        language=language,
        person=visit.session.person if visit.session else None,
        csrf=visit.session.csrf if visit.session else "",
        version=__version__,
        path=visit.request.url.path,
        say=partial(_say, language),
        number=partial(wording.number, language=language),
        percent=partial(wording.percent, language=language),
        doubt=partial(say_doubt, language=language),
        rejection=partial(say_rejection, language=language),
        moment=moment,
        kind=partial(say_kind, language=language),
        written=written,
        worded=partial(worded, language=language),
        **context,
    )


def _say(language: Language, key: str, **details: object) -> str:
    return wording.say(key, language, **details)


def say_doubt(doubt: Doubt, language: Language) -> str:
    phrase = DOUBTS.get(doubt.code)
    return phrase.say(language, {"detail": doubt.detail}) if phrase else doubt.code


def say_rejection(rejected: Rejected, language: Language) -> str:
    phrase = REJECTIONS.get(rejected.reason)
    return phrase.say(language, rejected.details) if phrase else rejected.reason


def say_kind(kind: str, language: Language) -> str:
    """The name of a field kind; its id where a kind has no name yet."""
    phrase = wording.WORDS.get(f"kind_{kind}")
    return phrase.say(language) if phrase else kind


def worded(kind: str, value: str | None, language: Language) -> str:
    """The value as a person says it: a signature is there or not, a date is day, month, year."""
    if kind == "presence" and value in ("present", "absent"):
        return wording.say(value, language)
    return written(kind, value)


def moment(at: datetime) -> str:
    """Day and minute by the office's clock."""
    return at.astimezone().strftime("%d/%m/%Y %H:%M")
