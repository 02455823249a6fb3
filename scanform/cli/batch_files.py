"""Which batch each file of a run belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from scanform.errors import UsageError
from scanform.intake.files import find_files, scan_file
from scanform.intake.pages import page_count, read_page
from scanform.model.scan import Rejected, ScanFile
from scanform.page.cover import batch_on
from scanform.store.campaign_interface import BatchScan, CampaignStore
from scanform.store.interface import PageRow, Store

BY_COVER = "cover"


def put_in_batches(
    store: Store, kept: CampaignStore, paths: Sequence[Path], batch: str | None
) -> list[Path]:
    """Notes the files under ``paths`` as of ``batch``, or of the cover sheets among them, before
    any is worked: what an interrupted run leaves undone is known too. Returns the files to work:
    all but those that are nothing but a cover sheet.

    With ``cover`` every file has to come after one. Without a batch a cover sheet opens its own
    for the rest of its folder, and files that come after none belong to none. Raises
    ``NoSuchBatch``, ``BatchClosed``, and ``UsageError`` where files come before the first cover.
    """
    files = list(find_files(paths))
    if batch not in (None, BY_COVER):
        kept.add_to_batch(batch, [_noted(path, scan_file(path)) for path in files])
        return files
    batches: defaultdict[str, list[BatchScan]] = defaultdict(list)
    work, current, folder = [], "", None
    for path in files:
        if batch is None and path.parent != folder:
            current, folder = "", path.parent
        scan = scan_file(path)
        found, pages = _cover(store, scan)
        current = found or current
        if not current and batch == BY_COVER:
            raise UsageError(
                f"{path} comes before any cover sheet.",
                "Scan the cover sheet first, or name the batch: --batch B0001.",
            )
        if found and pages == 1:
            continue
        work.append(path)
        if current:
            batches[current].append(_noted(path, scan, cover=bool(found)))
        if found and isinstance(scan, ScanFile):
            _pass_over_cover(store, scan)
    for name, noted in batches.items():
        there = {(each.path, each.sha256) for each in kept.batch_scans(name)}
        # The same folder again is no news, even for a box that is closed.
        new = [each for each in noted if (each.path, each.sha256) not in there]
        if new or batch == BY_COVER:
            kept.add_to_batch(name, new)
    return work


def _pass_over_cover(store: Store, scan: ScanFile) -> None:
    """The first page is the cover sheet: no form, and no reason to complain."""
    if store.open_scan(scan) == "new":
        store.save([PageRow(scan.sha256, 1, "separator")])


def _noted(path: Path, scan: ScanFile | Rejected, cover: bool = False) -> BatchScan:
    return BatchScan(str(path), scan.sha256, cover=cover)


def _cover(store: Store, scan: ScanFile | Rejected) -> tuple[str | None, int]:
    """The batch whose cover sheet is the file's first page, and how many pages it has. A file
    that was worked before is not looked into again where its first page was something else."""
    if isinstance(scan, Rejected):
        return None, 0
    known = store.page_rows(scan.sha256)
    if known and known[0].outcome != "separator":
        return None, 0
    pages = page_count(scan)
    if isinstance(pages, Rejected):
        return None, 0
    page = read_page(scan, 1)
    return (None if isinstance(page, Rejected) else batch_on(page.pixels, page.dpi)), pages
