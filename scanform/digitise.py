"""From pages to records: the use-case that everything else serves.

``read_pages`` runs in a worker, on pages of any scan; ``FormAssembler`` runs in the parent and
puts the pages of one respondent together. Neither writes anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanform.fields import policy, rules
from scanform.fields.calibration import calibrated, measured
from scanform.fields.confirm import confirmed
from scanform.fields.interface import FieldKind, ReaderName
from scanform.model.draw import chosen
from scanform.model.reading import Crop, Reading
from scanform.model.record import TO_KEY, Answer, Doubt, Record, SheetRef, record_id
from scanform.model.scan import FieldFit, Page, Quality, Rejected, ScanFile, Sheet
from scanform.model.template import Field, Template
from scanform.page.cover import batch_on
from scanform.page.crop import crop
from scanform.page.cropquality import crop_figures
from scanform.page.encode import encode_sheet
from scanform.page.fieldfit import is_misaligned
from scanform.page.misfit import Misfit
from scanform.page.place import place
from scanform.page.quality import is_blank
from scanform.page.reference import Reference
from scanform.recognise.interface import Recogniser

TO_TYPE = Doubt("not_read")
"""The doubt of an answer that nothing read: it is typed from its picture."""
MISALIGNED_CONFIDENCE = 0.5
"""An answer is no surer than this where the print around its field isn't as it should be."""


@dataclass(frozen=True, slots=True, eq=False)
class Toolbox:
    """What a worker reads pages with."""

    references: Sequence[Reference]
    recognisers: Mapping[ReaderName, Recogniser]
    kinds: Mapping[str, FieldKind]
    keyed: bool = False
    """Whether nothing is read at all: people type every answer from its picture."""

    def reads(self, field: Field) -> bool:
        return not (self.keyed or field.keyed)


@dataclass(frozen=True, slots=True, eq=False)
class FormPage:
    """A page that was read: ``number`` in its scan, ``page`` of its template.

    ``image`` is the page in template space, encoded, to be stored.
    """

    number: int
    template: str
    page: int
    image: bytes
    quality: Quality
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class BlankPage:
    """The empty back of a form, or a ``separator``: a batch's cover sheet among the forms."""

    number: int
    separator: bool = False


@dataclass(frozen=True, slots=True)
class RejectedPage:
    number: int
    rejected: Rejected


PageResult = FormPage | BlankPage | RejectedPage


