"""Taking hold of people who come together, and telling what became of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Stale
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import LIVE
from tenant_apps.booking.errors import NoSuchParty
from tenant_apps.booking.events import PartyEvent, PartyFact
from tenant_apps.booking.models import Appointment, Party
from tenant_apps.booking.selectors.visits import VisitRows, locked_visit, planned_days
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.types import Override
from tenants.selectors import current_salon


@dataclass(frozen=True, slots=True)
class HeldParty:
    """``visits``: all of them, in the order in which they were asked for."""

    party: Party
    visits: list[VisitRows]

    @property
    def live(self) -> list[VisitRows]:
        """Those that take their time still."""
        return [rows for rows in self.visits if rows.appointment.state in LIVE]

    def days(self, zone: ZoneInfo) -> set[date]:
        return {day for rows in self.live for day in rows.days(zone)}


def hold_party(party_id: UUID, *, also: Collection[date] = ()) -> HeldParty:
    """The party and its visits, their days (and ``also``) locked before them, as ``hold_visit``
    does it. Raises ``NoSuchParty``."""
    zone = current_salon().zone
    visits = Appointment.objects.filter(party_id=party_id).order_by("id")
    ids = list(visits.values_list("id", flat=True))
    held = {day for visit_id in ids for day in planned_days(visit_id, zone)} | {*also}
    lock_days(held)
    party = Party.objects.select_for_update(no_key=True).filter(pk=party_id).first()
    if party is None:
        raise NoSuchParty
    found = HeldParty(party, [locked_visit(visit_id) for visit_id in ids])
    moved_to = found.days(zone) - held
    if moved_to:  # while we waited
        lock_days(moved_to)
    return found


def check_party_version(party: Party, expected: int | None) -> None:
    """Raises ``Stale`` when somebody saw an older party than there is."""
    if expected not in {None, party.version}:
        raise Stale(extra={"version": party.version})


def tell_party(
    kind: type[PartyEvent],
    party: Party,
    visits: Collection[VisitRows],
    days: Collection[date],
    *,
    actor: Actor,
    override: Override,
) -> None:
    """Publish what belongs together. ``visits``: all that ever did."""
    event = kind(
        stream_id=party.pk,
        version=party.version,
        days=tuple(sorted(days)),
        party=PartyFact(
            organiser_id=party.organiser_id,
            visit_ids=tuple(sorted(rows.appointment.pk for rows in visits)),
        ),
        reason=override.reason,
        overrides=tuple(sorted(override.codes)),
    )
    publish(event, actor=actor)


def change_party(party: Party) -> None:
    """Something was done to all of it."""
    party.version += 1
    party.save(update_fields=["version", "updated_at"])
