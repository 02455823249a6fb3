"""What people are asked to look at because it teaches the reader most: ``learn --ask``."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from scanform.cli.known import KnownTemplates
from scanform.cli.telling import BadValue
from scanform.fields import FIELD_KINDS
from scanform.model.record import DECIDES, TO_KEY
from scanform.phrase import Phrase
from scanform.review.teaching import MOST_LISTED, SETTING, Teaching
from scanform.store.desk import SqlDesk
from scanform.store.sql import SqlStore

if TYPE_CHECKING:
    from scanform.learn.guards import Kept
    from scanform.learn.telling import Waiting


_NO_SHARE = Phrase(
    "hãy viết một tỷ lệ kèm dấu %, chẳng hạn 10%.", "write a share with its sign, such as 10%."
)


class _Share(click.ParamType):  # type: ignore[type-arg]
    """``20%`` as 0.2."""

    name = "share"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found = re.fullmatch(r"\s*(\d{1,3})(?:[.,](\d+))?\s*%\s*", str(value))
        share = float(f"{found[1]}.{found[2] or 0}") / 100 if found else 2.0
        if share > 1.0:
            raise BadValue(_NO_SHARE, param, ctx)
        return share


SHARE = _Share()


def ask_for(store: SqlStore, kept: Kept, names: tuple[str, ...], share: float | None) -> Teaching:
    """Lays down the list of what teaches most, by what waits now. ``share``: None for the one
    that was said last; with 0 there is no list."""
    from scanform.learn.telling import most_telling  # noqa: PLC0415

    desk = SqlDesk(store)
    before = Teaching.from_json(desk.setting(SETTING))
    share = before.share if share is None else share
    if not share:
        if before.share:
            desk.set_setting(SETTING, Teaching().as_json())
        return Teaching()
    sources: dict[str, str] = {}
    waiting = list(_waiting(store, names, sources))
    confirmed = Counter(sources[each.record] for each in kept.answers if each.record in sources)
    listed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in most_telling(waiting, confirmed, MOST_LISTED):
        listed[each.template, each.field].append(each.record)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    found = Teaching(share, made, {place: tuple(some) for place, some in listed.items()})
    desk.set_setting(SETTING, found.as_json())
    return found


def _waiting(store: SqlStore, names: tuple[str, ...], sources: dict[str, str]) -> Iterator[Waiting]:
    """Single lines of text that wait and that nobody has touched; notes the folder that each
    record came from."""
    from scanform.learn.telling import Waiting, doubt_of  # noqa: PLC0415

    known = KnownTemplates(names)
    for record in store.selected(readings=True):
        sources[record.id] = source = str(PurePath(record.scan_path).parent)
        if record.status != "pending":
            continue
        template = known(record.template, record.revision)
        touched = {
            each.field for each in store.decisions(record.id) if each.action in DECIDES | {"paper"}
        }
        for answer in record.answers:
            field = template.field(answer.field)
            if (
                answer.state == "pending"
                and answer.reading is not None
                and answer.field not in touched
                and TO_KEY not in answer.doubts
                and field.rows == 1
                and not field.cells
                and FIELD_KINDS[field.handled_by].reader == "text"
            ):
                doubt = doubt_of(answer.reading)
                yield Waiting(record.id, record.template, answer.field, doubt, source)
