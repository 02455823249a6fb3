"""``scanform serve``: the review pages, for one person or an office."""

from __future__ import annotations

import contextlib
import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from scanform.cli.campaign_desk import CampaignDesk
from scanform.cli.known import KnownTemplates
from scanform.cli.metrics import exposition
from scanform.cli.opened import desk_over
from scanform.cli.options import lang_option, workspace_options
from scanform.errors import MissingProgram, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.model.template import Template
from scanform.review import Person
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import Store
from scanform.store.open import open_store
from scanform.tally import Tally, Target, count_against, read_targets
from scanform.template.find import available, find

_AT = Phrase("Các trang duyệt: {url}", "The review pages: {url}")
_ONCE = Phrase(
    "Chưa có tài khoản. Mở liên kết này một lần, trên máy này:\n  {url}",
    "There are no accounts yet. Open this link, once, on this computer:\n  {url}",
)
_STOP = Phrase("Ctrl+C để dừng.", "Ctrl+C stops it.")
_PLAIN = Phrase(
    "Chú ý: không có chứng chỉ, mật khẩu đi qua mạng không mã hóa (--certificate, --key).",
    "Note: without a certificate passwords cross the network unencrypted (--certificate, --key).",
)
_TOGETHER = Phrase(
    "--certificate và --key phải đi cùng nhau.", "--certificate and --key belong together."
)
_ALONE = Phrase(
    "Chưa có tài khoản thì các trang chỉ mở trên máy này.",
    "Without accounts the pages are served to this computer alone.",
)
_MAKE_ONE = Phrase(
    "Hãy tạo một tài khoản trước: scanform people add TÊN --role admin",
    "Make one first: scanform people add NAME --role admin",
)
_PORT = Phrase("Không dùng được cổng {port}.", "Port {port} can't be used.")
_ANOTHER = Phrase("Hãy cho cổng khác bằng --port.", "Give another with --port.")
_NEED = Phrase(
    "Các trang duyệt cần Starlette, Jinja2 và uvicorn.",
    "The review pages need Starlette, Jinja2 and uvicorn.",
)
_INSTALL = Phrase(
    "Cài đặt bằng: pip install 'scanform[web]'", "Install them with: pip install 'scanform[web]'"
)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages are served. ``certificate`` and ``key`` are PEM files, or neither."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    metrics: bool = False
    """Whether figures are served there, too."""

    @property
    def local(self) -> bool:
        return self.host in _LOOPBACK

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "-t",
    "--template",
    "names",
    multiple=True,
    metavar="TEMPLATE",
    help="A form that uploads may be: its id or folder. [default: all that are found]",
)
@click.option("--targets", type=_file, metavar="FILE", help="CSV with the columns unit,target.")
@click.option("--certificate", type=_file, metavar="FILE", help="PEM, for HTTPS; with --key.")
@click.option("--key", type=_file, metavar="FILE", help="The certificate's private key, PEM.")
@click.option(
    "--metrics",
    is_flag=True,
    help="Also serve figures for Prometheus at /metrics, to whoever asks: counts, no data of "
    "people. /health is always there.",
)
@workspace_options
@lang_option
def serve(
    host: str,
    port: int,
    names: tuple[str, ...],
    targets: Path | None,
    certificate: Path | None,
    key: Path | None,
    metrics: bool,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Serve the review pages.

    Without accounts they are for this computer alone, and a link that works once is printed. With
    accounts (`scanform people add`) an office may share them: --host 0.0.0.0.
    """
    if (certificate is None) != (key is None):
        raise UsageError(_TOGETHER)
    address = Address(host, port, certificate, key, metrics)
    wanted = _targets(targets)
    with _office(address, workspace, database, names, wanted, lang) as (app, link):
        click.echo(_AT.say(lang, {"url": address.url}), err=True)
        if link:
            click.echo(_ONCE.say(lang, {"url": link}), err=True)
        elif not address.local and certificate is None:
            click.echo(_PLAIN.say(lang), err=True)
        click.echo(_STOP.say(lang), err=True)
        _run(app, address)


def _targets(file: Path | None) -> Sequence[Target]:
    return read_targets(file.read_text("utf-8-sig")) if file else []


@contextmanager
def _office(
    address: Address,
    workspace: Path,
    database: str | None,
    names: Sequence[str],
    targets: Sequence[Target],
    lang: Language,
) -> Iterator[tuple[object, str]]:
    """The application, and the one-time link where there are no accounts (else empty)."""
    try:
        from scanform.web.app import create_app  # noqa: PLC0415 - an extra may be missing
        from scanform.web.doors import OwnMachine  # noqa: PLC0415
        from scanform.web.office import Office  # noqa: PLC0415
        from scanform.web.security import LOOPBACK  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingProgram(_NEED, _INSTALL) from error
    from scanform.cli.uploads import BackgroundIntake  # noqa: PLC0415
    from scanform.cli.web_office import Lessons, StoreExports, boxes, tightened  # noqa: PLC0415

    # A new office may begin with its first upload, so what is missing is made.
    with open_store(workspace, database) as store:
        desk = desk_over(store, workspace, names)
        own = None if desk.people.exist() else OwnMachine(Person(_login(), "admin", lang))
        if own is not None and not address.local:
            raise UsageError(_ALONE, _MAKE_ONE)
        folders = [find(name).resolve() for name in names] or available()
        intake = BackgroundIntake(workspace, lambda: open_store(workspace, database), folders)
        office = Office(
            desk=desk,
            figures=desk.review.store.figures,
            metrics=(lambda: exposition(store)) if address.metrics else None,
            rejected=desk.review.store.rejected,
            tally=_counter(desk.review.store, KnownTemplates(names), targets),
            templates=_newest(intake.templates()),
            intake=intake,
            exports=StoreExports(store),
            batches=partial(boxes, store),
            tighten=partial(tightened, desk, store),
            campaign=CampaignDesk(desk, SqlCampaigns(store), names),
            learning=Lessons(workspace),
            own=own,
            hosts=LOOPBACK if address.local else None,
            secure=address.certificate is not None,
            language=lang,
        )
        try:
            yield create_app(office), f"{address.url}/start?key={own.key}" if own else ""
        finally:
            intake.close()


def _counter(store: Store, known: KnownTemplates, targets: Sequence[Target]) -> Callable[[], Tally]:
    units = known.units()
    return lambda: count_against(targets, store.unit_counts(units))


def _newest(templates: Sequence[Template]) -> Callable[[], Sequence[Template]]:
    ordered = sorted(templates, key=lambda each: (each.id, -each.revision))
    return lambda: ordered


def _login() -> str:
    with contextlib.suppress(KeyError, OSError):
        return getpass.getuser()
    return "admin"


def _run(app: object, address: Address) -> None:
    import uvicorn  # noqa: PLC0415

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=address.host,
        port=address.port,
        log_level="warning",
        access_log=False,  # addresses name records: nothing about people goes into a log
        server_header=False,
        proxy_headers=False,
        ssl_certfile=address.certificate,
        ssl_keyfile=str(address.key) if address.key else None,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise UsageError(_PORT.of(port=str(address.port)), _ANOTHER)
