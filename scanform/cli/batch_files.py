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

BY_COVER = "cover"


def put_in_batches(kept: CampaignStore, paths: Sequence[Path], batch: str) -> list[Path]:
    """Notes the files under ``paths`` as of ``batch``, or of the cover sheets among them, before
    any is worked: what an interrupted run leaves undone is known too. Returns the files to work:
    all but those that are nothing but a cover sheet. Raises ``NoSuchBatch``, ``BatchClosed``, and
    ``UsageError`` where files come before the first cover."""
    files = list(find_files(paths))
    if batch != BY_COVER:
        kept.add_to_batch(batch, [_noted(path, scan_file(path)) for path in files])
        return files
    batches: defaultdict[str, list[BatchScan]] = defaultdict(list)
    work, current = [], ""
    for path in files:
        scan = scan_file(path)
        found, pages = _cover(scan)
        current = found or current
        if not current:
            raise UsageError(
                f"{path} comes before any cover sheet.",
                "Scan the cover sheet first, or name the batch: --batch B0001.",
            )
        if found and pages == 1:
            continue
        work.append(path)
        batches[current].append(_noted(path, scan, cover=bool(found)))
    for name, noted in batches.items():
        kept.add_to_batch(name, noted)
    return work


def _noted(path: Path, scan: ScanFile | Rejected, cover: bool = False) -> BatchScan:
    return BatchScan(str(path), scan.sha256, cover=cover)


def _cover(scan: ScanFile | Rejected) -> tuple[str | None, int]:
    """The batch whose cover sheet is the file's first page, and how many pages it has."""
    if isinstance(scan, Rejected):
        return None, 0
    pages = page_count(scan)
    if isinstance(pages, Rejected):
        return None, 0
    page = read_page(scan, 1)
    return (None if isinstance(page, Rejected) else batch_on(page.pixels, page.dpi)), pages
