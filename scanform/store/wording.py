"""What is said of backups, page images, keys and erasures that fail, by more than one module."""

from __future__ import annotations

from scanform.phrase import Phrase

IMAGE_NOT_HERE = Phrase(
    "Ảnh trang {image} không có trong thư mục làm việc.",
    "The page image {image} is not in the workspace.",
)
IMAGE_CHANGED = Phrase(
    "Ảnh trang {image} đã bị thay đổi trên đĩa.", "The page image {image} was changed on disk."
)
IMAGE_CANT_BE_WRITTEN = Phrase(
    "Không ghi được ảnh trang vào thư mục làm việc: {why}.",
    "A page image could not be written to the workspace: {why}.",
)
SCAN_NOT_HERE = Phrase(
    "Bản quét {scan} không có trong thư mục làm việc.",
    "The scan {scan} is not in the workspace.",
)
IMAGES_ENCRYPTED = Phrase("Ảnh trang đã mã hóa.", "The page images are encrypted.")
IMAGE_TOO_LARGE = Phrase(
    "Một ảnh trang trong {file} quá lớn.", "A page image in {file} is too large."
)
IMAGE_DAMAGED = Phrase(
    "Ảnh trang {image} trong {file} bị hỏng.", "The page image {image} in {file} is damaged."
)
IMAGES_LACKING = Phrase(
    "Không bản sao lưu nào trong số đã nêu có {count} ảnh trang.",
    "{count} page images are in none of the backups given.",
)
MODELS_LACKING = Phrase(
    "Không bản sao lưu nào trong số đã nêu có {count} tệp của bộ đọc, hoặc chúng bị hỏng.",
    "{count} files of models are in none of the backups given, or damaged.",
)
MODELS_CANT_BE_WRITTEN = Phrase(
    "Không đọc hoặc ghi được thư mục models của thư mục làm việc: {why}.",
    "The workspace's folder of models can't be read or written: {why}.",
)
MODEL_CHANGED = Phrase(
    "models/{name} bị thay đổi trong khi sao lưu.",
    "models/{name} was changed while the backup was made.",
)
CANT_BE_READ = Phrase("Không đọc được {file}.", "{file} can't be read.")
CANT_BE_READ_WHY = Phrase("Không đọc được {file}: {why}.", "{file} can't be read: {why}.")
CANT_BE_OPENED = Phrase("Không mở được {file}: {why}.", "{file} can't be opened: {why}.")
BACKUP_CANT_BE_WRITTEN = Phrase(
    "Không ghi được bản sao lưu: {why}.", "The backup can't be written: {why}."
)
NO_EARLIER = Phrase(
    "Thư mục làm việc này chưa có bản sao lưu nào trước đó.",
    "There is no earlier backup of this workspace.",
)
OF_A_NEWER = Phrase(
    "{file} do một bản scanform mới hơn ghi.", "{file} was made by a newer scanform."
)
BACKUP_ENCRYPTED = Phrase("Bản sao lưu đã mã hóa.", "The backup is encrypted.")
NO_BACKUP = Phrase(
    "{file} không phải bản sao lưu của scanform, hoặc không còn nguyên vẹn.",
    "{file} is no backup of scanform, or it is not whole.",
)
STANDS_ON = Phrase(
    "Bản sao lưu dựa trên các bản chưa được nêu: {ids}.",
    "The backup stands on others that were not given: {ids}.",
)
SOMETHING_THERE = Phrase("Ở {folder} đã có sẵn dữ liệu.", "There is something at {folder} already.")
DATABASE_DAMAGED = Phrase(
    "Cơ sở dữ liệu trong {file} bị hỏng.", "The database in {file} is damaged."
)
DATABASE_NOT_EMPTY = Phrase("Cơ sở dữ liệu không rỗng.", "The database is not empty.")
STILL_READ = Phrase(
    "Đã xóa, nhưng một chương trình khác đang đọc cơ sở dữ liệu, nên byte cũ có thể còn trong tệp.",
    "It is erased, but another program is reading the database, so old bytes may still be in its "
    "files.",
)
NO_RECIPIENT = Phrase("{text} không phải khóa nhận của age.", "{text} is no age recipient.")
NO_IDENTITY = Phrase("Đó không phải khóa riêng của age.", "That is no age identity.")
NO_KEY_OPENS = Phrase(
    "Không khóa nào mở được, hoặc tệp đã bị thay đổi.",
    "None of the keys opens it, or it was changed.",
)
NEEDS_PYRAGE = Phrase("Mã hóa cần pyrage.", "Encryption needs pyrage.")
INSTALL_PYRAGE = Phrase(
    "Cài đặt bằng: pip install 'scanform[encryption]'",
    "Install it with: pip install 'scanform[encryption]'",
)
NO_KEYRING = Phrase("{file} không phải chùm khóa.", "{file} is no keyring.")
KEY_CANT_BE_READ = Phrase("Không đọc được tệp khóa {file}.", "The key file {file} can't be read.")

