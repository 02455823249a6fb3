"""What ``scanform export`` is asked for: which records, which fields, what is masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

from scanform.cli.known import KnownTemplates
from scanform.errors import UsageError
from scanform.export.mask import LEAST_KEY, Mask, people_fields
from scanform.export.wording import CANT_READ
from scanform.model.campaign import Campaign
from scanform.model.template import Template
from scanform.phrase import Phrase
from scanform.store.interface import Selection, Store
from scanform.tally.choose_unit import spellings

Templates = Mapping[tuple[str, int], Template | None]
"""The template of every revision that records were read with; None where it isn't here."""

_NO_FIELD = Phrase("Không phiếu nào có mục {fields}.", "No record has the field {fields}.")
_THERE = Phrase("Có các mục: {fields}.", "There are: {fields}.")
_NO_KEY = Phrase("--pseudonym cần một khóa.", "--pseudonym needs a key.")
_GIVE_KEY = Phrase("Hãy cho tệp khóa bằng --pseudonymise.", "Give its file with --pseudonymise.")
_NO_TEMPLATE = Phrase(
    "Không rõ mục nào của {templates} nêu tên người: không có mẫu đó ở đây.",
    "Which fields of {templates} name people isn't known: its template isn't here.",
)
_NAME_FIELDS = Phrase(
    "Hãy nêu các mục bằng --pseudonym MỤC, hoặc thư mục của mẫu bằng -t.",
    "Name the fields with --pseudonym FIELD, or the template's folder with -t.",
)
_SHORT = Phrase(
    "{file} có {size} byte; khóa cần ít nhất {least}.",
    "{file} holds {size} bytes; a key has at least {least}.",
)
_MAKE = Phrase(
    "Tạo khóa: python -c 'import secrets; print(secrets.token_hex(32))' > TỆP_KHÓA. "
    "Hãy giữ ở nơi không gửi cùng tệp xuất.",
    "Make one: python -c 'import secrets; print(secrets.token_hex(32))' > KEYFILE. "
    "Keep it where the export doesn't go.",
)


def templates_of(store: Store, template: str | None) -> tuple[str | None, Templates]:
    """The id of the template that was named, by its id or as a folder, and what was read with
    it; of all records where none was named."""
    revisions = store.revisions()
    only = template
    named = template is not None and template not in {name for name, _ in revisions}
    known = KnownTemplates([template] if template and named else [])
    if named:
        only = known.named[0].id
    found: dict[tuple[str, int], Template | None] = {}
    for template_id, revision in revisions:
        if only in (None, template_id):
            try:
                found[template_id, revision] = known(template_id, revision)
            except UsageError:
                found[template_id, revision] = None
    return only, found


def all_fields(store: Store, found: Templates) -> dict[str, None]:
    """Every field that the records may answer, template by template, in the form's order."""
    fields: dict[str, None] = {}
    for (template_id, revision), template in found.items():
        names = (
            [field.id for field in template.fields]
            if template
            # Without its template only the records themselves know, which takes a moment.
            else store.fields(template_id, revision)
        )
        fields.update(dict.fromkeys(names))
    return fields


def known_fields(wanted: Sequence[str], fields: Mapping[str, None]) -> list[str]:
    strange = [each for each in wanted if each not in fields]
    if strange:
        raise UsageError(
            _NO_FIELD.of(fields=", ".join(strange)), _THERE.of(fields=", ".join(fields))
        )
    return list(dict.fromkeys(wanted))


def selection(
    store: Store,
    template: str | None,
    found: Templates,
    units: Sequence[str],
    batches: Sequence[str],
    since: date | None,
    complete: bool,
    campaign: Campaign | None = None,
) -> Selection:
    """What the store is asked for. A unit may be any of the campaign's tree."""
    moment = datetime.combine(since, time.min).astimezone() if since else None
    boxes = frozenset(batches) if batches else None
    if not units:
        return Selection(template, since=moment, complete=complete, batches=boxes)
    unit_fields = {each.id: each.unit for each in found.values() if each and each.unit}
    if campaign is not None:  # it says which field, or the box, tells the unit
        unit_fields |= {t: f for t, f in campaign.unit_fields.items() if template in (None, t)}
    written = [each.unit for each in store.unit_counts(unit_fields) if each.unit]
    values = frozenset().union(*(spellings(unit, written, campaign) for unit in units))
    return Selection(template, values, unit_fields, moment, complete, boxes)


def mask(
    found: Templates,
    fields: Mapping[str, None],
    redact: Sequence[str],
    keyfile: Path | None,
    pseudonyms: Sequence[str],
) -> Mask:
    redacted = frozenset(known_fields(redact, fields))
    if keyfile is None:
        if pseudonyms:
            raise UsageError(_NO_KEY, _GIVE_KEY)
        return Mask(redacted)
    chosen = frozenset(known_fields(pseudonyms, fields))
    if not chosen:
        chosen = frozenset().union(*(people_fields(each) for each in found.values() if each))
        missing = [f"{name}@{revision}" for (name, revision), each in found.items() if not each]
        if missing:
            raise UsageError(_NO_TEMPLATE.of(templates=", ".join(missing)), _NAME_FIELDS)
    return Mask(redacted, chosen - redacted, _key(keyfile))


def _key(file: Path) -> bytes:
    try:
        key = file.read_bytes()
    except OSError as error:
        raise UsageError(CANT_READ.of(file=str(file), why=error.strerror or "?")) from error
    if len(key) < LEAST_KEY:
        raise UsageError(_SHORT.of(file=str(file), size=str(len(key)), least=str(LEAST_KEY)), _MAKE)
    return key
