"""When cleaning up happens: behind whatever else the same visit does with that person or unit."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tenant_apps.booking.policies.masks import Span, overlap

Whose = TypeVar("Whose")


def after_use(tidy: Span, uses: Iterable[Span]) -> Span:
    """``tidy``, moved behind those ``uses`` in whose way it would be."""
    first, end = tidy
    length = end - first
    for use in sorted(uses):
        if overlap((first, first + length), use):
            first = max(first, use[1])
    return first, first + length


def settled(tidies: Sequence[tuple[Span, Whose]], uses: Sequence[Span]) -> list[tuple[Span, Whose]]:
    """Each tidying in its final place, none over another: where several come together the
    longest counts, and of equal ones the last."""
    placed = [(after_use(tidy, uses), place, whose) for place, (tidy, whose) in enumerate(tidies)]
    placed.sort(key=lambda found: (found[0][0], -found[0][1], -found[1]))
    kept: list[tuple[Span, Whose]] = []
    done = -1
    for (first, end), _place, whose in placed:
        if end > done:
            kept.append(((max(first, done), end), whose))
            done = end
    return kept