RUN_VERIFY = Phrase(
    "Hãy chạy `scanform verify`: lệnh nói thiếu gì và cách sửa.",
    "Run `scanform verify`: it says what is missing and how to mend it.",
)
MAKE_ROOM = Phrase(
    "Hãy dọn chỗ hoặc cho nơi khác bằng -o. Không có bản sao lưu dở dang nào.",
    "Make room or name another place with -o. There is no half backup.",
)
MAKE_AGAIN = Phrase("Hãy sao lưu lại.", "Make it again.")
WHOLE_FIRST = Phrase(
    "Hãy sao lưu trọn bộ trước, không có --incremental.",
    "Make a whole one first, without --incremental.",
)
UPDATE = Phrase("Hãy cập nhật scanform rồi thử lại.", "Update this scanform, then try again.")
GIVE_KEY = Phrase(
    "Hãy cho khóa của nó: --key hoặc --keyring TỆP.", "Give its key: --key or --keyring FILE."
)
GIVE_OPENING_KEY = Phrase(
    "Hãy cho khóa mở được nó bằng --key.", "Give the key that opens it with --key."
)
COPY_AGAIN = Phrase("Hãy chép lại, hoặc lấy bản khác.", "Copy it again, or take another.")
NEW_FOLDER = Phrase(
    "Hãy khôi phục vào thư mục mới (-w), xem lại, rồi đặt nó vào chỗ thư mục kia.",
    "Restore into a new folder (-w), look at it, then put it in the other's place.",
)
GIVE_ALL = Phrase(
    "Hãy nêu bản trọn bộ và mọi bản bổ sung từ đó.",
    "Give the whole backup and every incremental one since then.",
)
NAME_ALL = Phrase(
    "Hãy nêu đủ; `scanform restore --list TỆP` cho biết mã của từng bản.",
    "Name them all; each says its id with `scanform restore --list FILE`.",
)
TAKE_EARLIER = Phrase("Hãy lấy một bản sao lưu trước đó.", "Take an earlier backup.")
GIVE_EMPTY = Phrase("Hãy cho một cơ sở dữ liệu rỗng.", "Give an empty one.")
STOP_OTHERS = Phrase(
    "Hãy dừng `scanform serve` và các lần chạy, rồi: scanform purge --scrub",
    "Stop `scanform serve` and runs, then: scanform purge --scrub",
)
RECIPIENT_BEGINS = Phrase(
    "Khóa nhận bắt đầu bằng age1; `age-keygen` tạo một cặp khóa.",
    "One begins with age1; `age-keygen` makes a pair.",
)
IDENTITY_BEGINS = Phrase(
    "Tệp khóa có một dòng bắt đầu bằng AGE-SECRET-KEY-1.",
    "A key file has a line beginning with AGE-SECRET-KEY-1.",
)
GIVE_ITS_OWN = Phrase(
    "Hãy cho đúng khóa đã dùng khi ghi (--key hoặc --keyring). Khóa đã hủy thì không mở được gì "
    "nữa: hủy khóa là để như vậy.",
    "Give the key that it was made with (--key or --keyring). One that was thrown away opens "
    "nothing any more: that is what throwing it away is for.",
)
GIVE_KEYRING = Phrase(
    "Hãy cho tệp mà `scanform backup --keyring` đã ghi.",
    "Give the file that `scanform backup --keyring` wrote.",
)
MAKE_ROOM_AGAIN = Phrase(
    "Hãy dọn chỗ trên đĩa hoặc sửa quyền ghi, rồi chạy lại lệnh này.",
    "Make room on the disk or mend its permissions, then run the same command again.",
)
NAME_KEY_FILE = Phrase(
    "Hãy nêu tệp chứa khóa trong {variable}.", "Name the file with their key in {variable}."
)
GIVE_WORKSPACE = Phrase(
    "Hãy nêu thư mục làm việc đã dùng khi quét (-w), hoặc đưa thư mục ảnh từ bản sao lưu về.",
    "Give the workspace that the scan was run in (-w), or bring its images folder back from a "
    "backup.",
)
BRING_BACK = Phrase(
    "Hãy lấy lại từ bản sao lưu (scanform restore --images-only), và cho kiểm tra đĩa.",
    "Bring it back from a backup (scanform restore --images-only), and have the disk checked.",
)
