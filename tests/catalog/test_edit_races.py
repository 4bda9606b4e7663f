"""Two people edit the price list at the same moment."""

from typing import Any
from uuid import UUID

import pytest

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.catalog.enums import Colour, PhaseKind
from tenant_apps.catalog.models import Category, Option, Service
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.selectors import bundled_options
from tenant_apps.catalog.services.categories import add_category, archive_category
from tenant_apps.catalog.services.price_list import (
    add_service,
    archive_service,
    change_service,
    order_services,
    restore_service,
)
from tenant_apps.catalog.types import BUNDLE, BundlePart, LevelTerms, NewOption, PhaseTerms
from tenants.types import SalonCard
from tests.booking.test_races import at_once

pytestmark = pytest.mark.usefixtures("committed")
MANAGER = system(Channel.STAFF, permissions=frozenset({EDIT_CATALOG}))
CUT = NewOption(
    phases=(PhaseTerms(kind=PhaseKind.WORK, minutes=30),),
    levels={"stylist": LevelTerms(price=4200)},
)


def new_service(category_id: UUID, option: NewOption = CUT) -> Service:
    return add_service(category_id=category_id, name="Fringe", options=[option], actor=MANAGER)


def new_category() -> Category:
    return add_category(name="Extras", colour=Colour.CUT, actor=MANAGER)


def test_of_many_who_saw_the_same_version_one_changes_it(salon: SalonCard) -> None:
    with salon_scope(salon):
        service = new_service(new_category().pk)

    def work(number: int) -> str:
        with salon_scope(salon):
            change_service(service_id=service.pk, version=1, name=f"Name {number}", actor=MANAGER)
        return "changed"

    assert at_once(8, work) == {"changed": 1, "stale": 7}
    with salon_scope(salon):
        assert Service.objects.get(pk=service.pk).version == 2


def test_no_service_is_left_in_a_category_that_was_archived_meanwhile(salon: SalonCard) -> None:
    with salon_scope(salon):
        category = new_category()

    def work(number: int) -> str:
        with salon_scope(salon):
            if number:
                new_service(category.pk)
                return "added"
            archive_category(category_id=category.pk, version=1, actor=MANAGER)
        return "archived"

    found = at_once(8, work)

    with salon_scope(salon):
        is_archived = Category.objects.get(pk=category.pk).archived_at is not None
        services = Service.objects.filter(category=category)
        assert services.count() == found["added"]
        assert not (is_archived and services.exists())
        places = sorted(services.values_list("position", flat=True))
    assert places == list(range(found["added"]))
    # Whoever came first decided: all of them were added, or none.
    assert found in ({"archived": 1, "invalid": 7}, {"added": 7, "category_in_use": 1})


def test_no_bundle_is_left_with_a_part_that_was_archived_meanwhile(salon: SalonCard) -> None:
    with salon_scope(salon):
        category = new_category()
        parts = [new_service(category.pk) for _ in range(2)]
        ids = [Option.objects.get(service=part).pk for part in parts]
    bundle = NewOption(
        parts=tuple(BundlePart(option_id=pk) for pk in ids),
        levels={BUNDLE: LevelTerms(price=7500)},
    )

    def work(number: int) -> str:
        with salon_scope(salon):
            if number:
                new_service(category.pk, bundle)
                return "bundled"
            archive_service(service_id=parts[0].pk, version=1, actor=MANAGER)
        return "archived"

    found: dict[str, Any] = at_once(4, work)

    with salon_scope(salon):
        is_archived = Service.objects.get(pk=parts[0].pk).archived_at is not None
        assert not (is_archived and bundled_options(ids))
    assert found in (
        {"archived": 1, "phases_invalid": 3},
        {"bundled": 3, "part_of_bundle": 1},
    )


def bundle_of(*services: Service) -> NewOption:
    parts = Option.objects.filter(service__in=services).values_list("pk", flat=True)
    return NewOption(
        parts=tuple(BundlePart(option_id=pk) for pk in parts),
        levels={BUNDLE: LevelTerms(price=7500)},
    )


def test_two_who_bundle_each_others_services_do_not_wait_for_each_other(
    salon: SalonCard,
) -> None:
    """Neither can have a bundle as its part: whoever comes first has theirs."""
    with salon_scope(salon):
        category = new_category()
        third, *pairs = [new_service(category.pk) for _ in range(9)]
        others = {pairs[place]: pairs[place ^ 1] for place in range(8)}
        bundles = {mine: bundle_of(other, third) for mine, other in others.items()}

    def work(number: int) -> str:
        mine = pairs[number]
        with salon_scope(salon):
            change_service(service_id=mine.pk, version=1, options=[bundles[mine]], actor=MANAGER)
        return "bundled"

    assert at_once(8, work) == {"bundled": 4, "phases_invalid": 4}


def test_a_list_that_is_put_in_order_while_its_services_change_ends_well(
    salon: SalonCard,
) -> None:
    with salon_scope(salon):
        category = new_category()
        services = [new_service(category.pk).pk for _ in range(4)]

    def work(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                order_services(category_id=category.pk, ids=services[::-1], actor=MANAGER)
                return "ordered"
            change_service(
                service_id=services[number // 2],
                version=1,
                category_id=category.pk,
                name=f"Name {number}",
                actor=MANAGER,
            )
        return "changed"

    found = at_once(8, work)

    assert found["ordered"] == 4
    assert found["changed"] + found["stale"] == 4


def test_no_bundle_comes_back_with_a_part_that_was_archived_meanwhile(salon: SalonCard) -> None:
    with salon_scope(salon):
        category = new_category()
        parts = [new_service(category.pk) for _ in range(2)]
        bundle = new_service(category.pk, bundle_of(*parts))
        archive_service(service_id=bundle.pk, version=1, actor=MANAGER)

    def work(number: int) -> str:
        with salon_scope(salon):
            if number:
                restore_service(service_id=bundle.pk, version=2, actor=MANAGER)
                return "restored"
            archive_service(service_id=parts[0].pk, version=1, actor=MANAGER)
        return "archived"

    assert at_once(2, work) in (
        {"archived": 1, "invalid": 1},
        {"restored": 1, "part_of_bundle": 1},
    )
