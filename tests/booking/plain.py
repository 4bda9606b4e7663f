"""Visits as most are: line after line."""

from collections.abc import Sequence

from tenant_apps.booking.policies.visit import Track, Visit, Way


def in_turn(lines: Sequence[Sequence[Way]]) -> Visit:
    """A visit of plain lines, one after another; line ``i`` is made of ``lines[i]``."""
    return Visit(tuple((Track(tuple(ways), (number,)),) for number, ways in enumerate(lines)))
