"""How the text of a table is encoded that somebody saved: told by its first bytes."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def encoding_of(first: bytes) -> str:
    """UTF-8, with a mark or without one, or the UTF-16 of Excel's "Unicode text". Older code pages
    bear no mark: which one it is can only be guessed, and a wrong guess changes names."""
    return "utf-16" if first[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig"
