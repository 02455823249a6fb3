"""Plays the month of docs/seed-case.md and draws its pictures from the real thing.

    python docs/seed_case.py

Needs Poppler; with LibreOffice installed the Word file is drawn too.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from PIL import Image

from scanform.cli import main
from scanform.programs import poppler

DOCS = Path(__file__).parent
CASE = DOCS / "seed-case"
DPI = 80

INIT = [
    "campaign", "init", "-t", "dc01", "--name", "Thu thập thông tin dân cư huyện Thạnh Phú",
    "--targets", str(CASE / "targets.csv"), "--within", "837",
    "--start", "26/09/2018", "--deadline", "31/12/2018", "--goal", "70",
    "--office-above", "CÔNG AN TỈNH BẾN TRE", "--office", "CÔNG AN HUYỆN THẠNH PHÚ",
    "--place", "Thạnh Phú", "--signer-title", "TRƯỞNG CÔNG AN HUYỆN",
]  # fmt: skip
REPORT = [
    "report", "--as-of", "26/10/2018", "--number", "214/BC-CAH",
    "--to", "Công an tỉnh Bến Tre (để báo cáo)", "--to", "UBND huyện Thạnh Phú (để báo cáo)",
]  # fmt: skip
SLIP = ["--forms", "120", "--from", "Nguyễn Văn Bình", "--day", "26/10/2018"]


def call(workspace: Path, *arguments: str) -> str:
    os.environ |= {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "vi", "COLUMNS": "90"}
    told = io.StringIO()
    with redirect_stdout(told):
        main(list(arguments), standalone_mode=False)
    return told.getvalue()


def draw() -> None:
    folder = Path(tempfile.mkdtemp(prefix="scanform-"))
    try:
        workspace = folder / "w"
        call(workspace, *INIT)
        call(workspace, "campaign", "enter", "--file", str(CASE / "figures.csv"))
        terminal(call(workspace, "tally", "--as-of", "26/10/2018", "--forecast"))
        for ending in ("pdf", "docx"):
            call(workspace, *REPORT, "-o", str(folder / f"report.{ending}"))
        picture(folder / "report.pdf", "seed-report-pdf.png")
        word = as_pdf(folder / "report.docx")
        if word is not None:
            picture(word, "seed-report-docx.png")
        cover = folder / "cover.pdf"
        call(workspace, "batch", "open", "Xã Thạnh Hải", *SLIP, "--cover", str(cover))
        picture(cover, "batch-cover.png", 40)
    finally:
        shutil.rmtree(folder)


def terminal(text: str) -> None:
    """What the terminal shows, for the page: text, for it can be read aloud and searched."""
    (CASE / "tally.txt").write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def as_pdf(word: Path) -> Path | None:
    office = shutil.which("soffice")
    if office is None:
        return None
    home = {**os.environ, "HOME": str(word.parent)}
    made = word.parent / "word"
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", str(made), str(word)]
    subprocess.run(command, check=True, env=home, capture_output=True, timeout=180)
    return made / "report.pdf"


def picture(file: Path, name: str, dpi: int = DPI) -> None:
    pixels = poppler.render(file, 1, dpi)[:, :, ::-1]
    image = Image.fromarray(pixels.copy()).quantize(48)
    image.save(DOCS / "pictures" / name, optimize=True)


if __name__ == "__main__":
    draw()
