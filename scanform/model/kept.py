"""What is worked out once of the crops of an empty form, and asked for on every page."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import numpy as np

from scanform.model.scan import Pixels

T = TypeVar("T")


class KeptByBlank(Generic[T]):
    """Keeps what was made of a crop of an empty page for as long as that page is kept itself.

    A crop is known by the page that it is a view of and by its place in it; a crop that is no view
    is a page of its own.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[weakref.ref[Pixels], T]] = {}

    def of(self, blank: Pixels, make: Callable[[], T], also: Hashable = None) -> T:
        """What ``make`` gives, asked just once for this crop and ``also``."""
        page = blank.base if isinstance(blank.base, np.ndarray) else blank
        start = blank.__array_interface__["data"][0]
        key = (id(page), start, blank.shape, also)
        known = self._kept.get(key)
        if known is not None and known[0]() is page:
            return known[1]
        made = make()
        self._kept[key] = (weakref.ref(page, lambda _: self._kept.pop(key, None)), made)
        return made