def read_pages(pages: Iterable[Page | RejectedPage], toolbox: Toolbox) -> list[PageResult]:
    """Reads pages, in the order given. Their crops go to the readers in one batch, since a
    reader's start costs more than a field."""
    placed = [page if isinstance(page, RejectedPage) else _place(page, toolbox) for page in pages]
    crops: list[Crop] = []
    for each in placed:
        if isinstance(each, _Placed):
            crops.extend(each.crops)
    readings = iter(_read(crops, toolbox))
    return [
        _form_page(each, readings, toolbox) if isinstance(each, _Placed) else each
        for each in placed
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A page that lies in template space, cut up and not yet read."""

    number: int
    template: Template
    sheet: Sheet
    crops: list[Crop]


def _place(page: Page, toolbox: Toolbox) -> _Placed | BlankPage | RejectedPage:
    if is_blank(page.pixels):
        return BlankPage(page.number)
    sheet = place(page, toolbox.references)
    if isinstance(sheet, Misfit):
        if batch_on(page.pixels, page.dpi):
            return BlankPage(page.number, separator=True)
        rejected = Rejected(
            page.scan.path, page.scan.sha256, page.number, sheet.reason, {"detail": sheet.detail}
        )
        return RejectedPage(page.number, rejected)
    reference = next(
        each
        for each in toolbox.references
        if each.template.ref == sheet.template and each.page == sheet.page
    )
    crops = [
        crop(sheet, asked, reference.blank)
        for asked in reference.template.on_page(sheet.page)
        if toolbox.reads(asked)
    ]
    return _Placed(page.number, reference.template, sheet, crops)


def _read(crops: Sequence[Crop], toolbox: Toolbox) -> list[Reading]:
    """Each crop's reading, in order, every reader asked once."""
    by_reader: dict[ReaderName, list[int]] = defaultdict(list)
    for position, each in enumerate(crops):
        by_reader[toolbox.kinds[each.field.kind].reader].append(position)
    readings: dict[int, Reading] = {}
    for reader, positions in by_reader.items():
        batch = toolbox.recognisers[reader].read([crops[position] for position in positions])
        readings.update(zip(positions, batch, strict=True))
    return [readings[position] for position in range(len(crops))]


def _form_page(placed: _Placed, readings: Iterator[Reading], toolbox: Toolbox) -> FormPage:
    fits = placed.sheet.fields
    of_field = {
        each.field.id: _measured(next(readings), fits.get(each.field.id), each)
        for each in placed.crops
    }
    asked = placed.template.on_page(placed.sheet.page)
    answers: dict[str, Answer] = {}
    for each in _wider_places_first(asked):
        if each.id not in of_field:
            answers[each.id] = Answer(each.id, None, 0.0, "pending", (TO_TYPE,))
            continue
        others = {name: answers[name] for name in each.within if name in answers}
        answer = toolbox.kinds[each.kind].answer(each, of_field[each.id], others)
        answers[each.id] = _doubted(answer, fits.get(each.id))
    return FormPage(
        number=placed.number,
        template=placed.template.ref,
        page=placed.sheet.page,
        image=encode_sheet(placed.sheet.pixels),
        quality=placed.sheet.quality,
        answers=tuple(answers[each.id] for each in asked),
    )


def _measured(reading: Reading, fit: FieldFit | None, crop: Crop) -> Reading:
    """The reading with the figures of its crop and of how its field lies."""
    figures = dict(crop_figures(crop))
    if fit is not None:
        figures |= {"field_residual_mm": fit.residual_mm, "field_support": fit.support}
    return replace(reading, measures={**reading.measures, **figures})


def _doubted(answer: Answer, fit: FieldFit | None) -> Answer:
    if fit is None or not is_misaligned(fit):
        return answer
    detail = f"{fit.support:.0%}, {fit.residual_mm:.1f} mm"
    return answer.doubted(Doubt("misaligned_field", detail), MISALIGNED_CONFIDENCE)


def _wider_places_first(fields: Sequence[Field]) -> list[Field]:
    """Fields in an order in which each comes after those it lies within."""
    waiting = {each.id: each for each in fields}
    ordered: list[Field] = []

    def visit(each: Field) -> None:
        if waiting.pop(each.id, None) is None:
            return
        for name in each.within:
            if name in waiting:
                visit(waiting[name])
        ordered.append(each)

    for each in fields:
        visit(each)
    return ordered


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """Pages that belong together and the record they make (none for a blank or rejected page)."""

    pages: tuple[PageResult, ...]
    record: Record | None


@dataclass(slots=True)
class FormAssembler:
    """Puts the pages of one scan together into forms. Feed it pages in the scan's order.

    Pages of one respondent lie side by side: a page that was rejected, or one of another form,
    parts them, as a cover sheet does; a blank back doesn't. ``respondents`` says which belong
    together. What is missing is doubted, not guessed. ``store_image`` keeps a page image and
    returns its name; ``bounds`` say what is accepted.
    """

    scan: ScanFile
    templates: Mapping[str, Template]
    store_image: Callable[[bytes], str]
    bounds: policy.Bounds = field(default_factory=policy.Bounds)
    _open: list[FormPage] = field(default_factory=list)

    def feed(self, result: PageResult) -> Iterator[Assembled]:
        if not isinstance(result, FormPage):
            if not isinstance(result, BlankPage) or result.separator:
                yield from self.finish()
            yield Assembled((result,), None)
            return
        if self._open and result.template != self._open[0].template:
            yield from self.finish()
        self._open.append(result)
        whole = range(1, self.templates[result.template].pages + 1)
        if [each.page for each in self._open] == [*whole]:
            yield from self.finish()

    def finish(self) -> Iterator[Assembled]:
        """Call after the scan's last page."""
        waiting, self._open = self._open, []
        if not waiting:
            return
        whole = self.templates[waiting[0].template].pages
        for size in respondents([each.page for each in waiting], whole):
            yield self._close(tuple(waiting[:size]))
            del waiting[:size]

    def _close(self, pages: tuple[FormPage, ...]) -> Assembled:
        template = self.templates[pages[0].template]
        sheets = tuple(
            SheetRef(each.page, each.number, self.store_image(each.image), each.quality)
            for each in pages
        )
        answers = _answers(template, pages, self.bounds[template.id])
        record = _record(self.scan, template, pages[0].number, answers, sheets)
        return Assembled(pages, _keyed_twice(template, record))


def respondents(pages: Sequence[int], whole: int) -> list[int]:
    """How many of ``pages``, which lie side by side, belong to each respondent in turn. A form
    has the pages 1 to ``whole``.

    Pages go up, and where they don't, the next respondent begins. Only where another grouping
    gives more whole forms, and just one does, are pages taken out of order: a stack that was fed
    from its end, or one form laid in backwards.
    """
    groups, ways = _most_whole(pages, whole)
    usual = _going_up(pages)
    if ways > 1 or _whole_forms(pages, usual, whole) == _whole_forms(pages, groups, whole):
        return usual
    return groups


def _going_up(pages: Sequence[int]) -> list[int]:
    sizes: list[int] = []
    for position, page in enumerate(pages):
        if position and page > pages[position - 1]:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return sizes


def _whole_forms(pages: Sequence[int], sizes: Sequence[int], whole: int) -> int:
    starts = (sum(sizes[:k]) for k in range(len(sizes)))
    groups = (pages[start : start + size] for start, size in zip(starts, sizes, strict=True))
    return sum(sorted(group) == [*range(1, whole + 1)] for group in groups)


def _most_whole(pages: Sequence[int], whole: int) -> tuple[list[int], int]:
    """The grouping with the most whole forms, and how many groupings have as many."""
    # Of the first k pages: the number of whole forms, of ways to it, and where each of them ends.
    best: list[tuple[int, int, tuple[int, ...]]] = [(0, 1, ())]
    for end in range(1, len(pages) + 1):
        count, ways, ends = best[-1]
        if end >= whole and {*pages[end - whole : end]} == {*range(1, whole + 1)}:
            other, other_ways, other_ends = best[end - whole]
            if other + 1 > count:
                count, ways, ends = other + 1, other_ways, (*other_ends, end)
            elif other + 1 == count:
                ways += other_ways
        best.append((count, ways, ends))
    _, ways, ends = best[-1]
    sizes: list[int] = []
    done = 0
    for end in ends:
        sizes += [*_going_up(pages[done : end - whole]), whole]
        done = end
    return [*sizes, *_going_up(pages[done:])], ways


def _answers(
    template: Template, pages: Sequence[FormPage], bound: policy.Bound
) -> tuple[Answer, ...]:
    """All answers of the form, checked against each other, in the template's order."""
    answers = {answer.field: answer for page in pages for answer in page.answers}
    for asked in template.fields:
        if asked.id not in answers:
            answers[asked.id] = Answer(asked.id, None, 0.0, "pending", (Doubt("page_missing"),))
    in_order = tuple(answers[asked.id] for asked in template.fields)
    checked = rules.check(template, _calibrated(template, in_order))
    return tuple(
        policy.judged(answer, asked, bound, template.calibration)
        for answer, asked in zip(checked, template.fields, strict=True)
    )


def _calibrated(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers with the chance that their figures have meant, the rules' word taken in."""
    agreed = confirmed(template, answers)
    return tuple(
        calibrated(
            measured(answer, {"confirmed": float(agreed.get(asked.id, 0))}),
            asked.kind,
            template.calibration,
        )
        for answer, asked in zip(answers, template.fields, strict=True)
    )


def _keyed_twice(template: Template, record: Record) -> Record:
    """The record with the answers waiting of which the template has two people type what they
    see; which ones of a share, hangs on the record alone."""
    answers = tuple(
        replace(answer, state="pending", doubts=(TO_KEY, *answer.doubts))
        if asked.second_keying and chosen(0, asked.second_keying, record.id, asked.id)
        else answer
        for answer, asked in zip(record.answers, template.fields, strict=True)
    )
    return replace(record, answers=answers)


def _record(
    scan: ScanFile,
    template: Template,
    first: int,
    answers: tuple[Answer, ...],
    sheets: tuple[SheetRef, ...],
) -> Record:
    """``first`` is the page of the scan that the form begins on."""
    return Record(
        id=record_id(scan.sha256, first, template.ref),
        template=template.id,
        revision=template.revision,
        scan_path=str(scan.path),
        scan_sha256=scan.sha256,
        scan_page=first,
        answers=answers,
        sheets=sheets,
    )
