"""Services and their options."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.journal.services import publish
from tenant_apps.catalog.codec import write_levels, write_phases
from tenant_apps.catalog.enums import PriceKind
from tenant_apps.catalog.errors import BadPhases
from tenant_apps.catalog.events import ServiceAdded
from tenant_apps.catalog.models import Category, Option, Service
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.policies.phases import phase_problems
from tenant_apps.catalog.types import LevelTerms, PhaseTerms

TEXTS: dict[str, str | Promise] = {
    "at_least_one": _("A service needs at least one phase."),
    "begins_with_work": _("A service begins with work."),
    "ends_with_processing": _("Somebody has to finish after the processing time."),
    "longer_than_a_day": _("All phases together may not pass 24 hours."),
    "whole_minutes": _("Use whole minutes, one or more."),
    "needs_overlap": _("Two needs of one phase may not ask for the same kind."),
    "needs_nothing": _("Name at least one kind and a quantity of one or more."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class NewOption:
    phases: tuple[PhaseTerms, ...]
    levels: dict[str, LevelTerms]
    name: str = ""
    price_kind: PriceKind = PriceKind.FIXED


@transaction.atomic
def add_service(
    *,
    category: Category,
    name: str,
    options: Sequence[NewOption],
    currency: str,
    position: int,
    actor: Actor,
    description: str = "",
    is_online: bool = True,
) -> Service:
    """Raises ``BadPhases`` naming each phase that does not fit."""
    actor.require(EDIT_CATALOG)
    for place, option in enumerate(options):
        problems = phase_problems(option.phases)
        if problems:
            raise BadPhases(
                fields={f"options.{place}.{path}": TEXTS[why] for path, why in problems.items()}
            )
    service = Service.objects.create(
        category=category,
        name=name,
        description=description,
        position=position,
        is_online=is_online,
    )
    made = Option.objects.bulk_create(
        _option_row(service, option, place, currency) for place, option in enumerate(options)
    )
    publish(
        ServiceAdded(
            stream_id=service.pk,
            version=1,
            category_id=category.pk,
            option_ids=tuple(option.pk for option in made),
        ),
        actor=actor,
    )
    return service


def _option_row(service: Service, option: NewOption, place: int, currency: str) -> Option:
    return Option(
        service=service,
        name=option.name,
        position=place,
        price_kind=option.price_kind,
        currency=currency,
        phases=write_phases(option.phases),
        levels=write_levels(option.levels),
        kinds=sorted(
            {kind for phase in option.phases for need in phase.needs for kind in need.kinds}
        ),
    )
