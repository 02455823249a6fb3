"""People at browsers of a real server: `benchmarks/review.py serve`."""

from __future__ import annotations

import argparse
import html
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from review_crowd import Worked, spread, together
from review_fill import fill

from scanform.cli.opened import open_desk
from scanform.review import Person
from scanform.template.find import find
from scanform.template.load import load

PASSWORD = "one for twenty people"


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
            "alone_next_field_ms": spread(alone.decisions),
            "alone_picture_ms": spread(alone.nexts),
            "alone_processor_ms_a_field": round((between - before) / len(alone.decisions), 1),
            "next_field_ms": spread(found.decisions),
            "picture_ms": spread(found.nexts),
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
