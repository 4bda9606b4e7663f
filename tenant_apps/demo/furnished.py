"""A furnished salon as the generator of visits needs it, read back from its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared_apps.journal.selectors import history
from tenant_apps.booking.services.bulk import Offer
from tenant_apps.demo.dice import dice
from tenant_apps.demo.menu import Item
from tenant_apps.demo.menu_list import sold_with
from tenant_apps.demo.menu_texts import SERVICE_NAMES
from tenant_apps.demo.people import Person, draw_people
from tenant_apps.demo.salons import DemoSalon
from tenant_apps.demo.team import Colleague


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    id: UUID
    person: Person


@dataclass(frozen=True, kw_only=True, slots=True)
class Furnished:
    """``options`` by the service's number."""

    salon: DemoSalon
    offer: Offer
    items: Sequence[Item]
    options: Mapping[int, UUID]
    members: Mapping[UUID, Colleague]
    clients: Sequence[Client]


def people_of(salon: DemoSalon, seed: int) -> list[Person]:
    return draw_people(
        salon.cards,
        country=salon.country,
        language=salon.language,
        men=salon.men,
        luck=dice(seed, salon.slug, "people"),
    )


def recall(salon: DemoSalon, *, seed: int, offer: Offer) -> Furnished:
    """Services are known by name, the team by place, cards by the order in which they came."""
    numbers = {name: number for number, name in SERVICE_NAMES[salon.language].items()}
    ids = [entry.stream_id for entry in history("client")]
    return Furnished(
        salon=salon,
        offer=offer,
        items=sold_with(salon.kinds, salon.heads),
        options={numbers[terms.service_name]: pk for pk, terms in offer.setup.options.items()},
        members={member.staff_id: salon.team[member.position] for member in offer.setup.performers},
        clients=[
            Client(id=pk, person=person)
            for pk, person in zip(ids, people_of(salon, seed), strict=False)
        ],
    )
