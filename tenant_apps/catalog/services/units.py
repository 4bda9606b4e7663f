"""Chairs, cabins, devices: what phases need beside people."""

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.journal.services import publish
from tenant_apps.catalog.events import UnitAdded
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.permissions import EDIT_CATALOG


@transaction.atomic
def add_unit(*, kind: str, name: str, position: int, actor: Actor) -> Unit:
    actor.require(EDIT_CATALOG)
    unit = Unit.objects.create(kind=kind, name=name, position=position)
    publish(UnitAdded(stream_id=unit.pk, version=1, kind=kind), actor=actor)
    return unit
