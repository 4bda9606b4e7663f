"""Locking what a service rests on, in one order for everybody."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from tenant_apps.catalog.models import Category, Option, Service


def hold_basis(
    *, service_id: UUID | None, category_id: UUID | None, part_ids: Collection[UUID]
) -> None:
    """The category, so that it is not archived before the service is in it; then the service
    with those that it bundles (``part_ids`` are their options), so that none is archived before
    the bundle is there that keeps it.

    The category first, services by id: two who bundle each other's would otherwise wait for each
    other for ever.
    """
    if category_id:
        categories = Category.objects.filter(pk=category_id)
        list(categories.select_for_update(no_key=True).values_list("pk"))
    bundled = Option.objects.filter(pk__in=part_ids).values("service")
    services = Service.objects.filter(Q(pk=service_id) | Q(pk__in=bundled))
    list(services.select_for_update(no_key=True).order_by("pk").values_list("pk"))
