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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from scanform.digitise.anew import as_it_lies, measured_as_before, stored_sheet
from scanform.digitise.forms import checked
from scanform.fields.calibration import features, sort_of
from scanform.fields.fitting import Sample
from scanform.fields.interface import ReaderName
from scanform.fields.learnt import model_of, scales_of
from scanform.learn.confirmed import Confirmed
from scanform.learn.gather import Books
from scanform.model.calibration import Calibration, reader_name
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
    firsts = _firsts(
        by_record, sorted(by_record), books, lambda _, f: books.reader_of(f) in readers
    )
    chosen = [*enumerate(islice(firsts, MOST_FORMS))]
    samples: list[Sample] = []
    fields: dict[tuple[str, str], Field] = {}
    own: dict[str, Calibration] = {}
    for start in range(0, len(chosen), FORMS_AT_ONCE):
        part = chosen[start : start + FORMS_AT_ONCE]
        opened = [(number, one, cut) for number, one in part if (cut := _cut(one, books, readers))]
        crops = [each for _, _, cut in opened for each in cut]
        readings = iter(read_each(crops, books.kinds, readers))
        for number, one, cut in opened:
            answers = _answers(one, cut, [next(readings) for _ in cut], books)
            anew = {each.field.id for each in cut}
            samples += _samples(one, [each for each in answers if each.field in anew], number)
            fields |= {(one.template.id, each.field.id): each.field for each in cut}
            own |= _own(one.template)
        told((part[-1][0] + 1) / len(chosen))
    return Sampled(tuple(samples), fields, own)


def samples_before(found: Sequence[Confirmed], books: Books) -> Sampled:
    """A sample of each confirmed answer as a model of before first read it, the latest last.
    Readers as shipped are left out: what their figures mean is known."""
    by_record = _by_record(found)
    latest = {name: max(each.at for each in said.values()) for name, said in by_record.items()}
    order = sorted(by_record, key=lambda name: (latest[name], name), reverse=True)
    firsts = _firsts(
        by_record, order, books, lambda reading, _: model_of(reading.reader) is not None
    )
    by_form: list[list[Sample]] = []
    fields: dict[tuple[str, str], Field] = {}
    own: dict[str, Calibration] = {}
    for number, one in enumerate(islice(firsts, MOST_BEFORE)):
        by_form.append([*_samples(one, one.record.answers, number)])
        fields |= {(one.template.id, name): one.template.field(name) for name in one.said}
        own |= _own(one.template)
    return Sampled(tuple(chain(*reversed(by_form))), fields, own)


def _own(template: Template) -> Mapping[str, Calibration]:
    return {} if template.calibration is None else {template.id: template.calibration}


def _by_record(found: Sequence[Confirmed]) -> Mapping[str, Mapping[str, Confirmed]]:
    by_record: defaultdict[str, dict[str, Confirmed]] = defaultdict(dict)
    for each in found:
        by_record[each.record][each.field] = each
    return by_record


@dataclass(frozen=True, slots=True, eq=False)
class _First:
    """A form as it was first read, and what people said of those of its answers that count."""

    record: Record
    template: Template
    said: Mapping[str, Confirmed]


def _firsts(
    by_record: Mapping[str, Mapping[str, Confirmed]],
    order: Iterable[str],
    books: Books,
    counts: Callable[[Reading, Field], bool],
) -> Iterator[_First]:
    """The forms of which any answer counts, one after another."""
    for name in order:
        record = books.store.record_at(name, 0)
        template = books.template_of(record.template, record.revision)
        said = {
            each.field: by_record[name][each.field]
            for each in record.answers
            if each.field in by_record[name]
            and each.reading is not None
            and _all_looked_at(each.reading)
            and counts(each.reading, template.field(each.field))
        }
        if said:
            yield _First(record, template, said)


def _all_looked_at(first: Reading) -> bool:
    """Whether what so came in was judged by the usual scales alone, which leave it to people."""
    made = scales_of(first.reader)
    return made is None or all(name != reader_name(first.reader) for _, name in made.scales)


def _cut(one: _First, books: Books, readers: Readers) -> list[Crop]:
    """The crops of the form that are read anew."""
    sheets: dict[int, Sheet | None] = {}
    references = books.references(one.template)
    crops = []
    for answer in one.record.answers:
        field = one.template.field(answer.field)
        if answer.reading is None or books.reader_of(field) not in readers:
            continue
        if field.page not in sheets:
            sheets[field.page] = stored_sheet(one.record, one.template, field.page, books.images)
        sheet = sheets[field.page]
        if sheet is not None and field.page in references:
            crops.append(crop(sheet, field, references[field.page].blank))
    return crops


def _answers(
    one: _First, crops: Sequence[Crop], readings: Sequence[Reading], books: Books
) -> tuple[Answer, ...]:
    """The form's answers as a run would give them with these readings."""
    standing = {answer.field: answer for answer in one.record.answers}
    for each, reading in zip(crops, readings, strict=True):
        before = standing[each.field.id]
        whole = measured_as_before(reading, before)
        others = {name: standing[name] for name in each.field.within if name in standing}
        answer = books.kinds[each.field.handled_by].answer(each.field, whole, others)
        standing[each.field.id] = as_it_lies(answer, before)
    return checked(one.template, tuple(standing[a.field] for a in one.record.answers))


def _samples(one: _First, answers: Iterable[Answer], number: int) -> Iterator[Sample]:
    """Of those answers the ones that count; ``number`` is the form's."""
    for answer in answers:
        if answer.field in one.said and answer.reading is not None:
            kind = one.template.field(answer.field).handled_by
            yield Sample(
                sort_of(answer, kind),
                answer.reading.reader,
                features(answer, kind),
                answer.value == one.said[answer.field].value,
                (one.template.id, kind),
                number,
                answer.field,
            )
