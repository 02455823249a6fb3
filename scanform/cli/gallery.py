"""``scanform gallery``: crops of one kind, sorted by confidence, on a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from scanform.cli.bound_option import max_error_option
from scanform.cli.bounds import kept_bounds
from scanform.cli.files import write_whole
from scanform.cli.known import KnownTemplates
from scanform.cli.options import by_option, lang_option, workspace_options
from scanform.cli.wording import one_line
from scanform.errors import StoreError, UsageError
from scanform.fields import FIELD_KINDS
from scanform.fields.calibration import BLANK, COMB, DOUBTED, LINE
from scanform.fields.policy import say_share
from scanform.model.geometry import Box, bounding_box
from scanform.model.phrases import Language, Phrase
from scanform.model.template import Field
from scanform.page.snippet import cut_small
from scanform.report.gallery import Picture, Row, page
from scanform.review.gallery import Shelf, Shot, shelves
from scanform.store import outputs
from scanform.store.images import ImageStore
from scanform.store.interface import Selection
from scanform.store.looks import note_looks
from scanform.store.open import open_store

MARGIN_MM = 2.0
LABEL_MM = 14.0
LONG_MM = 80.0
"""A wider crop gets a wider place."""

_NO_ANSWERS = Phrase(
    "Thư mục làm việc không có mục nào loại {kind} của mẫu {template}.",
    "No answers of kind {kind} from {template} are in the workspace.",
)
_RUN_FIRST = Phrase(
    "Hãy chạy `scanform run` trước, hoặc nêu loại hay thư mục làm việc khác.",
    "Run `scanform run` first, or name another kind or workspace.",
)
_TITLE = Phrase("{template}: {kind}, xếp theo độ tin cậy", "{template}: {kind}, by confidence")
_ABOUT = Phrase(
    "Chắc nhất ở trên. Xanh: được nhận mà không cần xem; vàng: chờ duyệt; đỏ: người duyệt đã sửa. "
    "Dữ liệu cá nhân: đừng gửi trang này đi.",
    "The surest first. Green: accepted without a look; amber: waits for review; red: a person "
    "corrected it. Personal data: don't send this page around.",
)
_KINDS = {
    "text": Phrase("chữ tự do", "free text"),
    "capitals": Phrase("chữ in hoa", "capitals"),
    "digits": Phrase("chữ số", "digits"),
    "date": Phrase("ngày tháng", "dates"),
    "choice": Phrase("ô đánh dấu", "tick boxes"),
    "closed": Phrase("theo danh mục", "closed lists"),
    "place": Phrase("địa danh", "places"),
    "hamlet": Phrase("thôn, ấp, tổ", "hamlets"),
    "code": Phrase("mã vạch, mã QR", "codes"),
    "presence": Phrase("chữ ký, con dấu", "signatures and stamps"),
    LINE: Phrase("chữ viết trên dòng", "written on a line"),
    COMB: Phrase("từng ô một", "cell by cell"),
    BLANK: Phrase("bỏ trống", "left blank"),
    DOUBTED: Phrase("có nghi ngờ", "doubted"),
}
_ROW = Phrase("{sort}, sai tối đa {bound} ({reader})", "{sort}, at most {bound} wrong ({reader})")
_ROW_DOUBTED = Phrase("{sort} ({reader})", "{sort} ({reader})")
_SHOWN = Phrase("{count} mục, hiện {shown}.", "{count} answers, {shown} of them shown.")
_SAYS_DOUBT = Phrase(
    "Có nghi ngờ thì luôn chờ duyệt, dù máy chắc đến đâu.",
    "What is doubted waits, however sure the reader is.",
)
_LINE = Phrase(
    "--max-error {bound}: nhận từ {least} trở lên", "--max-error {bound}: accepted from {least} up"
)
_NO_LINE = Phrase(
    "--max-error {bound}: chưa đủ bằng chứng để nhận", "--max-error {bound}: nothing is proved"
)
_BLANK = Phrase("(trống)", "(blank)")
_CORRECTED = Phrase("→ đã sửa: {value}", "→ corrected: {value}")
_DONE = Phrase("{count} ảnh cắt trong {file}.", "{count} crops in {file}.")


@click.command()
@click.option(
    "-t", "--template", "name", required=True, metavar="TEMPLATE", help="The form, id or folder."
)
@click.option(
    "--kind", type=click.Choice(list(FIELD_KINDS)), required=True, help="The kind of field."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="The page, HTML with the pictures in it.",
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(12, 5000),
    default=400,
    show_default=True,
    metavar="N",
    help="About how many crops; of more, evenly many from the sure to the unsure.",
)
@max_error_option()
@by_option
@workspace_options
@lang_option
def gallery(
    name: str,
    kind: str,
    output: Path,
    limit: int,
    max_error: float | None,
    by: str,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Lay out the crops of one kind, the surest first, with the line that --max-error draws.

    It shows at a glance what a bound lets through; --max-error tries another one and changes
    nothing. `scanform decide` makes it hold.
    """
    known = KnownTemplates([name])
    template = known.named[0]
    images = ImageStore(workspace)
    with open_store(workspace, database, create=False) as store:
        bounds = kept_bounds(store)
        if max_error is not None:
            bounds = bounds.changed(max_error, [template.id])
        revisions = {
            (each, revision): known(each, revision)
            for each, revision in store.revisions()
            if each == template.id
        }
        found = shelves(store.selected(Selection(template.id)), revisions, kind, bounds, limit)
        seen = [shot.record for shelf in found for shot in shelf.shots]
        note_looks(store, by, seen, "gallery")
        if found:
            outputs.note(store, "gallery", by, output, searchable=False)
    if not found:
        raise UsageError(_NO_ANSWERS.of(kind=kind, template=template.id), _RUN_FIRST)
    pictures = _pictures([shot for shelf in found for shot in shelf.shots], images)
    rows = [_row(shelf, pictures, lang) for shelf in found]
    said = {"template": template.title, "kind": _KINDS[kind].say(lang)}
    write_whole(output, page(_TITLE.say(lang, said), _ABOUT.say(lang), rows, lang))
    count = sum(len(shelf.shots) for shelf in found)
    click.echo(_DONE.say(lang, {"count": str(count), "file": str(output)}), err=True)


