"""Paper forms in, checked records out.

These names are public; everything else may move. ``docs/api.md`` tells what each is for.
"""

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
