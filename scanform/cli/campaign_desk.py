"""The campaign for the review pages: report, boxes, persons who came in twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from time import monotonic

from scanform.cli.known import KnownTemplates
from scanform.cli.reporting import report_document
from scanform.cli.weighing import weigh
from scanform.model.campaign import Batch, PairVerdict, Verdict
from scanform.model.phrases import Language
from scanform.report import WRITERS, writer
from scanform.report.interface import Chart, Document
from scanform.report.png import chart_picture
from scanform.review import Desk
from scanform.store.campaign_interface import Settlement
from scanform.store.campaigns import SqlCampaigns
from scanform.tally.handin import Balance, Task, tasks_of
from scanform.tally.people import Pair, pairs, people_of, roles_of

SHOWN = 30.0
"""Seconds for which a page's curve is drawn from the page's own figures: of a million records they
take seconds, and the browser asks for the picture at once."""


class CampaignDesk:
    """``scanform.web.office.CampaignDesk`` over an open store."""

    def __init__(self, desk: Desk, kept: SqlCampaigns, names: Sequence[str] = ()) -> None:
        self._desk, self._kept, self._names = desk, kept, names
        self._shown: dict[tuple[date | None, Language], tuple[float, Document]] = {}

    def document(self, day: date | None, lang: Language) -> Document | None:
        if self._kept.campaign() is None:
            return None
        made = report_document(self._desk, self._kept, day, None, lang)
        now = monotonic()
        recent = {asked: each for asked, each in self._shown.items() if now - each[0] < SHOWN}
        self._shown = recent | {(day, lang): (now, made)}
        return made

    def file(self, ending: str, day: date | None, lang: Language) -> bytes:
        made = self.document(day, lang)
        if made is None or ending not in WRITERS:
            raise KeyError(ending)
        return writer(ending)(made)

    def curve(self, day: date | None, lang: Language) -> bytes:
        # The page that shows it was made a moment ago, and both are to say the same.
        at, made = self._shown.get((day, lang), (0.0, None))
        if made is None or monotonic() - at >= SHOWN:
            made = self.document(day, lang)
        charts = [] if made is None else [b for b in made.blocks if isinstance(b, Chart)]
        if not charts:
            raise KeyError("curve")
        return chart_picture(charts[0], 640, 190, 144)

    def boxes(self) -> list[Batch]:
        return self._kept.batches()

    def box(self, batch_id: str) -> tuple[Balance, list[Task]]:
        found = weigh(self._kept, self._kept.batch(batch_id))
        return found, tasks_of(found, self._kept.settlements(batch_id))

    def settle(self, batch_id: str, task: str, note: str, by: str) -> None:
        found, tasks = self.box(batch_id)
        if task not in {each.id for each in tasks}:
            raise KeyError(task)
        word = Settlement(found.batch.id, task, bool(note), note, by, datetime.now(UTC))
        self._kept.settle(word)

    def pairs(self) -> list[Pair]:
        return [pair for pair, verdict in judged_pairs(self._kept, self._names) if verdict is None]

    def judge(self, first: str, second: str, same: bool, by: str) -> None:
        verdict: Verdict = "same" if same else "different"
        self._kept.judge(PairVerdict(first, second, verdict, by, datetime.now(UTC)))


def judged_pairs(kept: SqlCampaigns, names: Sequence[str]) -> list[tuple[Pair, Verdict | None]]:
    """Forms that may be of one person, in pairs, each with the last verdict on it. Only forms of
    one template are compared: a form of each sort is no repetition."""
    templates = KnownTemplates(names).all()
    roles = {each.id: asked[:1] for each in templates if (asked := roles_of(each))}
    wanted = {
        template: {each[0].number, each[0].birth, each[0].name, each[0].place} - {""}
        for template, each in roles.items()
    }
    lines = kept.lines(wanted)
    verdicts = {frozenset((v.first, v.second)): v.verdict for v in kept.verdicts()}
    found = []
    for template in sorted(roles):
        mine = people_of([line for line in lines if line.template == template], roles)
        for pair in pairs(mine):
            both = frozenset((pair.first.record, pair.second.record))
            found.append((pair, verdicts.get(both)))
    return found
