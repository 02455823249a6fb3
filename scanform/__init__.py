"""Paper forms in, checked records out.

These names are public; everything else may move. ``docs/api.md`` tells what each is for. Each is
imported when it is asked for: whoever wants the command line only shall not wait for NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanform.errors import (
        MissingProgram,
        Mistake,
        NoSuchField,
        NoSuchRecord,
        ScanformError,
        StoreError,
        TemplateError,
        UsageError,
    )
    from scanform.model.geometry import Box
    from scanform.model.reading import Reading
    from scanform.model.record import Answer, Decision, Doubt, Record
    from scanform.model.scan import Rejected, ScanFile
    from scanform.model.template import Field, Option, Template

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Box",
    "Decision",
    "Doubt",
    "Field",
    "MissingProgram",
    "Mistake",
    "NoSuchField",
    "NoSuchRecord",
    "Option",
    "Reading",
    "Record",
    "Rejected",
    "ScanFile",
    "ScanformError",
    "StoreError",
    "Template",
    "TemplateError",
    "UsageError",
    "__version__",
]

_HOMES = (
    "scanform.errors",
    "scanform.model.geometry",
    "scanform.model.reading",
    "scanform.model.record",
    "scanform.model.scan",
    "scanform.model.template",
)


def __getattr__(name: str) -> object:
    if name in __all__:
        for home in map(import_module, _HOMES):
            if hasattr(home, name):
                globals()[name] = found = getattr(home, name)
                return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
