"""Prints every distribution that ``scanform[dev]`` needs, with the version that is installed."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def main() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, str] = {}
    todo, done = [("scanform", frozenset({"dev"}))], set()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        if name == "scanform":
            extra = project["optional-dependencies"]
            needs = [*project["dependencies"], *(each for one in extras for each in extra[one])]
        else:
            try:
                there = distribution(name)
            except PackageNotFoundError:
                continue  # of an extra that isn't installed, or for another system
            found[name], needs = there.version.partition("+")[0], there.requires or []
        for text in needs:
            need = Requirement(text)
            wanted = [{"extra": each} for each in (*extras, "")]
            if need.marker is None or any(need.marker.evaluate(each) for each in wanted):
                todo.append((canonicalize_name(need.name), frozenset(need.extras)))
    lines = ["# Written by .ci/lock: what CI installs (.ci/run). bash .ci/test takes the newest."]
    lines += [f"{name}=={found[name]}" for name in sorted(found)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
