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
import html
import json
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from scanform.cli.opened import open_desk
from scanform.model.template import Template
from scanform.page.encode import encode_sheet
from scanform.rehearse import draw_blanks
from scanform.review import Claim, Desk, Person
from scanform.store.images import ImageStore
from scanform.store.open import DATABASE_NAME, open_store
from scanform.template.find import find
from scanform.template.load import load

SHA = "ab" * 32
NOW = "2018-10-01 08:00:00.000000"
PASSWORD = "one for twenty people"


def fill(folder: Path, template: Template, answers: int, pending: int, seed: int) -> None:
    """A workspace of about so many answers, written straight into its tables; every record shows
    the same page."""
    open_store(folder).close()
    image = ImageStore(folder).put(encode_sheet(draw_blanks(template)[0]))
    count = answers // len(template.fields)
    waiting = round(pending / count)
    draw = random.Random(seed)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "INSERT INTO scans (sha256, path, size, state, seen_at) VALUES (?, 'a.pdf', 1, ?, ?)",
            (SHA, "finished", NOW),
        )
        for start in range(1, count + 1, 1000):
            numbers = range(start, min(start + 1000, count + 1))
            _insert(connection, template, numbers, waiting, draw)
            connection.executemany(
                "INSERT INTO sheets (record, position, page, scan_page, image)"
                " VALUES (?, 0, 1, ?, ?)",
                [(n, n, image) for n in numbers],
            )
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


def _insert(
    connection: sqlite3.Connection,
    template: Template,
    numbers: range,
    waiting: int,
    draw: random.Random,
) -> None:
    readings, answers = [], []
    for number in numbers:
        doubted = set(draw.sample(range(len(template.fields)), waiting))
        for position, field in enumerate(template.fields):
            state = "pending" if position in doubted else "accepted"
            value = f"Giá trị {draw.randrange(500)}"
            reading = {
                "outcome": "read",
                "text": value,
                "score": 0.5,
                "alternatives": [["Giá trị khác", 0.2]],
                "cells": [],
                "measures": {},
            }
            doubts = '[["low_confidence", ""]]' if position in doubted else "[]"
            both = (number, field.id, position, value, 0.9, state)
            readings.append((*both, doubts, "bench 1", json.dumps(reading)))
            answers.append((*both, template.id, waiting, "review"))
    connection.executemany(
        "INSERT INTO records (number, id, template, revision, scan, scan_path, scan_page,"
        " created_at, doubted, waiting) VALUES (?, ?, ?, ?, ?, 'a.pdf', ?, ?, ?, ?)",
        [
            (n, f"{n:016x}", template.id, template.revision, SHA, n, NOW, waiting, waiting)
            for n in numbers
        ],
    )
    connection.executemany(
        "INSERT INTO readings (record, field, position, value, confidence, state, doubts, reader,"
        " reading) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        readings,
    )
    connection.executemany(
        "INSERT INTO answers (record, field, position, value, confidence, state, template, rank,"
        " desk) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        answers,
    )


@dataclass
class Worked:
    """What the people did: milliseconds of each next field and each decision, and what each was
    given."""

    nexts: list[float]
    decisions: list[float]
    given: list[tuple[str, str]]


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


def together(people: int, seconds: float, one: Callable[[int, float, Worked], None]) -> Worked:
    """What all of them did at once: ``one`` of them, by number, works until a moment."""
    each = [Worked([], [], []) for _ in range(people)]
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=one, args=(n, until, each[n])) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Worked(
        [t for did in each for t in did.nexts],
        [t for did in each for t in did.decisions],
        [g for did in each for g in did.given],
    )


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
            "next_ms": _spread(found.nexts),
            "decide_ms": _spread(found.decisions),
            "alone_next_ms": _spread(alone.nexts),
            "alone_decide_ms": _spread(alone.decisions),
            "rush_next_ms": _spread(rush.nexts),
            "rush_decide_ms": _spread(rush.decisions),
            "rush_decisions_a_second": round(len(rush.decisions) / (args.seconds / 2), 1),
            "given_twice": sum(number > 1 for number in given.values()),
            "decided_twice": sum(number > 1 for number in logged.values()),
            "lost": len(lost),
            "decided": sum(logged.values()),
            "fewer_pending": figures.answers_pending - after.answers_pending,
        }


