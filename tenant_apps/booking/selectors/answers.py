"""Answers to guests that this process gave a moment ago and that are true still.

A guest's answer is made of the price list, the team and the rota (under their token), of what
is taken on the days asked for (under their versions), and of the moment. While both are as they
were, it changes only when the first start comes too near, a hold runs out or the day ends: until
then it is the answer that would be made again. Whoever may do more than a guest is not kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from django.db import connection

from shared_apps.core.actor import Actor, ActorKind
from shared_apps.core.wall import DAY, at_wall
from tenant_apps.booking.selectors.availability import Offered, offered
from tenant_apps.booking.selectors.taken import Stamp, still_holds
from tenant_apps.booking.types import AskedLine, DayOffer
from tenants.selectors import current_salon

# Redis forgets, too: what nobody told it in trouble must not live on here for long.
LIVES = timedelta(minutes=1)
LARGEST, ROOM = 64 * 1024, 16 * 1024 * 1024
# What the question, the stamp and the bookkeeping take besides the answer's bytes.
EACH = 4 * 1024


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    stamp: Stamp
    until: datetime


class _Answers:
    """Those asked for last, in so many bytes."""

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> _Answer | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: Hashable, answer: _Answer) -> None:
        with self._lock:
            self._drop(key)
            self._found[key] = answer
            self._size += EACH + len(answer.body)
            while self._size > ROOM:
                self._drop(next(iter(self._found)))

    def _drop(self, key: Hashable) -> None:
        if old := self._found.pop(key, None):
            self._size -= EACH + len(old.body)


_answers = _Answers()


def availability_as(
    render: Callable[[list[DayOffer]], bytes],
    *,
    first: date,
    last: date,
    lines: Sequence[AskedLine],
    actor: Actor,
    zone: ZoneInfo,
    moment: datetime,
) -> bytes:
    """``availability`` in ``render``'s words, which say nothing but what is in it."""

    def make() -> tuple[bytes, Offered]:
        found = offered(first=first, last=last, lines=lines, actor=actor, zone=zone, moment=moment)
        return render(found.days), found

    if actor.kind is not ActorKind.GUEST or actor.permissions or connection.in_atomic_block:
        return make()[0]
    key = (current_salon().id, zone.key, first, last, tuple(lines))
    known = _answers.get(key)
    if known and moment < known.until and still_holds(known.stamp):
        return known.body
    body, found = make()
    if found.stamp and len(body) <= LARGEST:
        until = _until(found, found.stamp, moment, zone)
        _answers.keep(key, _Answer(body, found.stamp, until))
    return body


def _until(found: Offered, stamp: Stamp, moment: datetime, zone: ZoneInfo) -> datetime:
    """At midnight the last day that one may book moves on."""
    starts = (start.starts_at - found.notice for day in found.days for start in day.starts)
    midnight = at_wall(moment.astimezone(zone).date() + DAY, 0, zone)
    return min(midnight, stamp.until, moment + LIVES, *starts)
