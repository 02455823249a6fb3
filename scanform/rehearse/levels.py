"""How worn a page gets: what a level of wear does, drawn at random from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scanform.rehearse.names import chance, pick

Mode = Literal["colour", "grey", "bitonal"]


@dataclass(frozen=True, slots=True)
class Fold:
    """A crease across the page: ``at`` is its place as a share of the height (or of the width
    when ``upright``), ``depth`` how much darker its line is, 0..1."""

    at: float
    depth: float
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Wear:
    """Everything that is done to one page. The default does nothing but scan it at 300 dpi.

    ``rotation``: degrees, clockwise; ``turn``: quarter turns, clockwise, before that; ``shift``:
    millimetres to the right and down; ``corners``: how far each corner (top left, top right,
    bottom right, bottom left) is moved, in millimetres, for perspective; ``bend``: how far
    the middle of a line of print sinks below its ends, in millimetres; ``desk``: the page was
    photographed, with that many millimetres of desk around it; ``shadow``: 0..1 at its darkest,
    falling towards ``shadow_angle`` degrees; ``blur_mm``: sigma of the optics; ``noise``: sigma in
    grey levels; ``paper``: grey level of the paper; ``fade``: share of contrast that is lost;
    ``quality``: of the JPEG, None to keep every pixel; ``specks``: dust, for a thousand mm².
    """

    dpi: int = 300
    rotation: float = 0.0
    turn: int = 0
    shift: tuple[float, float] = (0.0, 0.0)
    corners: tuple[tuple[float, float], ...] = ()
    bend: float = 0.0
    desk: float = 0.0
    shadow: float = 0.0
    shadow_angle: float = 0.0
    folds: tuple[Fold, ...] = ()
    blur_mm: float = 0.0
    noise: float = 0.0
    paper: float = 255.0
    fade: float = 0.0
    specks: float = 0.0
    mode: Mode = "colour"
    quality: int | None = None
    office_stamp: bool = False


def light(rng: np.random.Generator) -> Wear:
    """A decent office scanner: nearly straight, slightly soft."""
    return Wear(
        dpi=pick(rng, (200, 240, 300, 300)),
        rotation=rng.uniform(-1.5, 1.5),
        shift=(rng.uniform(-2, 2), rng.uniform(-2, 2)),
        blur_mm=rng.uniform(0.02, 0.06),
        noise=rng.uniform(1.0, 4.0),
        paper=rng.uniform(240, 253),
        fade=rng.uniform(0.0, 0.08),
        specks=rng.uniform(0.0, 0.15),
        mode=pick(rng, ("colour", "colour", "grey")),
        quality=int(rng.integers(75, 91)),
    )


def medium(rng: np.random.Generator) -> Wear:
    """A hurried clerk and an old machine: crooked, folded, one page in four black and white."""
    bitonal = chance(rng, 0.25)
    return Wear(
        dpi=pick(rng, (200, 200, 300)) if bitonal else pick(rng, (150, 200, 200, 300)),
        rotation=rng.uniform(-4, 4),
        turn=2 if chance(rng, 0.06) else 0,
        shift=(rng.uniform(-5, 5), rng.uniform(-5, 5)),
        bend=rng.uniform(-0.6, 0.6),
        shadow=rng.uniform(0.05, 0.25),
        shadow_angle=pick(rng, (0.0, 90.0, 180.0, 270.0)) + rng.uniform(-10, 10),
        folds=_folds(rng, 0.25) if chance(rng, 0.6) else (),
        blur_mm=rng.uniform(0.04, 0.1),
        noise=rng.uniform(3.0, 7.0),
        paper=rng.uniform(228, 250),
        fade=rng.uniform(0.0, 0.2),
        specks=rng.uniform(0.1, 0.8),
        mode="bitonal" if bitonal else pick(rng, ("colour", "grey", "grey")),
        quality=None if bitonal else int(rng.integers(60, 86)),
        office_stamp=chance(rng, 0.3),
    )


def strong(rng: np.random.Generator) -> Wear:
    """A phone's photo on a desk, or (one in three) a fax."""
    return _fax(rng) if chance(rng, 1 / 3) else photo(rng)


def photo(rng: np.random.Generator) -> Wear:
    """A page on a desk, photographed by hand: perspective, curl and the photographer's shadow."""
    corners = tuple((rng.uniform(-9, 9), rng.uniform(-9, 9)) for _ in range(4))
    return Wear(
        dpi=pick(rng, (170, 200, 230)),
        rotation=rng.uniform(-10, 10),
        turn=pick(rng, (0, 0, 0, 0, 0, 0, 1, 3)),
        corners=corners,
        bend=rng.uniform(-2.5, 2.5),
        desk=rng.uniform(12, 28),
        shadow=rng.uniform(0.25, 0.5),
        shadow_angle=rng.uniform(0, 360),
        folds=_folds(rng, 0.3) if chance(rng, 0.5) else (),
        blur_mm=rng.uniform(0.05, 0.12),
        noise=rng.uniform(4.0, 9.0),
        paper=rng.uniform(205, 240),
        fade=rng.uniform(0.05, 0.2),
        mode="colour",
        quality=int(rng.integers(55, 83)),
    )


def _fax(rng: np.random.Generator) -> Wear:
    return Wear(
        dpi=200,
        rotation=rng.uniform(-5, 5),
        shift=(rng.uniform(-6, 6), rng.uniform(-6, 6)),
        bend=rng.uniform(-1, 1),
        folds=_folds(rng, 0.4) if chance(rng, 0.5) else (),
        blur_mm=rng.uniform(0.08, 0.14),
        noise=rng.uniform(8.0, 16.0),
        paper=rng.uniform(225, 245),
        fade=rng.uniform(0.05, 0.25),
        specks=rng.uniform(0.8, 2.5),
        mode="bitonal",
        office_stamp=chance(rng, 0.3),
    )


def _none(_: np.random.Generator) -> Wear:
    return Wear()


LEVELS: Mapping[str, Callable[[np.random.Generator], Wear]] = {
    "none": _none,
    "light": light,
    "medium": medium,
    "strong": strong,
}


def _folds(rng: np.random.Generator, depth: float) -> tuple[Fold, ...]:
    """A page is folded in half, in three, or in four."""
    across = pick(rng, ((0.5,), (0.5,), (1 / 3, 2 / 3)))
    folds = [Fold(at + rng.uniform(-0.03, 0.03), rng.uniform(0.4, 1.0) * depth) for at in across]
    if len(across) == 1 and rng.random() < 0.4:
        folds.append(Fold(0.5 + rng.uniform(-0.03, 0.03), rng.uniform(0.3, 0.8) * depth, True))
    return tuple(folds)
