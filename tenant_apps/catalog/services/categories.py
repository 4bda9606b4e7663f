"""The sections of the price list."""

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.journal.services import publish
from tenant_apps.catalog.enums import Colour
from tenant_apps.catalog.events import CategoryAdded
from tenant_apps.catalog.models import Category
from tenant_apps.catalog.permissions import EDIT_CATALOG


@transaction.atomic
def add_category(*, name: str, colour: Colour, position: int, actor: Actor) -> Category:
    actor.require(EDIT_CATALOG)
    category = Category.objects.create(name=name, colour=colour, position=position)
    publish(CategoryAdded(stream_id=category.pk, version=1, colour=colour), actor=actor)
    return category
