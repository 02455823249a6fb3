"""``scanform export``: the records to a file."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from scanform.cli.options import lang_option, workspace_options
from scanform.errors import ScanformError
from scanform.export import EXPORTERS
from scanform.model.phrases import Language, Phrase
from scanform.store.open import open_store

_DONE = Phrase(vi="Đã ghi {count} phiếu vào {file}.", en="{count} records written to {file}.")


@click.command()
@click.option(
    "--format",
    "name",
    type=click.Choice(sorted(EXPORTERS)),
    required=True,
    help="jsonl holds everything; csv is for spreadsheets.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to; - is standard output. A file that is there is replaced, once the new one is "
    "whole.",
)
@click.option("-t", "--template", metavar="ID", help="Only records of this template.")
@workspace_options
@lang_option
def export(
    name: str,
    output: Path,
    template: str | None,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Write the records, as they stand after review, to a file.

    They come in the order of the scans. The same records give the same bytes.
    """
    with open_store(workspace, database, create=False) as store, _opened(output) as file:
        count = EXPORTERS[name](store.records(template), file)
    if str(output) != "-":
        click.echo(_DONE.say(lang, {"count": str(count), "file": str(output)}), err=True)


@contextmanager
def _opened(output: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is whole."""
    if str(output) == "-":
        yield sys.stdout.buffer
        return
    temporary = output.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(output)
    except OSError as error:
        raise _unwritable(output, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _unwritable(output: Path, error: OSError) -> ScanformError:
    return ScanformError(
        f"{output} can't be written: {error.strerror}.",
        "Give another file with -o, or make room on the disk.",
    )
