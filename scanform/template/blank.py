"""What people fill: the empty form as scanform draws it, or the office's own print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scanform.errors import Mistake
from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import EmptyForm, Template
from scanform.programs import poppler
from scanform.template.draw import draw_pdf, print_id
from scanform.template.empty import is_own_print, pages_of, printed_id, undrawable

_PAPER_MM = 3.0
"""By so much an office's own print may be wider or higher than the template's paper."""
_SIZE_DPI = 51


def pages_to_fill(form: EmptyForm, marks: bool = True) -> tuple[Pixels, ...]:
    """The empty pages as people get them, at ``SHEET_DPI`` in colour: the office's own print, which
    is as it is, or drawn from the template, with ``marks`` or without. Raises as ``pages_of``."""
    if not is_own_print(form.pdf):
        return draw_pages(form.template, marks)
    return tuple(pages_of(form))


def pages_to_fill_both_ways(form: EmptyForm) -> dict[bool, tuple[Pixels, ...]]:
    """``pages_to_fill`` with marks and without; an own print, the same both ways, is drawn once."""
    marked = pages_to_fill(form)
    return {True: marked, False: marked if is_own_print(form.pdf) else pages_to_fill(form, False)}


def draw_pages(template: Template, marks: bool = True) -> tuple[Pixels, ...]:
    """The template's empty pages at ``SHEET_DPI``, in colour."""
    pdf = draw_pdf(template, marks=marks)
    pages = range(1, template.pages + 1)
    return tuple(poppler.render_bytes(pdf, page, SHEET_DPI) for page in pages)


def mistakes_in(form: EmptyForm, folder: Path) -> Iterator[Mistake]:
    """What is wrong with the empty form of the template in ``folder``: missing, older than the
    template, or a print of the office's own on other paper."""
    where, template = str(form.pdf), form.template
    renew = f"run `scanform template blank {folder} -o {form.pdf}`"
    if not form.pdf.is_file():
        yield Mistake(where, 1, "", "the blank form is missing", renew)
        return
    drawn_from = printed_id(form.pdf.read_bytes())
    if drawn_from is None:
        yield from _of_own_print(form)
    elif drawn_from != print_id(template):
        yield Mistake(where, 1, "", "the blank form is older than its template", renew)


def _of_own_print(form: EmptyForm) -> Iterator[Mistake]:
    asked = form.template.page_mm
    for page in range(1, form.template.pages + 1):
        try:
            drawn = poppler.render(form.pdf, page, _SIZE_DPI, grey=True)
        except poppler.PdfError as error:
            yield undrawable(form, page, error)
            continue
        height, width = (pixels / _SIZE_DPI * MM_PER_INCH for pixels in drawn.shape[:2])
        if max(abs(width - asked[0]), abs(height - asked[1])) > _PAPER_MM:
            problem = f"page {page} of the blank form is {width:.0f} x {height:.0f} mm"
            advice = f"the template's paper is {asked[0]:g} x {asked[1]:g} mm: mend `paper:`"
            yield Mistake(str(form.pdf), 1, "", problem, advice)
