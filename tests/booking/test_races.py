"""Many at once on one slot: exactly one wins, whatever the order of locks."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.utils.timezone import now

from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.errors import DomainError
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.outbox.models import OutboxMessage
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.booking.selectors.availability import availability
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.models import Option
from tenant_apps.clients.types import Contact
from tenants.types import SalonCard
from tests.database import WorkerDatabase

pytestmark = pytest.mark.usefixtures("committed")
GUEST = Actor(kind=ActorKind.GUEST, channel=Channel.WEB)
CONTACT = Contact(name="Race", email="race@example.com")
MANY = 24


def at_once(count: int, work: Callable[[int], str]) -> Counter[str]:
    """Run ``work`` in ``count`` threads that begin together, each on a connection of its own."""
    gate = threading.Barrier(count)

    def run(number: int) -> str:
        gate.wait()
        try:
            return work(number)
        except DomainError as refusal:
            return refusal.code
        finally:
            hang_up()

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(run, range(count)))


def hang_up() -> None:
    """Close this thread's own connections, which nobody else will: PostgreSQL's and Redis's."""
    connection.close()
    for cache in caches.all(initialized_only=True):
        redis: Any = cache
        redis._cache.get_client(write=True).connection_pool.disconnect()


def first_start(lines: list[AskedLine], salon: SalonCard) -> datetime:
    zone, today = ZoneInfo(salon.timezone), now().date()
    offers = availability(
        first=today + timedelta(days=1),
        last=today + timedelta(days=7),
        lines=lines,
        actor=GUEST,
        zone=zone,
        moment=now(),
    )
    return next(start.starts_at for offer in offers for start in offer.starts)


def lines_for(*services: str) -> list[AskedLine]:
    ids = dict(Option.objects.values_list("service__name", "id"))
    return [AskedLine(option_id=ids[name]) for name in services]


def test_of_many_bookings_of_one_slot_exactly_one_wins(salon: SalonCard) -> None:
    with salon_scope(salon):
        lines = lines_for("Women’s cut and finish")
        start = first_start(lines, salon)

    def book(number: int) -> str:
        request = BookingRequest(starts_at=start, lines=tuple(lines), client=CONTACT)
        with salon_scope(salon):
            book_appointment(request=request, actor=GUEST)
        return "won"

    assert at_once(MANY, book) == {"won": 1, "slot_taken": MANY - 1}
    with salon_scope(salon):
        assert Appointment.objects.count() == 1
        assert Allocation.objects.filter(staff__isnull=False).count() == 2
    with public_scope():
        assert OutboxMessage.objects.filter(event="booking.appointment_booked").count() == 1


def test_visits_that_cross_in_the_order_of_their_lines_do_not_deadlock(salon: SalonCard) -> None:
    with salon_scope(salon):
        one_way = lines_for("Men’s cut", "Root tint")
        other_way = list(reversed(one_way))
        start = first_start(one_way, salon)

    def book(number: int) -> str:
        lines = one_way if number % 2 else other_way
        request = BookingRequest(starts_at=start, lines=tuple(lines), client=CONTACT)
        with salon_scope(salon):
            book_appointment(request=request, actor=GUEST)
        return "won"

    assert at_once(MANY, book) == {"won": 1, "slot_taken": MANY - 1}


def test_cancelling_at_once_cancels_once(salon: SalonCard) -> None:
    with salon_scope(salon):
        lines = lines_for("Men’s cut")
        request = BookingRequest(
            starts_at=first_start(lines, salon), lines=tuple(lines), client=CONTACT
        )
        appointment_id = book_appointment(request=request, actor=GUEST)
    holder = Actor(kind=ActorKind.GUEST, holds=frozenset({appointment_id}))

    def cancel(number: int) -> str:
        with salon_scope(salon):
            cancel_appointment(appointment_id=appointment_id, actor=holder)
        return "cancelled"

    assert at_once(8, cancel) == {"cancelled": 1, "not_cancellable": 7}


def test_the_constraint_stands_behind_the_lock(
    salon: SalonCard, monkeypatch: pytest.MonkeyPatch, committed: WorkerDatabase
) -> None:
    """With the day lock taken away the database still lets one through only."""
    monkeypatch.setattr("tenant_apps.booking.services.finding.lock_days", lambda days: None)
    with salon_scope(salon):
        lines = lines_for("Women’s cut and finish")
        start = first_start(lines, salon)

    def book(number: int) -> str:
        request = BookingRequest(starts_at=start, lines=tuple(lines), client=CONTACT)
        try:
            with salon_scope(salon):
                book_appointment(request=request, actor=GUEST)
        except OperationalError as error:
            if "deadlock" not in str(error):
                raise
            return "given up"  # the storm that the lock is there to prevent
        return "won"

    found = at_once(6, book)

    assert found["won"] == 1
    assert found["won"] + found["slot_taken"] + found["given up"] == 6
