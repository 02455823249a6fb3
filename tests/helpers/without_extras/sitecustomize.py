"""On ``PYTHONPATH``: a Python to which no optional package is installed."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution, DistributionFinder

EXTRAS = {
    "asterocr", "docx", "lxml", "onnx", "onnxruntime", "openpyxl", "psycopg", "pyarrow", "pyrage",
    "safetensors", "starlette", "textual", "textual_image", "torch", "uvicorn", "xlsxwriter",
    "zxingcpp",
}  # fmt: skip
"""Modules of the optional packages."""
DISTRIBUTIONS = {"python-docx", "zxing-cpp"} | EXTRAS
_own = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")]


class Hidden(DistributionFinder):
    """Finds what is installed but for the optional packages."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del target
        if name.partition(".")[0] in EXTRAS:
            return None
        found = (each.find_spec(name, path) for each in self.behind)  # type: ignore[attr-defined]
        return next((each for each in found if each is not None), None)

    def find_distributions(
        self, context: DistributionFinder.Context | None = None
    ) -> list[Distribution]:
        context = context or DistributionFinder.Context()
        if context.name and context.name.lower().replace("_", "-") in DISTRIBUTIONS:
            return []
        return [each for finder in _own for each in finder.find_distributions(context)]

    behind = tuple(sys.meta_path)


sys.meta_path[:] = [Hidden()]
