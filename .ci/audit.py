"""Holds the locked versions against PyPI's database of known holes (pip-audit).

Exits 1 for a hole, 1 too where the database can't be asked, unless ``--if-reachable`` is given: CI
may run where only a mirror of the packages is reached. Then it says aloud that nothing was asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent / "requirements.lock"
EXPLAINED: dict[str, str] = {}
"""Holes that don't concern us, by id, each with its reason."""
SECONDS = 120


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "-f", "json"]
    command += ["--progress-spinner", "off", "-r", str(LOCK)]
    try:
        done = subprocess.run(  # noqa: S603 - this Python's own module
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        found = []
    asked = [each for each in found if "vulns" in each]
    every = [(each, hole) for each in asked for hole in each["vulns"]]
    holes = [(each, hole) for each, hole in every if hole["id"] not in EXPLAINED]
    for each, hole in holes:
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        say(f"{each['name']} {each['version']}: {hole['id']} (mended in {mended})")
    passed_over = sorted(each["name"] for each in found if "vulns" not in each)
    if asked and not passed_over:
        say(f"pip-audit: {len(asked)} packages asked about, {len(holes)} holes")
        return bool(holes)
    said = f"{len(passed_over)} packages are not in it" if found else "it does not answer"
    say(f"pip-audit: the database can't be asked ({said}): {len(asked)} packages were.")
    return 1 if holes or "--if-reachable" not in sys.argv[1:] else 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
