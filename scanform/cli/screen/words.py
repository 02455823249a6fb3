"""What only the terminal's screen says; the rest is worded as the pages word it."""

from __future__ import annotations

from scanform.model.phrases import Phrase

QUIT = Phrase("Thoát", "Quit")
VIEWER = Phrase("Mở bằng trình xem ảnh", "Open in a viewer")
OPENED = Phrase("Ảnh: {file}", "Picture: {file}")
METHOD = Phrase("Gõ: {method}", "Typing: {method}")
AS_IT_COMES = Phrase("như bàn phím", "as it comes")
DECIDED = Phrase("Đã duyệt {count} mục.", "{count} answers decided.")
REOPENED = Phrase("Cần xem lại: {fields}", "To be looked at again: {fields}")
FIGURES = Phrase("{count} chữ số", "{count} digits")
NOTED = Phrase("Đã ghi chú.", "Noted.")
NO_GRAPHICS = Phrase(
    "Cửa sổ này chỉ vẽ được chấm: PgDn để phóng to, F5 để mở ảnh.",
    "This terminal draws dots only: PgDn looks closer, F5 opens the picture.",
)
HELP_TAIL = Phrase("Đi trong ảnh đã phóng to", "Move within a picture looked at closer")
