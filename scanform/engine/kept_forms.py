"""Forms of a calibration that were read, in a file beside its target.

An interrupted calibration goes on where it stopped. The first line says what the samples are good
for; with another form, reader, seed or version it begins anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanform.engine.calibrate import FormRead
from scanform.export.output import saying_why
from scanform.fields.fitting import Sample
from scanform.phrase import Phrase

_MAY_WRITE = Phrase(
    "Hãy cho -o một tệp trong thư mục ghi được.",
    "Give -o a file in a folder that you may write to.",
)


class KeptForms:
    """``forms``: the samples of each form by its number, None where its page was not taken.

    Raises ``ScanformError`` where nothing can be written beside ``target``: before any form is
    read, not after all of them.
    """

    def __init__(self, target: Path, header: Mapping[str, object]) -> None:
        self._path = target.with_name(f".{target.name}.part")
        self.forms: dict[int, tuple[Sample, ...] | None] = {}
        lines = self._lines(header)
        with saying_why(target, _MAY_WRITE):
            self._file = self._path.open("w", encoding="utf-8")
            self._write(header)
            for line in lines:
                self._file.write(line + "\n")

    def add(self, read: FormRead) -> None:
        """Keeps a form on the disk."""
        some = read.samples
        rows = None if some is None else [sample_row(each) for each in some]
        self._write({"form": read.number, "samples": rows})
        self.forms[read.number] = some

    def close(self) -> None:
        """The calibration is written: nothing is kept any longer."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _write(self, row: Mapping[str, object]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _lines(self, header: Mapping[str, object]) -> list[str]:
        """The whole lines of an earlier run, if it was one of the same calibration."""
        try:
            first, *rest = self._path.read_text(encoding="utf-8").splitlines()
            if json.loads(first) != json.loads(json.dumps(header)):
                return []
        except (OSError, ValueError):
            return []
        good = []
        for line in rest:
            try:
                row = json.loads(line)
                some = row["samples"]
                number = int(row["form"])
                self.forms[number] = None if some is None else tuple(map(sample_from, some))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # cut off by the interruption
            good.append(line)
        return good


def sample_row(sample: Sample) -> dict[str, Any]:
    """A sample as JSON keeps it."""
    told = {name: round(value, 5) for name, value in sample.features.items() if value}
    return {
        "sort": sample.sort,
        "reader": sample.reader,
        "features": told,
        "right": sample.right,
        "strata": list(sample.strata),
        "form": sample.form,
        "field": sample.field,
    }


def sample_from(row: Mapping[str, Any]) -> Sample:
    """The sample of such a row; raises ``KeyError``, ``TypeError`` or ``ValueError``."""
    return Sample(
        str(row["sort"]),
        str(row["reader"]),
        {str(name): float(value) for name, value in row["features"].items()},
        bool(row["right"]),
        tuple(map(str, row["strata"])),
        int(row["form"]),
        str(row["field"]),
    )
