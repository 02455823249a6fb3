"""Which pages belong to one respondent. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def respondents(pages: Sequence[int], whole: int) -> list[int]:
    """How many of ``pages``, which lie side by side, belong to each respondent in turn. A form
    has the pages 1 to ``whole``.

    Pages go up, and where they don't, the next respondent begins. Only where another grouping
    gives more whole forms, and just one does, are pages taken out of order: a stack that was fed
    from its end, or one form laid in backwards.
    """
    groups, ways = _most_whole(pages, whole)
    usual = _going_up(pages)
    if ways > 1 or _whole_forms(pages, usual, whole) == _whole_forms(pages, groups, whole):
        return usual
    return groups


def _going_up(pages: Sequence[int]) -> list[int]:
    sizes: list[int] = []
    for position, page in enumerate(pages):
        if position and page > pages[position - 1]:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return sizes


def _whole_forms(pages: Sequence[int], sizes: Sequence[int], whole: int) -> int:
    starts = (sum(sizes[:k]) for k in range(len(sizes)))
    groups = (pages[start : start + size] for start, size in zip(starts, sizes, strict=True))
    return sum(sorted(group) == [*range(1, whole + 1)] for group in groups)


def _most_whole(pages: Sequence[int], whole: int) -> tuple[list[int], int]:
    """The grouping with the most whole forms, and how many groupings have as many."""
    # Of the first k pages: the number of whole forms, of ways to it, and where each of them ends.
    best: list[tuple[int, int, tuple[int, ...]]] = [(0, 1, ())]
    for end in range(1, len(pages) + 1):
        count, ways, ends = best[-1]
        if end >= whole and {*pages[end - whole : end]} == {*range(1, whole + 1)}:
            other, other_ways, other_ends = best[end - whole]
            if other + 1 > count:
                count, ways, ends = other + 1, other_ways, (*other_ends, end)
            elif other + 1 == count:
                ways += other_ways
        best.append((count, ways, ends))
    _, ways, ends = best[-1]
    sizes: list[int] = []
    done = 0
    for end in ends:
        sizes += [*_going_up(pages[done : end - whole]), whole]
        done = end
    return [*sizes, *_going_up(pages[done:])], ways
