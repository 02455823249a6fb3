"""From pages to answers, in a worker: pages are laid on their form, cut up and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanform.digitise.results import BlankPage, FormPage, PageResult, RejectedPage
from scanform.fields.interface import FieldKind, ReaderName
from scanform.model.reading import Crop, Reading
from scanform.model.record import Answer, Doubt
from scanform.model.scan import TORN, FieldFit, Page, Rejected, Sheet
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
from scanform.recognise.interface import Recogniser, read_each

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
    reader's start costs more than a field."""
    placed = [page if isinstance(page, RejectedPage) else _place(page, toolbox) for page in pages]
    crops: list[Crop] = []
    for each in placed:
        if isinstance(each, _Placed):
            crops.extend(each.crops)
    readings = iter(read_each(crops, toolbox.kinds, toolbox.recognisers))
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
    crops = [
        crop(sheet, asked, reference.blank)
        for asked in reference.template.on_page(sheet.page)
        if toolbox.reads(asked)
    ]
    return _Placed(page.number, reference.template, sheet, crops)


def _rejected(page: Page, reason: str, detail: str) -> RejectedPage:
    told = Rejected(page.scan.path, page.scan.sha256, page.number, reason, {"detail": detail})
    return RejectedPage(page.number, told)


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
        answer = toolbox.kinds[each.handled_by].answer(each, of_field[each.id], others)
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
