"""From pages to answers, in a worker: pages are laid on their form, cut up and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanform.digitise.results import BlankPage, FormPage, PageResult, RejectedPage
from scanform.fields.interface import FieldKind, ReaderName
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.scan import TORN, FieldFit, Page, Quality, Rejected
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
from scanform.recognise.interface import Gathering, Recogniser

TO_TYPE = Doubt("not_read")
"""The doubt of an answer that nothing read: it is typed from its picture."""
MISALIGNED = "misaligned_field"
"""The code of the doubt that the print around an answer's field isn't as it should be."""
PAGE_FIGURES = frozenset({"foreign", "contrast", "framed", "field_residual_mm", "field_support"})
"""Measures of an answer's reading that no reader gives: its crop's, and how its field lies."""
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


def read_pages(pages: Iterable[Page | RejectedPage], toolbox: Toolbox) -> list[PageResult]:
    """Reads pages, in the order given. Their crops go to the readers in one batch, since a
    reader's start costs more than a field; all else is done with a page before the next is taken,
    so that one at a time is held in memory."""
    gathering = Gathering(toolbox.kinds, toolbox.recognisers)
    placed = [
        page if isinstance(page, RejectedPage) else _place(page, toolbox, gathering)
        for page in pages
    ]
    readings = iter(gathering.read())
    return [
        _form_page(each, readings, toolbox) if isinstance(each, _Placed) else each
        for each in placed
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A page that lay in template space and was cut up: what is kept of it until it is read.
    ``figures``: of each crop that was given to a reader, by its field's id, in that order."""

    number: int
    template: Template
    page: int
    image: bytes
    quality: Quality
    fits: Mapping[str, FieldFit]
    figures: Mapping[str, Mapping[str, float]]


def _place(
    page: Page, toolbox: Toolbox, gathering: Gathering
) -> _Placed | BlankPage | RejectedPage:
    if is_blank(page.pixels):
        return _rejected(page, "damaged", TORN) if page.torn else BlankPage(page.number)
    sheet = place(page, toolbox.references)
    if isinstance(sheet, Misfit):
        if batch_on(page.pixels, page.dpi):
            return BlankPage(page.number, separator=True)
        if page.torn:  # nobody knows what it would have been whole
            return _rejected(page, "damaged", TORN)
        return _rejected(page, sheet.reason, sheet.detail)
    reference = next(
        each
        for each in toolbox.references
        if each.template.ref == sheet.template and each.page == sheet.page
    )
    figures: dict[str, Mapping[str, float]] = {}
    for asked in reference.template.on_page(sheet.page):
        if toolbox.reads(asked):
            cut = crop(sheet, asked, reference.blank)
            figures[asked.id] = crop_figures(cut)
            gathering.add(cut)
    return _Placed(
        page.number,
        reference.template,
        sheet.page,
        encode_sheet(sheet.pixels),
        sheet.quality,
        sheet.fields,
        figures,
    )


def _rejected(page: Page, reason: str, detail: str) -> RejectedPage:
    told = Rejected(page.scan.path, page.scan.sha256, page.number, reason, {"detail": detail})
    return RejectedPage(page.number, told)


def _form_page(placed: _Placed, readings: Iterator[Reading], toolbox: Toolbox) -> FormPage:
    fits = placed.fits
    of_field = {
        field: _measured(next(readings), fits.get(field), figures)
        for field, figures in placed.figures.items()
    }
    asked = placed.template.on_page(placed.page)
    answers: dict[str, Answer] = {}
    for each in _wider_places_first(asked):
        if each.id not in of_field:
            answers[each.id] = Answer(each.id, None, 0.0, "pending", (TO_TYPE,))
            continue
        others = {name: answers[name] for name in each.within if name in answers}
        answer = toolbox.kinds[each.handled_by].answer(each, of_field[each.id], others)
        answers[each.id] = _doubted(answer, fits.get(each.id))
    return FormPage(
        number=placed.number,
        template=placed.template.ref,
        page=placed.page,
        image=placed.image,
        quality=placed.quality,
        answers=tuple(answers[each.id] for each in asked),
    )


def _measured(reading: Reading, fit: FieldFit | None, of_crop: Mapping[str, float]) -> Reading:
    """The reading with the figures of its crop and of how its field lies."""
    figures = dict(of_crop)
    if fit is not None:
        figures |= {"field_residual_mm": fit.residual_mm, "field_support": fit.support}
    return replace(reading, measures={**reading.measures, **figures})


def _doubted(answer: Answer, fit: FieldFit | None) -> Answer:
    if fit is None or not is_misaligned(fit):
        return answer
    detail = f"{fit.support:.0%}, {fit.residual_mm:.1f} mm"
    return answer.doubted(Doubt(MISALIGNED, detail), MISALIGNED_CONFIDENCE)


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
