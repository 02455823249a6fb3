"""Which batch each file of a run belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanform.engine import worker
from scanform.engine.interface import PageJob
from scanform.engine.local import LocalEngine
from scanform.errors import UsageError
from scanform.intake.files import find_files, scan_file
from scanform.intake.pages import page_count
from scanform.model.scan import Rejected, ScanFile
from scanform.phrase import Phrase
from scanform.store.campaign_interface import BatchScan, CampaignStore
from scanform.store.interface import PageRow, Store

BY_COVER = "cover"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file that may begin with a cover sheet, and how many pages it has."""

    scan: ScanFile
    pages: int


_NO_COVER = Phrase("{path} đứng trước mọi tờ bìa.", "{path} comes before any cover sheet.")
_COVER_FIRST = Phrase(
    "Hãy quét tờ bìa trước tiên, hoặc nêu hộp: --batch B0001.",
    "Scan the cover sheet first, or name the batch: --batch B0001.",
)


def put_in_batches(
    store: Store,
    kept: CampaignStore,
    paths: Sequence[Path],
    batch: str | None,
    engine: LocalEngine,
    opened: dict[str, str] | None = None,
) -> list[Path]:
    """Notes the files under ``paths`` as of ``batch``, or of the cover sheets among them, before
    any is worked: what an interrupted run leaves undone is known too. Returns the files to work:
    all but those that are nothing but a cover sheet. The engine's workers look for the covers.

    With ``cover`` every file has to come after one. Without a batch a cover sheet opens its own
    for the rest of its folder, and files that come after none belong to none. Raises
    ``NoSuchBatch``, ``BatchClosed``, and ``UsageError`` where files come before the first cover.
    ``opened``, by folder: the box that a cover sheet opened there earlier, for files that come a
    few at a time; kept up to date.
    """
    files = list(find_files(paths))
    if batch not in (None, BY_COVER):
        kept.add_to_batch(batch, [_noted(path, scan_file(path)) for path in files])
        return files
    batches: defaultdict[str, list[BatchScan]] = defaultdict(list)
    scans = {path: scan_file(path) for path in files}
    covers = _covers(store, scans.values(), engine)
    boxes, work = {} if opened is None else opened, []
    for path, scan in scans.items():
        folder = "" if batch == BY_COVER else str(path.parent)
        found, pages = covers.get(scan.sha256, (None, 0))
        if found:
            boxes[folder] = found
        current = boxes.get(folder, "")
        if not current and batch == BY_COVER:
            raise UsageError(_NO_COVER.of(path=str(path)), _COVER_FIRST)
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


def _covers(
    store: Store, scans: Iterable[ScanFile | Rejected], engine: LocalEngine
) -> dict[str, tuple[str | None, int]]:
    """By scan: the batch whose cover sheet its first page is, and how many pages it has."""
    seen = {each.scan.sha256: each for scan in scans if (each := _worth_a_look(store, scan))}
    jobs = (PageJob(each.scan, 1) for each in seen.values())
    return {
        job.scan.sha256: (found if isinstance(found, str) else None, seen[job.scan.sha256].pages)
        for job, found in engine.each(worker.covers, jobs)
    }


def _worth_a_look(store: Store, scan: ScanFile | Rejected) -> _Seen | None:
    """None for what can't be opened, and for a file that was worked before and began with
    something else than a cover sheet."""
    if isinstance(scan, Rejected):
        return None
    known = store.page_rows(scan.sha256)
    if known and known[0].outcome != "separator":
        return None
    pages = page_count(scan)
    return None if isinstance(pages, Rejected) else _Seen(scan, pages)
