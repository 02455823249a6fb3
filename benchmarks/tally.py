"""How long counting takes as a campaign grows.

    python benchmarks/tally.py [-n 10000 100000 1000000] [--fields 8]
    python benchmarks/tally.py --url postgresql://USER@/EMPTY_DATABASE -n 1000000 [--fill]
    python benchmarks/tally.py --workspace DIR [-n 1000000] [--fill]

Fills a store with made-up records of dc01 (``--fields`` answers each, among them the commune; a
share corrected by people), then times what a person waits for: the tally, the tally as of a past
day, the forecast, the report as PDF. Rows are written straight into the tables: the store's own
way is measured by speed.py. A whole DC01 has 47 answers; ``--fields 47`` needs
some 9 GB for a million. With ``--url`` or ``--workspace`` a store that has records is measured as
it is (``benchmarks/export.py --folder`` leaves one) and given a campaign; what that takes is told,
too. An empty one is filled first, and with ``--fill`` nothing else is done: so a store can be
filled while others work, and measured when they don't.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from scanform.lexicon import places
from scanform.model.campaign import Campaign, Unit
from scanform.report import writer
from scanform.store import tables
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.store.sql import SqlStore
from scanform.tally import Target, count_against
from scanform.tally.compose import Letter, Quality, compose
from scanform.tally.forecast import outlook
from scanform.tally.gather import end_of, now, progress_at

DAYS = 60
START = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(DAYS)
LIMITS = {"tally": 2.0, "tally --targets": 2.0, "as of": 4.0, "report": 10.0}
"""Seconds at a million records."""
FILLED = (tables.scans, tables.records, tables.readings, tables.answers, tables.decisions)


def plan(count: int) -> Campaign:
    communes = places.inside("commune", ["83"])
    units = tuple(Unit(f"{e.unit} {e.name}", 2 * count // len(communes) + 1) for e in communes)
    fields = {"dc01": "commune"}
    return Campaign("benchmark", fields, units, START.date(), START.date() + timedelta(days=100))


def fill(store: SqlStore, count: int, fields: int) -> None:
    """Rows made by the database itself: a million records in a minute or two."""
    names = [unit.name for unit in plan(count).units]
    lite = store.engine.dialect.name == "sqlite"
    with store.engine.connect() as connection:
        connection.execution_options(scanform_write=True)
        with connection.begin():
            _helpers(connection, count, fields, names, lite)
            with nullcontext() if lite else _unchecked(connection):
                for table, row, source in _rows(count, lite):
                    whole = {name: "0" if number else "''" for name, number in _needed(table)} | row
                    columns = ", ".join(f'"{name}"' for name in whole)
                    values = ", ".join(whole.values())
                    insert = f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {source}"
                    connection.execute(sa.text(insert))  # text() minds the % signs
        if lite:
            with connection.begin():
                connection.exec_driver_sql("ANALYZE")
    if not lite:
        with store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE")  # as autovacuum does by and by


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    """PostgreSQL without the indexes and foreign keys of the tables that are filled: made anew at
    the end they are checked all at once, which takes a fraction of asking at every row."""
    keys = [(table, key) for table in FILLED for key in table.foreign_key_constraints]
    indexes = [index for table in FILLED for index in table.indexes]
    for _, key in keys:
        connection.execute(DropConstraint(key))
    for index in indexes:
        connection.execute(DropIndex(index))
    yield
    for index in indexes:
        connection.execute(CreateIndex(index))
    for _, key in keys:
        connection.execute(AddConstraint(key))


def _helpers(connection: Connection, count: int, fields: int, names: list[str], lite: bool) -> None:
    numbers = (
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) "
        "SELECT n FROM s"
        if lite
        else f"SELECT generate_series(1, {count}) AS n"
    )
    connection.exec_driver_sql(f"CREATE TEMP TABLE seq AS {numbers}")
    connection.exec_driver_sql("CREATE TEMP TABLE field_of (position INTEGER, field TEXT)")
    connection.exec_driver_sql("CREATE TEMP TABLE unit_of (number INTEGER PRIMARY KEY, name TEXT)")
    some = [("commune" if n == 0 else f"field{n}") for n in range(fields)]
    for table, rows in (("field_of", some), ("unit_of", names)):
        for number, text in enumerate(rows):
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({number}, '{text}')")


def _needed(table: sa.Table) -> Iterator[tuple[str, bool]]:
    """Columns that must not be empty, and whether a number is in them."""
    for column in table.columns:
        if not column.nullable and column.autoincrement is not True:
            yield column.name, isinstance(column.type, sa.Integer)


def _moment(seconds: str, lite: bool) -> str:
    """So many seconds after the start."""
    if lite:
        moved = f"'{START:%Y-%m-%d %H:%M:%S}', {seconds} || ' seconds'"
        return f"strftime('%Y-%m-%d %H:%M:%f', {moved}) || '000'"
    return f"timestamptz '{START.isoformat()}' + {seconds} * interval '1 second'"


def _rows(count: int, lite: bool) -> Iterator[tuple[sa.Table, dict[str, str], str]]:
    """Table, expressions of its columns, where they come from. Every third record had a doubt,
    of which three in five are decided: at any time in the first half of what is left until now."""
    seconds = f"(n * {DAYS * 86400}.0 / {count})"
    later = f"({seconds} + ({DAYS * 86400} - {seconds}) * (n % 1000 * 7919 % 1000) / 2000.0)"
    when, decided = _moment(seconds, lite), _moment(later, lite)
    sha = "CAST(n AS TEXT)"
    doubted, done = "CASE WHEN n % 3 = 0 THEN 1 ELSE 0 END", "n % 3 = 0 AND n % 5 < 3"
    waiting = f"CASE WHEN n % 3 = 0 AND NOT ({done}) THEN 1 ELSE 0 END"
    unit = f"(SELECT name FROM unit_of WHERE number = (n % 9973 * 7919) % {len(plan(count).units)})"
    value = f"CASE WHEN position = 0 THEN {unit} ELSE 'value ' || n % 97 END"
    answer = {"record": "n", "field": "field", "position": "position", "value": value,
              "confidence": "0.9"}  # fmt: skip
    first = "CASE WHEN n % 3 = 0 AND position = 1 THEN 'pending' ELSE 'accepted' END"
    now = f"CASE WHEN {done} AND position = 1 THEN 'corrected' ELSE {first} END"
    yield tables.scans, {"sha256": sha, "path": sha, "state": "'finished'", "seen_at": when}, "seq"
    yield (
        tables.records,
        {"number": "n", "id": sha, "template": "'dc01'", "revision": "1", "scan": sha,
         "scan_path": sha, "scan_page": "1", "created_at": when, "doubted": doubted,
         "waiting": waiting},
        "seq",
    )  # fmt: skip
    both = "seq CROSS JOIN field_of ORDER BY n, field"
    yield tables.readings, {**answer, "state": first, "doubts": "'[]'"}, both
    yield tables.answers, {**answer, "state": now, "template": "'dc01'"}, both
    yield (
        tables.decisions,
        {"seq": "n", "record": "n", "field": "'field1'", "action": "'correct'",
         "value": "'new'", "at": decided, "from_state": "'pending'", "to_state": "'corrected'"},
        f"seq WHERE {done}",
    )  # fmt: skip


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of this process's processor, each the best of three. On a machine
    that others are busy on, the second is what it would take alone; of PostgreSQL, which works in
    processes of its own, only the first says anything."""
    found = []
    for _ in range(3):
        begun, busy = perf_counter(), process_time()
        work()
        found.append((perf_counter() - begun, process_time() - busy))
    return min(clock for clock, _ in found), min(busy for _, busy in found)


