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
    "by_field": P("Theo loại mục", "Field by field"),
    "by_form": P("Theo từng phiếu", "Form by form"),
    "all_fields": P("tất cả các mục", "all fields"),
    "left": P("còn {count}", "{count} left"),
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
    "alternatives": P("Có thể là", "It may be"),
    "crop_of": P("Ảnh cắt của mục {label}", "Picture of the field {label}"),
    "page_of_record": P("Trang {page} của phiếu {record}", "Page {page} of record {record}"),
    "decided": P("{label}: {value}", "{label}: {value}"),
    "warned": P("Chú ý, {field}: {why}", "Note, {field}: {why}"),
    "undone": P("Đã hoàn tác.", "Undone."),
    "skipped": P("Để sau.", "Skipped."),
    "present": P("Có", "Present"),
    "absent": P("Không có", "Absent"),
    "date_mask": P("ngày/tháng/năm", "day/month/year"),
    "digits_mask": P("{lengths} chữ số", "{lengths} digits"),
    "note_label": P("Ghi chú cho mục này", "A note on this answer"),
    "no_picture": P("Không có ảnh của mục này.", "There is no picture of this answer."),
    # records
    "record": P("Phiếu {number}", "Record {number}"),
    "record_pending": P("Chờ duyệt", "Pending"),
    "record_complete": P("Xong", "Complete"),
    "no_records": P("Không có phiếu nào.", "There are no records."),
    "show": P("Xem", "Show"),
    "history": P("Nhật ký", "History"),
    "no_history": P("Chưa ai quyết định gì.", "Nobody has decided anything yet."),
    "from": P("Từ", "From"),
    "to": P("Thành", "To"),
    "change": P("sửa", "change"),
    "state_accepted": P("đã nhận", "accepted"),
    "state_pending": P("chờ duyệt", "pending"),
    "state_corrected": P("đã sửa", "corrected"),
    "state_blank": P("trống", "blank"),
    "state_unreadable": P("không đọc được", "unreadable"),
    # groups
    "groups_about": P(
        "Các mục máy đọc giống nhau, trên một trang: gạch mục sai, nhận phần còn lại một lần.",
        "Answers that were read alike, on one sheet: strike out the odd ones, accept the rest with "
        "one key.",
    ),
    "read_all_as": P("Máy đọc là", "All read as"),
    "no_groups": P("Chưa có nhóm nào.", "There are no groups now."),
    "strike_out": P(
        "{count} ảnh. Bấm (hoặc phím cách) vào ảnh không đúng; mũi tên để đi, Enter để nhận.",
        "{count} pictures. Click (or space) what is wrong; arrows to walk, Enter to accept.",
    ),
    "accept_rest": P("Nhận phần còn lại", "Accept the rest"),
    "leave_sheet": P("Bỏ qua trang này", "Leave this sheet"),
    "not_this": P("Ảnh {number} không phải {value}", "Picture {number} is not {value}"),
    # scans
    "drop_here": P("Thả tệp quét vào đây", "Drop scans here"),
    "drop_kinds": P(
        "PDF, TIFF, JPEG hoặc PNG; nhiều tệp một lúc", "PDF, TIFF, JPEG or PNG; many at once"
    ),
    "choose_files": P("Chọn tệp", "Choose files"),
    "which_forms": P("Có thể là mẫu nào", "Which forms they may be"),
    "upload_failed": P("không gửi được", "could not be sent"),
    "upload_sent": P("đã gửi", "sent"),
    "jobs": P("Đang số hóa", "Being digitised"),
    "no_jobs": P("Chưa có tệp nào.", "No files yet."),
    "job_waiting": P("đang chờ", "waits"),
    "job_working": P("đang đọc", "being read"),
    "job_done": P("xong", "done"),
    "job_failed": P("lỗi", "failed"),
    "known_already": P("đã có từ trước", "known already"),
    "see_rejected": P("Xem tệp bị loại", "See what was rejected"),
    "none_rejected": P("Không có gì bị loại.", "Nothing is rejected."),
    "no_page_to_show": P("Không vẽ được trang này", "This page can't be shown"),
    "what_now": P("Làm gì bây giờ?", "What now?"),
    "scan_again": P("Quét lại tờ giấy rồi nộp ở đây:", "Scan the paper again and hand it in here:"),
    "it_is": P("Hoặc: đây là mẫu", "Or: it is this form"),
    "try_again": P("Đọc lại", "Read it again"),
    "back": P("Quay lại", "Back"),
    # second keying, samples, paper
    "keying_about": P(
        "Hai người gõ cùng một mục mà không thấy của nhau; khác nhau thì người thứ ba quyết định.",
        "Two people type the same answer without seeing each other; a third settles differences.",
    ),
    "to_key": P("mục chờ bạn gõ", "answers for you to type"),
    "to_settle": P("mục hai người gõ khác nhau", "answers typed differently"),
    "start": P("Bắt đầu", "Start"),
    "orders": P("Yêu cầu", "Orders"),
    "new_order": P("Yêu cầu mới", "New order"),
    "give_order": P("Yêu cầu", "Order"),
    "keyers": P("Số người gõ", "Keyers"),
    "answers": P("Số mục", "Answers"),
    "done": P("Đã làm", "Done"),
    "differed": P("Khác nhau", "Differed"),
    "share_percent": P("Tỷ lệ (%)", "Share (%)"),
    "share": P("Tỷ lệ", "Share"),
    "share_is_wrong": P("Tỷ lệ phải từ 0 đến 100 %.", "The share must lie between 0 and 100 %."),
    "sample_about": P(
        "Một phần ngẫu nhiên của các mục đã nhận được gõ lại mà không thấy giá trị: đo tỷ lệ sai.",
        "A random share of what was accepted is typed again, blind: that measures the error.",
    ),
    "to_sample": P("mục chờ kiểm", "answers to check"),
    "measured": P("Tỷ lệ sai đo được", "The error measured"),
    "kind": P("Loại mục", "Kind of field"),
    "kind_text": P("chữ viết", "text"),
    "kind_capitals": P("chữ in hoa", "block capitals"),
    "kind_digits": P("số", "digits"),
    "kind_date": P("ngày", "date"),
    "kind_choice": P("ô đánh dấu", "tick boxes"),
    "kind_closed": P("danh mục", "list"),
    "kind_place": P("địa danh", "place"),
    "kind_presence": P("chữ ký", "signature"),
    "looked_at": P("Đã kiểm", "Checked"),
    "wrong": P("Sai", "Wrong"),
    "rate": P("Tỷ lệ", "Rate"),
    "interval": P("Khoảng 95 %", "95 % interval"),
    "bound_broken": P("vượt mức {bound}", "above {bound}"),
    "samples": P("Các mẫu đã rút", "Samples drawn"),
    "new_sample": P("Rút mẫu mới", "Draw a sample"),
    "draw": P("Rút mẫu", "Draw"),
    "paper_about": P(
        "Các phiếu cần lấy ra khỏi hộp để xem giấy gốc.",
        "Forms to pull from the box, as their paper must be looked at.",
    ),
    "it_lies_here": P("Đã có giấy", "The paper is here"),
    "nothing_to_pull": P("Không cần lấy phiếu nào.", "No form needs to be pulled."),
    # figures
    "figures": P("Số liệu", "Figures"),
    "pace": P("Nhịp làm việc", "Pace"),
    "decided_count": P("Đã duyệt", "Decided"),
    "corrected_count": P("Đã sửa", "Corrected"),
    "seconds": P("Giây mỗi mục", "Seconds each"),
    "per_hour": P("Mục mỗi giờ", "An hour"),
    "corrections": P("Sửa theo bộ đọc", "Corrections by reader"),
    "reader": P("Bộ đọc", "Reader"),
    "agreement": P("Hai người gõ giống nhau", "Agreement of two keyers"),
    "pairs": P("Cặp", "Pairs"),
    "agreed": P("Giống nhau", "Agreed"),
    "nothing_decided_yet": P("Chưa có quyết định nào.", "Nothing was decided yet."),
    # tally
    "unit": P("Đơn vị", "Unit"),
    "target": P("Chỉ tiêu", "Target"),
    "unit_unknown": P("(chưa rõ đơn vị)", "(unit not known)"),
    # people
    "role": P("Vai trò", "Role"),
    "role_clerk": P("Nhân viên", "Clerk"),
    "role_checker": P("Kiểm soát viên", "Checker"),
    "role_officer": P("Cán bộ phụ trách", "Officer"),
    "role_admin": P("Quản trị", "Admin"),
    "may_clerk": P("duyệt hàng đợi; chỉ thấy ảnh cắt của mục", "works the queue; sees crops only"),
    "may_checker": P(
        "thêm: xem cả phiếu, phân xử, kiểm mẫu, nộp bản quét",
        "also: whole forms, settling, samples, new scans",
    ),
    "may_officer": P(
        "thêm: số liệu, yêu cầu nhập lần hai, xuất dữ liệu, nhật ký",
        "also: figures, ordering second keying, export, the log",
    ),
    "may_admin": P("thêm: tài khoản và vai trò", "also: accounts and roles"),
    "last_seen": P("Lần cuối", "Last seen"),
    "new_account": P("Tài khoản mới", "New account"),
    "new_password": P("Mật khẩu mới", "New password"),
    "password_rule": P("Mật khẩu (ít nhất 10 ký tự)", "Password (10 characters or more)"),
    "once_more": P("Nhập lại", "Once more"),
    "passwords_differ": P("Hai lần nhập không giống nhau.", "The two passwords differ."),
    "add": P("Thêm", "Add"),
    "disable": P("Khóa", "Disable"),
    "enable": P("Mở khóa", "Enable"),
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
