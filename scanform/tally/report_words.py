"""The report's wording."""

from __future__ import annotations

from scanform.model.phrases import Phrase

STATE = Phrase("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "")
MOTTO = Phrase("Độc lập - Tự do - Hạnh phúc", "")
NUMBER = Phrase("Số: {number}", "No. {number}")
LETTER_SIGN = Phrase("BC", "REP")
RECEIPT_SIGN = Phrase("BN", "REC")
TITLE = Phrase("BÁO CÁO", "REPORT")
SUBTITLE = Phrase("{name} (đến ngày {day})", "{name} (as of {day})")
RESULT = Phrase("1. Kết quả:", "1. Result:")
AHEAD = Phrase("2. Tiến độ:", "2. Pace:")
LAGGARDS = Phrase("3. Đơn vị chậm:", "3. Behind:")
QUALITY = Phrase("4. Chất lượng:", "4. Quality:")
COUNTED = Phrase(
    "Đến hết ngày {day}, {units} đơn vị thu được {counted} / {target} phiếu, đạt {rate}.",
    "By the end of {day}, {units} units have collected {counted} / {target} forms: {rate}.",
)
SCANNED_AND_REPORTED = Phrase(
    "Đã quét và số hóa {records} phiếu; số còn lại theo báo cáo của đơn vị.",
    "{records} of them are scanned; the rest is what the units reported.",
)
FIRST = Phrase("Dẫn đầu: {named}.", "In front: {named}.")
NEEDED = Phrase(
    "Để đạt {goal} ({goal_number} phiếu) vào {deadline} cần thêm {missing} phiếu trong {days} ngày "
    "làm việc, mỗi ngày {needed}; hai tuần qua mỗi ngày {recent}.",
    "To reach {goal} ({goal_number} forms) by {deadline}, {missing} more are needed in {days} "
    "working days, {needed} a day; the last two weeks brought {recent} a day.",
)
FORECAST = Phrase(
    "Nếu giữ nhịp này, dự báo đạt {middle} ({middle_rate}), khoảng 80 %: {low}–{high}; khả năng "
    "đạt mục tiêu: {chance}.",
    "At this pace {middle} ({middle_rate}) are to be expected, with 80 % between {low} and {high}; "
    "chance to reach the goal: {chance}.",
)
HARDLY = Phrase("dưới 1 %", "below 1 %")
REACHED = Phrase(
    "Đã đạt mục tiêu {goal} ({goal_number} phiếu).",
    "The goal of {goal} ({goal_number} forms) is reached.",
)
LATE = Phrase(
    "Đã hết hạn {deadline}; còn thiếu {missing} phiếu so với mục tiêu {goal} ({goal_number}).",
    "The deadline of {deadline} is over; {missing} forms are missing from the goal of {goal} "
    "({goal_number}).",
)
NOBODY_LAGS = Phrase(
    "Không có: mọi đơn vị đều đủ nhịp để đạt mục tiêu.",
    "None: every unit is fast enough to reach the goal.",
)
SLOW = Phrase(
    "{unit} {rate} (mỗi ngày {recent}, cần {needed})",
    "{unit} {rate} ({recent} a day, needs {needed})",
)
SILENT = Phrase(
    "{unit} {rate} ({idle} ngày làm việc không có phiếu mới, cần {needed} mỗi ngày)",
    "{unit} {rate} (nothing new for {idle} working days, needs {needed} a day)",
)
SLOW_TO_THE_END = Phrase("{unit} {rate}", "{unit} {rate}")
SILENT_TO_THE_END = Phrase(
    "{unit} {rate} ({idle} ngày làm việc không có phiếu mới)",
    "{unit} {rate} (nothing new for {idle} working days)",
)
"""After the deadline no day needs anything more."""
AND_OTHERS = Phrase(" và {count} đơn vị khác (tô màu trong bảng)", " and {count} others (shaded)")
NO_FORMS = Phrase(
    "Chưa có phiếu nào được quét; các số trên là số đơn vị báo cáo, chưa kiểm tra được.",
    "No form is scanned yet; the figures are what units reported and can't be checked.",
)
REVIEWED = Phrase(
    "Trong {records} phiếu đã quét, {complete} đã xong. Máy để lại {doubted} mục cho người xem; đã "
    "duyệt {decided} mục, sửa {changed}.",
    "Of {records} scanned forms {complete} are complete. The machine left {doubted} answers to "
    "people; {decided} were decided, {changed} of them changed.",
)
NO_SAMPLE = Phrase(
    "Chưa kiểm mẫu nên chưa biết tỷ lệ sai.", "No quality sample was taken: the error isn't known."
)
SAMPLE = Phrase(
    "Kiểm mẫu {sampled} mục đã nhận: sai {wrong} ({rate}; khoảng 95 %: {low}–{high}).",
    "A sample of {sampled} accepted answers had {wrong} wrong ({rate}; with 95 % between {low} "
    "and {high}).",
)
REFUSED = Phrase(
    "{refused} tệp, trang không nhận được.", "{refused} files and pages could not be taken."
)
TWICE = Phrase(
    "{duplicate} phiếu trùng người không được tính.",
    "{duplicate} forms of persons counted already are left out.",
)
SIGNER = Phrase("THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF THE OFFICE")
SIGN_HERE = Phrase("(Ký, ghi rõ họ tên và đóng dấu)", "(signature, name and stamp)")
RECIPIENTS = Phrase("Nơi nhận:", "Copies to:")
FILE = Phrase("- Lưu: VT.", "- file.")
MADE = Phrase(
    "Lập bằng scanform từ số liệu đến {day}.", "Made with scanform from figures as of {day}."
)
UNKNOWN = Phrase("(chưa rõ đơn vị)", "(unit not known)")
SUM = Phrase("Tổng cộng", "Total")
CURVE = Phrase("Đã thu", "Counted")
MIDDLE = Phrase("Dự báo", "Forecast")
INTERVAL = Phrase("Khoảng 80 %", "80 % interval")
GOAL_LINE = Phrase("Mục tiêu {goal}: {number}", "Goal {goal}: {number}")

HANDED, FORMS, REPORTED = 5, 6, 7
HEADINGS = (
    Phrase("TT", "#"),
    Phrase("Đơn vị", "Unit"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Đã thu", "Counted"),
    Phrase("Tỷ lệ", "Rate"),
    Phrase("Đã nộp", "Handed in"),
    Phrase("Đã quét", "Scanned"),
    Phrase("Báo cáo", "Reported"),
    Phrase("Mỗi ngày", "A day"),
    Phrase("Cần mỗi ngày", "Needed a day"),
    Phrase("Dự báo", "Forecast"),
)
WIDTHS = (6.0, 24.0, 11.0, 10.0, 9.0, 9.0, 9.0, 10.0, 8.0, 11.0, 11.0)
