"""The base of every domain event."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A fact, named in the past tense. Carries ids, codes and facts, never personal data.

    ``stream`` is the kind of thing it happened to, ``stream_id`` which one, ``version`` its
    place in that thing's history, ``days`` the salon days whose diary it touches.
    """

    name: ClassVar[str]
    stream: ClassVar[str]

    stream_id: UUID
    version: int
    days: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SetupEvent(Event):
    """A change of what a salon sells, by whom and when: processes keep these in memory and read
    them again after one of these."""