def _pictures(shots: Sequence[Shot], images: ImageStore) -> dict[tuple[str, str], bytes]:
    """The crop of each shot by record and field; a page is decoded once."""
    by_image: dict[str, list[Shot]] = defaultdict(list)
    for shot in shots:
        by_image[shot.image].append(shot)
    found: dict[tuple[str, str], bytes] = {}
    for image, some in by_image.items():
        try:
            pieces = cut_small(images.get(image), [_box(shot.field) for shot in some])
        except (StoreError, ValueError):
            pieces = [b""] * len(some)  # the page is gone: what was read can still be told
        found |= {(s.record, s.field.id): p for s, p in zip(some, pieces, strict=True)}
    return found


def _box(field: Field) -> Box:
    boxes = (field.box, *field.cells, *(option.box for option in field.options))
    box = bounding_box(boxes).grown(MARGIN_MM)
    # The word of the last tick box stands to its right.
    return replace(box, w=box.w + LABEL_MM) if field.options else box


def _row(shelf: Shelf, pictures: dict[tuple[str, str], bytes], lang: Language) -> Row:
    sort = _KINDS[shelf.sort].say(lang)
    counts = {"count": str(shelf.count), "shown": str(len(shelf.shots))}
    about, line = _SHOWN.say(lang, counts), ""
    told = {"bound": say_share(shelf.bound), "least": f"{shelf.least or 0.0:.2%}"}
    if shelf.sort == DOUBTED:
        about = f"{_SAYS_DOUBT.say(lang)} {about}"
    else:
        line = (_NO_LINE if shelf.least is None else _LINE).say(lang, told)
    title = _ROW_DOUBTED if shelf.sort == DOUBTED else _ROW
    return Row(
        title.say(lang, {"sort": sort, "reader": shelf.reader, **told}),
        about,
        line,
        [_picture(shelf, shot, pictures, lang) for shot in shelf.shots],
        any(_box(shot.field).w > LONG_MM for shot in shelf.shots),
    )


def _picture(
    shelf: Shelf, shot: Shot, pictures: dict[tuple[str, str], bytes], lang: Language
) -> Picture:
    wrong = "" if shot.said is None else _CORRECTED.say(lang, {"value": one_line(shot.said)})
    return Picture(
        pictures.get((shot.record, shot.field.id), b""),
        one_line(shot.read) if shot.read is not None else _BLANK.say(lang),
        f"{shot.confidence:.2%}",
        f"{shot.field.label} · {shot.record} {shot.field.id}",
        shelf.accepted(shot) and not shot.doubted,
        wrong,
    )
