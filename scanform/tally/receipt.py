"""Wording a batch's receipt. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from scanform.model.campaign import Office
from scanform.model.numerals import day_text, number_text
from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.report.interface import Block, Cell, Document, Paragraph, Signature, Table
from scanform.tally import report_words as words
from scanform.tally.compose import Letter, letterhead
from scanform.tally.handin import Balance, Finding, Kind, Spot

SPOTS = 40
"""Places named of each difference; the command lists them all."""

KINDS: Mapping[Kind, Phrase] = {
    "missing": Phrase("Thiếu so với bảng kê", "Missing from the slip's number"),
    "extra": Phrase("Thừa so với bảng kê", "More than the slip says"),
    "rejected": Phrase("Trang, tệp không nhận được", "Pages and files that could not be taken"),
    "unfinished": Phrase("Tệp chưa xử lý", "Files not worked yet"),
    "duplicate": Phrase("Tệp trùng, đã có", "Files that were there already"),
    "elsewhere": Phrase("Phiếu của đơn vị khác", "Forms of another unit"),
    "twice": Phrase("Một người có hai phiếu", "Persons with two forms"),
    "members": Phrase("Thành viên hộ chưa có phiếu", "Household members without a form"),
}

_TITLE = Phrase("GIẤY BIÊN NHẬN", "RECEIPT")
_SUBTITLE = Phrase("Hộp phiếu {id} của {unit}", "Batch {id} of {unit}")
_HANDED = Phrase(
    "Ngày {day}, {who} của {unit} giao hộp phiếu {id}, theo bảng kê {forms} phiếu.",
    "On {day}, {who} of {unit} handed in batch {id}; the slip says {forms} forms.",
)
_DONE = Phrase(
    "Đã quét {files} tệp, số hóa {digitised} phiếu.",
    "{files} files were scanned, {digitised} forms digitised.",
)
_EVEN = Phrase("Khớp với bảng kê, không có chênh lệch.", "It agrees with the slip.")
_UNEVEN = Phrase("Có chênh lệch, xem bảng dưới.", "There are differences, see below.")
_WHAT = Phrase("Nội dung", "What")
_COUNT = Phrase("Số lượng", "Number")
_SLIP = Phrase("Theo bảng kê", "As the slip says")
_DIGITISED = Phrase("Đã số hóa", "Digitised")
_GIVER = Phrase("BÊN GIAO", "HANDED IN BY")
_TAKER = Phrase("BÊN NHẬN", "TAKEN BY")
_SIGN = Phrase("(Ký, ghi rõ họ tên)", "(signature and name)")
_PAGE = Phrase("{file}, trang {page}", "{file}, page {page}")
_MORE = Phrase("và {count} chỗ khác", "and {count} others")
_MADE = Phrase("Lập bằng scanform.", "Made with scanform.")


def receipt(found: Balance, office: Office, letter: Letter, lang: Language) -> Document:
    """What both sides sign: the slip, what was digitised, every difference with its pages."""
    slip = found.batch.slip
    said = {
        "id": found.batch.id,
        "unit": slip.unit,
        "day": day_text(slip.day, lang),
        "who": slip.handed_by,
        "forms": number_text(slip.forms, lang),
        "files": number_text(found.files, lang),
        "digitised": number_text(found.digitised, lang),
    }
    result = _EVEN if found.even else _UNEVEN
    blocks: list[Block] = [
        Paragraph(_HANDED.say(lang, said)),
        Paragraph(f"{_DONE.say(lang, said)} {result.say(lang)}"),
        _table(found, lang),
    ]
    blocks += [
        Paragraph(spots_text(each, lang) + ".", KINDS[each.kind].say(lang) + ":")
        for each in found.findings
        if each.spots
    ]
    return Document(
        lang=lang,
        title=_TITLE.say(lang),
        subtitle=_SUBTITLE.say(lang, said),
        letterhead=letterhead(office, letter, words.RECEIPT_SIGN, lang),
        blocks=tuple(blocks),
        signatures=(
            Signature(_GIVER.say(lang), _SIGN.say(lang), slip.handed_by),
            Signature(_TAKER.say(lang), _SIGN.say(lang)),
        ),
        made=_MADE.say(lang),
    )


def _table(found: Balance, lang: Language) -> Table:
    rows = [
        (_SLIP.say(lang), found.batch.slip.forms),
        (_DIGITISED.say(lang), found.digitised),
        *((KINDS[each.kind].say(lang), each.count) for each in found.findings),
    ]
    return Table(
        headings=(_WHAT.say(lang), _COUNT.say(lang)),
        rows=tuple((Cell(name), Cell(number_text(n, lang), n, "number")) for name, n in rows),
        widths=(40.0, 14.0),
        marked=frozenset(range(2, len(rows))),
    )


def spots_text(finding: Finding, lang: Language, most: int = SPOTS) -> str:
    """Where to look, in words."""
    named = "; ".join(spot_text(spot, finding.kind, lang) for spot in finding.spots[:most])
    rest = len(finding.spots) - most
    return f"{named}; {_MORE.say(lang, {'count': str(rest)})}" if rest > 0 else named


def spot_text(spot: Spot, kind: Kind, lang: Language) -> str:
    """One place: the file's name, the page, and what is there."""
    where, detail = _where(spot, lang), spot.detail
    if spot.other is not None:
        detail = _where(spot.other, lang)
    if kind == "rejected" and detail in REJECTIONS:
        detail = REJECTIONS[detail].say(lang, {"detail": "…"}).replace(" (…)", "").split(".")[0]
    return f"{where} ({detail})" if detail else where


def _where(spot: Spot, lang: Language) -> str:
    said = {"file": PurePath(spot.path).name, "page": str(spot.page)}
    return _PAGE.say(lang, said) if spot.page is not None else said["file"]
