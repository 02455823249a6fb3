"""From confirmed answers to what is learnt: the ink of each, cut from its stored page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanform.digitise.anew import stored_sheet
from scanform.errors import StoreError
from scanform.fields.interface import FieldKind, ReaderName
from scanform.learn.cells import Cell, cells_in
from scanform.learn.confirmed import Confirmed
from scanform.learn.lesson import FormLine
from scanform.learn.priors import Written
from scanform.learn.whole_forms import drawn, fitting
from scanform.model.reading import Crop
from scanform.model.scan import Sheet
from scanform.model.template import Field, Template
from scanform.page.crop import crop
from scanform.page.reference import Reference
from scanform.recognise.lines import clean_lines
from scanform.store.interface import Store

ANSWERS_A_MINUTE = 150
"""A fifth of them are of forms held apart; the rest are gone over twice by one core."""
LEAST_ANSWERS = 600
MOST_ANSWERS = 6000
"""Their lines lie in memory while they are learnt: 70 KB each."""

Images = Callable[[str], bytes]
TemplateOf = Callable[[str, int], Template]
References = Callable[[Template], Mapping[int, Reference]]


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """Where records, their pages and their empty forms are."""

    store: Store
    images: Images
    template_of: TemplateOf
    references: References
    kinds: Mapping[str, FieldKind]

    def reader_of(self, field: Field) -> ReaderName:
        return self.kinds[field.handled_by].reader

    def field_of(self, answer: Confirmed) -> Field:
        return self.template_of(*answer.template).field(answer.field)

    def learnable(self, answer: Confirmed) -> bool:
        """Whether it was read from lines of text or from cells of digits."""
        field = self.field_of(answer)
        return self.reader_of(field) == ("digits" if field.cells else "text")


@dataclass(frozen=True, slots=True)
class Material:
    """What is learnt from: lines of text, characters in the cells of combs. ``left``: answers
    that could be learnt and that there was no room for tonight."""

    lines: tuple[FormLine, ...]
    cells: tuple[Cell, ...] = ()
    left: int = 0


def answers_in(minutes: float) -> int:
    """How many answers a night of so many minutes can learn."""
    return max(LEAST_ANSWERS, min(MOST_ANSWERS, round(ANSWERS_A_MINUTE * minutes)))


def for_one_night(answers: Sequence[Confirmed], most: int, seed: int) -> list[Confirmed]:
    """Of the answers ``most``, whole forms: one half those that came in last, which no lesson has
    seen and whose hands are those to come, the other half drawn with the seed from all before, lest
    they be unlearnt."""
    if len(answers) <= most:
        return [*answers]
    sizes = Counter(each.record for each in answers)
    latest = {each.record: each.at for each in sorted(answers, key=lambda each: each.at)}
    order = sorted(sizes, key=lambda record: (latest[record], record), reverse=True)
    new = fitting(order, sizes, most // 2)
    room = most - sum(sizes[each] for each in new)
    chosen = {*new, *fitting(drawn({*order} - {*new}, seed), sizes, room)}
    return [each for each in answers if each.record in chosen]


def written_on(found: Sequence[Confirmed], books: Books) -> Iterator[Written]:
    """What people said stands in lines of text, whether it is learnt tonight or not."""
    for each in found:
        field = books.field_of(each)
        if each.value and books.reader_of(field) == "text" and not field.cells:
            yield Written(each.record, field.handled_by, each.value)


def material_of(found: Sequence[Confirmed], books: Books) -> Material:
    """Lines and cells of answers that can be learnt, form by form. An answer over several lines is
    left out, since nobody said which words stand in which; a blank is learnt where there is ink all
    the same. Raises ``StoreError`` where not one page could be opened."""
    lines: list[FormLine] = []
    cells: list[Cell] = []
    for each, cut in _crops(found, books):
        if cut.field.cells:
            cells += cells_in(cut, each.record, each.value)
        else:
            images = clean_lines(cut).images
            if len(images) == 1:
                lines.append(
                    FormLine(each.record, cut.field.handled_by, images[0], each.value or "")
                )
    return Material(tuple(lines), tuple(cells))


def _crops(found: Sequence[Confirmed], books: Books) -> Iterator[tuple[Confirmed, Crop]]:
    """The answers, cut out."""
    by_record: defaultdict[str, list[Confirmed]] = defaultdict(list)
    for each in found:
        by_record[each.record].append(each)
    shut: list[StoreError] = []
    images = _noting(books.images, shut)
    opened = False
    for record_id, answers in by_record.items():
        record = books.store.record(record_id)
        template = books.template_of(record.template, record.revision)
        sheets: dict[int, Sheet | None] = {}
        for each in answers:
            field = template.field(each.field)
            if field.page not in sheets:
                sheets[field.page] = stored_sheet(record, template, field.page, images)
            sheet = sheets[field.page]
            reference = books.references(template).get(field.page)
            if sheet is not None and reference is not None:
                opened = True
                yield each, crop(sheet, field, reference.blank)
    if shut and not opened:  # not one page could be opened: the key is missing, say
        raise shut[-1]


def _noting(images: Images, shut: list[StoreError]) -> Images:
    def opened(image: str) -> bytes:
        try:
            return images(image)
        except StoreError as error:
            shut.append(error)
            raise

    return opened
