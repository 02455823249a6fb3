"""The terminal: one file per command, this one only finds them.

A command's module is imported when the command is asked for, so that ``scanform --help``
needs neither OpenCV nor SQLAlchemy.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from scanform import __version__
from scanform.cli import telling
from scanform.engine import processes
from scanform.errors import INTERRUPTED, ScanformError, UsageError
from scanform.phrase import Phrase

_NO_LOG_FILE = Phrase("Không ghi được tệp nhật ký: {why}.", "The log file can't be written: {why}.")

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("scanform.cli.run:run", "Digitise scans: files, folders, whole boxes."),
    "watch": ("scanform.cli.watch:watch", "Digitise what a scanner drops into a folder."),
    "check": ("scanform.cli.check:check", "Say which pages to scan again, before a run."),
    "status": ("scanform.cli.status:status", "Say what is done, what waits, what was rejected."),
    "verify": ("scanform.cli.verify:verify", "Check that all is there as it was written."),
    "decide": ("scanform.cli.decide:decide", "Judge what was read by another bound on errors."),
    "learn": ("scanform.cli.learn:learn", "Teach the reader the hands that people confirmed."),
    "models": ("scanform.cli.models:models", "Readers that learnt: which one reads."),
    "reread": ("scanform.cli.reread:reread", "Read again what waits, after learning."),
    "review": ("scanform.cli.review_seeds:review", "Decide what the machine doubts."),
    "explain": ("scanform.cli.explain:explain", "Say how one answer came about."),
    "gallery": ("scanform.cli.gallery:gallery", "Lay out crops of one kind, sorted by confidence."),
    "record": ("scanform.cli.record:record", "Show one record, and what was decided about it."),
    "log": ("scanform.cli.log:log", "Check the log of decisions, or write it out."),
    "people": ("scanform.cli.people:people", "Accounts: who may review, check and order."),
    "campaign": ("scanform.cli.campaign:campaign", "Say what is counted, for whom, by when."),
    "person": ("scanform.cli.person:person", "Find, show and erase what is held about somebody."),
    "purge": ("scanform.cli.purge:purge", "Take away what may not be kept any longer."),
    "serve": ("scanform.cli.serve:serve", "Serve the review pages."),
    "batch": ("scanform.cli.batch:batch", "Take in boxes of forms; weigh them against slips."),
    "tally": ("scanform.cli.tally:tally", "Count records per unit against the targets."),
    "duplicates": ("scanform.cli.duplicates:duplicates", "Find persons who came in twice."),
    "report": ("scanform.cli.report:report", "Write the campaign's state as a letter."),
    "export": ("scanform.cli.export:export", "Write the records to a file."),
    "import": ("scanform.cli.import_:import_", "Take a corrected CSV or Excel file back."),
    "backup": ("scanform.cli.backup:backup", "Back the workspace up, while others work in it."),
    "restore": ("scanform.cli.restore:restore", "Make a workspace from backups."),
    "encrypt": ("scanform.cli.encrypt:encrypt", "Encrypt the page images."),
    "template": ("scanform.cli.template:template", "Draw, check and show templates."),
    "rehearse": ("scanform.cli.rehearse:rehearse", "Make filled, worn forms with known truth."),
    "calibrate": ("scanform.cli.calibrate:calibrate", "Learn from a rehearsal how sure is sure."),
    "doctor": ("scanform.cli.doctor:doctor", "Say what is missing and how to install it."),
}
"""Name -> where the command is, and its line in the overview."""


_WITH_WORKERS = frozenset({"run", "check"})
"""Commands that read pages at once: their workers load what they need while the command does."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is called, and ends errors in one place."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{name} is no command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in _WITH_WORKERS and "--help" not in args:
            processes.begin()
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Runs the command line and leaves with its exit code."""
        if not extra.pop("standalone_mode", True):
            return super().main(args, standalone_mode=False, **extra)
        sys.exit(self._exit_code(args, extra))

    def _exit_code(self, args: Sequence[str] | None, extra: dict[str, Any]) -> int:
        _speak_utf8()
        noted = extra.setdefault("obj", {})
        try:
            return self._called(args, extra)
        except ScanformError as error:
            telling.tell(error, telling.language(noted))
            return error.exit_code
        except click.exceptions.Exit as left:
            return left.exit_code
        except (KeyboardInterrupt, click.Abort):
            click.echo(f"\n{telling.INTERRUPTED.say(telling.language(noted))}", err=True)
            return INTERRUPTED
        except click.ClickException as error:
            telling.tell_usage(error, telling.language(noted))
            return UsageError.exit_code
        except BrokenPipeError:
            # Whoever read our output has seen enough, as `scanform ... | head` has. Python would
            # complain once more when it flushes on exit, so it gets a sink to flush into.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def _called(self, args: Sequence[str] | None, extra: dict[str, Any]) -> int:
        try:
            result = super().main(args, standalone_mode=False, **extra)
        except SystemExit:
            # Click leaves with 1 when it is the first to meet a broken pipe, its mark on stdout.
            if type(sys.stdout).__name__.endswith("PacifyFlushWrapper"):
                return 0
            raise
        sys.stdout.flush()
        return result if isinstance(result, int) else 0


def _speak_utf8() -> None:
    """Vietnamese on any terminal: UTF-8, and a replacement where a character can't be shown."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = "utf-8" if not stream.isatty() else None
            reconfigure(encoding=encoding, errors="backslashreplace")


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scanform")
@click.option("-v", "--verbose", count=True, help="Say more; -vv says everything.")
@click.option(
    "--log-file",
    envvar="SCANFORM_LOG_FILE",
    metavar="FILE",
    help="Also log to FILE, JSON a line, without data of people; it rotates at 10 MB. "
    "[env: SCANFORM_LOG_FILE]",
)
@click.pass_context
def main(ctx: click.Context, verbose: int, log_file: str | None) -> None:
    """Folders of scanned paper forms become checked records.

    A box of filled forms goes in; records, a review queue and a count come out.
    """
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    logging.basicConfig(
        level=levels[min(verbose, 2)], format="%(levelname)s %(name)s: %(message)s", force=True
    )
    # A connection that Ctrl-C breaks while it is closed is nobody's worry, and no traceback's.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    ctx.ensure_object(dict)["verbose"] = verbose
    if log_file:
        from pathlib import Path  # noqa: PLC0415 - for who wants it only

        from scanform.cli.logfile import log_to  # noqa: PLC0415

        # What goes to the file is not meant for the terminal, too.
        logging.getLogger().handlers[0].setLevel(levels[min(verbose, 2)])
        try:
            log_to(Path(log_file))
        except OSError as error:
            raise UsageError(_NO_LOG_FILE.of(why=error.strerror or str(error))) from error
