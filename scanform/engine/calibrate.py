"""Calibrating a form: rehearsed, read as any scan is, and judged by the truth that is known.

Forms are filled and worn as ``rehearse`` does it, saved as files, and read by worker processes
through the same steps as ``scanform run``. What comes back are samples (``fields/fitting.py``),
so a fit can be made again without reading.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scanform.digitise import FormAssembler, PageResult, RejectedPage
from scanform.engine import worker
from scanform.engine.interface import PageJob
from scanform.engine.local import MEMORY_BYTES, LocalEngine
from scanform.fields.calibration import features, sort_of
from scanform.fields.fitting import Sample
from scanform.intake.files import scan_file
from scanform.model.record import Record
from scanform.model.scan import Pixels, Rejected, ScanFile
from scanform.model.template import EmptyForm, Template
from scanform.rehearse import Filled, Plan, files, forms, hands
from scanform.template.blank import pages_to_fill_both_ways

HELD_APART = ("Pangolin", "Sriracha")
"""Hand fonts that no calibration is fitted on, so that honesty can be measured on them."""
SEED = 1_000_000
"""Far from the seeds that people and benchmarks rehearse with."""
WEARS = ("light", "medium", "strong")
FORM_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class FormJob(PageJob):
    """A form to rehearse and read; ``page`` is its number in the calibration."""

    seed: int = 0
    hand: bool = False
    wear: str = "light"
    marks: bool = True

    @property
    def strata(self) -> tuple[str, ...]:
        return ("hand" if self.hand else "print", self.wear)


@dataclass(frozen=True, slots=True)
class FormRead:
    """A form that was read: its samples, or none where the page could not be taken."""

    number: int
    samples: tuple[Sample, ...] | None


def jobs(
    count: int, seed: int, done: Collection[int] = (), typed: bool = False
) -> Iterator[FormJob]:
    """``count`` forms: print and hands by turns (``typed``: print alone), each with every wear; one
    in four is printed without registration marks. ``done`` are the numbers of those read before."""
    for number in range(count):
        if number in done:
            continue
        hand, wear = not typed and number % 2 == 1, WEARS[number // 2 % len(WEARS)]
        name = ScanFile(Path(f"form {number + 1}"), "", 0)
        marks = number // (2 * len(WEARS)) % 4 != 3
        yield FormJob(name, number, seed + number, hand, wear, marks)


def faces_for(hand: str = "auto") -> tuple[hands.Face, ...]:
    """The hand fonts that a calibration writes in: the shipped ones that aren't held apart
    (``auto``), or those of a folder. Raises ``UsageError`` where the folder has none."""
    if hand != "auto":
        return hands.fonts_in(Path(hand))[0]
    return tuple(face for face in hands.shipped() if face.path.stem not in HELD_APART)


def read_forms(
    form: EmptyForm,
    wanted: Iterator[FormJob],
    faces: Sequence[hands.Face],
    workers: int | None = None,
    text_reader: str | None = None,
) -> Iterator[FormRead]:
    """Each filled ``form``, in any order, as soon as it is read."""
    start = partial(_start, text_reader=text_reader, faces=tuple(faces))
    with LocalEngine([form], workers, FORM_SECONDS, MEMORY_BYTES, start=start) as engine:
        for job, result in engine.each(_work, wanted):
            yield FormRead(job.page, None) if isinstance(result, RejectedPage) else result


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """What a worker rehearses with: empty pages with registration marks and without."""

    template: Template
    faces: tuple[hands.Face, ...]
    blanks: Mapping[bool, tuple[Pixels, ...]]


_desk: _Desk | None = None


def _start(
    forms: Sequence[EmptyForm],
    memory_bytes: int,
    text_reader: str | None,
    faces: tuple[hands.Face, ...],
) -> None:
    global _desk  # noqa: PLW0603 - as in worker.py: a worker gets its tools once
    worker.start(forms, memory_bytes, text_reader)
    template = forms[0].template
    _desk = _Desk(template, faces, pages_to_fill_both_ways(forms[0]))


def _work(wanted: Sequence[PageJob]) -> list[FormRead]:
    """The forms of ``wanted``, rehearsed, saved and read in one go."""
    if _desk is None:
        raise RuntimeError("the worker was not started")
    desk = _desk
    asked = [job for job in wanted if isinstance(job, FormJob)]
    with tempfile.TemporaryDirectory(prefix="scanform-calibrate-") as name:
        filled = [_filled(desk, job) for job in asked]
        paths = [
            files.save(each.pages, Path(name) / f"{at}") for at, each in enumerate(filled, start=1)
        ]
        records = read_scans(paths, desk.template, worker.work)
    return [
        FormRead(
            job.page,
            _samples(record, desk.template, form, job),
        )
        for job, form, record in zip(asked, filled, records, strict=True)
    ]


def _filled(desk: _Desk, job: FormJob) -> Filled:
    plan = Plan(1, job.seed, desk.faces if job.hand else (), job.wear, job.marks)
    return next(forms(desk.template, plan, desk.blanks[job.marks]))


def read_scans(
    paths: Sequence[Path],
    template: Template,
    read: Callable[[Sequence[PageJob]], list[PageResult]],
) -> list[Record | None]:
    """The record of each file, which holds one form; None where it could not be taken whole."""
    scans = [scan_file(path) for path in paths]
    pages = range(1, template.pages + 1)
    wanted = [PageJob(s, page) for s in scans if isinstance(s, ScanFile) for page in pages]
    results = iter(read(wanted))
    records: list[Record | None] = []
    # What people are to type twice is read all the same, and that is what is looked at here.
    read_alone = {template.ref: template.read_alone()}
    for scan in scans:
        if isinstance(scan, Rejected):
            records.append(None)
            continue
        assembler = FormAssembler(scan, read_alone, lambda _: "")
        fed = [*(done for _ in pages for done in assembler.feed(next(results)))]
        made = [each.record for each in (*fed, *assembler.finish()) if each.record is not None]
        records.append(made[0] if len(made) == 1 else None)
    return records


def _samples(
    record: Record | None, template: Template, form: Filled, job: FormJob
) -> tuple[Sample, ...] | None:
    if record is None:
        return None
    return samples_of(record, template, form.answers, job.strata, job.page)


def samples_of(
    record: Record,
    template: Template,
    truth: Mapping[str, str | None],
    strata: Sequence[str],
    form: int,
) -> tuple[Sample, ...]:
    """A sample of each answer that was read, beside what was written. Its kind is a stratum, too,
    where a sort takes in several."""
    samples = []
    for answer in record.answers:
        if answer.reading is None:
            continue
        kind = template.field(answer.field).handled_by
        sort = sort_of(answer, kind)
        right = answer.value == truth.get(answer.field)
        among = (*strata, kind) if sort != kind else tuple(strata)
        told = features(answer, kind)
        samples.append(Sample(sort, answer.reading.reader, told, right, among, form, answer.field))
    return tuple(samples)
