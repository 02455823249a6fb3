"""Everything that review can do, handed out as one thing."""

from __future__ import annotations

from dataclasses import dataclass

from scanform.review.decide import Review
from scanform.review.forms import Forms
from scanform.review.groups import Groups
from scanform.review.keying import Keying
from scanform.review.log import Log
from scanform.review.people import People
from scanform.review.queue import Queue
from scanform.review.sample import Sampling
from scanform.review.seeds import Seeds
from scanform.review.stats import Stats


@dataclass(frozen=True, slots=True)
class Desk:
    """Made by ``scanform.cli.opened.open_desk(workspace, database, templates)`` for the terminal
    and the web. Safe to use from several threads."""

    review: Review
    queue: Queue
    groups: Groups
    forms: Forms
    keying: Keying
    sample: Sampling
    seeds: Seeds
    people: People
    log: Log
    figures: Stats
