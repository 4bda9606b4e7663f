"""Saying whose visit it is."""

from uuid import UUID

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.events import ClientNamed
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.booking.permissions import CHANGE_ANY
from tenant_apps.booking.selectors.parties import is_crowded
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.again import claimed_client, lines_to_come
from tenant_apps.booking.services.allocations import take
from tenant_apps.booking.services.changing import CHANGEABLE, check_changeable
from tenant_apps.booking.services.deciding import check_overrides
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.services.guests import Guest, checked_guest
from tenant_apps.booking.services.life import check_version, free, phases_of
from tenant_apps.booking.services.overbook import make_room
from tenant_apps.booking.services.rows import claims, visit_event
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING, Override
from tenant_apps.clients.selectors import is_contact_of
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon


@retried_once
@transaction.atomic
def set_client(
    *,
    appointment_id: UUID,
    client: UUID | Contact | None,
    actor: Actor,
    expected_version: int | None = None,
    override: Override = NOTHING,
) -> None:
    """Name the client of a visit, another one than before, or nobody.

    The client's own time is taken for what is to come, and that of whom it was thought to be is
    free again. The contact that is on the card already names nobody new. Raises ``SlotTaken`` when
    they are elsewhere in the salon then, ``WrongState``, ``Stale``, ``NoSuchAppointment``, and
    what the client's data lack.
    """
    actor.require(CHANGE_ANY)
    check_overrides(override.codes, actor)
    rows = hold_visit(appointment_id)
    check_version(rows, expected_version)
    check_changeable(rows, {*CHANGEABLE, State.COMPLETED})
    guest = checked_guest(client, "", actor)
    visit = rows.appointment
    card = visit.client_id if _is_on_card(guest, visit) else guest.card(actor)
    if card == visit.client_id and (claimed_client(rows) or not lines_to_come(rows)):
        return
    free(rows, [taken for taken in rows.allocations if taken.client_id])
    visit.client_id = card
    visit.version += 1
    visit.save(update_fields=["client", "version", "updated_at"])
    _claim(rows, override, actor)
    event = visit_event(
        ClientNamed,
        rows,
        current_salon().zone,
        reason=override.reason,
        overrides=tuple(sorted(override.codes)),
    )
    publish(event, actor=actor)


def _is_on_card(guest: Guest, visit: Appointment) -> bool:
    if visit.client_id is None or guest.contact is None:
        return False
    return is_contact_of(visit.client_id, guest.contact)


def _claim(rows: VisitRows, override: Override, actor: Actor) -> None:
    visit, left = rows.appointment, lines_to_come(rows)
    claimed = claims(VisitRows(visit, left, phases_of(rows, left)))
    if not claimed:
        return
    release_expired_holds()
    if SlotTaken.code in override.codes:
        make_room(claimed, current_salon().zone, actor=actor, reason=override.reason)
    _take(claimed)
    if SlotTaken.code not in override.codes and visit.client_id and visit.party_id:
        _check_not_twice(visit.pk, visit.client_id)
    rows.allocations += claimed


def _check_not_twice(appointment_id: UUID, client_id: UUID) -> None:
    if is_crowded(appointment_id, [client_id]):
        raise SlotTaken


def _take(claimed: list[Allocation]) -> None:
    try:
        take(claimed)
    except SlotTaken as refusal:
        raise SlotTaken(extra={"alternatives": []}) from refusal
