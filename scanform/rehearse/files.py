"""Worn pages become files as a scanner writes them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from scanform.rehearse.wear import Worn

POINTS_PER_INCH = 72


def save(pages: Sequence[Worn], stem: Path) -> Path:
    """Writes ``pages`` as one file and returns its path: ``stem`` with the ending that fits.

    One page becomes a JPEG, a PNG (no JPEG quality given) or, black and white, a TIFF with
    CCITT G4; several become a PDF, or a TIFF when all are black and white.
    """
    images = [picture(page) for page in pages]
    first = pages[0]
    if all(page.mode == "bitonal" for page in pages):
        return save_tiff(images, stem, first.dpi)
    if len(images) > 1:
        return save_pdf(pages, stem)
    if first.quality is None:
        path = stem.with_suffix(".png")
        images[0].save(path, dpi=(first.dpi, first.dpi))
        return path
    path = stem.with_suffix(".jpg")
    path.write_bytes(jpeg(first))
    return path


def picture(page: Worn) -> Image.Image:
    """The page as Pillow has it: mode 1, L or RGB."""
    if page.pixels.ndim == 3:
        return Image.fromarray(page.pixels[:, :, ::-1].copy())
    image = Image.fromarray(page.pixels)
    return image.convert("1", dither=Image.Dither.NONE) if page.mode == "bitonal" else image


def jpeg(page: Worn) -> bytes:
    buffer = io.BytesIO()
    picture(page).convert("L" if page.pixels.ndim == 2 else "RGB").save(
        buffer, "JPEG", quality=page.quality or 90, dpi=(page.dpi, page.dpi)
    )
    return buffer.getvalue()


def save_tiff(images: Sequence[Image.Image], stem: Path, dpi: int) -> Path:
    """One TIFF of black and white pages, each compressed with CCITT G4."""
    path = stem.with_suffix(".tif")
    images[0].save(
        path,
        save_all=True,
        append_images=list(images[1:]),
        compression="group4",
        dpi=(dpi, dpi),
    )
    return path


def save_pdf(pages: Sequence[Worn], stem: Path) -> Path:
    """One PDF with an image a page; JPEGs go in as they are."""
    path = stem.with_suffix(".pdf")
    # ``invariant`` leaves the time of day out, so the same pages give the same bytes.
    pdf = canvas.Canvas(str(path), invariant=True)
    for page in pages:
        height, width = page.pixels.shape[:2]
        size = (width * POINTS_PER_INCH / page.dpi, height * POINTS_PER_INCH / page.dpi)
        pdf.setPageSize(size)
        source = (
            ImageReader(picture(page))
            if page.quality is None
            else ImageReader(io.BytesIO(jpeg(page)))
        )
        pdf.drawImage(source, 0, 0, *size)
        pdf.showPage()
    pdf.save()
    return path
