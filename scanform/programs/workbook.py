"""What XlsxWriter takes for markup of its own, said so that it is text."""

from __future__ import annotations

from xml.sax.saxutils import escape


def cell_text(text: str) -> str:
    """The text as ``write_string`` must be given it. One that begins with ``<r>`` and ends with
    ``</r>`` is taken for a rich string and written as it is, which damages the workbook: it
    becomes one, a single run that holds the text."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return f"<r><t>{escape(text)}</t></r>"
    return text
