"""Draws the pictures of docs/getting-started.md from the real thing.

    python docs/pictures.py

Needs the samples and the programs that scanform needs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parent
SAMPLES = DOCS.parent / "sample_scans"
WIDTH = 760


def scanform(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "scanform", *words], check=True)


def keep(drawn: Path, name: str) -> None:
    """Scales a page to what a text column shows, with a thin frame and few colours."""
    with Image.open(drawn) as image:
        page = image.convert("RGB")
    page.thumbnail((WIDTH, 10 * WIDTH), Image.Resampling.LANCZOS)
    framed = Image.new("RGB", (page.width + 2, page.height + 2), "#b8b8b8")
    framed.paste(page, (1, 1))
    (DOCS / "pictures").mkdir(exist_ok=True)
    framed.quantize(48).save(DOCS / "pictures" / name, optimize=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "page.png"
        for template in ("dc01", "ct01"):
            scanform("template", "blank", template, "-o", str(drawn), "--dpi", "150")
            keep(drawn, f"blank-{template}.png")
        photo = SAMPLES / "phone_photo" / "scan.jpg"
        keep(photo, "scan.png")
        scanform("template", "preview", "dc01", str(photo), "-o", str(drawn))
        keep(drawn, "preview.png")


if __name__ == "__main__":
    main()
