from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from scanform.model.scan import SHEET_DPI, Pixels
from scanform.rehearse.levels import LEVELS, Fold, Wear
from scanform.rehearse.wear import Worn, apply

# A small page, so that no test takes long.
PAGE_MM = (80.0, 60.0)
POINTS = np.array([[8.0, 8.0], [72.0, 8.0], [72.0, 52.0], [8.0, 52.0], [40.0, 30.0], [25.0, 41.0]])


def dotted_page() -> Pixels:
    """White, with a black dot at each of ``POINTS``."""
    per_mm = SHEET_DPI / 25.4
    height, width = round(PAGE_MM[1] * per_mm), round(PAGE_MM[0] * per_mm)
    across = (np.arange(width) + 0.5) / per_mm
    down = (np.arange(height) + 0.5) / per_mm
    page = np.full((height, width, 3), 255, dtype=np.uint8)
    for x, y in POINTS:
        page[np.hypot(across[None, :] - x, down[:, None] - y) < 1.0] = 0
    return page


def worn(wear: Wear, seed: int = 1) -> Worn:
    return apply(dotted_page(), PAGE_MM, wear, np.random.default_rng(seed))


def dot_near(pixels: Pixels, x: float, y: float, dpi: int) -> tuple[float, float]:
    """The middle of what is dark around a point."""
    reach = round(2.2 * dpi / 25.4)
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    left, top = round(x) - reach, round(y) - reach
    part = 255.0 - grey[top : top + 2 * reach + 1, left : left + 2 * reach + 1]
    part = np.where(part > 100, part, 0)
    rows, columns = np.indices(part.shape)
    return (
        left + float((columns * part).sum() / part.sum()),
        top + float((rows * part).sum() / part.sum()),
    )


@pytest.mark.parametrize(
    "wear",
    [
        Wear(),
        Wear(dpi=150, rotation=3.7, shift=(1.0, -2.0)),
        Wear(dpi=200, turn=1),
        Wear(dpi=200, turn=2, rotation=-2),
        Wear(dpi=200, turn=3, desk=8),
        Wear(dpi=240, bend=1.5, rotation=1),
        Wear(dpi=200, desk=10, rotation=-8, corners=((3, 2), (-2, 4), (-3, -2), (2, 1)), bend=-1.2),
    ],
)
def test_every_point_of_the_page_is_where_the_geometry_says(wear: Wear) -> None:
    image = worn(wear)
    for (x, y), _ in zip(image.geometry.where(POINTS), POINTS, strict=True):
        found = dot_near(image.pixels, x, y, wear.dpi)
        assert found == pytest.approx((x, y), abs=0.7)


def test_no_wear_changes_no_pixel() -> None:
    assert np.array_equal(worn(Wear()).pixels, dotted_page())


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_seed_wears_the_same(level: str) -> None:
    def once() -> Worn:
        rng = np.random.default_rng(5)
        return apply(dotted_page(), PAGE_MM, LEVELS[level](rng), rng)

    assert np.array_equal(once().pixels, once().pixels)


def test_black_and_white_has_no_grey_and_keeps_the_dots() -> None:
    image = worn(Wear(dpi=200, mode="bitonal", shadow=0.4, noise=4, paper=235))
    assert set(np.unique(image.pixels)) == {0, 255}
    assert image.pixels.ndim == 2
    for x, y in image.geometry.where(POINTS):
        assert image.pixels[round(y), round(x)] == 0


def test_light_wear_is_an_office_scanners() -> None:
    drawn = [LEVELS["light"](np.random.default_rng(seed)) for seed in range(100)]
    assert all(abs(wear.rotation) <= 1.5 for wear in drawn)
    assert all(200 <= wear.dpi <= 300 for wear in drawn)
    assert all(wear.quality is not None and 75 <= wear.quality <= 90 for wear in drawn)
    assert not any(wear.corners or wear.folds or wear.bend for wear in drawn)


def test_levels_grow_worse() -> None:
    def skew(level: str) -> float:
        return max(abs(LEVELS[level](np.random.default_rng(s)).rotation) for s in range(200))

    skews = [skew(level) for level in ("none", "light", "medium", "strong")]
    assert all(less < more for less, more in itertools.pairwise(skews))
    assert skews[-1] <= 10


def test_a_fold_darkens_its_line_only() -> None:
    flat = worn(Wear())
    folded = worn(replace(Wear(), folds=(Fold(0.4, 0.3),)))
    line = round(0.4 * flat.pixels.shape[0])
    assert folded.pixels[line].mean() < flat.pixels[line].mean() - 20
    assert np.array_equal(folded.pixels[: line - 30], flat.pixels[: line - 30])


def test_a_shadow_falls_to_its_side() -> None:
    pixels = worn(Wear(shadow=0.4, shadow_angle=0.0)).pixels.astype(float)
    width = pixels.shape[1]
    assert pixels[:, -width // 8 :].mean() < pixels[:, : width // 8].mean() - 40
