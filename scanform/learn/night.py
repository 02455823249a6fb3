"""One night: lines, digits, what their figures mean. Each is kept by itself, if it is better."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scanform.errors import NotEnough
from scanform.fields.calibration import COMB
from scanform.fields.calibration_json import to_json
from scanform.fields.fitting import Sample
from scanform.fields.interface import ReaderName
from scanform.fields.learnt import FILE_NAME as SCALES
from scanform.fields.policy import Bounds, bound_of
from scanform.learn.apart import held_apart
from scanform.learn.digit_lesson import DigitLesson, taught_digits
from scanform.learn.fit import Progress, Told
from scanform.learn.gather import Books, Material, written_on
from scanform.learn.guards import Kept
from scanform.learn.lesson import Lesson, taught
from scanform.learn.priors import Written, prior_json
from scanform.learn.samples import Sampled, samples_before, samples_of
from scanform.learn.scales import Bench, Scales, scales_of
from scanform.learn.training import Plan
from scanform.model.calibration import Calibration
from scanform.recognise import digit_weights
from scanform.recognise.choose import for_kind, recogniser
from scanform.recognise.digit_net import FILE_NAME as DIGITS
from scanform.store.models import PRIOR, READER

CANDIDATE = "model"
"""Folder, in that of the lesson, of what would be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Office:
    """What people confirmed, where it stands, and the share of wrong answers that is allowed."""

    kept: Kept
    books: Books
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Before:
    """What reads until now. ``digits`` and ``scales``: None for those that scanform brings."""

    reader: Path
    digits: bytes | None = None
    scales: Calibration | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Night:
    """What came of it. ``lines``: None where there were too few; ``model``: the parts of a model
    by their file names, empty where nothing better was found."""

    lines: Lesson | None
    digits: DigitLesson
    scales: Scales
    model: Mapping[str, bytes]


def night(
    material: Material,
    office: Office,
    before: Before,
    work: Path,
    plan: Plan,
    told: Told = lambda _progress: None,
) -> Night:
    """Teaches in the folder ``work``, where a killed run goes on. Raises ``NotEnough``."""
    lines, too_few = _lines(material, before, work, plan, told)
    old = before.digits or digit_weights.shipped()
    digits = taught_digits(material.cells, old, plan.seed, told=_telling("digits", told))
    if too_few is not None and digits.why == "too few":
        raise too_few
    candidate = work / CANDIDATE
    shutil.rmtree(candidate, ignore_errors=True)
    candidate.mkdir()
    reader = lines.fitted.reader if lines is not None and lines.better else before.reader
    shutil.copyfile(reader, candidate / READER)
    # Of forms that are learnt from alone: those apart are to be read as strangers' are.
    every = confirmed_lines(material, office)
    written = [each for each in every if not held_apart(each.form, plan.seed)]
    (candidate / PRIOR).write_text(prior_json(written), "utf-8")
    network = digits.network if digits.better else before.digits
    if network is not None:
        (candidate / DIGITS).write_bytes(network)
    same = _still_true(before.scales, reader == before.reader, network == before.digits)
    apart = _sampled(office, candidate, plan.seed, _telling("figures", told))
    scales = _scales(apart, _sampled_before(office, plan.seed), office.bounds, same)
    if not (reader != before.reader or digits.better or scales.changed):
        return Night(lines, digits, scales, {})
    if scales.made.scales:
        text = json.dumps(to_json(scales.made), ensure_ascii=False)
        (candidate / SCALES).write_text(text + "\n", "utf-8")
    model = {each.name: each.read_bytes() for each in candidate.iterdir()}
    return Night(lines, digits, scales, model)


def _lines(
    material: Material, before: Before, work: Path, plan: Plan, told: Told
) -> tuple[Lesson | None, NotEnough | None]:
    try:
        return taught(material.lines, before.reader, work, plan, told), None
    except NotEnough as error:
        return None, error


def confirmed_lines(material: Material, office: Office) -> list[Written]:
    """What stands in lines that people confirmed, whether this night has room for them or not, here
    and in other offices."""
    own = {each.record for each in office.kept.answers}
    others = (each for each in material.lines if each.form not in own)
    return [
        *written_on(office.kept.answers, office.books),
        *(Written(each.form, each.kind, each.text) for each in others),
    ]


def _telling(stage: str, told: Told) -> Callable[[float], None]:
    return lambda share: told(Progress(stage, share, 0.0))


def _still_true(
    scales: Calibration | None, same_reader: bool, same_digits: bool
) -> Calibration | None:
    """The scales of before, but for those of readers that read otherwise now."""
    if scales is None:
        return None
    left = {
        key: scale
        for key, scale in scales.scales.items()
        if (same_digits if key[0] == COMB else same_reader)
    }
    return Calibration(left, scales.source, scales.made_for)


def _sampled(office: Office, candidate: Path, seed: int, told: Callable[[float], None]) -> Sampled:
    """Forms held apart, read by what would be kept."""
    learnt = (candidate / READER, "new")
    names: tuple[ReaderName, ...] = ("text", "digits")
    readers = {name: recogniser(for_kind(name), learnt) for name in names}
    apart = [each for each in office.kept.answers if held_apart(each.record, seed)]
    return samples_of(apart, office.books, readers, told)


def _sampled_before(office: Office, seed: int) -> Sampled:
    """The other forms, as models of before read them when they came in."""
    others = [each for each in office.kept.answers if not held_apart(each.record, seed)]
    return samples_before(others, office.books)


def _scales(apart: Sampled, earlier: Sampled, bounds: Bounds, same: Calibration | None) -> Scales:
    forms = [len({each.form for each in some.samples}) for some in (apart, earlier)]
    fields = {**earlier.fields, **apart.fields}

    def bound(each: Sample) -> float:
        template = each.strata[0]
        return bound_of(fields[template, each.field], bounds[template])

    bench = Bench(bound, bounds.every, {**earlier.own, **apart.own})
    source = "{} forms held apart, {} read before".format(*forms)
    return scales_of(apart.samples, earlier.samples, bench, source, same)
