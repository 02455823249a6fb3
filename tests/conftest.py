"""What several tests need: a real PostgreSQL of one's own; Ctrl-C as a terminal gives it."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("scanform", deadline=None)
settings.load_profile("scanform")

_numbers = itertools.count(1)

# A shell starts what runs in its background with Ctrl-C ignored, and every process below inherits
# that; the tests of Ctrl-C want it as in a terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _program(name: str) -> str | None:
    """Debian keeps PostgreSQL's programs off the PATH, by version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(versions[0]) if versions else None)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server in a temporary folder, asked through its socket; ends with the tests."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed")
    # The socket's path may have 107 characters, so not under pytest's own long folder.
    folder = Path(tempfile.mkdtemp(prefix="sf-pg-"))
    user = "nobody" if os.getuid() == 0 else None  # the server refuses to run as root
    if user is not None:
        shutil.chown(folder, user)

    def call(*command: str) -> None:
        subprocess.run(command, user=user, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    # A locale that sorts unlike code points do, as an office's own server may.
    spoken = subprocess.run([initdb, "--help"], check=True, capture_output=True, text=True).stdout
    icu = ["--locale-provider=icu", "--icu-locale=vi"] if "--icu-locale" in spoken else []
    data = str(folder / "data")
    call(initdb, "-D", data, "-U", "scanform", "-A", "trust", "-E", "UTF8", "--locale=C", *icu)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    call(pg_ctl, "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield str(folder)
    finally:
        call(pg_ctl, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def restart_postgresql(postgresql_server: str) -> Callable[[], None]:
    """Stops the server as a crash does, and starts it again."""
    pg_ctl = _program("pg_ctl")
    user = "nobody" if os.getuid() == 0 else None
    assert pg_ctl is not None

    def restart() -> None:
        data = f"{postgresql_server}/data"
        command = [pg_ctl, "-D", data, "-w", "-m", "immediate", "-l", f"{postgresql_server}/log"]
        subprocess.run(
            [*command, "restart"],
            user=user,
            check=True,
            cwd=postgresql_server,
            stdout=subprocess.DEVNULL,
        )

    return restart


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Callable[[], str]:
    """Makes an empty database and gives its URL."""
    import psycopg  # noqa: PLC0415 - only these tests need the driver

    def make() -> str:
        name = f"t{next(_numbers)}"
        about = f"host={postgresql_server} user=scanform"
        with psycopg.connect(f"{about} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://scanform@/{name}?host={postgresql_server}"

    return make
