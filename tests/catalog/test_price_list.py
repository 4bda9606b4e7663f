"""Building the price list, and what clients see of it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shared_apps.core.actor import Actor, ActorKind, Channel, system
from shared_apps.core.errors import Forbidden
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.catalog.enums import Colour, Level, PhaseKind, PriceKind
from tenant_apps.catalog.errors import BadPhases
from tenant_apps.catalog.models import Category, Option, Service, Unit
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.selectors import all_option_terms, option_terms, units_of
from tenant_apps.catalog.services.categories import add_category
from tenant_apps.catalog.services.price_list import add_service, archive_service
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import LevelTerms, Need, NewOption, PhaseTerms
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tenants.types import SalonCard
from tests.desk import Desk

pytestmark = pytest.mark.django_db
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_CATALOG, EDIT_TEAM}))
GUEST = Actor(kind=ActorKind.GUEST)
PHASES = (
    PhaseTerms(kind=PhaseKind.WORK, minutes=50, name="Cut", needs=(Need(kinds=("chair",)),)),
    PhaseTerms(kind=PhaseKind.CLEANUP, minutes=5),
)


def option(*, kind: PriceKind = PriceKind.FIXED, **prices: tuple[int, int]) -> NewOption:
    levels = {name: LevelTerms(price=price, percent=pace) for name, (price, pace) in prices.items()}
    return NewOption(phases=PHASES, levels=levels, price_kind=kind)


def new_service(*options: NewOption, **changes: Any) -> Service:
    category = add_category(name="Cuts", colour=Colour.CUT, position=0, actor=MANAGER)
    arguments = {"name": "Cut", "position": 0, "actor": MANAGER, **changes}
    return add_service(category_id=category.pk, options=options, **arguments)


def listed(desk: Desk, name: str) -> dict[str, Any]:
    items = desk.get("/catalog/services").json()["items"]
    found: dict[str, Any] = next(item for item in items if item["name"] == name)
    return found


def test_a_service_is_listed_with_its_options(desk: Desk) -> None:
    with salon_scope(desk.salon):
        service = new_service(option(stylist=(4200, 100)), name="Fringe", description="Only that")

    found = listed(desk, "Fringe")
    (shown,) = found["options"]
    assert found == {
        "id": str(service.pk),
        "name": "Fringe",
        "description": "Only that",
        "category": {"id": str(service.category_id), "name": "Cuts", "colour": "cut"},
        "options": [shown],
        "limits": {
            "new_clients": "any",
            "weekdays": None,
            "from_minute": None,
            "until_minute": None,
            "notice_minutes": None,
            "horizon_days": None,
        },
        "sequence": None,
        "addon": None,
    }
    assert shown == {
        "id": shown["id"],
        "name": "",
        "minutes": 50,
        "price": {"amount": 4200, "currency": "GBP"},
        "price_kind": "fixed",
        "phases": [
            {"kind": "work", "minutes": 50, "name": "Cut"},
            {"kind": "cleanup", "minutes": 5, "name": ""},
        ],
        "parts": [],
    }


def test_prices_that_differ_by_level_are_shown_from_the_lowest_with_a_stylists_minutes(
    desk: Desk,
) -> None:
    with salon_scope(desk.salon):
        new_service(option(junior=(3000, 120), director=(9000, 90)), name="Fringe")

    (shown,) = listed(desk, "Fringe")["options"]
    assert (shown["price"]["amount"], shown["price_kind"], shown["minutes"]) == (3000, "from", 50)


@pytest.mark.parametrize("kind", [PriceKind.QUOTED, PriceKind.FROM])
def test_a_price_that_is_open_anyway_stays_so(desk: Desk, kind: PriceKind) -> None:
    with salon_scope(desk.salon):
        new_service(option(kind=kind, junior=(3000, 100), senior=(4000, 100)), name="Fringe")

    assert listed(desk, "Fringe")["options"][0]["price_kind"] == kind


def test_what_is_not_sold_online_is_not_listed(desk: Desk) -> None:
    with salon_scope(desk.salon):
        new_service(option(stylist=(1, 100)), name="Secret", is_online=False)

    names = [item["name"] for item in desk.get("/catalog/services").json()["items"]]
    assert "Secret" not in names


def test_phases_that_do_not_fit_are_refused_and_nothing_is_kept(in_salon: SalonCard) -> None:
    before = Service.objects.count()
    wrong = NewOption(phases=(), levels={Level.STYLIST.value: LevelTerms(price=1)})

    with pytest.raises(BadPhases) as refusal:
        new_service(option(stylist=(1, 100)), wrong)

    assert list(refusal.value.fields) == ["options.1.phases"]
    assert Service.objects.count() == before


def test_terms_are_what_was_written(in_salon: SalonCard) -> None:
    service = new_service(option(stylist=(4200, 100), senior=(5200, 90)))
    row = service.options.get()

    found = option_terms([row.pk])[row.pk]

    assert found.phases == PHASES
    assert found.levels == {
        "stylist": LevelTerms(price=4200),
        "senior": LevelTerms(price=5200, percent=90),
    }
    assert found.kinds == {"chair"} == set(row.kinds)
    assert all_option_terms()[row.pk] == found


def test_what_is_archived_is_sold_nowhere_and_still_known(in_salon: SalonCard) -> None:
    service = new_service(option(stylist=(4200, 100)))
    archive_service(service_id=service.pk, version=1, actor=MANAGER)

    (found,) = option_terms(service.options.values_list("pk", flat=True)).values()

    assert (found.is_archived, found.is_online, found.phases) == (True, False, PHASES)


def test_a_levels_own_minutes_are_those_of_its_people(desk: Desk) -> None:
    own = {"stylist": LevelTerms(price=4200, phases=(35, 20))}
    with salon_scope(desk.salon):
        service = new_service(NewOption(phases=PHASES, levels=own))
        (pk,) = service.options.values_list("pk", flat=True)
        add_member(name="Beth", level=Level.STYLIST, option_ids=[pk], position=9, actor=MANAGER)

    beth = next(item for item in desk.get("/staff").json()["items"] if item["name"] == "Beth")
    assert beth["prices"] == [
        {"option_id": str(pk), "price": {"amount": 4200, "currency": "GBP"}, "minutes": 35}
    ]


def test_units_come_in_the_salons_order_without_those_out_of_service(in_salon: SalonCard) -> None:
    Unit.objects.all().delete()
    add_unit_kind(code="desk", name="Desk", actor=MANAGER)
    for place, name in enumerate(["Window", "Corner", "Broken"]):
        add_unit(kind="chair", name=name, position=9 - place, actor=MANAGER)
    add_unit(kind="desk", name="Desk", position=0, actor=MANAGER)
    Unit.objects.filter(name="Broken").update(is_active=False)

    assert [unit.name for unit in units_of(["chair"])] == ["Corner", "Window"]
    assert [unit.name for unit in units_of(["desk", "chair"])] == ["Corner", "Window", "Desk"]


def test_nobody_edits_the_price_list_without_the_right(in_salon: SalonCard) -> None:
    category = Category.objects.all()[0]
    before = JournalEntry.objects.count()

    for act, arguments in (
        (add_category, {"name": "x", "colour": Colour.CUT}),
        (add_unit, {"kind": "chair", "name": "x"}),
        (add_service, {"category_id": category.pk, "name": "x", "options": []}),
    ):
        with pytest.raises(Forbidden):
            act(**arguments, position=0, actor=GUEST)
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("change", [{"phases": []}, {"levels": {}}])
def test_the_database_refuses_an_option_without_phases_or_prices(
    in_salon: SalonCard, change: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Option.objects.all().update(**change)
