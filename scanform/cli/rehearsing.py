"""Made-up forms of the kinds that an office has, read by a model before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scanform.engine.calibrate import faces_for, jobs, read_forms
from scanform.errors import TemplateError
from scanform.fields.fitting import Sample
from scanform.model.template import EmptyForm, Field
from scanform.template.find import available, find
from scanform.template.load import empty_form

if TYPE_CHECKING:
    from scanform.learn.fit import Told
    from scanform.learn.samples import Sampled

SEED = 3_000_000
"""Other people than those of a calibration (``engine.calibrate.SEED``)."""
ID = "new"


def rehearsals(
    names: Sequence[str], count: int, workers: int
) -> Callable[[Path, Collection[str], Told], Sampled]:
    """Reads ``count`` forms of each template with the model in a file, and tells what was right.
    ``names``: templates that aren't found by themselves."""

    def read(reader: Path, templates: Collection[str], told: Told) -> Sampled:
        from scanform.learn.fit import Progress  # noqa: PLC0415 - PyTorch takes seconds
        from scanform.learn.samples import Sampled  # noqa: PLC0415

        samples: list[Sample] = []
        fields: dict[tuple[str, str], Field] = {}
        forms = list(_forms(names, templates)) if count else []
        done, every = 0, max(1, count * len(forms))
        for empty in forms:
            name = empty.template.id
            fields |= {(name, each.id): each for each in empty.template.fields}
            wanted = jobs(count, SEED)
            found = read_forms(empty, wanted, faces_for(), workers, None, (reader, ID))
            for form in found:
                done += 1
                told(Progress("rehearsed", done / every, 0.0))
                some = form.samples or ()
                samples += (replace(each, strata=(name, *each.strata)) for each in some)
        return Sampled(tuple(samples), fields)

    return read


def _forms(names: Sequence[str], templates: Collection[str]) -> Iterator[EmptyForm]:
    """The empty form of each template, those named first."""
    left = set(templates)
    for folder in (*(find(name) for name in names), *available()):
        with suppress(TemplateError):
            form = empty_form(folder)
            if form.template.id in left:
                left.remove(form.template.id)
                yield form
