"""Libraries that only some formats need: installed as an extra, asked for when needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scanform.errors import MissingProgram
from scanform.phrase import Phrase

_NOT_INSTALLED = Phrase(
    "Chưa cài gói Python {package}.", "The Python package {package} is not installed."
)
INSTALL = Phrase(
    "Cài bằng: pip install 'scanform[{extra}]'", "Install it with: pip install 'scanform[{extra}]'"
)


@contextmanager
def from_extra(extra: str) -> Iterator[None]:
    """Imports inside it that fail are told with the extra that installs them."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingProgram(
            _NOT_INSTALLED.of(package=str(error.name)), INSTALL.of(extra=extra)
        ) from error
