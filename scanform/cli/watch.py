"""``scanform watch``: digitise what a scanner drops into a folder."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from scanform.cli.batch_files import BY_COVER
from scanform.cli.bound_option import max_error_option
from scanform.cli.bounds import keep_bound
from scanform.cli.interrupt import gently
from scanform.cli.known import unit_fields
from scanform.cli.learnt import learnt_model, start
from scanform.cli.options import forms_option, lang_option, workspace_options
from scanform.cli.reading_options import reading_options
from scanform.cli.run import distinct, require_programs
from scanform.cli.watching import How, Watch
from scanform.engine.health import health_served
from scanform.engine.local import LocalEngine
from scanform.model.phrases import Language, Phrase
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.template.load import empty_form

_WATCHING = Phrase("Đang trông {folder}. Ctrl+C để dừng.", "Watching {folder}. Ctrl+C stops it.")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@forms_option
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Pages worked at once.")
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), metavar="SECONDS",
    help="How often to look.",
)  # fmt: skip
@click.option(
    "--stable", default=10.0, show_default=True, type=click.FloatRange(0, 3600), metavar="SECONDS",
    help="For how long a file must not have changed before it is taken.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Stop when nothing is left to do.")
@click.option(
    "--health-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write how it is to FILE at every look, in JSON.",
)
@click.option(
    "--health-port", type=click.IntRange(0, 65535), metavar="PORT",
    help="Answer http://127.0.0.1:PORT/health: 200 while all is well, else 503.",
)  # fmt: skip
@reading_options
@max_error_option()
@workspace_options
@lang_option
def watch(
    folder: Path,
    names: tuple[str, ...],
    jobs: int | None,
    every: float,
    stable: float,
    once: bool,
    health_file: Path | None,
    health_port: int | None,
    batch: str | None,
    text_reader: str | None,
    keyed: bool,
    max_error: float | None,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Digitise what a scanner drops into DIR, for as long as it runs.

    A file that is still being written is left until it has not changed for a while. What is done is
    moved to DIR/done, what was rejected to DIR/rejected with the reason in a text file beside it.
    Where a few pages of a file were rejected it goes to done, and the text file names the pages.

    Cover sheets open their boxes as in a run, also for what comes later into the same folder; a
    reader that learns meanwhile (`scanform learn`, `models use`) reads from its next look on.

    The folder is polled, so it may be a network share; one that goes away is waited for. Killed and
    started again it goes on where it was. docs/keeping.md has it as a service.
    """
    forms = [empty_form(each) for each in distinct(names)]
    templates = {form.template.ref: form.template for form in forms}
    keyed = keyed or all(f.keyed for each in templates.values() for f in each.fields)
    require_programs(text_reader, keyed)
    how = How(templates, workspace, database, lang, batch, text_reader, keyed)
    _settle(how, max_error)
    with ExitStack() as stack:
        ready = start(workspace, text_reader, keyed)
        engine = stack.enter_context(LocalEngine(forms, jobs, start=ready))
        watcher = Watch(folder, how, engine, learnt_model(workspace, text_reader))
        watcher.drop.stable, watcher.health_file = stable, health_file
        if health_port is not None:
            stack.enter_context(health_served(health_port, watcher.told))
        stack.enter_context(gently(watcher.stop, lambda: None))
        click.echo(_WATCHING.say(lang, {"folder": str(folder)}), err=True)
        watcher.go(every, once)
    watcher.health.state = "stopped"
    watcher.tell()


def _settle(how: How, max_error: float | None) -> None:
    """What can be wrong from the start is told at the start, not at every look."""
    with open_store(how.workspace, how.database) as store:
        if how.batch not in (None, BY_COVER):
            SqlCampaigns(store).batch(how.batch)
        if max_error is not None:
            keep_bound(store, max_error, {each.id for each in how.templates.values()})
        SqlCampaigns(store).count_by(unit_fields(how.templates.values()))
