"""What is said about tables that can't be read or written."""

from __future__ import annotations

from scanform.phrase import Phrase

CANT_READ = Phrase("Không đọc được {file}: {why}.", "{file} can't be read: {why}.")
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
