from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from web_office import Browser, open_office

from scanform.web.office import Office


@pytest.fixture
def open_it(tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Opens an office in a folder of the test's own."""
    with ExitStack() as stack:
        yield lambda **asked: stack.enter_context(open_office(tmp_path, **asked))


@pytest.fixture
def browser(open_it: Callable[..., Office]) -> Browser:
    """The machine's own user, come in by the link."""
    return Browser(open_it()).start()


@pytest.fixture
def office(open_it: Callable[..., Office]) -> Office:
    """An office with an account for each role."""
    return open_it(accounts=True)
