"""Documents for offices: one file per format. A new one is a file and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import cast

from scanform.errors import MissingProgram
from scanform.phrase import Phrase
from scanform.report.interface import Writer

WRITERS: Mapping[str, str] = {
    "pdf": "scanform.report.pdf",
    "docx": "scanform.report.docx",
    "xlsx": "scanform.report.xlsx",
    "html": "scanform.report.html",
    "md": "scanform.report.md",
    "png": "scanform.report.png",
}
"""Ending of the file's name -> module whose ``write`` makes it; imported when it is asked for."""


_NO_WRITER = Phrase(
    "Chưa cài thư viện ghi .{name} ({library}).",
    "The library that writes .{name} ({library}) is not installed.",
)
_INSTALL = Phrase(
    "Cài bằng: pip install 'scanform[report]', hoặc chọn định dạng khác.",
    "Install it with: pip install 'scanform[report]', or choose another format.",
)


def writer(name: str) -> Writer:
    """The writer of that format. Raises ``MissingProgram`` where its library isn't installed."""
    try:
        module = importlib.import_module(WRITERS[name])
    except ModuleNotFoundError as error:
        raise MissingProgram(_NO_WRITER.of(name=name, library=str(error.name)), _INSTALL) from error
    return cast(Writer, module.write)
