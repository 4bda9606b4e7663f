"""How long services take with one client."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from shared_apps.core.errors import Invalid, Stale, Text
from shared_apps.journal.selectors import last_version
from shared_apps.journal.services import publish
from tenant_apps.booking.events import ClientTimingsChanged, TimingFact
from tenant_apps.booking.models import ClientTiming
from tenant_apps.booking.permissions import CHANGE_ANY
from tenant_apps.booking.selectors.setup import setup_now
from tenant_apps.booking.types import Timing
from tenant_apps.catalog.errors import PROBLEMS, NoSuchOption
from tenant_apps.catalog.policies.own import own_problem
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.clients.selectors import locked_client

TWICE = _("Name each service once.")


@transaction.atomic
def put_timings(
    *,
    client_id: UUID,
    timings: Sequence[Timing],
    actor: Actor,
    expected_version: int | None = None,
) -> None:
    """From now on these are all of the client's own timings. What is booked already keeps the
    time it has.

    Raises ``NoSuchClient``, ``Stale``, and ``Invalid`` naming what is wrong by its place.
    """
    actor.require(CHANGE_ANY)
    client = locked_client(client_id)
    version = last_version(ClientTimingsChanged.stream, client.pk)
    if expected_version not in {None, version}:
        raise Stale(extra={"version": version})
    _check(timings)
    ClientTiming.objects.filter(client=client).delete()
    insert([ClientTiming(client=client, option_id=pk, minutes=list(own)) for pk, own in timings])
    told = tuple(TimingFact(option_id=pk, minutes=own) for pk, own in timings)
    publish(
        ClientTimingsChanged(stream_id=client.pk, version=version + 1, timings=told), actor=actor
    )


def _check(timings: Sequence[Timing]) -> None:
    known = setup_now().options
    seen = set[UUID]()
    problems: dict[str, Text] = {}
    for place, (option_id, minutes) in enumerate(timings):
        terms: OptionTerms | None = known.get(option_id)
        if terms is None or terms.is_bundle:
            problems[f"timings.{place}.option_id"] = NoSuchOption.message
        elif option_id in seen:
            problems[f"timings.{place}.option_id"] = TWICE
        elif why := own_problem(terms.phases, minutes):
            problems[f"timings.{place}.minutes"] = PROBLEMS[why]
        seen.add(option_id)
    if problems:
        raise Invalid(fields=problems)
