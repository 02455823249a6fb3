"""The command as a program of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanform.model.record import Answer, Record
from scanform.model.scan import ScanFile
from scanform.store.open import open_store

pytestmark = pytest.mark.slow
PROGRAM = [sys.executable, "-m", "scanform"]
SHA = "ab" * 32


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    answers = tuple(Answer(f"f{number}", "An Điền " * 20, 0.5, "pending") for number in range(20))
    at = datetime(2018, 10, 1, tzinfo=UTC)
    with open_store(tmp_path / "w") as store:
        store.open_scan(ScanFile(Path("a.pdf"), SHA, 1))
        for number in range(1, 60):
            store.save([], Record(f"r{number}", "dc01", 1, "a.pdf", SHA, number, answers, (), at))
    return tmp_path / "w"


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "SCANFORM_LANG": "en", "PYTHONIOENCODING": "ascii", **more}


def test_help_needs_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from scanform.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'cv2', 'sqlalchemy', 'PIL', 'alembic', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_reader_that_has_seen_enough_ends_it_quietly(workspace: Path) -> None:
    command = [*PROGRAM, "review", "list", "--json", "-w", str(workspace)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_vietnamese_comes_out_whole_whatever_the_locale(workspace: Path) -> None:
    command = [*PROGRAM, "review", "list", "--limit", "1", "-w", str(workspace)]
    done = subprocess.run(command, check=False, capture_output=True, env=environment(LC_ALL="C"))
    assert "An Điền" in done.stdout.decode("utf-8")
    assert done.returncode == 0


def test_control_c_exits_130(workspace: Path) -> None:
    command = [*PROGRAM, "review", "-w", str(workspace), "-t", "dc01"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED="1"),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()  # it has begun to ask
        process.send_signal(signal.SIGINT)
        told = process.stderr.read().decode()
        assert process.wait() == 130
    assert "kept" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "press",
    [
        "os.kill(os.getpid(), signal.SIGINT)",
        # As in the making of a dataclass: Python then means to die of the signal at the very end.
        "exec('os.kill(os.getpid(), signal.SIGINT); time.sleep(5)')",
    ],
)
def test_control_c_while_a_library_is_imported_exits_130(press: str, tmp_path: Path) -> None:
    (tmp_path / "pressing.py").write_text(
        "import os, signal, sys, time\n"
        "class Press:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == 'click': {press}\n"
        "sys.meta_path.insert(0, Press())\n"
        "from scanform.__main__ import run\n"
        "run()\n"
    )
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    command = [sys.executable, "-m", "pressing", "--version"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment(PYTHONPATH=paths)
    )
    assert done.returncode == 130, done.stderr
    assert "kept" in done.stderr
    assert "Traceback" not in done.stderr
