"""Everything that can go wrong, in one tree.

ScanformError            1
├── UsageError           2   the command was given something it can't use
│   ├── NotAllowed       2   this person's role doesn't allow it
│   └── TooMany          2   too many failed tries to sign in
├── MissingProgram       4   Tesseract, its Vietnamese, or Poppler is not there
├── LearningError        1   a reader can't be taught or taken in
│   └── NotEnough        1   too little was confirmed to learn from
├── WorkersDie           1   the reading processes die before they have read anything
├── TemplateError        5   a template has mistakes
└── StoreError           6   the workspace or database is wrong, or locked
    ├── NoSuchRecord     6   no record of that id
    ├── NoSuchField      6   the record has no such field
    ├── NoSuchBatch      6   no batch of that number
    ├── BatchClosed      6   the batch takes no more scans
    └── Overtaken        6   somebody else decided meanwhile

An error speaks Vietnamese and English where it was given a wording (``scanform.phrase``); as text
(``str``) it is English, for logs and programs.

A scan or page that can't be read is none of these: it is a ``Rejected`` value with a reason,
and the rest of the batch goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanform.phrase import Language, Phrase, Words, say

REJECTED_SOME = 3
INTERRUPTED = 130


class ScanformError(Exception):
    """Something is wrong that the user can mend. The docstring is the default message."""

    exit_code: int = 1
    vi: str = ""
    """The docstring in Vietnamese."""
    advice: Words = ""
    """What the user can do about it."""

    def __init__(self, message: Words = "", next_step: Words = "") -> None:
        meaning = (type(self).__doc__ or "").splitlines()[0]
        self.meaning: Words = message or Phrase(vars(type(self)).get("vi", meaning), meaning)
        if next_step:
            self.advice = next_step
        super().__init__(say(self.meaning, "en"))

    @property
    def next_step(self) -> str:
        """``advice`` in English."""
        return say(self.advice, "en")

    def told(self, language: Language) -> tuple[str, str]:
        """What is wrong, and what to do about it, or nothing."""
        return say(self.meaning, language), say(self.advice, language)


class UsageError(ScanformError):
    """The command was given something it can't use."""

    exit_code = 2
    vi = "Lệnh nhận được điều không dùng được."


class NotAllowed(UsageError):
    """This person's role doesn't allow it."""

    vi = "Vai trò của người này không cho phép."
    advice = Phrase(
        "Hãy nhờ quản trị: `scanform people role TÊN VAI_TRÒ`.",
        "Ask an admin: `scanform people role NAME ROLE`.",
    )


class TooMany(UsageError):
    """Too many failed tries to sign in."""

    vi = "Đăng nhập sai quá nhiều lần."
    advice = Phrase("Hãy đợi rồi thử lại.", "Wait, then try again.")


class MissingProgram(ScanformError):
    """A needed program or language is missing."""

    exit_code = 4
    vi = "Thiếu một chương trình hoặc ngôn ngữ cần có."
    advice = Phrase(
        "Hãy chạy `scanform doctor`: ở đó có lệnh cài đặt.",
        "Run `scanform doctor`: it names the command that installs it.",
    )


class LearningError(ScanformError):
    """The reader can't be taught."""

    vi = "Không dạy được bộ đọc."


class NotEnough(LearningError):
    """There is too little to learn from."""

    vi = "Có quá ít để học."
    advice = Phrase(
        "Hãy duyệt thêm phiếu rồi chạy lại lệnh này.",
        "Review more forms, then run the same command again.",
    )


class WorkersDie(ScanformError):
    """The reading processes die before they have read anything. What was finished is kept."""

    vi = "Các tiến trình đọc bị dừng trước khi đọc được gì. Những gì đã xong vẫn còn."
    advice = Phrase(
        "Máy còn bộ nhớ không (mỗi tiến trình khoảng 1 GB)? Hãy thử ít hơn (--jobs 1) rồi chạy "
        "lại.",
        "Is there memory left on this machine (about 1 GB a process)? Try fewer (--jobs 1), then "
        "run the same command again.",
    )


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a template: where it is, what is wrong, what to write instead."""

    file: str
    line: int
    field: str
    problem: str
    advice: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        what = f"{self.field}: {self.problem}" if self.field else self.problem
        return f"{where}: {what}" + (f" ({self.advice})" if self.advice else "")


class TemplateError(ScanformError):
    """The template has mistakes."""

    exit_code = 5
    vi = "Mẫu có lỗi."
    advice = Phrase(
        "Hãy sửa các dòng nêu trên rồi chạy `scanform template check THƯ_MỤC`.",
        "Mend the lines named above, then run `scanform template check DIR`.",
    )

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)

    def __reduce__(self) -> tuple[type[TemplateError], tuple[tuple[Mistake, ...]]]:
        return type(self), (self.mistakes,)


class StoreError(ScanformError):
    """The workspace or database is wrong, or locked."""

    exit_code = 6
    vi = "Thư mục làm việc hoặc cơ sở dữ liệu không đúng, hoặc đang bị khóa."


class NoSuchRecord(StoreError):
    """There is no record of that id."""

    vi = "Không có phiếu mang mã này."
    named = Phrase("Không có phiếu {record}.", "There is no record {record}.")
    advice = Phrase(
        "`scanform review list` nêu các phiếu đang chờ.",
        "`scanform review list` names the records that wait.",
    )


class NoSuchField(StoreError):
    """The record has no such field."""

    vi = "Phiếu không có mục này."
    named = Phrase("Phiếu {record} không có mục {field}.", "Record {record} has no field {field}.")
    advice = Phrase(
        "`scanform template show MẪU --json` nêu các mục.",
        "`scanform template show ID --json` names the fields.",
    )


class NoSuchBatch(StoreError):
    """There is no batch of that number."""

    vi = "Không có hộp mang số này."
    advice = Phrase(
        "`scanform batch list` nêu các hộp.", "`scanform batch list` names the batches."
    )


class Overtaken(StoreError):
    """Somebody else was quicker: the answer is theirs or decided. Nothing was written."""

    vi = "Người khác đã nhanh hơn: mục này của họ hoặc đã được quyết định. Chưa ghi gì."
    advice = Phrase("Hãy xem lại rồi quyết định.", "Look at it again, then decide.")


class BatchClosed(StoreError):
    """The batch is closed and takes no more scans."""

    vi = "Hộp đã đóng, không nhận thêm bản quét."
    advice = Phrase(
        "Hãy mở hộp khác bằng `scanform batch open`.", "Open another with `scanform batch open`."
    )
