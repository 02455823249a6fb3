"""Every word of the pages, in Vietnamese and English, by key."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.model.phrases import Language, Phrase

P = Phrase

WORDS: Mapping[str, Phrase] = {
    # the frame
    "skip_to_content": P("Đến nội dung", "Skip to the content"),
    "overview": P("Tổng quan", "Overview"),
    "review": P("Duyệt", "Review"),
    "groups": P("Duyệt theo nhóm", "Groups"),
    "second_keying": P("Nhập lần hai", "Second keying"),
    "sample": P("Kiểm mẫu", "Quality sample"),
    "records": P("Phiếu", "Records"),
    "scans": P("Nộp bản quét", "Scans"),
    "rejected": P("Bị loại", "Rejected"),
    "paper": P("Cần giấy gốc", "Needs the paper"),
    "tally": P("Kiểm đếm", "Tally"),
    "people": P("Nhân sự", "People"),
    "pages_of": P("Các trang", "Pages"),
    "signed_in_as": P("Người dùng: {name}", "Signed in as {name}"),
    "sign_out": P("Đăng xuất", "Sign out"),
    "other_language": P("English", "Tiếng Việt"),
    "help": P("Phím tắt", "Keys"),
    "close": P("Đóng", "Close"),
    "template": P("Mẫu phiếu", "Template"),
    "field": P("Mục", "Field"),
    "all": P("Tất cả", "All"),
    "value": P("Giá trị", "Value"),
    "state": P("Trạng thái", "State"),
    "file": P("Tệp", "File"),
    "page": P("Trang", "Page"),
    "page_number": P("trang {page}", "page {page}"),
    "why": P("Vì sao", "Why"),
    "open": P("Mở", "Open"),
    "who": P("Ai", "Who"),
    "when": P("Lúc nào", "When"),
    "total": P("Tổng cộng", "Total"),
    "more": P("Xem tiếp", "More"),
    # signing in
    "sign_in": P("Đăng nhập", "Sign in"),
    "name": P("Tên đăng nhập", "Name"),
    "password": P("Mật khẩu", "Password"),
    "wrong_password": P("Tên hoặc mật khẩu không đúng.", "The name or the password is wrong."),
    "wait_seconds": P(
        "Sai nhiều lần. Hãy thử lại sau {seconds} giây.",
        "Too many wrong passwords. Try again in {seconds} seconds.",
    ),
    "link_is_used": P(
        "Liên kết này đã dùng hoặc không đúng. Hãy chạy lại `scanform serve` để có liên kết mới.",
        "This link was used already, or is wrong. Start `scanform serve` again for a new one.",
    ),
    "no_users_yet": P(
        "Chưa có tài khoản nào. Hãy mở liên kết mà `scanform serve` đã in ra.",
        "There are no accounts yet. Open the link that `scanform serve` printed.",
    ),
    # errors
    "not_found": P("Không có trang này.", "There is no such page."),
    "not_allowed": P("Bạn không có quyền làm việc này.", "Your role may not do this."),
    "stale_page": P(
        "Trang đã mở quá lâu. Hãy tải lại trang rồi làm lại.",
        "The page was open for too long. Load it again, then do it once more.",
    ),
    "too_large": P("Dữ liệu gửi lên quá lớn.", "What was sent is too large."),
    "something_failed": P(
        "Máy chủ gặp lỗi. Không mất gì đã lưu.",
        "The server failed. Nothing that was saved is lost.",
    ),
    "no_answer": P(
        "Không kết nối được máy chủ. Hãy thử lại.",
        "The server can't be reached. Try again.",
    ),
    "back_to_overview": P("Về trang tổng quan", "Back to the overview"),
    # overview
    "waiting_answers": P("mục chờ duyệt", "answers wait"),
    "records_waiting": P("phiếu còn mục chờ", "records not complete"),
    "records_complete": P("phiếu đã xong", "records complete"),
    "rejected_scans": P("tệp hoặc trang bị loại", "rejected scans and pages"),
    "start_review": P("Bắt đầu duyệt", "Start reviewing"),
    "queue_by_field": P("Hàng đợi theo mục", "The queue, by field"),
    "waiting": P("Đang chờ", "Waiting"),
    "my_work": P("Việc của tôi", "My work"),
    "my_today": P("Hôm nay: {count} mục", "Today: {count} answers"),
    "my_last": P("Vừa làm", "Just done"),
    "nothing_waits": P("Không còn mục nào chờ duyệt.", "Nothing waits for review."),
    "nothing_waits_here": P(
        "Không còn mục nào như vậy cho bạn. Có thể người khác đang giữ.",
        "Nothing of this kind is left for you. Others may be working on some.",
    ),
    "nothing_decided": P("Bạn chưa duyệt mục nào.", "You have decided nothing yet."),
    "done_share": P("{share} số phiếu đã xong", "{share} of the records are complete"),
    # review
    "order": P("Thứ tự", "Order"),
    "by_field": P("Theo loại mục", "Field by field"),
    "by_form": P("Theo từng phiếu", "Form by form"),
    "all_fields": P("tất cả các mục", "all fields"),
    "left": P("còn {count}", "{count} left"),
    "read_as": P("Máy đọc: {value}", "Read as: {value}"),
    "nothing_read": P("Máy không đọc được gì.", "Nothing could be read."),
    "read_blank": P("Máy cho là trống.", "It was taken for blank."),
    "answer_for": P("Giá trị của {label}", "Answer for {label}"),
    "accept": P("Đúng", "Accept"),
    "save": P("Lưu", "Save"),
    "blank": P("Trống", "Blank"),
    "unreadable": P("Không đọc được", "Unreadable"),
    "needs_paper": P("Cần giấy", "Needs the paper"),
    "skip": P("Để sau", "Skip"),
    "undo": P("Hoàn tác", "Undo"),
    "note": P("Ghi chú", "Note"),
    "whole_page": P("Cả trang", "Whole page"),
    "zoom_in": P("Phóng to", "Zoom in"),
    "zoom_out": P("Thu nhỏ", "Zoom out"),
    "rotate": P("Xoay", "Rotate"),
    "telex": P("Telex", "Telex"),
    "alternatives": P("Có thể là", "It may be"),
    "crop_of": P("Ảnh cắt của mục {label}", "Picture of the field {label}"),
    "page_of_record": P("Trang {page} của phiếu {record}", "Page {page} of record {record}"),
    "decided": P("{label}: {value}", "{label}: {value}"),
    "warned": P("Chú ý, {field}: {why}", "Note, {field}: {why}"),
    "undone": P("Đã hoàn tác.", "Undone."),
    "nothing_to_undo": P("Không còn gì để hoàn tác.", "There is nothing to undo."),
    "skipped": P("Để sau.", "Skipped."),
    "nothing_to_accept": P(
        "Không đọc được gì để nhận. Hãy gõ giá trị, hoặc chọn Trống hay Không đọc được.",
        "Nothing was read. Type the value, or say that it is blank or unreadable.",
    ),
    "present": P("Có", "Present"),
    "absent": P("Không có", "Absent"),
    "date_mask": P("ngày/tháng/năm", "day/month/year"),
    "digits_mask": P("{lengths} chữ số", "{lengths} digits"),
    "note_label": P("Ghi chú cho mục này", "A note on this answer"),
    "wait_for_picture": P("Ảnh đang tải…", "The picture is still coming…"),
    "no_picture": P("Không có ảnh của mục này.", "There is no picture of this answer."),
    "open_form": P("Mở phiếu", "Open the form"),
    # keys
    "key_accept": P("nhận giá trị, hoặc lưu cái đã gõ", "accept the value, or save what you typed"),
    "key_type": P("chỉ cần gõ để sửa", "just type to correct"),
    "key_number": P(
        "chọn cách đọc khác (mục số: Alt và số)", "take another reading (numbers: Alt and digit)"
    ),
    "key_arrows": P("chọn trong danh sách", "walk through the list"),
    "key_escape": P("trở lại giá trị máy đọc", "back to the value that was read"),
    "key_help": P("bảng phím này", "this list"),
}


def say(key: str, language: Language, **details: object) -> str:
    """The wording of ``key``; raises ``KeyError`` for one that isn't in the catalogue."""
    return WORDS[key].say(language, {name: str(value) for name, value in details.items()})


def number(value: int, language: Language) -> str:
    """1234567 as 1.234.567 in Vietnamese and 1,234,567 in English."""
    return f"{value:,}".replace(",", "." if language == "vi" else ",")


def percent(share: float, language: Language) -> str:
    text = f"{share * 100:.1f} %"
    return text.replace(".", ",") if language == "vi" else text
