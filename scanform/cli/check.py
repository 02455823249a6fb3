"""``scanform check``: which pages will work, before they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from scanform.cli.options import echo_json, json_option, lang_option, scans_options
from scanform.engine.check import Checked, check_scans, checking_engine
from scanform.errors import REJECTED_SOME
from scanform.model.phrases import CHECKS, REJECTIONS, Language, Phrase
from scanform.page.check import Reason
from scanform.programs import poppler
from scanform.template.find import find
from scanform.template.load import empty_form

_SIGNS = {"good": "✓", "poor": "!", "bad": "✗"}
_PAGE = Phrase("{path}, trang {page}", "{path}, page {page}")
_FORM = Phrase("{form}, trang {page}, {dpi} dpi", "{form}, page {page}, {dpi} dpi")
_DONE = Phrase(
    "{pages} trang: {good} tốt, {poor} kém, {bad} phải quét lại.",
    "{pages} pages: {good} good, {poor} poor, {bad} to scan again.",
)


@click.command()
@scans_options
@json_option
@lang_option
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    names: tuple[str, ...],
    jobs: int | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Say which pages will work and which to scan again, without reading them.

    PATH are files or folders, searched through and through. Nothing is kept. Exits 3 when a page
    won't work.
    """
    poppler.require()
    folders = dict.fromkeys(find(name).resolve() for name in names)
    with checking_engine([empty_form(folder) for folder in folders], jobs) as engine:
        checked = check_scans(paths, engine)
    summary = _summary(checked)
    if as_json:
        echo_json({"pages": [_as_json(each) for each in checked], "summary": summary})
    else:
        for each in checked:
            click.echo(_line(each, lang))
        click.echo(_DONE.say(lang, {name: str(count) for name, count in summary.items()}))
    ctx.exit(REJECTED_SOME if summary["bad"] else 0)


def _summary(checked: Sequence[Checked]) -> dict[str, int]:
    counts = Counter(each.check.verdict for each in checked)
    blank = sum(_is_blank(each) for each in checked)
    return {
        "pages": len(checked),
        "good": counts["good"],
        "poor": counts["poor"],
        "bad": counts["bad"],
        "blank": blank,
    }


def _is_blank(each: Checked) -> bool:
    return any(reason.code == "blank_back" for reason in each.check.reasons)


def _as_json(each: Checked) -> dict[str, object]:
    form, _, revision = (each.check.template or "").partition("@")
    return {
        "scan": str(each.path),
        "page": each.check.number or None,
        "verdict": each.check.verdict,
        "form": form or None,
        "revision": int(revision) if revision else None,
        "form_page": each.check.page,
        "reasons": [reason.code for reason in each.check.reasons],
        "dpi": each.check.dpi,
        "rotation": each.check.rotation,
        "residual_mm": each.check.residual_mm,
    }


def _line(each: Checked, lang: Language) -> str:
    check = each.check
    where = str(each.path)
    if check.number:
        where = _PAGE.say(lang, {"path": where, "page": str(check.number)})
    told = [_say(reason, lang) for reason in check.reasons]
    if check.template:
        figures = {"form": check.template, "page": str(check.page), "dpi": f"{check.dpi:.0f}"}
        told.insert(0, _FORM.say(lang, figures) + ".")
    return f"{_SIGNS[check.verdict]} {where}: {' '.join(told)}"


def _say(reason: Reason, lang: Language) -> str:
    phrase = CHECKS.get(reason.code) or REJECTIONS[reason.code]
    return phrase.say(lang, reason.details)
