"""Counting against the target, and watching it grow. All of it is pure.

``targets`` reads who is to collect how many, ``counts`` makes the table, ``progress`` follows it
over the days, ``forecast`` says where it leads, ``people`` finds persons who came in twice and
``compose`` words the report.
"""

from scanform.tally.counts import Row, Tally, Target, count_against, unit_key
from scanform.tally.targets import read_targets

__all__ = ["Row", "Tally", "Target", "count_against", "read_targets", "unit_key"]
