"""What is said about tables that can't be read or written, by more than one module."""

from __future__ import annotations

from scanform.phrase import Phrase

CANT_READ = Phrase("Không đọc được {file}: {why}.", "{file} can't be read: {why}.")
CANT_WRITE = Phrase("Không ghi được {file}: {why}.", "{file} can't be written: {why}.")
MAKE_ROOM = Phrase(
    "Hãy cho tệp khác bằng -o, hoặc dọn chỗ trên đĩa.",
    "Give another file with -o, or make room on the disk.",
)
NOT_UTF8 = Phrase("{file} không phải UTF-8.", "{file} is not UTF-8.")
SAVE_AS_UTF8 = Phrase(
    "Hãy lưu thành CSV UTF-8 (Excel: Lưu thành, CSV UTF-8).",
    "Save it as CSV UTF-8 (Excel: Save as, CSV UTF-8).",
)
SAVE_AS_CSV = Phrase("Hãy lưu thành CSV.", "Save it as CSV.")
NARROW = Phrase(
    "Hãy thu hẹp bằng --unit hoặc --since, hoặc dùng csv, parquet hay sqlite.",
    "Narrow them with --unit or --since, or use csv, parquet or sqlite.",
)
