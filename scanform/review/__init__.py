"""Review: what the machine doubts, a person decides. Every decision is one appended row.

``Desk`` is everything a page, a terminal or a script needs; it checks in each call that the
person may do that. Its parts:

- ``desk.queue``: claims with a lease, accept, correct, blank, unreadable, paper, note, undo
  (``queue.Queue``); the same claims serve second keying, quality samples and seeded checks;
- ``desk.groups``: sixty answers that were read alike, on one sheet (``groups.Groups``);
- ``desk.forms``: a whole record beside its scan, for those who may see it (``forms.Forms``);
- ``desk.keying``: orders for second keying and for keying from the image (``keying.Keying``);
- ``desk.sample``: quality samples and the error that they measure (``sample.Sampling``);
- ``desk.seeds``: seeded checks (``seeds.Seeds``);
- ``desk.people``: accounts, roles, sessions (``people.People``);
- ``desk.log``: the chained log (``log.Log``);
- ``desk.figures``: seconds, corrections, agreement (``stats.Stats``).
"""

from __future__ import annotations

from scanform.review.claims import Claim, Filter, Mine, Option, Order, Outcome, Work
from scanform.review.decide import MARGIN_MM, Item, Review, Warned
from scanform.review.desk import Desk
from scanform.review.groups import Group, Sheetful
from scanform.review.people import Person, Role

__all__ = [
    "MARGIN_MM",
    "Claim",
    "Desk",
    "Filter",
    "Group",
    "Item",
    "Mine",
    "Option",
    "Order",
    "Outcome",
    "Person",
    "Review",
    "Role",
    "Sheetful",
    "Warned",
    "Work",
]