def measure(store: SqlStore, count: int) -> dict[str, tuple[float, float]]:
    kept = SqlCampaigns(store)
    begun = perf_counter(), process_time()
    kept.save_campaign(plan(count), "benchmark")
    first = perf_counter() - begun[0], process_time() - begun[1]
    targets = [Target(unit.name, unit.target or 0) for unit in plan(count).units]
    past = end_of(START.date() + timedelta(days=DAYS // 2))
    today = progress_at(kept, past)
    assert progress_at(kept, now()).total.counted == count

    def report() -> object:
        progress = progress_at(kept, past)
        letter = Letter(past.day)
        document = compose(progress, outlook(progress), Quality(kept.work(past.at)), letter, "vi")
        return writer("pdf")(document)

    return {
        "campaign init": first,
        "tally --targets": timed(
            lambda: count_against(targets, store.unit_counts({"dc01": "commune"}))
        ),
        "tally": timed(lambda: progress_at(kept, now())),
        "as of": timed(lambda: progress_at(kept, past)),
        "forecast": timed(lambda: outlook(today)),
        "report": timed(report),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--fields", type=int, default=8)
    parser.add_argument("--url", help="a PostgreSQL database: empty, or with records to measure")
    parser.add_argument("--workspace", type=Path, help="one to fill, or to measure as it is")
    parser.add_argument("--fill", action="store_true", help="fill only, to be measured later")
    given = parser.parse_args()
    kept = given.url or given.workspace
    if given.fill and not kept:
        parser.error("--fill needs --url or --workspace")
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print("seconds (of this process's processor), best of three")
    for count in given.n[:1] if kept else given.n:
        with (
            tempfile.TemporaryDirectory(prefix="scanform-") as folder,
            open_store(given.workspace or Path(folder), given.url) as store,
        ):
            begun, there = perf_counter(), store.figures().records
            if not there:
                fill(store, count, given.fields)
                told = f"{given.fields} answers each, filled in {perf_counter() - begun:.0f} s"
                print(f"{count:>9,}  {told}", flush=True)
            if not given.fill:
                tell(there or count, measure(store, there or count))


def tell(count: int, found: dict[str, tuple[float, float]]) -> None:
    figures = "  ".join(f"{name} {clock:.2f} ({busy:.2f})" for name, (clock, busy) in found.items())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    over = [name for name, most in LIMITS.items() if count >= 1_000_000 and found[name][0] > most]
    told = f"  too slow: {', '.join(over)}" if over else ""
    print(f"{count:>9,}  {figures}  (peak {peak} MB){told}", flush=True)


if __name__ == "__main__":
    main()
