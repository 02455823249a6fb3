"""Forms held apart, read by the readers that a lesson made, beside what people said of them.

Every line and comb of a form is read, and its answers are held to each other as a run holds them,
since a figure of one answer may hang on another's; what people confirmed is looked up only then.

What the models of before read when a form came in is proof as well, and costs no reading: none of
them had learnt from that form, since nobody had looked at it yet.

Only answers count of which people looked at all that the usual scales left waiting. Once a model
has a scale of its own, what waits is the worst of them, and would prove nothing of the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanform.digitise.anew import as_it_lies, measured_as_before, stored_sheet
from scanform.digitise.forms import checked
from scanform.fields.calibration import features, sort_of
from scanform.fields.fitting import Sample
from scanform.fields.interface import ReaderName
from scanform.fields.learnt import model_of, scales_of
from scanform.learn.confirmed import Confirmed
from scanform.learn.gather import Books
from scanform.model.calibration import Calibration
from scanform.model.reading import Crop, Reading
from scanform.model.record import Answer, Record
from scanform.model.scan import Sheet
from scanform.model.template import Field, Template
from scanform.page.crop import crop
from scanform.recognise.interface import Recogniser, read_each

FORMS_AT_ONCE = 8
"""Forms whose crops go to a reader in one call: its start costs more than a field."""
MOST_FORMS = 1500
"""More forms prove little more and take their time (a second each)."""
MOST_BEFORE = 6000
"""Of forms read before, the latest: readers get better, and hands change."""

Readers = Mapping[ReaderName, Recogniser]
"""By the sort of reading; fields that are read by others keep what was read."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Samples, whose first stratum is the template, the field of each template and id, and the
    calibration of each template that has its ``own``."""

    samples: tuple[Sample, ...]
    fields: Mapping[tuple[str, str], Field]
    own: Mapping[str, Calibration]


def samples_of(
    found: Sequence[Confirmed],
    books: Books,
    readers: Readers,
    told: Callable[[float], None] = lambda _share: None,
) -> Sampled:
    """A sample of each confirmed answer that these readers read anew, on its whole form."""
    by_record = _by_record(found)
    chosen = sorted(by_record)[:MOST_FORMS]
    samples: list[Sample] = []
    fields: dict[tuple[str, str], Field] = {}
    own: dict[str, Calibration] = {}
    for start in range(0, len(chosen), FORMS_AT_ONCE):
        part = [*enumerate(chosen)][start : start + FORMS_AT_ONCE]
        opened = [(number, one) for number, name in part if (one := _opened(name, books, readers))]
        crops = [each for _, one in opened for each in one.crops]
        readings = iter(read_each(crops, books.kinds, readers))
        for number, one in opened:
            answers = _answers(one, [next(readings) for _ in one.crops], books)
            samples += _samples(one, answers, by_record[one.record.id], number)
            fields |= {(one.template.id, each.field.id): each.field for each in one.crops}
            own |= _own(one.template)
        told((part[-1][0] + 1) / len(chosen))
    return Sampled(tuple(samples), fields, own)


def samples_before(found: Sequence[Confirmed], books: Books) -> Sampled:
    """A sample of each confirmed answer as a model of before first read it. Readers as shipped are
    left out: what their figures mean is known."""
    by_record = _by_record(found)
    latest = {name: max(each.at for each in said.values()) for name, said in by_record.items()}
    chosen = sorted(by_record, key=lambda name: (latest[name], name))[-MOST_BEFORE:]
    samples: list[Sample] = []
    fields: dict[tuple[str, str], Field] = {}
    own: dict[str, Calibration] = {}
    for number, name in enumerate(chosen):
        record = books.store.record_at(name, 0)
        template = books.template_of(record.template, record.revision)
        for answer in record.answers:
            said = by_record[name].get(answer.field)
            reading = answer.reading
            if said is None or reading is None or model_of(reading.reader) is None:
                continue  # nobody said anything of it, or no model read it
            if not _all_looked_at(answer, template):
                continue
            samples.append(_sample(answer, reading.reader, template, said, number))
            fields[template.id, answer.field] = template.field(answer.field)
            own |= _own(template)
    return Sampled(tuple(samples), fields, own)


def _all_looked_at(first: Answer, template: Template) -> bool:
    """Whether the answer, as it came in, was judged by the usual scales alone."""
    reader = first.reading.reader if first.reading else ""
    made = scales_of(reader)
    kind = template.field(first.field).handled_by
    return made is None or made.scale_of(sort_of(first, kind), reader) is None


def _own(template: Template) -> Mapping[str, Calibration]:
    return {} if template.calibration is None else {template.id: template.calibration}


def _by_record(found: Sequence[Confirmed]) -> Mapping[str, Mapping[str, Confirmed]]:
    by_record: defaultdict[str, dict[str, Confirmed]] = defaultdict(dict)
    for each in found:
        by_record[each.record][each.field] = each
    return by_record


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A form as it was first read, and the crops that are read anew."""

    record: Record
    template: Template
    crops: tuple[Crop, ...]


def _opened(record_id: str, books: Books, readers: Readers) -> _Opened | None:
    record = books.store.record_at(record_id, 0)
    template = books.template_of(record.template, record.revision)
    sheets: dict[int, Sheet | None] = {}
    references = books.references(template)
    crops = []
    for answer in record.answers:
        field = template.field(answer.field)
        if answer.reading is None or books.reader_of(field) not in readers:
            continue
        if field.page not in sheets:
            sheets[field.page] = stored_sheet(record, template, field.page, books.images)
        sheet = sheets[field.page]
        if sheet is not None and field.page in references:
            crops.append(crop(sheet, field, references[field.page].blank))
    return _Opened(record, template, tuple(crops)) if crops else None


def _answers(one: _Opened, readings: Sequence[Reading], books: Books) -> tuple[Answer, ...]:
    """The form's answers as a run would give them with these readings."""
    standing = {answer.field: answer for answer in one.record.answers}
    for each, reading in zip(one.crops, readings, strict=True):
        before = standing[each.field.id]
        whole = measured_as_before(reading, before)
        others = {name: standing[name] for name in each.field.within if name in standing}
        answer = books.kinds[each.field.handled_by].answer(each.field, whole, others)
        standing[each.field.id] = as_it_lies(answer, before)
    return checked(one.template, tuple(standing[a.field] for a in one.record.answers))


def _samples(
    one: _Opened, answers: Sequence[Answer], said: Mapping[str, Confirmed], number: int
) -> Iterator[Sample]:
    first = {each.field: each for each in one.record.answers}
    anew = {
        each.field.id for each in one.crops if _all_looked_at(first[each.field.id], one.template)
    }
    for answer in answers:
        if answer.field not in anew or answer.field not in said or answer.reading is None:
            continue
        yield _sample(answer, answer.reading.reader, one.template, said[answer.field], number)


def _sample(
    answer: Answer, reader: str, template: Template, said: Confirmed, number: int
) -> Sample:
    kind = template.field(answer.field).handled_by
    right = answer.value == said.value
    among = (template.id, kind)
    figures = features(answer, kind)
    return Sample(sort_of(answer, kind), reader, figures, right, among, number, answer.field)
