"""zxing-cpp: bar codes and QR codes of every usual sort, with the extra ``codes``."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from scanform.model.scan import Pixels


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was read: its text, its sort (``code128``) and its middle in pixels."""

    text: str
    sort: str
    x: float
    y: float


@functools.cache
def version() -> str | None:
    """The installed version; None when it isn't there."""
    try:
        import zxingcpp  # noqa: F401, PLC0415 - there with the extra alone

        return package_version("zxing-cpp")
    except (ImportError, PackageNotFoundError):
        return None


def read_codes(grey: Pixels) -> list[Code]:
    """Every code in a grey image, whichever way it lies. Raises ``ImportError`` without the
    extra."""
    import zxingcpp  # noqa: PLC0415

    found = []
    for each in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain):
        at = each.position
        corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        x, y = sum(c.x for c in corners) / 4, sum(c.y for c in corners) / 4
        sort = "".join(letter for letter in str(each.format).lower() if letter.isalnum())
        found.append(Code(each.text, sort.removeprefix("barcodeformat"), x, y))
    return found
