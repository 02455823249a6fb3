"""What a clerk is told, in Vietnamese and English.

Everything stored is a code; the wording lives here, so that it can be mended without
touching a record. ``{name}`` is filled from the details given.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanform.phrase import Language, Phrase

__all__ = ["CHECKS", "DOUBTS", "REJECTIONS", "Language", "Phrase"]

REJECTIONS: Mapping[str, Phrase] = {
    "unknown_type": Phrase(
        "Không phải tệp PDF, TIFF, JPEG, PNG, BMP hay WebP. Hãy quét hoặc lưu lại thành PDF, JPEG.",
        "This is no PDF, TIFF, JPEG, PNG, BMP or WebP file. Scan to PDF or JPEG, or save as one.",
    ),
    "phone_photo": Phrase(
        "Ảnh HEIC hay AVIF của điện thoại chưa đọc được: hãy gửi ảnh ở dạng JPEG (iPhone: Cài đặt, "
        "Camera, Định dạng, Tương thích nhất).",
        "A phone's HEIC or AVIF photo can't be read: send it as JPEG (iPhone: Settings, Camera, "
        "Formats, Most Compatible).",
    ),
    "packed": Phrase(
        "Đây là tệp nén hoặc tài liệu Office: hãy giải nén, hoặc lưu thành PDF.",
        "This is an archive or an Office document: unpack it, or save it as PDF.",
    ),
    "joined_pdfs": Phrase(
        "Nhiều tệp PDF bị nối đuôi nhau trong một tệp, chỉ tệp cuối đọc được: hãy gửi từng tệp "
        "riêng.",
        "Several PDFs were put end to end in this file, and only the last could be read: hand in "
        "each by itself.",
    ),
    "empty_file": Phrase("Tệp rỗng.", "The file is empty. Copy or scan it again."),
    "damaged": Phrase(
        "Tệp bị hỏng hoặc chưa chép xong ({detail}). Hãy quét hoặc chép lại.",
        "The file is damaged or was not copied to its end ({detail}). Scan or copy it again.",
    ),
    "unsupported": Phrase(
        "Ảnh lưu theo kiểu chưa đọc được ({detail}): hãy lưu lại thành JPEG, PNG hoặc PDF.",
        "The picture is of a sort that can't be read ({detail}): save it as JPEG, PNG or PDF.",
    ),
    "encrypted": Phrase(
        "PDF có mật khẩu. Hãy lưu lại không có mật khẩu.",
        "The PDF is protected by a password. Save it without one.",
    ),
    "too_large": Phrase(
        "Trang quá lớn ({detail}). Hãy quét ở 200–300 dpi.",
        "The page is too large ({detail}). Scan at 200 to 300 dpi.",
    ),
    "too_many_pages": Phrase(
        "Tệp có quá nhiều trang ({detail}). Hãy chia nhỏ.",
        "The file has too many pages ({detail}). Split it.",
    ),
    "too_small": Phrase(
        "Ảnh quá nhỏ ({detail}). Hãy quét ở 200–300 dpi.",
        "The image is too small to read ({detail}). Scan at 200 to 300 dpi.",
    ),
    "unreadable_file": Phrase(
        "Không mở được tệp ({detail}).",
        "The file can't be opened ({detail}). Check that it is still there and may be read.",
    ),
    "unknown_form": Phrase(
        "Không khớp mẫu nào trong số đã chọn ({detail}).",
        "The page is none of the forms asked for ({detail}).",
    ),
    "other_revision": Phrase(
        "Trang giống mẫu nhưng nội dung in khác ({detail}): hãy chọn đúng phiên bản mẫu.",
        "The page looks like the form, but other words or lines are printed there ({detail}): "
        "it is another revision. Add that revision's template.",
    ),
    "misaligned": Phrase(
        "Không căn được trang với mẫu ({detail}). Hãy quét lại cho phẳng.",
        "The page can't be aligned with its template ({detail}). Flatten it and scan it again.",
    ),
    "page_failed": Phrase(
        "Không xử lý được trang này ({detail}).",
        "This page could not be worked ({detail}). Scan it again; if it stays, report it.",
    ),
    "page_timeout": Phrase(
        "Trang xử lý quá lâu ({detail}).",
        "The page took too long ({detail}). Scan it again at 200 to 300 dpi.",
    ),
}

CHECKS: Mapping[str, Phrase] = {
    "low_dpi": Phrase(
        "{detail} dpi: hãy quét ở 200 trở lên.", "{detail} dpi: scan at 200 or more."
    ),
    "cut_left": Phrase("Mất mép trái, {detail} mm.", "Left edge cut off, {detail} mm."),
    "cut_right": Phrase("Mất mép phải, {detail} mm.", "Right edge cut off, {detail} mm."),
    "cut_top": Phrase("Mất mép trên, {detail} mm.", "Top edge cut off, {detail} mm."),
    "cut_bottom": Phrase("Mất mép dưới, {detail} mm.", "Bottom edge cut off, {detail} mm."),
    "too_dark": Phrase("Quá tối: hãy tăng độ sáng.", "Too dark: make it brighter."),
    "too_pale": Phrase("Chữ in quá nhạt: hãy tăng độ đậm.", "The print is too pale: scan darker."),
    "blurred": Phrase("Bị nhoè: hãy lau kính, giữ yên.", "Blurred: clean the glass, hold still."),
    "misaligned_fields": Phrase(
        "Phần in quanh vài mục không như mẫu: {detail}.",
        "The print around some fields is not as in the template: {detail}.",
    ),
    "upside_down": Phrase(
        "Ngược đầu: không sao, sẽ được xoay lại.", "Upside down: fine, will be turned."
    ),
    "sideways": Phrase(
        "Nằm ngang: không sao, sẽ được xoay lại.", "On its side: fine, will be turned."
    ),
    "blank_back": Phrase("Mặt trống.", "Blank back."),
}
"""What ``scanform check`` says of a page, besides ``REJECTIONS``."""

DOUBTS: Mapping[str, Phrase] = {
    "low_confidence": Phrase("Máy đọc không chắc.", "The reader isn't sure."),
    "readers_disagree": Phrase(
        "Hai bộ đọc cho kết quả khác nhau.", "Two readers read it differently."
    ),
    "unreadable": Phrase("Không đọc được.", "It could not be read."),
    "faint": Phrase("Có nét mờ: có thể là trống.", "There is faint ink: it may be blank."),
    "required_blank": Phrase("Mục bắt buộc nhưng bỏ trống.", "A required field is blank."),
    "several_marked": Phrase("Đánh dấu nhiều ô.", "More than one box is marked."),
    "corrected_mark": Phrase("Có ô đã sửa.", "A mark was corrected."),
    "no_such_date": Phrase("Không có ngày này.", "There is no such date."),
    "mended_date": Phrase(
        "Chữ số đọc được không thành ngày: lấy ngày có thật gần nhất.",
        "The digits as read are no date: the likeliest one that exists was taken.",
    ),
    "mended_digits": Phrase(
        "Máy đọc là {detail}; đã lấy chữ số khớp với ngày, giới tính, mã tỉnh hoặc số ở mục khác.",
        "Read as {detail}; digits were taken that fit a date, sex, province or another number.",
    ),
    "fitted_to": Phrase(
        "Chữ số ở một mục khác đã được chọn cho khớp với mục này.",
        "Digits of another field were chosen to fit this answer.",
    ),
    "named_as_hamlet": Phrase(
        "Tên ấp được lấy theo mục ấp của tờ khai: một bộ đọc cũng đọc như vậy.",
        "The hamlet is named as in the form's own field: one of the readers saw it so here, too.",
    ),
    "future_date": Phrase("Ngày trong tương lai.", "The date lies in the future."),
    "incomplete_date": Phrase("Ngày chưa đủ.", "The date is not complete."),
    "wrong_length": Phrase("Sai số chữ số ({detail}).", "Wrong number of digits ({detail})."),
    "wrong_code_length": Phrase(
        "Mã có số ký tự lạ ({detail}).", "The code has an odd number of characters ({detail})."
    ),
    "several_codes": Phrase("Có {detail} mã khác nhau.", "There are {detail} different codes."),
    "gap_in_digits": Phrase("Có ô trống ở giữa.", "There is an empty cell between digits."),
    "not_in_list": Phrase("Không có trong danh mục.", "It is not in the list."),
    "near_known": Phrase(
        "Chữ khó đọc: kết quả dựa nhiều vào danh mục và từ thường gặp.",
        "Hard to read: lists and usual words had to help.",
    ),
    "near_in_list": Phrase(
        "Đọc gần giống mục trong danh mục.", "It was read as nearly an entry of the list."
    ),
    "several_in_list": Phrase("Khớp nhiều mục trong danh mục.", "Several entries of the list fit."),
    "odd_characters": Phrase("Có ký tự lạ.", "It has characters that don't belong."),
    "not_capitals": Phrase("Không viết in hoa.", "It is not in block capitals."),
    "rare_name": Phrase(
        "Tên rất hiếm với dấu này: thường là {detail}.",
        "With these marks the name is very rare: mostly it is {detail}.",
    ),
    "reader_failed": Phrase(
        "Một trong hai bộ đọc bị lỗi: chỉ có một bộ đọc được.",
        "One of the two readers failed: only the other one read it.",
    ),
    "struck_out": Phrase(
        "Chữ bị gạch ngang: có thể đã bỏ.", "It is struck out: it may have been taken back."
    ),
    "broken_writing": Phrase(
        "Nét chữ trên trang bị mờ, đứt: ô tưởng trống có thể đã ghi. Nên quét lại, chế độ xám.",
        "The writing on this page is broken, so what looks blank may not be: scan it again, in "
        "grey.",
    ),
    "unknown_province_code": Phrase(
        "Mã tỉnh không có thật.", "The number begins with no province's code."
    ),
    "sex_disagrees": Phrase(
        "Số định danh không khớp giới tính.", "The ID number disagrees with the sex."
    ),
    "birth_year_disagrees": Phrase(
        "Số định danh không khớp năm sinh.", "The ID number disagrees with the year of birth."
    ),
    "province_disagrees": Phrase(
        "Mã tỉnh trong số định danh không khớp nơi đăng ký khai sinh.",
        "The number's province is not where the birth was registered.",
    ),
    "parent_sex_disagrees": Phrase(
        "Số định danh của cha là của nữ, hoặc của mẹ là của nam.",
        "The father's number is a woman's, or the mother's a man's.",
    ),
    "parent_age_disagrees": Phrase(
        "Tuổi của cha mẹ không hợp với năm sinh.",
        "The parent is too young or too old for the year of birth.",
    ),
    "same_number": Phrase(
        "Hai người khác nhau có cùng một số.", "Two people have the same number."
    ),
    "spouse_sex_disagrees": Phrase(
        "Số định danh của vợ/chồng cùng giới tính.", "The spouse's number is of the same sex."
    ),
    "head_differs": Phrase(
        "Là chủ hộ nhưng tên hoặc số của chủ hộ khác.",
        "This is the head of the household, but the head's name or number differs.",
    ),
    "is_head": Phrase(
        "Số của chủ hộ là số của chính người này, nhưng quan hệ không phải chủ hộ.",
        "The head's number is this person's own, but the relation is another.",
    ),
    "too_young": Phrase(
        "Quá nhỏ tuổi so với tình trạng hôn nhân.", "Too young for this marital status."
    ),
    "relation_disagrees": Phrase(
        "Quan hệ với chủ hộ không khớp giới tính.",
        "The relation to the head disagrees with the sex.",
    ),
    "dates_out_of_order": Phrase("Các ngày không theo thứ tự.", "The dates are out of order."),
    "place_disagrees": Phrase(
        "Địa danh không thuộc đơn vị cấp trên đã ghi.",
        "The place does not lie in the unit named above it.",
    ),
    "misaligned_field": Phrase(
        "Phần in quanh mục này không đúng như mẫu ({detail}): có thể là bản in khác.",
        "The print around this field is not as in the template ({detail}): it may be another "
        "revision of the form.",
    ),
    "to_key": Phrase("Được yêu cầu gõ lại từ ảnh.", "It was ordered to be keyed from the image."),
    "not_read": Phrase("Chưa đọc: gõ từ ảnh.", "It was not read: key it from the image."),
    "page_missing": Phrase("Thiếu trang của phiếu.", "A page of the form is missing."),
}
