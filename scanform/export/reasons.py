"""Why something of a record isn't in an exported file, in words."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.model.phrases import Phrase

REASONS: Mapping[str, Phrase] = {
    "no_element": Phrase(
        "Thông điệp không có chỗ cho mục này.", "The message has no place for this field."
    ),
    "no_code": Phrase("Không có mã cho giá trị này.", "There is no code for this value."),
    "several_codes": Phrase(
        "Giá trị này ứng với nhiều mã.", "The value may mean several entries of the list."
    ),
    "two_values": Phrase(
        "Có hai giá trị cho một phần tử.", "Two values are given where one element stands."
    ),
    "not_digits": Phrase(
        "Số định danh phải có 12 chữ số, số CMND 9 chữ số.",
        "A personal number has 12 digits, an identity card's 9.",
    ),
    "no_such_date": Phrase("Không có ngày này.", "There is no such date."),
    "no_day": Phrase(
        "Chỉ ghi được năm: không đủ ngày, tháng.", "Only the year is written: there is no day."
    ),
    "place_unknown": Phrase(
        "Không tìm thấy đơn vị hành chính; chỉ ghi chi tiết.",
        "No unit was found; the text is written as a detail.",
    ),
    "place_partly": Phrase(
        "Chỉ tìm thấy đơn vị cấp trên; phần còn lại ghi ở chi tiết.",
        "Only a higher unit was found; the rest is written as a detail.",
    ),
    "place_ambiguous": Phrase(
        "Nhiều đơn vị cùng tên; ghi cấp trên nếu biết.",
        "Several units have the name; the one above is written, if known.",
    ),
    "bad_character": Phrase(
        "Có ký tự mà XML không chứa được.", "It has a character that XML can't hold."
    ),
    "masked": Phrase("Giá trị đã được che.", "The value is masked."),
    "no_name": Phrase(
        "Không có họ tên: cả phiếu không được ghi.",
        "There is no name: the whole record is left out.",
    ),
    "not_valid": Phrase(
        "Không hợp lược đồ XML: cả phiếu không được ghi.",
        "It breaks the schema: the whole record is left out.",
    ),
}
"""Keyed by ``Unmapped.reason``."""
