"""A document as a picture: the PDF's pages, one below the other."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from scanform.programs import poppler
from scanform.programs.scratch import scratch
from scanform.report import pdf
from scanform.report.chart import draw
from scanform.report.interface import Chart, Document

DPI = 150


def write(document: Document) -> bytes:
    """Raises ``MissingProgram`` without Poppler."""
    return picture(pdf.write(document), DPI)


def picture(data: bytes, dpi: int) -> bytes:
    """A PDF's pages as one PNG."""
    with scratch(len(data)) as folder:
        file = folder / "report.pdf"
        file.write_bytes(data)
        count = poppler.page_count(file)
        pages = [poppler.render(file, number, dpi) for number in range(1, count + 1)]
    pixels = np.vstack(pages)[:, :, ::-1]
    target = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(target, "PNG", optimize=True)
    return target.getvalue()


def chart_picture(chart: Chart, width: float = 482, height: float = 130, dpi: int = 220) -> bytes:
    """The chart as a PNG; sizes in points. Raises ``MissingProgram`` without Poppler."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(width, height), invariant=1)
    draw(chart, width, height).drawOn(canvas, 0, 0)
    canvas.save()
    return picture(target.getvalue(), dpi)
