"""From confirmed answers to lines to learn from: the ink of each, cut from its stored page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from scanform.errors import StoreError
from scanform.fields.interface import FieldKind
from scanform.learn.confirmed import Confirmed
from scanform.learn.lesson import FormLine
from scanform.model.record import Record
from scanform.model.scan import Quality, Sheet
from scanform.model.template import Template
from scanform.page.crop import crop
from scanform.page.encode import decode_sheet
from scanform.page.reference import Reference
from scanform.recognise.lines import clean_lines
from scanform.store.interface import Store

Images = Callable[[str], bytes]
References = Callable[[Template], Mapping[int, Reference]]
QUALITY = Quality(0.0, 0.0, 0.0, 300.0, 0.0, "stored")
"""Of a stored page: it was measured when the page was read."""


def lines_of(
    found: Sequence[Confirmed],
    store: Store,
    images: Images,
    template_of: Callable[[str, int], Template],
    references: References,
    kinds: Mapping[str, FieldKind],
) -> Iterator[FormLine]:
    """The lines of text among the answers, form by form. An answer over several lines is left out,
    since nobody said which words stand in which; a blank is learnt where there is ink all the
    same."""
    by_record: defaultdict[str, list[Confirmed]] = defaultdict(list)
    for each in found:
        by_record[each.record].append(each)
    shut: list[StoreError] = []
    count = 0
    for record_id, answers in by_record.items():
        record = store.record(record_id)
        template = template_of(record.template, record.revision)
        wanted = [
            each
            for each in answers
            if kinds[template.field(each.field).handled_by].reader == "text"
        ]
        for line in _of_record(record, template, wanted, _noting(images, shut), references):
            count += 1
            yield line
    if shut and not count:  # not one page could be opened: the key is missing, say
        raise shut[-1]


def _noting(images: Images, shut: list[StoreError]) -> Images:
    def opened(image: str) -> bytes:
        try:
            return images(image)
        except StoreError as error:
            shut.append(error)
            raise

    return opened


def _of_record(
    record: Record,
    template: Template,
    wanted: Sequence[Confirmed],
    images: Images,
    references: References,
) -> Iterator[FormLine]:
    sheets: dict[int, Sheet | None] = {}
    for each in wanted:
        field = template.field(each.field)
        if field.page not in sheets:
            sheets[field.page] = _sheet(record, template, field.page, images)
        sheet = sheets[field.page]
        reference = references(template).get(field.page)
        if sheet is None or reference is None:
            continue
        lines = clean_lines(crop(sheet, field, reference.blank)).images
        if len(lines) == 1:
            yield FormLine(record.id, field.kind, lines[0], each.value or "")


def _sheet(record: Record, template: Template, page: int, images: Images) -> Sheet | None:
    ref = next((each for each in record.sheets if each.page == page), None)
    if ref is None:
        return None
    try:
        return Sheet(decode_sheet(images(ref.image)), template.ref, page, QUALITY)
    except (StoreError, ValueError):  # erased, or damaged: `scanform verify` tells of it
        return None
