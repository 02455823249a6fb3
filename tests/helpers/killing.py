"""Kills a command before each of its steps in turn: sync, new name, deletion, commit."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from fault_bench import in_child

STEPS = ("fsync", "replace", "rename", "link", "unlink", "rmdir")
LONG_AGO = time.time() - 7 * 24 * 3600


def killed_before_step(number: int, command: Callable[[], object]) -> bool:
    """Whether the command was killed: it had that many steps."""

    def dies() -> None:
        left = number

        def step() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(9)

        for name in STEPS:
            real = getattr(os, name)

            def stepping(*words: object, _real: Callable[..., object] = real, **more: object):  # type: ignore[no-untyped-def]
                step()
                return _real(*words, **more)

            setattr(os, name, stepping)
        sa.event.listen(sa.Engine, "commit", lambda _: step())
        command()

    _, status = os.waitpid(in_child(dies), 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9)
    return code == 9


def each_kill(
    folder: Path, whole: Path, command: Callable[[Path], object]
) -> Iterator[tuple[int, Path]]:
    """The workspace as each kill left it, some time later."""
    for number in range(200):
        workspace = folder / f"killed{number}" / "w"
        shutil.copytree(whole, workspace)
        killed = killed_before_step(number, lambda workspace=workspace: command(workspace))  # type: ignore[misc]
        age(workspace.parent)
        yield number, workspace
        shutil.rmtree(workspace.parent)
        if not killed:
            assert number > 3
            return
    raise AssertionError("it has no end")


def age(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
