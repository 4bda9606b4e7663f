"""How the salon sells its time online."""

from collections.abc import Mapping
from dataclasses import fields

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Stale
from shared_apps.journal.services import publish
from tenant_apps.booking.events import RulesChanged
from tenant_apps.booking.models import BookingRules
from tenant_apps.booking.permissions import EDIT_RULES
from tenant_apps.booking.types import Rules


@transaction.atomic
def change_rules(
    *, changes: Mapping[str, int], actor: Actor, expected_version: int | None = None
) -> None:
    """From now on the salon sells by its rules with these ``changes``, by name. Raises
    ``Stale``."""
    actor.require(EDIT_RULES)
    row = BookingRules.objects.select_for_update(no_key=True).first()
    is_new = row is None
    row = row or BookingRules(version=0)
    if expected_version not in {None, row.version}:
        raise Stale(extra={"version": row.version})
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(force_insert=is_new)
    rules = {found.name: getattr(row, found.name) for found in fields(Rules)}
    publish(RulesChanged(stream_id=row.pk, version=row.version, rules=rules), actor=actor)