@dataclass
class Browser:
    """One person at a browser: signs in, then decides one field after another."""

    address: tuple[str, int]
    cookie: str = ""
    csrf: str = ""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[float, str]:
        """Milliseconds until all of the answer was there, and the answer."""
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            body = urlencode(form)
        if form is not None and path != "/sign-in":
            headers |= {"HX-Request": "true"}
        began = time.perf_counter()
        with closing(HTTPConnection(*self.address, timeout=120)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            data = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if answer.status not in (200, 303):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        for each in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = each.split(";")[0].partition("=")
            kept = dict(c.split("=", 1) for c in self.cookie.split("; ") if c)
            self.cookie = "; ".join(f"{k}={v}" for k, v in (kept | {name: value}).items() if v)
        return took, data.decode("utf-8", "replace")

    def enter(self, name: str) -> None:
        _, page = self.ask("GET", "/sign-in")
        form = {"name": name, "password": PASSWORD, "before": _hidden(page, "before")}
        self.ask("POST", "/sign-in", form)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def browse(person: Browser, until: float, think: float, seed: int, found: Worked) -> None:
    """``decisions`` are the milliseconds from the key to the next field; ``nexts`` those of the
    picture after it, which is fetched while somebody looks at the field in hand."""
    draw = random.Random(seed)
    _, page = person.ask("GET", "/review" if seed % 5 else "/review?order=by_form")
    csrf = re.search(r'"X-CSRF-Token": "([^"]+)"', page)
    person.csrf = csrf[1] if csrf else ""
    while time.perf_counter() < until and (token := _hidden(page, "token")):
        time.sleep(draw.expovariate(1 / think) if think else 0)
        form = {name: _hidden(page, name) for name in ("token", "ahead", "work", "order")}
        form["action"] = "enter" if draw.random() < 0.8 else "blank"
        form["text"] = _hidden(page, "text") or _line(page)
        took, page = person.ask("POST", "/review/decide", form)
        found.decisions.append(took)
        found.given.append((token, ""))
        ahead = _hidden(page, "ahead")
        if ahead:
            found.nexts.append(person.ask("GET", f"/review/picture/{ahead}/field.png")[0])


def _line(page: str) -> str:
    found = re.search(r'id="text" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def serve(args: argparse.Namespace) -> dict[str, Any]:
    template = load(find("dc01"))
    with tempfile.TemporaryDirectory() as name, socket.socket() as place:
        folder = Path(name)
        fill(folder, template, args.answers, args.pending, args.seed)
        with open_desk(folder, templates=["dc01"]) as desk:
            for number in range(args.people):
                desk.people.add(Person("", "admin"), f"p{number:02}", "clerk", PASSWORD)
        place.bind(("127.0.0.1", 0))
        address = place.getsockname()
        place.close()
        command = [sys.executable, "-m", "scanform", "serve", "-w", str(folder), "-t", "dc01"]
        server = subprocess.Popen([*command, "--port", str(address[1])], stderr=subprocess.PIPE)
        try:
            _answers_at(address)
            people = [Browser(address) for _ in range(args.people)]
            for number, each in enumerate(people):
                each.enter(f"p{number:02}")
            crowd_of(people[:2], 3, 0)
            before = _processor(server.pid)
            alone = crowd_of(people[:1], args.seconds / 4, 0)
            between = _processor(server.pid)
            found = crowd_of(people, args.seconds, args.think)
            after = _processor(server.pid)
        finally:
            server.terminate()
            server.wait()
        with open_desk(folder, templates=["dc01"]) as desk:
            logged = Counter(
                (row.decision.record, row.decision.field)
                for row in desk.log.rows(Person("", "admin"))
                if row.decision.action != "recheck"
            )
        return {
            "answers": args.answers,
            "people": args.people,
            "seed": args.seed,
            "load": os.getloadavg()[0],
            "alone_next_field_ms": _spread(alone.decisions),
            "alone_picture_ms": _spread(alone.nexts),
            "alone_processor_ms_a_field": round((between - before) / len(alone.decisions), 1),
            "next_field_ms": _spread(found.decisions),
            "picture_ms": _spread(found.nexts),
            "processor_ms_a_field": round((after - between) / len(found.decisions), 1),
            "decided_twice": sum(number > 1 for number in logged.values()),
            "decided": sum(logged.values()),
        }


def _answers_at(address: tuple[str, int]) -> None:
    for _ in range(600):
        with suppress(OSError):
            Browser(address).ask("GET", "/health")
            return
        time.sleep(0.1)
    raise RuntimeError("the server doesn't answer")


def _processor(pid: int) -> float:
    """Milliseconds of the processor that a process has used (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def crowd_of(people: list[Browser], seconds: float, think: float) -> Worked:
    def one(number: int, until: float, found: Worked) -> None:
        browse(people[number], until, think, number, found)

    return together(len(people), seconds, one)


def _spread(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {}
    cuts = statistics.quantiles(times, n=100)
    return {
        "count": len(times),
        "median": round(statistics.median(times), 1),
        "p99": round(cuts[98], 1),
        "most": round(max(times), 1),
    }


# The keystroke-level model. Seconds of each operator as Card, Moran and Newell give them; K is
# their average skilled typist (55 words a minute). R, looking at a crop and reading it, is not in
# their model: 1.2 s is what their M (1.35 s) leaves for a decision on something already before
# the eyes. All can be changed on the command line, since nobody's clerks are the average.
K, P, B, H, M = 0.20, 1.10, 0.10, 0.40, 1.35
FIELDS = 47
KEYS_A_FIELD = 9.0  # typed letters, tones included, over the fields of dc01 that are filled
FIND_ON_PAGE = 0.9  # eyes from the cell to the place on the page and back


def per_form(accepted: float, wrong_reading: float, filled: float) -> Iterator[tuple[str, float]]:
    """Seconds of one form: sheet beside a viewer, keying from crops, this queue."""
    fields = FIELDS * filled
    typing = KEYS_A_FIELD * K + K
    viewer = fields * (M + FIND_ON_PAGE + typing) + 2 * (H + P + B + M)
    crops = fields * (M + typing)
    doubtful = FIELDS * (1 - accepted)
    right = doubtful * (1 - wrong_reading) * (M + K)
    mended = doubtful * wrong_reading * (M + typing)
    yield "spreadsheet beside a viewer", viewer
    yield "keying every field from its crop", crops
    yield f"this queue, {accepted:.0%} accepted", right + mended
    sheet = 60
    struck = 0.02
    group = doubtful * (M * 6 / sheet + 0.25 + struck * (P + B))
    yield (
        f"this queue, {accepted:.0%} accepted, half of it in groups",
        ((right + mended) / 2 + group / 2),
    )


def seconds(args: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, float] = {}
    for accepted in (0.5, 0.8, 0.95):
        for name, spent in per_form(accepted, args.wrong, args.filled):
            found[name] = round(spent, 1)
    return {"seconds_a_form": found, "wrong_among_doubtful": args.wrong, "filled": args.filled}


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
