"""``scanform`` and ``python -m scanform``: from the first line on, Ctrl-C ends with 130.

Python itself makes of Ctrl-C an exception. That alone doesn't do: raised while a library is being
imported it may come out as another one, and once the interpreter clears up, the signal kills the
process. A script that asks for the exit code shall hear 130 all the same.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

INTERRUPTED = 130


class _Interrupts:
    """Whether Ctrl-C was pressed; the handler of the signal."""

    pressed = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.pressed = True
        raise KeyboardInterrupt


def run() -> None:
    """Runs the command line and leaves with its exit code; 130 whenever Ctrl-C ended it."""
    interrupts = _Interrupts()
    # Who was started to ignore Ctrl-C (by nohup, or behind a script's "&") goes on ignoring it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupts)
    try:
        sys.exit(_code(interrupts))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _code(interrupts: _Interrupts) -> int | str | None:
    code: int | str | None = 0
    try:
        from scanform.cli import main  # noqa: PLC0415 (Ctrl-C meanwhile counts too)

        main()
    except SystemExit as left:
        code = left.code
        if interrupts.pressed and code not in (None, 0, INTERRUPTED):
            code = _told()  # it came out as a failure of something that Ctrl-C broke
    except BaseException:
        if not interrupts.pressed:
            raise
        code = _told()
    # All is done and said: what is left is the interpreter's clearing up, in which Ctrl-C would
    # kill. It kills itself, too, where the exception went through an exec() of text, as it does
    # when it meets a dataclass in the making; the next such exec() makes Python forget that.
    exec("")  # noqa: S102  # nosec B102  # nosemgrep: code-from-text - an empty text of ours
    if signal.getsignal(signal.SIGINT) is interrupts:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


def _told() -> int:
    sys.stderr.write("\nInterrupted. What was finished is kept.\n")
    return INTERRUPTED


if __name__ == "__main__":
    run()
