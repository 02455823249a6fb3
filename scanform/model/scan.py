"""From a file to a page that lies straight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""An image, height x width (grey) or height x width x 3 (blue, green, red); 0 is black."""

SHEET_DPI = 300
"""Resolution of template space. Tesseract was trained on print of about this size
(https://tesseract-ocr.github.io/tessdoc/ImproveQuality.html)."""

TORN = "image data is missing"
"""What is said of a page whose picture is torn."""


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A file of one or more page images. ``sha256`` is of its raw bytes: the same scan under
    another name is the same scan."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One decoded page: ``pixels`` height x width of a grey scan, height x width x 3 of one in
    colour; ``dpi`` as the file says or as worked out from the size. ``torn``: a part of the
    picture's data is lost, and what it showed is grey or in the wrong place."""

    scan: ScanFile
    number: int
    dpi: float
    pixels: Pixels
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a page can be read.

    ``residual_mm``: how far printed features of the registered page lie from where the template
    has them (95th percentile); ``sharpness``: variance of the Laplacian of the grey page scaled to
    0..1 values; ``contrast``: paper minus print, 0..1; ``dpi``: of the scan, measured on the page;
    ``rotation``: degrees that the page was turned (clockwise) to stand upright; ``method``: what
    it was registered by.
    """

    residual_mm: float
    sharpness: float
    contrast: float
    dpi: float
    rotation: float
    method: str


@dataclass(frozen=True, slots=True)
class FieldFit:
    """How a field lies on its page: ``residual_mm`` is how far the print around it lies from
    where the template has it, ``support`` (0..1) how surely that print is there at all."""

    residual_mm: float
    support: float


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A page in template space: ``SHEET_DPI``, size of the template's page, colour kept (a grey
    page has ``pixels`` of two dimensions).
    ``fields`` says how each field lies, by its id; one without print around it isn't named."""

    pixels: Pixels
    template: str
    page: int
    quality: Quality
    fields: Mapping[str, FieldFit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A scan, or one page of it, that could not be taken, and why.

    ``reason`` is a key of ``scanform.model.phrases.REJECTIONS``; ``details`` fill its wording.
    ``page`` is None when the whole file is meant.
    """

    path: Path
    sha256: str
    page: int | None
    reason: str
    details: Mapping[str, str] = field(default_factory=dict)
