"""Libraries that only some formats need: installed as an extra, asked for when needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scanform.errors import MissingProgram


@contextmanager
def from_extra(extra: str) -> Iterator[None]:
    """Imports inside it that fail are told with the extra that installs them."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingProgram(
            f"The Python package {error.name} is not installed.",
            f"Install it with: pip install 'scanform[{extra}]'",
        ) from error
