"""From answers to records, in the parent: the pages of one respondent are put together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanform.digitise.grouping import respondents
from scanform.digitise.results import BlankPage, FormPage, PageResult
from scanform.fields import policy, rules
from scanform.fields.calibration import calibrated
from scanform.fields.confirm import confirmed
from scanform.fields.same_hamlet import named_alike
from scanform.fields.together import decoded
from scanform.fields.writing import doubted_by_writing
from scanform.model.draw import chosen
from scanform.model.record import TO_KEY, Answer, Doubt, Record, SheetRef, record_id
from scanform.model.scan import ScanFile
from scanform.model.template import Template


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


def _answers(
    template: Template, pages: Sequence[FormPage], bound: policy.Bound
) -> tuple[Answer, ...]:
    """All answers of the form, checked against each other, in the template's order."""
    answers = {answer.field: answer for page in pages for answer in page.answers}
    for asked in template.fields:
        if asked.id not in answers:
            answers[asked.id] = Answer(asked.id, None, 0.0, "pending", (Doubt("page_missing"),))
    in_order = tuple(answers[asked.id] for asked in template.fields)
    return tuple(
        policy.judged(answer, asked, bound, template.calibration)
        for answer, asked in zip(checked(template, in_order), template.fields, strict=True)
    )


def checked(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers of a whole form, in the template's order, combs decoded together, as sure as
    their figures make them and doubted where a rule objects; not yet held to a bound."""
    together = named_alike(template, decoded(template, answers))
    return rules.check(template, doubted_by_writing(template, _calibrated(template, together)))


def _calibrated(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers with the chance that their figures have meant, the rules' word taken in."""
    agreed = confirmed(template, answers)
    return tuple(
        calibrated(answer, asked.handled_by, template.calibration, agreed.get(asked.id, 0))
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
