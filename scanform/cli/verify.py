"""``scanform verify``: is everything there that was written, as it was written?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from scanform.cli.opened import desk_over
from scanform.cli.options import echo_json, json_option, lang_option, workspace_options
from scanform.cli.wording import one_line
from scanform.errors import StoreError
from scanform.model.phrases import Language, Phrase
from scanform.review import Person
from scanform.store.check import Finding, findings, mend
from scanform.store.images import ImageStore
from scanform.store.open import open_store

_WHO = Person("", "admin")

_RESTORE_IMAGES = Phrase(
    "scanform restore BẢN-SAO -w DIR --images-only",
    "scanform restore BACKUP -w DIR --images-only",
)
_MEND = Phrase("scanform verify --mend", "scanform verify --mend")
_ASK_BACKUP = Phrase(
    "Giữ nguyên thư mục này, khôi phục bản sao lưu gần nhất vào thư mục khác (scanform restore), "
    "chạy lại các tệp quét từ lúc đó.",
    "Keep this workspace as it is, restore the newest backup beside it (scanform restore), and run "
    "the scans since then again.",
)
_RUN_AGAIN = Phrase(
    "scanform verify --mend, rồi scanform run lại tệp quét đó.",
    "scanform verify --mend, then scanform run the scan again.",
)

_MODELS = Phrase(
    "Khôi phục bản sao lưu vào thư mục khác rồi chép models/ từ đó, hoặc chọn bộ đọc khác: "
    "scanform models use ID.",
    "Restore a backup into another folder and copy models/ from there, or choose another reader: "
    "scanform models use ID.",
)

FINDINGS: Mapping[str, tuple[Phrase, Phrase]] = {
    "database_damaged": (
        Phrase("Cơ sở dữ liệu hỏng: {detail}", "The database is damaged: {detail}"),
        Phrase(
            "Kiểm tra đĩa. Khôi phục bản sao lưu vào thư mục khác; không xóa gì.",
            "Have the disk checked. Restore the newest backup into another folder, or copy "
            "scanform.db and try `sqlite3 scanform.db .recover`. Delete nothing.",
        ),
    ),
    "row_without_parent": (
        Phrase(
            "{where}: dòng mà nó thuộc về ({detail}) đã mất",
            "{where}: the row that it belongs to ({detail}) is gone",
        ),
        _ASK_BACKUP,
    ),
    "books": (
        Phrase("Sổ không khớp, {where}: {detail}", "The books don't balance, {where}: {detail}"),
        Phrase(
            "Các dòng khác dưới đây nói thiếu gì; nếu không có: khôi phục bản sao lưu.",
            "The other findings name what is missing; where there are none, restore the backup.",
        ),
    ),
    "scan_without_name": (
        Phrase("Tệp quét {where} không còn tên", "Scan {where} has lost its name"),
        Phrase("scanform run lại tệp quét đó.", "scanform run the scan again: it is named anew."),
    ),
    "page_missing": (
        Phrase(
            "{where}: tệp có {detail} trang đã ghi (có, đã ghi)",
            "{where}: pages that it has, and that are accounted for: {detail}",
        ),
        _RUN_AGAIN,
    ),
    "page_without_record": (
        Phrase(
            "{where}, trang {detail}: không thuộc phiếu nào", "{where}, page {detail}: in no record"
        ),
        _ASK_BACKUP,
    ),
    "record_without_page": (
        Phrase("Phiếu {where} không có trang nào", "Record {where} has no page"),
        _ASK_BACKUP,
    ),
    "sheet_without_page": (
        Phrase(
            "Phiếu {where}: trang {detail} của tệp quét không được ghi",
            "Record {where}: page {detail} of its scan is not accounted for",
        ),
        _ASK_BACKUP,
    ),
    "image_disagrees": (
        Phrase(
            "Phiếu {where}, trang {detail}: hai nơi ghi hai ảnh khác nhau",
            "Record {where}, page {detail}: the record and the page name different images",
        ),
        _ASK_BACKUP,
    ),
    "waiting_miscounted": (
        Phrase("Phiếu {where}: đếm sai số mục chờ", "Record {where}: what waits is miscounted"),
        _MEND,
    ),
    "unit_strayed": (
        Phrase(
            "Phiếu {where}: đơn vị ghi bên cạnh ({detail}) khác với mục đã đọc",
            "Record {where}: the unit noted beside it ({detail}) isn't its answer's",
        ),
        _MEND,
    ),
    "record_without_answers": (
        Phrase("Phiếu {where} không có mục nào", "Record {where} has no answers"),
        _ASK_BACKUP,
    ),
    "image_missing": (
        Phrase(
            "Phiếu {where}: mất ảnh trang {detail}", "Record {where}: page image {detail} is gone"
        ),
        _RESTORE_IMAGES,
    ),
    "image_damaged": (
        Phrase(
            "Phiếu {where}: ảnh trang {detail} đã bị thay đổi",
            "Record {where}: page image {detail} is not what was written (bit rot, or changed)",
        ),
        _RESTORE_IMAGES,
    ),
    "image_orphan": (
        Phrase("Ảnh không thuộc phiếu nào: {where}", "No record names this image: {where}"),
        Phrase(
            "Chạy lại các tệp quét còn dở; nếu vẫn còn: scanform verify --mend (cất riêng) hoặc "
            "scanform purge --orphans (xóa hẳn).",
            "Run what is unfinished again; if it stays: scanform verify --mend (lays it aside) or "
            "scanform purge --orphans (overwrites and deletes it).",
        ),
    ),
    "image_unfinished": (
        Phrase("Ảnh ghi dở: {where}", "An image that was never finished: {where}"),
        _MEND,
    ),
    "image_plain": (
        Phrase(
            "Ảnh {where} không mã hóa, dù các ảnh khác có",
            "Image {where} is not encrypted, though the others are",
        ),
        Phrase(
            "scanform verify --mend; nếu việc mã hóa bị ngắt: scanform encrypt lại lần nữa.",
            "scanform verify --mend; where encrypting was interrupted: scanform encrypt once more.",
        ),
    ),
    "file_unfinished": (
        Phrase(
            "Lệnh bị ngắt để lại: {where}",
            "A command that was killed left this, and people's data may be in it: {where}",
        ),
        _MEND,
    ),
    "erasure_unfinished": (
        Phrase(
            "Một lần xóa bị ngắt: {detail} ảnh và tệp còn phải xóa",
            "An erasure was interrupted: {detail} images and files are still to be taken away",
        ),
        Phrase("scanform verify --mend (xóa nốt).", "scanform verify --mend (finishes it)."),
    ),
    "file_unknown": (
        Phrase("Tệp lạ trong thư mục ảnh: {where}", "A strange file among the images: {where}"),
        Phrase("Chuyển nó đi nơi khác.", "Move it elsewhere."),
    ),
    "model_damaged": (
        Phrase(
            "Bộ đọc {where} không còn như lúc được giữ",
            "The reader {where} is not what was kept (bit rot, or changed)",
        ),
        _MODELS,
    ),
    "model_missing": (
        Phrase("Bộ đọc được chọn {where} không có", "The chosen reader {where} is not there"),
        _MODELS,
    ),
    "models_unreadable": (
        Phrase("Thư mục bộ đọc {where}: {detail}", "The readers' folder {where}: {detail}"),
        _MODELS,
    ),
    "log": (
        Phrase("Nhật ký {where}: {detail}", "The log, {where}: {detail}"),
        Phrase(
            "Giữ nguyên cơ sở dữ liệu này và so với bản sao lưu (scanform log export).",
            "Keep this database and compare it with a backup (scanform log export).",
        ),
    ),
}
"""Code -> what is wrong, how to mend it."""

_WHOLE = Phrase(
    "Nguyên vẹn: sổ khớp, nhật ký {rows} dòng liền mạch, {images} ảnh đúng từng byte.",
    "Whole: the books balance, the log's {rows} rows are in one chain, {images} images are right "
    "to the byte.",
)
_NOT_WHOLE = Phrase(
    "{count} điều không còn như khi ghi.", "{count} things are not as they were written."
)
_MEND_THEM = Phrase(
    "Hãy sửa từng điều như đã nêu, rồi chạy lại `scanform verify`.",
    "Mend them as said for each, then run `scanform verify` again.",
)
_MENDED = Phrase("Đã sửa {count}.", "Mended: {count}.")


@click.command()
@click.option(
    "--mend",
    "mending",
    is_flag=True,
    help="Mend what can be mended from what is there: recount, take away what killed commands "
    "left half done, finish an erasure, lay images that no record names aside (set-aside/), have "
    "scans read again that lack a page.",
)
@workspace_options
@json_option
@lang_option
def verify(
    mending: bool, workspace: Path, database: str | None, as_json: bool, lang: Language
) -> None:
    """Check the workspace: database, books, log, page images.

    Every image is read and its hash worked out, so it takes as long as reading them from the disk
    does. Says for each finding how to mend it. Exits 6 when something is wrong.
    """
    read = 0

    def told(number: int) -> None:
        nonlocal read
        read = number

    images = ImageStore(workspace)
    with open_store(workspace, database, create=False) as store:
        found = list(findings(store, images, told))
        mended = mend(store, images, found) if mending else []
        left = [each for each in found if each not in mended]
        rows, head = 0, ""
        if not any(each.code == "database_damaged" for each in found):
            checked = desk_over(store, workspace).log.verify(_WHO)
            rows, head = checked.rows, checked.head
            left += [
                Finding(
                    "log", f"{each.reason} {each.seq or each.record or ''}".strip(), each.detail
                )
                for each in checked.faults
            ]
    if as_json:
        echo_json(
            {
                "ok": not left,
                "images": read,
                "log": {"rows": rows, "head": head},
                "findings": [_json(each, lang) for each in left],
                "mended": [_json(each, lang) for each in mended],
            }
        )
    else:
        _say(left, mended, {"rows": str(rows), "images": str(read)}, lang)
    if left:
        raise StoreError(_NOT_WHOLE.of(count=str(len(left))), _MEND_THEM)


def _say(
    left: Iterable[Finding], mended: list[Finding], told: Mapping[str, str], lang: Language
) -> None:
    whole = True
    for each in left:
        whole = False
        message, mends = _wording(each, lang)
        click.echo(f"✗ {message} [{each.code}]")
        click.echo(f"  → {mends}")
    if mended:
        click.echo(_MENDED.say(lang, {"count": str(len(mended))}))
    if whole:
        click.echo(_WHOLE.say(lang, told))


def _wording(found: Finding, lang: Language) -> tuple[str, str]:
    message, mends = FINDINGS[found.code]
    details = {"where": one_line(found.where), "detail": one_line(found.detail)}
    return message.say(lang, details), mends.say(lang)


def _json(found: Finding, lang: Language) -> dict[str, str]:
    message, mends = _wording(found, lang)
    said = {"code": found.code, "where": found.where, "detail": found.detail}
    return said | {"message": message, "mend": mends}
