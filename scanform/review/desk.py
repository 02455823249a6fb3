"""Everything that review can do, handed out as one thing."""

from __future__ import annotations

from dataclasses import dataclass

from scanform.review.decide import Review
from scanform.review.forms import Forms
from scanform.review.groups import Groups
from scanform.review.keying import Keying
from scanform.review.log import Log
from scanform.review.memory import Memory
from scanform.review.people import People
from scanform.review.queue import Queue
from scanform.review.room import Room
from scanform.review.sample import Sampling
from scanform.review.seeds import Seeds
from scanform.review.stats import Stats
from scanform.store.desk_interface import DeskStore


@dataclass(frozen=True, slots=True)
class Desk:
    """Made by ``Desk.of(review, desk_store)``; the terminal and the web get theirs from
    ``scanform.cli.opened.open_desk``. Safe to use from several threads."""

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

    @classmethod
    def of(
        cls,
        review: Review,
        store: DeskStore,
        room: Room | None = None,
        memory: Memory | None = None,
    ) -> Desk:
        """The desk over a store; ``room`` and ``memory`` are for tests that choose lease, tokens
        and chance themselves."""
        room, memory = room or Room(review, store), memory or Memory()
        return cls(
            review,
            Queue(room, memory),
            Groups(room, memory),
            Forms(room),
            Keying(room, memory),
            Sampling(room),
            Seeds(room),
            People(store, review.clock),
            Log(room),
            Stats(room),
        )
