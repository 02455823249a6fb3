"""What is said when something can't be done at a desk, by the modules of this room."""

from __future__ import annotations

from scanform.phrase import Phrase

NO_PAGE = Phrase("Phiếu {record} không có trang {page}.", "Record {record} has no page {page}.")
NOT_AN_ANSWER = Phrase("{field}: {why}", "{field}: {why}")
NOTHING_READ = Phrase(
    "Không đọc được {field} nên không có gì để nhận.",
    "{field} could not be read, so there is nothing to accept.",
)
TYPE_OR_SAY = Phrase(
    "Hãy nhập giá trị, hoặc ghi là để trống hay không đọc được.",
    "Type the value, or say that it is blank or unreadable.",
)
DECIDED_MEANWHILE = Phrase(
    "Người khác vừa quyết định về {field}.", "Somebody decided about {field} meanwhile."
)
ANSWER_DECIDED = Phrase(
    "Người khác vừa quyết định mục này.", "Somebody decided this answer meanwhile."
)
NOT_IN_HAND = Phrase("Mục này không còn do bạn giữ.", "This answer is no longer in your hands.")
NOTHING_TO_ACCEPT = Phrase("Ở đây không có gì để nhận.", "There is nothing to accept here.")
TYPE_WHAT_IS_SEEN = Phrase("Hãy nhập điều thấy trong ảnh.", "Type what the picture says.")
UNREADABLE_OR_SKIP = Phrase(
    "Hãy ghi là không đọc được, hoặc bỏ qua.", "Say that it is unreadable, or skip it."
)
NO_NOTE = Phrase("Hãy nhập lời ghi chú.", "Type the note.")
OTHER_VERSION = Phrase(
    "Mục đang giữ ({work}) là của một bản scanform khác.",
    "A claim for {work} is from another version of scanform.",
)
SHEETFUL = Phrase(
    "Một trang gồm từ 1 đến {most} mục được đọc giống nhau.",
    "A sheet has 1 to {most} answers that were read alike.",
)
NOT_ON_SHEET = Phrase("Mục này không có trên trang của bạn.", "This answer is not on your sheet.")
SHARE = Phrase("Tỷ lệ phải trên 0 và tối đa là 1.", "The share must lie above 0 and up to 1.")
SHARE_AND_KEYERS = Phrase(
    "Tỷ lệ phải trên 0 và tối đa là 1, số người nhập là 1 hoặc 2.",
    "The share must lie above 0 and up to 1, the keyers be 1 or 2.",
)
SEED_SHARE = Phrase("Tỷ lệ phải từ 0 đến {most}.", "The share must lie between 0 and {most}.")
NONE_OF_YOURS = Phrase(
    "Bạn không có quyết định nào để hoàn tác.", "There is no decision of yours to take back."
)
NONE_OF_THAT_LOT = Phrase(
    "Lượt đó không còn gì để hoàn tác.", "There is nothing of that lot to take back."
)
DECIDED_SINCE = Phrase(
    "Sau đó đã có người quyết định mục này.", "Somebody has decided this answer since."
)
MAY_NOT = Phrase(
    "{name} ({role}) không được làm việc này: {permission}.",
    "{name} ({role}) may not do this: {permission}.",
)
NO_NAME = Phrase("Không dùng được tên này.", "This can't be a name.")
NAMES = Phrase("Tối đa {most} ký tự, trên một dòng.", "Up to {most} letters, on one line.")
NAME_TAKEN = Phrase("Đã có tài khoản {name}.", "There is an account {name} already.")
NO_ACCOUNT = Phrase("Không có tài khoản {name}.", "There is no account {name}.")
LIST_ACCOUNTS = Phrase(
    "`scanform people list` nêu các tài khoản.", "`scanform people list` names them."
)
LAST_ADMIN = Phrase("{name} là quản trị cuối cùng.", "{name} is the last admin.")
OTHER_ADMIN_FIRST = Phrase(
    "Hãy cho người khác làm quản trị trước.", "Make somebody else admin first."
)
PASSWORD_TOO_SHORT = Phrase(
    "Mật khẩu phải có ít nhất {least} ký tự.", "A password has at least {least} characters."
)
TRY_AGAIN_AT = Phrase(
    "Đăng nhập sai quá nhiều lần. Hãy thử lại sau {time} UTC.",
    "Too many failed tries. Try again after {time} UTC.",
)
