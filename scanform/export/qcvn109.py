"""The citizen message of QCVN 109:2017/BTTTT in XML: one record, one ``CongDan``.

The ministry's own schema files are not on hand. ``qcvn109.xsd`` beside this module was made from
the documented rules (names and nesting of the elements, code lists as enumerations, dates as
``xsd:date``), and every citizen is checked against it before it is written.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape

from scanform.export.citizen import Citizen, Tree, strangers
from scanform.export.extras import from_extra
from scanform.export.interface import Layout, Tell, Unmapped
from scanform.model.record import Record

if TYPE_CHECKING:
    from lxml.etree import XMLSchema

NAMESPACE = "http://www.mic.gov.vn/dancu/1.0"

_HANOI = timezone(timedelta(hours=7))
_IN_MEMORY = 8 * 1024 * 1024  # bytes
_SPECIAL = re.compile("[&<>\r]")
_RETURN = {"\r": "&#13;"}  # else a parser makes a line feed of it
_XMLNS = f' xmlns="{NAMESPACE}"'


def write_qcvn109(records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell) -> int:
    """See ``export.interface.Exporter``. Returns how many citizens were written."""
    with from_extra("qcvn109"):
        from lxml import etree  # noqa: PLC0415 - only this format needs it
    rules = schema()
    fields = frozenset(layout.fields)
    told: set[tuple[str, str]] = set()
    count = 0
    # The number of citizens stands before the first one, so they wait in a temporary file.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+b") as body:
        for record in records:
            for field in strangers(record, fields):
                if (record.template, field) not in told:
                    told.add((record.template, field))
                    tell(Unmapped("", field, "no_element"))
            tree = Citizen.of(record, fields, tell).tree()
            if not tree:
                continue
            text = _inner(tree)
            if not rules.validate(etree.fromstring(f"<CongDan{_XMLNS}>{text}</CongDan>")):
                tell(Unmapped(record.id, "", "not_valid"))
                continue
            # The root says the namespace once for all.
            body.write(f"<CongDan>{text}</CongDan>\n".encode())
            count += 1
        to.write(_opening(count, layout.moment).encode())
        body.seek(0)
        shutil.copyfileobj(body, to)
        to.write(b"</CongdanCollection>\n")
    return count


def _opening(count: int, moment: datetime | None) -> str:
    at = moment.astimezone(_HANOI).strftime("%Y-%m-%dT%H:%M:%S") if moment else None
    when = f' ThoiDiemDuLieu="{at}"' if at else ""
    start = f'<CongdanCollection{_XMLNS} GhiChu="scanform"{when} SoCongDan="{count}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{start}\n'


def _inner(tree: Tree) -> str:
    # Written as text and parsed again to be checked, which takes half the time of building it.
    return "".join(
        f"<{name}>{_text(inner) if isinstance(inner, str) else _inner(inner)}</{name}>"
        for name, inner in tree
    )


def _text(inner: str) -> str:
    return escape(inner, _RETURN) if _SPECIAL.search(inner) else inner


def schema() -> XMLSchema:
    """The rules of the message, for whoever wants to check a file."""
    with from_extra("qcvn109"):
        from lxml import etree  # noqa: PLC0415
    with (files("scanform.export") / "qcvn109.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))  # nosemgrep: xml-entities - shipped with us
