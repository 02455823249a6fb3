"""How much better a reader gets by learning the hands that people confirmed.

    python benchmarks/learning.py lines TRAIN_DIR TEST_DIR [--lines N] [--minutes M] [--passes N]
                                        [--json] [--keep DIR] [--seed N]
    python benchmarks/learning.py choice TRAIN_DIR TEST_DIR [--pool N] [--lines N] [--json]
    python benchmarks/learning.py campaign --keep DIR [-n FORMS] [--days N] [--minutes M] [--json]

``lines`` learns from one folder and measures on another: folders with ``labels.tsv`` (path, tab,
text), of other writers. Scored without case and punctuation. ``before`` is AsterOCR as shipped,
``after`` the reader that learnt with what the unit's own texts make likely, ``with_places`` the
same with the gazetteer; ``place_exact`` is the share of lines ending in commune, district and
province in which that part is right. ``--keep`` holds the work: a killed run goes on from there.
On a machine that does other work ``--passes`` says when to end, not the clock.

``choice`` learns from lines chosen by ``learn --ask``'s rule and from as many drawn from the same
pool, and measures both; a folder is one hand.

``campaign`` rehearses forms in hands never seen, reads and reviews them day by day, learning each
night, against the same campaign without (``learning_campaign.py``); it goes on from ``--keep``.

Needs the extras ``learn`` and ``handwriting``.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
from learning_campaign import campaign

from scanform.learn.fit import Example, Plan, Progress, fit, limit_threads
from scanform.learn.lesson import REHEARSED
from scanform.learn.made import made_lines
from scanform.learn.on_print import held_to_print
from scanform.learn.read import Prior, prior_of, read_plain, read_with_places
from scanform.learn.scoring import plain, score
from scanform.learn.telling import Waiting, most_telling
from scanform.lexicon.entry import Entry
from scanform.lexicon.places import places
from scanform.lexicon.spelling import early_tones
from scanform.model.scan import Pixels
from scanform.programs import asterocr
from scanform.recognise.soft import soft_line

THREADS = 2


def labelled(folder: Path) -> list[tuple[str, str]]:
    """Path and text of each line of the folder."""
    listed = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t")[:2] for line in listed if "\t" in line]
    return [(path, text) for path, text in pairs]


def opened(folder: Path, limit: int | None, seed: int) -> tuple[list[Pixels], list[str]]:
    """Cleaned lines and their texts; up to ``limit`` of them, drawn with the seed."""
    pairs = labelled(folder)
    if limit is not None and limit < len(pairs):
        pairs = random.Random(seed).sample(pairs, limit)
    images = [cv2.imread(str(folder / path), cv2.IMREAD_GRAYSCALE) for path, _ in pairs]
    known = [(im, text) for im, (_, text) in zip(images, pairs, strict=True) if im is not None]
    return [soft_line(image) for image, _ in known], [text for _, text in known]


def figures(read: Sequence[str], truths: Sequence[str]) -> dict[str, float]:
    found = score(read, truths)
    return {"cer": round(found.cer, 4), "exact": round(found.exact, 4)}


UNIT_WORDS = (
    *("thị trấn", "thị xã", "thành phố", "phường", "quận", "huyện", "tỉnh", "xã"),
    *("tp", "tx", "tt", "p", "q", "h", "x", "t"),
)


@functools.cache
def written_below(code: str) -> dict[str, list[Entry]]:
    """The places that lie directly in a unit (all provinces: ""), by what is written."""
    found: dict[str, list[Entry]] = {}
    for each in places().values():
        if each.parent != code:
            continue
        names = {each.name, "hcm" if each.code == "79" else each.name}
        if each.name.isdigit():
            names.add(str(int(each.name)))
        for name in names:
            found.setdefault(early_tones(plain(name)), []).append(each)
    return found


def tail_of(text: str) -> str | None:
    """The end of a plain text that names a commune, its district and its province."""
    words = text.split()

    def named(end: int, parents: list[str], depth: int) -> int | None:
        """Where the names begin that end before the word ``end``, one a level."""
        for start in range(end - 1, max(-1, end - 6), -1):
            name = early_tones(" ".join(words[start:end]))
            here = [each for code in parents for each in written_below(code).get(name, ())]
            if not here:
                continue
            begins = start
            for unit in UNIT_WORDS:
                size = len(unit.split())
                if words[max(0, start - size) : start] == unit.split():
                    begins = start - size
                    break
            if depth == 2:
                return begins
            above = named(begins, [each.code for each in here], depth + 1)
            if above is not None:
                return above
        return None

    start = named(len(words), [""], 0)
    return None if start is None else " ".join(words[start:])


def place_exact(read: Sequence[str], truths: Sequence[str]) -> dict[str, float]:
    """Of the lines that end in commune, district and province: the share with that part right."""
    tails = [
        (one, tail) for one, t in zip(read, truths, strict=True) if (tail := tail_of(plain(t)))
    ]
    right = sum(
        early_tones(f" {plain(one)}").endswith(early_tones(f" {tail}")) for one, tail in tails
    )
    return {"place_exact": round(right / max(1, len(tails)), 4), "place_lines": len(tails)}


def choice(args: argparse.Namespace) -> dict[str, object]:
    """Learning from lines chosen for what they teach (``learn --ask``) against as many drawn."""
    pairs = random.Random(args.seed).sample(labelled(args.train), args.pool)
    images = [soft_line(cv2.imread(str(args.train / path), 0)) for path, _ in pairs]
    test_images, truths = opened(args.test, args.test_lines, args.seed)
    sure = [float(each.max(axis=1).sum()) for each in asterocr.read_lines(images)]
    texts = read_plain(asterocr.read_lines(images), None)
    waiting = [
        Waiting(Path(path).parent.name, "lines", path, 1.0 - math.exp(s / max(1, len(text))), "")
        for (path, _), s, text in zip(pairs, sure, texts, strict=True)
    ]
    chosen = {each.field for each in most_telling(waiting, {}, args.lines)}
    drawn = {path for path, _ in pairs[: args.lines]}
    found: dict[str, object] = {"pool": len(pairs), "lines": args.lines, "test": len(truths)}
    found["before"] = figures(read_plain(asterocr.read_lines(test_images), None), truths)
    for name, names in (("chosen", chosen), ("drawn", drawn)):
        mine = [
            Example(image, text)
            for image, (path, text) in zip(images, pairs, strict=True)
            if path in names
        ]
        plan = Plan(minutes=args.minutes, passes=args.passes, seed=args.seed)
        with tempfile.TemporaryDirectory() as scratch:
            fitted = fit(mine, asterocr.shipped(), Path(scratch), plan, _teller(args))
            read = read_plain(asterocr.read_lines(test_images, fitted.reader), None)
        hands = len({Path(path).parent for path in names})
        found[name] = figures(read, truths) | {"hands": hands}
    return found


def lines(args: argparse.Namespace) -> dict[str, object]:
    started = time.monotonic()
    images, texts = opened(args.train, args.lines, args.seed)
    test_images, truths = opened(args.test, None, args.seed)
    shipped = asterocr.shipped()
    before = read_plain(asterocr.read_lines(test_images, shipped), None)
    plan = Plan(minutes=args.minutes, passes=args.passes, seed=args.seed)
    examples = [Example(im, text) for im, text in zip(images, texts, strict=True)]
    if not args.no_print:  # as a lesson does it: print isn't to be unlearnt
        made = max(8, round(REHEARSED * len(examples)))
        examples += made_lines(made, args.seed, hand=False)
    with tempfile.TemporaryDirectory() as scratch:
        fitted = fit(examples, shipped, args.keep or Path(scratch), plan, _teller(args))
        prior: Prior = prior_of(texts)
        printed = held_to_print(shipped, fitted.reader)
        steps = asterocr.read_lines(test_images, fitted.reader)
    after, placed = read_plain(steps, prior), read_with_places(steps, prior)
    return {
        "train": len(texts),
        "test": len(truths),
        "before": figures(before, truths),
        "greedy": figures(read_plain(steps, None), truths),
        "after": figures(after, truths),
        "with_places": figures(placed, truths) | place_exact(placed, truths),
        "print": {"before": round(printed.before, 4), "after": round(printed.after, 4)},
        "share": printed.share,
        "passes": round(fitted.passes, 2),
        "views": fitted.views,
        "minutes": round((time.monotonic() - started) / 60.0, 1),
        "learning_minutes": round(fitted.minutes, 1),
        "core_minutes": round(time.process_time() / 60.0, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _teller(args: argparse.Namespace):
    last = [0.0]

    def tell(now: Progress) -> None:
        if time.monotonic() - last[0] > 30.0 and not args.quiet:
            last[0] = time.monotonic()
            left = f"{now.left / 60.0:.1f} min left"
            loss = f", loss {now.loss:.3f}" if now.loss else ""
            print(f"{now.stage} {now.share:.0%}, {left}{loss}", file=sys.stderr, flush=True)

    return tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    each = commands.add_parser("lines")
    each.add_argument("train", type=Path)
    each.add_argument("test", type=Path)
    each.add_argument("--lines", type=int, help="learn from so many lines only")
    each.add_argument("--minutes", type=float, default=45.0)
    each.add_argument("--passes", type=int, default=Plan().passes, help="times over the lines")
    each.add_argument("--keep", type=Path, help="a folder for the work: goes on after a kill")
    each.add_argument("--seed", type=int, default=1)
    each.add_argument("--threads", type=int, default=THREADS)
    each.add_argument("--quiet", action="store_true")
    each.add_argument("--json", action="store_true")
    each.add_argument("--no-print", action="store_true", help="learn no print beside the lines")
    each.set_defaults(run=lines)
    each = commands.add_parser("choice")
    each.add_argument("train", type=Path)
    each.add_argument("test", type=Path)
    each.add_argument("--pool", type=int, default=600, help="lines that wait")
    each.add_argument("--lines", type=int, default=100, help="learn from so many of them")
    each.add_argument("--test-lines", type=int, help="measure on so many only")
    each.add_argument("--minutes", type=float, default=45.0)
    each.add_argument("--passes", type=int, default=6)
    each.add_argument("--seed", type=int, default=1)
    each.add_argument("--threads", type=int, default=THREADS)
    each.add_argument("--quiet", action="store_true")
    each.add_argument("--json", action="store_true")
    each.set_defaults(run=choice)
    each = commands.add_parser("campaign")
    each.add_argument("-n", "--forms", type=int, default=300)
    each.add_argument("--days", type=int, default=5)
    each.add_argument("--keep", type=Path, required=True, help="a folder for the work")
    each.add_argument("--template", default="dc01")
    each.add_argument("--wear", default="light")
    each.add_argument("--max-error", default="0.5%")
    each.add_argument("--fonts", type=Path, help="hand fonts; else two that are held apart")
    each.add_argument("--minutes", type=float, default=10.0, help="a night")
    each.add_argument("--threads", type=int, default=THREADS)
    each.add_argument("--seed", type=int, default=500_000)
    each.add_argument("--quiet", action="store_true")
    each.add_argument("--json", action="store_true")
    each.add_argument("--again", action="store_true", help="judge what was read by today's rules")
    each.set_defaults(run=campaign)
    args = parser.parse_args()
    limit_threads(args.threads)
    found = args.run(args)
    if args.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:18} {value}")


if __name__ == "__main__":
    main()
