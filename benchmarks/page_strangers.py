"""Pages that are none of the forms, for ``benchmarks/pages.py``."""

from __future__ import annotations

import cv2
import numpy as np
from page_ink import scribbled

from scanform.model.scan import Pixels
from scanform.model.template import Template


def strangers(
    forms: dict[str, Template], blanks: dict[str, Pixels], rng: np.random.Generator
) -> list[tuple[str, Pixels, list[str]]]:
    """Sorts of page, each with the forms it is offered as. ``blanks`` are theirs, by name, and one
    with nothing but ``marks``."""
    everything = list(forms)
    found: list[tuple[str, Pixels, list[str]]] = []
    for name, form in forms.items():
        others = [each for each in forms if each != name]
        filled = scribbled(blanks[name], form.fields, rng)
        found.append((f"{name} as another form", filled, others))
        # Another revision: everything below some row stands 6 to 15 mm lower.
        row, lower = int(rng.uniform(900, 2000)), int(rng.uniform(70, 180))
        moved = blanks[name].copy()
        moved[row + lower :] = blanks[name][row : 3508 - lower]
        found.append((f"{name} with rows moved", scribbled(moved, [], rng), [name]))
        mirrored = np.ascontiguousarray(blanks[name][:, ::-1])
        found.append((f"{name} mirrored", scribbled(mirrored, [], rng), everything))
    white = np.full((3508, 2480, 3), 255, np.uint8)
    found.append(("paper", white, everything))
    photo = cv2.resize(rng.integers(0, 255, (30, 21, 3), np.uint8), (2480, 3508))
    found.append(("photo", np.asarray(photo, np.uint8), everything))
    text = white.copy()
    for y in range(250, 3300, 70):
        words = "".join(rng.choice(list("abcdefgh ijklmnop qrstuvw"), 60))
        cv2.putText(text, words, (250, y), cv2.FONT_HERSHEY_COMPLEX, 1.6, (30,) * 3, 3)
    found.append(("text", text, everything))
    table = white.copy()
    table[300:3300:107, 200:2300] = 40
    table[300:3300, 200 : 2300 : int(rng.uniform(55, 400))] = 40
    found.append(("table", table, everything))
    marked = cv2.cvtColor(blanks["marks"], cv2.COLOR_GRAY2BGR)
    for sort, page, asked in found[-4:]:
        found.append((f"{sort} with marks", np.minimum(page, marked), asked))
    return found
