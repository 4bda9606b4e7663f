from datetime import date
from uuid import UUID

from django.db import transaction

from shared_apps.chains.errors import AlreadyInChain
from shared_apps.chains.events import ChainFounded, SalonJoined
from shared_apps.chains.models import Chain, Membership
from shared_apps.chains.permissions import FOUND_CHAIN
from shared_apps.core.actor import Actor
from shared_apps.core.db import EXCLUSION_VIOLATION, refused_as
from shared_apps.journal.services import publish


@transaction.atomic
def found_chain(*, name: str, currency: str, actor: Actor) -> Chain:
    actor.require(FOUND_CHAIN)
    chain = Chain.objects.create(name=name, currency=currency)
    publish(ChainFounded(stream_id=chain.pk, version=chain.version, currency=currency), actor=actor)
    return chain


@transaction.atomic
def join_chain(*, chain_id: UUID, salon_id: UUID, since: date, actor: Actor) -> Membership:
    """Raises ``AlreadyInChain`` when the salon is in one at that time."""
    actor.require(FOUND_CHAIN)
    chain = Chain.objects.select_for_update(no_key=True).get(pk=chain_id)
    chain.version += 1
    chain.save(update_fields=["version", "updated_at"])
    with refused_as(EXCLUSION_VIOLATION, AlreadyInChain):
        membership = Membership.objects.create(chain=chain, salon_id=salon_id, during=(since, None))
    publish(
        SalonJoined(stream_id=chain.pk, version=chain.version, salon_id=salon_id, since=since),
        actor=actor,
    )
    return membership
