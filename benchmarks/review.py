"""How quickly the queue gives the next field, and what review costs in human seconds.

    python benchmarks/review.py queue [--answers 1000000] [--pending 200000] [--people 20]
    python benchmarks/review.py serve [the same]
    python benchmarks/review.py seconds

``queue`` fills a SQLite workspace (made up, nobody's data), lets people take and decide fields all
at once for a while, each a thread of one server as in ``scanform serve``, and then proves from the
log that no field was given twice and no decision is lost. ``serve`` does the same through a real
``scanform serve``, by HTTP: everybody signed in, each decision answered by the next field's page,
each picture cut from a whole scanned page; also what the server takes of the processor.

``seconds`` prints a keystroke-level model (Card, Moran and Newell, "The keystroke-level model for
user performance time with interactive systems", CACM 23(7), 1980, 396-410) of one form, keyed in
three ways.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from review_crowd import Worked, spread, together
from review_fill import fill
from review_seconds import seconds
from review_serve import serve

from scanform.cli.opened import open_desk
from scanform.review import Claim, Desk, Person
from scanform.template.find import find
from scanform.template.load import load


def work(desk: Desk, who: Person, until: float, think: float, seed: int, found: Worked) -> None:
    """One person: take, look, decide, take the next."""
    draw = random.Random(seed)
    order: Any = "by_form" if seed % 5 == 0 else "by_field"
    while time.perf_counter() < until:
        began = time.perf_counter()
        claim: Claim | None = desk.queue.claim(who, order=order)
        found.nexts.append(1000 * (time.perf_counter() - began))
        if claim is None:
            return
        found.given.append((claim.item.record.id, claim.item.field.id))
        time.sleep(draw.expovariate(1 / think) if think else 0)
        began = time.perf_counter()
        if draw.random() < 0.8:
            desk.queue.accept(who, claim.token)
        else:
            desk.queue.blank(who, claim.token)
        found.decisions.append(1000 * (time.perf_counter() - began))


def crowd(desk: Desk, people: int, seconds: float, think: float) -> Worked:
    """All of them at once; the figures of all together."""

    def one(number: int, until: float, found: Worked) -> None:
        work(desk, Person(f"p{number:02}"), until, think, number, found)

    return together(people, seconds, one)


def queue(args: argparse.Namespace) -> dict[str, Any]:
    template = load(find("dc01"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        fill(folder, template, args.answers, args.pending, args.seed)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        with open_desk(folder, templates=["dc01"]) as desk:
            figures = desk.review.store.figures()
            crowd(desk, 2, 1, 0)  # warms caches up
            alone = crowd(desk, 1, args.seconds / 4, 0)
            found = crowd(desk, args.people, args.seconds, args.think)
            rush = crowd(desk, args.people, args.seconds / 2, 0)
            began = time.perf_counter()
            logged = Counter(
                (row.decision.record, row.decision.field)
                for row in desk.log.rows(Person("", "admin"))
                if row.decision.action != "recheck"
            )
            after = desk.review.store.figures()
            given = Counter([*found.given, *rush.given, *alone.given])
            lost = [place for place in given if not logged[place]]
        return {
            "answers": args.answers,
            "pending": figures.answers_pending,
            "people": args.people,
            "seed": args.seed,
            "next_ms": spread(found.nexts),
            "decide_ms": spread(found.decisions),
            "alone_next_ms": spread(alone.nexts),
            "alone_decide_ms": spread(alone.decisions),
            "rush_next_ms": spread(rush.nexts),
            "rush_decide_ms": spread(rush.decisions),
            "rush_decisions_a_second": round(len(rush.decisions) / (args.seconds / 2), 1),
            "given_twice": sum(number > 1 for number in given.values()),
            "decided_twice": sum(number > 1 for number in logged.values()),
            "lost": len(lost),
            "decided": sum(logged.values()),
            "fewer_pending": figures.answers_pending - after.answers_pending,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("queue")
    asked.set_defaults(run=queue)
    served = commands.add_parser("serve")
    served.set_defaults(run=serve)
    for command in (asked, served):
        command.add_argument("--answers", type=int, default=1_000_000)
        command.add_argument("--pending", type=int, default=200_000)
        command.add_argument("--people", type=int, default=20)
        command.add_argument("--seconds", type=float, default=40)
        command.add_argument("--think", type=float, default=2.0, help="mean seconds of looking")
        command.add_argument("--seed", type=int, default=6)
    model = commands.add_parser("seconds")
    model.add_argument("--wrong", type=float, default=0.5, help="of the doubtful, misread")
    model.add_argument("--filled", type=float, default=0.7, help="of the fields, written in")
    model.set_defaults(run=seconds)
    args = parser.parse_args()
    print(json.dumps(args.run(args), indent=2))


if __name__ == "__main__":
    main()
