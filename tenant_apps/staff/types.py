from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

Shift = tuple[int, int, int]
"""``(weekday, from, to)``: Monday is 0; minutes after local midnight, past 1440 overnight."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Performer:
    """A member who does some of the options that somebody asks for."""

    staff_id: UUID
    name: str
    level: str
    position: int
    is_online: bool
    option_ids: frozenset[UUID]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    anchor: date
    weeks: tuple[tuple[Shift, ...], ...]
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rota:
    """All that decides when people work: hours, closed days, each member's patterns."""

    hours: tuple[Shift, ...]
    closed: frozenset[date] = frozenset()
    patterns: Mapping[UUID, tuple[Pattern, ...]] = field(default_factory=dict)
