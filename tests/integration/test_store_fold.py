"""What the database keeps up to date is the fold of its log, whatever happens in whatever order.

The store in memory folds its log anew for every question; the one in SQLite must never differ.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanform.model.record import Answer, Decision, Doubt, Record, Standing
from scanform.model.scan import Rejected, ScanFile
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import PageRow, Store
from scanform.store.open import open_store
from scanform.testing import MemoryStore

T0 = datetime(2018, 10, 1, tzinfo=UTC)
SHAS = ["a" * 64, "b" * 64]
FIELDS = ["unit", "name"]

moments = st.integers(0, 6).map(lambda hours: T0 + timedelta(hours=hours))
values = st.sampled_from(["An Điền", "Thạnh Hải", None])
states = {"An Điền": "pending", "Thạnh Hải": "accepted", None: "pending"}
scans = st.builds(
    ScanFile, st.sampled_from([Path("a.pdf"), Path("b.pdf")]), st.sampled_from(SHAS), st.just(1)
)
page_rows = st.builds(
    lambda sha, number, outcome: PageRow(
        sha,
        number,
        outcome,
        "",
        Rejected(Path(), sha, number, "misaligned") if outcome == "rejected" else None,
    ),
    st.sampled_from(SHAS),
    st.integers(1, 2),
    st.sampled_from(["form", "blank", "rejected"]),
)
records = st.builds(
    lambda number, sha, found, at: Record(
        f"r{number}",
        "dc01",
        1,
        "a.pdf",
        sha,
        number,
        tuple(
            Answer(field, value, 0.5, states[value])  # type: ignore[arg-type]
            for field, value in zip(FIELDS, found, strict=True)
        ),
        created_at=at,
    ),
    st.integers(1, 3),
    st.sampled_from(SHAS),
    st.tuples(values, values),
    moments,
)
standings = st.sampled_from(
    [
        Standing("pending", 0.5, (Doubt("sex_disagrees", "sex"),)),
        Standing("accepted", 0.99),
        Standing("blank", 0.99),
    ]
)
decisions = st.builds(
    lambda number, field, action, value, standing, undoes, at: Decision(
        f"r{number}",
        field,
        action,
        value if action in ("correct", "recheck", "key") else None,
        "lan",
        at,
        standing=standing if action == "recheck" else None,
        undoes=undoes if action == "undo" else None,
    ),
    st.integers(1, 3),
    st.sampled_from(FIELDS),
    st.sampled_from(
        ["accept", "correct", "blank", "unreadable", "undo", "recheck", "key", "paper", "note"]
    ),
    st.sampled_from(["An Thạnh", "Mỹ An"]),
    standings,
    st.integers(1, 6),
    moments,
)
rejections = st.builds(
    Rejected, st.just(Path("a.pdf")), st.sampled_from([*SHAS, ""]), st.none(), st.just("damaged")
)
steps = st.one_of(
    st.tuples(st.just("open_scan"), st.tuples(scans)),
    st.tuples(st.just("save"), st.tuples(st.lists(page_rows, max_size=2), st.none() | records)),
    st.tuples(st.just("decide"), st.tuples(decisions)),
    st.tuples(st.just("decide"), st.tuples(decisions)),  # twice: most of the steps
    st.tuples(st.just("reject_scan"), st.tuples(rejections)),
    st.tuples(st.just("finish_scan"), st.tuples(st.sampled_from(SHAS))),
)


def attempt(store: Store, name: str, arguments: tuple[object, ...]) -> object:
    try:
        return getattr(store, name)(*arguments)
    except Exception as error:
        return type(error)


def everything(store: Store) -> list[object]:
    units = {"dc01": "unit"}
    past = [T0 + timedelta(hours=hours) for hours in range(7)]
    return [
        store.figures(),
        store.rejected(),
        [store.page_rows(sha) for sha in SHAS],
        list(store.records()),
        list(store.waiting()),
        store.unit_counts(units),
        [list(store.records(as_of=moment)) for moment in past],
        [store.unit_counts(units, moment) for moment in past],
        [store.decisions(record.id) for record in store.records()],
    ]


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(records.filter(lambda each: each.scan_sha256 == SHAS[0])),
    st.lists(steps),
    st.sampled_from(["before", "after", "never"]),
)
def test_the_database_says_what_its_log_says(
    first: list[Record], done: list[tuple[str, tuple[object, ...]]], counted: str
) -> None:
    memory = MemoryStore(lambda: T0)
    opened: list[tuple[str, tuple[object, ...]]] = [
        ("open_scan", (ScanFile(Path("a.pdf"), SHAS[0], 1),)),
        *(("save", ([], record)) for record in first),
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder), clock=lambda: T0) as database,
    ):
        if counted == "before":
            SqlCampaigns(database).count_by({"dc01": "unit"})
        for name, arguments in [*opened, *done]:
            assert attempt(database, name, arguments) == attempt(memory, name, arguments), name
        if counted == "after":
            SqlCampaigns(database).count_by({"dc01": "unit"})
        assert everything(database) == everything(memory)
