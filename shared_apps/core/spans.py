"""Sets of time as lists of intervals. Pure. What ends before it begins is no time at all."""

from collections.abc import Iterable, Sequence

from shared_apps.core.wall import Interval


def joined(spans: Iterable[Interval]) -> list[Interval]:
    """The same time in order, apart from one another: what touches becomes one."""
    found: list[Interval] = []
    for span in sorted(spans):
        start, end = span
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append(span)
    return found


def within(spans: Sequence[Interval], limits: Sequence[Interval]) -> list[Interval]:
    """What of ``spans`` lies in ``limits``; both joined."""
    found, place = [], 0
    for start, end in spans:
        while place < len(limits) and limits[place][1] <= start:
            place += 1
        ahead = place
        while ahead < len(limits) and limits[ahead][0] < end:
            opens, closes = limits[ahead]
            found.append((max(start, opens), min(end, closes)))
            ahead += 1
    return found


def without(spans: Sequence[Interval], holes: Sequence[Interval]) -> list[Interval]:
    """What of ``spans`` lies outside ``holes``; both joined."""
    found = []
    for start, end in spans:
        left = start
        for begins, ends in holes:
            if ends <= left:
                continue
            if begins >= end:
                break
            if begins > left:
                found.append((left, begins))
            left = ends
        if left < end:
            found.append((left, end))
    return found
