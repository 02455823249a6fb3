"""What a database complains of, in words that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from scanform.errors import StoreError
from scanform.phrase import Phrase

_SQLITE: tuple[tuple[str, Phrase, Phrase], ...] = (
    (
        "SQLITE_BUSY",
        Phrase(
            "Thư mục làm việc đang bị khóa: một scanform khác đang ghi.",
            "The workspace is locked: another scanform is writing to it.",
        ),
        Phrase(
            "Hãy đợi lượt kia xong, hoặc dừng nó, rồi chạy lại lệnh này.",
            "Wait until the other run is done, or stop it, then run the same command again.",
        ),
    ),
    (
        "SQLITE_LOCKED",
        Phrase(
            "Thư mục làm việc đang bị khóa: một scanform khác đang ghi.",
            "The workspace is locked: another scanform is writing to it.",
        ),
        Phrase(
            "Hãy đợi lượt kia xong, hoặc dừng nó, rồi chạy lại lệnh này.",
            "Wait until the other run is done, or stop it, then run the same command again.",
        ),
    ),
    (
        "SQLITE_NOTADB",
        Phrase(
            "scanform.db không phải cơ sở dữ liệu của scanform, hoặc đã hỏng.",
            "The workspace's scanform.db is no database of scanform, or it is damaged.",
        ),
        Phrase(
            "Hãy nêu thư mục khác (-w), hoặc lấy lại scanform.db từ bản sao lưu. Đừng xóa gì: có "
            "thể còn cứu được các phiếu.",
            "Give another workspace (-w), or bring scanform.db back from a backup. "
            "Delete nothing: its records may still be saved.",
        ),
    ),
    (
        "SQLITE_CORRUPT",
        Phrase(
            "Cơ sở dữ liệu của thư mục làm việc đã hỏng.", "The workspace's database is damaged."
        ),
        Phrase(
            "Hãy lấy lại scanform.db từ bản sao lưu, hoặc chép ra rồi thử `sqlite3 scanform.db "
            ".recover`. Nên kiểm tra đĩa.",
            "Bring scanform.db back from a backup, or copy it and try `sqlite3 scanform.db "
            ".recover`. Have the disk checked.",
        ),
    ),
    (
        "SQLITE_FULL",
        Phrase(
            "Đĩa đã đầy. Những gì đã xong vẫn còn.", "The disk is full. What was finished is kept."
        ),
        Phrase(
            "Hãy dọn chỗ trên đĩa rồi chạy lại lệnh này.",
            "Make room on the workspace's disk, then run the same command again.",
        ),
    ),
    (
        "SQLITE_READONLY",
        Phrase("Không có quyền ghi vào thư mục làm việc.", "The workspace may not be written to."),
        Phrase(
            "Hãy sửa quyền, hoặc nêu thư mục khác (-w).",
            "Mend its permissions, or give another workspace (-w).",
        ),
    ),
    (
        "SQLITE_CANTOPEN",
        Phrase(
            "Không mở được cơ sở dữ liệu của thư mục làm việc.",
            "The workspace's database can't be opened.",
        ),
        Phrase(
            "Hãy xem thư mục có đó và ghi được không, hoặc nêu thư mục khác (-w).",
            "Check that the folder is there and that you may write to it, or give another (-w).",
        ),
    ),
    (
        "SQLITE_IOERR",
        Phrase("Đĩa của thư mục làm việc báo lỗi.", "The workspace's disk gave an error."),
        Phrase(
            "Hãy kiểm tra đĩa (đầy, hay ổ mạng bị ngắt?) rồi chạy lại lệnh này.",
            "Check the disk (is it full, or a share that went away?), then run the same command "
            "again.",
        ),
    ),
)

_FAILED = Phrase(
    "Cơ sở dữ liệu của thư mục làm việc gặp lỗi ({name}).",
    "The workspace's database failed ({name}).",
)
_NOT_REACHED = Phrase(
    "Không nối được với cơ sở dữ liệu: {why}", "The database can't be reached: {why}"
)
_IS_IT_THERE = Phrase(
    "Hãy xem máy chủ có chạy và --database có nêu đúng máy, người dùng và cơ sở dữ liệu không.",
    "Check that the server runs and that --database names its host, user and database.",
)
_REFUSED = Phrase("Cơ sở dữ liệu từ chối ({name}).", "The database refused ({name}).")
_IS_IT_OURS = Phrase(
    "Hãy xem --database có nêu cơ sở dữ liệu của scanform không.",
    "Check that --database names a database that belongs to scanform.",
)


@contextmanager
def told() -> Iterator[None]:
    """Turns what the database raises into a ``StoreError``. What the rows held is never said:
    it is about people."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _meaning(error) from error


def _meaning(error: sa.exc.DBAPIError) -> StoreError:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        for prefix, message, next_step in _SQLITE:
            if name.startswith(prefix):
                return StoreError(message, next_step)
        return StoreError(_FAILED.of(name=name or type(cause).__name__))
    if isinstance(error, sa.exc.OperationalError):
        lines = str(cause).strip().splitlines() or ["no answer"]
        return StoreError(_NOT_REACHED.of(why=lines[0]), _IS_IT_THERE)
    return StoreError(_REFUSED.of(name=type(cause).__name__), _IS_IT_OURS)
