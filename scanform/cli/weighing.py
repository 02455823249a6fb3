"""Weighing a batch: what the store has of it, put before ``tally.handin``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanform.cli.known import KnownTemplates
from scanform.model.campaign import Batch
from scanform.store.campaign_interface import FormLine
from scanform.store.campaigns import SqlCampaigns
from scanform.tally.handin import Balance, Contents, balance, members_of
from scanform.tally.people import Roles, roles_of


class Scales:
    """Weighs one batch after the other: templates, which take most of the time, are loaded once."""

    def __init__(self, kept: SqlCampaigns) -> None:
        self._kept = kept
        templates = KnownTemplates().all()
        self._roles = {each.id: roles_of(each) for each in templates}
        self._units = {each.id: each.unit or "" for each in templates}
        self._wanted = {
            each.id: {
                self._units[each.id],
                *(field for r in self._roles[each.id] for field in (r.number, r.birth, r.name)),
            }
            for each in templates
        }

    def __call__(self, batch: Batch) -> Balance:
        """The batch against its slip. Raises what the store does."""
        kept, roles = self._kept, self._roles
        scans = kept.batch_scans(batch.id)
        covers = {scan.sha256 for scan in scans if scan.cover}
        lines = kept.lines(self._wanted, batch.id)
        contents = Contents(
            scans=scans,
            lines=lines,
            rejected=[
                each
                for each in kept.batch_rejected(batch.id)
                if not (each.sha256 in covers and each.page == 1)
            ],
            unfinished=kept.batch_unfinished(batch.id),
            elsewhere=_forms_of_members(kept, lines, roles),
            single=any(len(roles.get(template, ())) == 1 for template in kept.templates()),
        )
        return balance(batch, contents, self._units, roles)


def weigh(kept: SqlCampaigns, batch: Batch) -> Balance:
    """One batch against its slip. Raises what the store does."""
    return Scales(kept)(batch)


def _forms_of_members(
    kept: SqlCampaigns, lines: Sequence[FormLine], roles: Mapping[str, list[Roles]]
) -> list[FormLine]:
    """Forms of single persons, in whatever box, that may be of members of the households here:
    they have the number or the birth date of one."""
    named = members_of(lines, roles)
    numbers = {each.number for each in named if each.number}
    births = {each.birth for each in named if each.birth}
    found: dict[str, FormLine] = {}
    for template, asked in sorted(roles.items()):
        if len(asked) == 1:
            own = asked[0]
            fields = {own.number, own.birth, own.name}
            for field, values in ((own.number, numbers), (own.birth, births)):
                if values:
                    lines_there = kept.lines_with(template, fields, field, values)
                    found.update((line.id, line) for line in lines_there)
    return list(found.values())
