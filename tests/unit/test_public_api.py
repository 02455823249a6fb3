"""The public surface and the pages that document it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import scanform
from scanform import errors

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_public_names_are_sorted_and_there() -> None:
    assert scanform.__all__ == sorted(scanform.__all__)
    for name in scanform.__all__:
        assert getattr(scanform, name).__doc__


def test_generated_pages_say_what_the_code_says() -> None:
    # In a process of its own: click keeps a command's help as the first caller asked for it.
    command = [sys.executable, str(DOCS / "generate.py"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, f"{checked.stderr}run: python docs/generate.py"


def test_every_exit_code_is_documented(generator: ModuleType) -> None:
    documented = {code for code, _ in generator.EXIT_CODES}
    raised = {kind.exit_code for kind in generator._error_tree(errors.ScanformError)} - {1}
    assert raised | {errors.REJECTED_SOME, errors.INTERRUPTED} <= documented
