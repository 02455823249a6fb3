"""Texts as the network's numbers: without case, since people type names as they should be spelled
and not as they were written, and beside it with case, lest the network unlearn capitals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

_UNSAID = ",.;:"
"""Marks that people leave out when they type."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Characters that count as the same: ``members`` are the network's numbers of each, the first
    of them none at all."""

    names: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]
    cased: bool = False

    @classmethod
    def of(cls, alphabet: Sequence[str], texts: Iterable[str], *, cased: bool = False) -> Letters:
        """Without case, or with it. Marks that no text has count as spaces: whoever typed left them
        out."""
        said = set("".join(texts))
        names: dict[str, list[int]] = {}
        for at, character in enumerate(alphabet):
            name = character if cased else character.lower()
            if name and name in _UNSAID and not said.intersection(_UNSAID):
                name = " "
            names.setdefault(name, []).append(at)
        return cls(tuple(names), tuple(tuple(each) for each in names.values()), cased)

    def encode(self, text: str) -> list[int] | None:
        """The numbers of a text's letters; None when the network has no such letter."""
        place = {name: at for at, name in enumerate(self.names)}
        plain = " ".join(unicodedata.normalize("NFC", text).split())
        plain = plain if self.cased else plain.lower()
        found = [place.get(letter) for letter in plain]
        return None if None in found else [each for each in found if each is not None]

    def merged(self, chances: Tensor) -> Tensor:
        """Logs of chances of the network's characters to those of letters (last dimension)."""
        widest = max(len(each) for each in self.members)
        nothing = chances.new_full((*chances.shape[:-1], 1), -1e4)
        whole = torch.cat([chances, nothing], dim=-1)
        last = chances.shape[-1]
        columns = [
            whole[..., [each[at] if at < len(each) else last for each in self.members]]
            for at in range(widest)
        ]
        return torch.logsumexp(torch.stack(columns), dim=0)

    def text(self, best: Sequence[int]) -> str:
        """The text of the likeliest letter at each step."""
        kept = [each for at, each in enumerate(best) if at == 0 or each != best[at - 1]]
        return " ".join("".join(self.names[each] for each in kept).split())
