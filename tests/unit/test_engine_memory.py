"""A worker keeps the memory of large arrays from page to page."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from scanform.engine import memory

FAULTS = """
import resource
from scanform.engine.memory import keep_what_is_freed

if {keep}:
    keep_what_is_freed()
bytearray(40 << 20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
bytearray(40 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(keep: bool) -> int:
    """How many pages of memory the system had to make for an array as large as one just freed."""
    words = [sys.executable, "-c", FAULTS.format(keep=keep)]
    return int(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_memory_of_a_freed_array_is_used_again() -> None:
    assert faults(keep=True) < 100


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    memory.keep_what_is_freed()
