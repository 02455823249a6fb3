"""How processes of workers are begun."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from multiprocessing.context import BaseContext

from scanform.errors import MissingProgram, TemplateError

_begun_by: int | None = None


def begin() -> None:
    """Has what workers need be imported while the caller is busy with something else.

    On Linux workers are then forked from a process that has it all (and no threads). Elsewhere,
    and where nobody has begun, each of them is a new Python that imports for itself.
    """
    global _begun_by  # noqa: PLW0603 - there is one such process for each of ours
    if not sys.platform.startswith("linux") or _begun_by == os.getpid():
        return
    from multiprocessing import forkserver  # noqa: PLC0415 - not on Windows

    # Workers use one thread each, and this process has nothing to multiply: threads of NumPy's
    # that wait for work would spin.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    forkserver.set_forkserver_preload(["__main__", "scanform.engine.preload"])
    forkserver.ensure_running()
    _begun_by = os.getpid()


def context() -> BaseContext:
    """What new workers come from."""
    # A process that was forked from one that had begun can't ask its server.
    ready = _begun_by == os.getpid()
    return multiprocessing.get_context("forkserver" if ready else "spawn")


def ready(
    environment: Mapping[str, str], start: Callable[..., None], given: tuple[object, ...]
) -> None:
    """Readies a worker: ``start`` with what it is ``given``, in the environment of whoever asked
    for it, which a server that was begun earlier need not have."""
    os.environ.clear()
    os.environ.update(environment)
    try:
        start(*given)
    except (MissingProgram, TemplateError) as error:
        # Whoever began it meets the same, and says it better than a traceback, which is what
        # Pebble would print.
        os._exit(error.exit_code)
