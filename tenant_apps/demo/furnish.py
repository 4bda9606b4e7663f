"""Price list, units, team, hours and clients of a demo salon, through the services."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from shared_apps.core.actor import Actor, Channel, system
from shared_apps.core.copying import copy_in
from shared_apps.journal.services import entry_of
from tenant_apps.booking.services.days import every_day_of_a_new_salon
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.services.categories import add_category
from tenant_apps.catalog.services.price_list import add_service
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import BundlePart, NewOption
from tenant_apps.clients.services import card_event, card_row, checked_contact
from tenant_apps.demo.calendar import (
    HOURS,
    Pause,
    breaks_for,
    holidays_between,
    monday_of,
    pause_of,
    weeks_for,
)
from tenant_apps.demo.dice import dice
from tenant_apps.demo.furnished import people_of
from tenant_apps.demo.menu import PLACES, SECTIONS, Item, Section
from tenant_apps.demo.menu_list import side_by_side, sold_with
from tenant_apps.demo.menu_texts import SECTION_NAMES, SERVICE_NAMES, UNIT_NAMES
from tenant_apps.demo.people import Person
from tenant_apps.demo.salons import DemoSalon
from tenant_apps.demo.team import Colleague, skills_of
from tenant_apps.staff.enums import ClosedFor
from tenant_apps.staff.permissions import EDIT_ROTA, EDIT_TEAM
from tenant_apps.staff.services.hours import close_day, set_hours
from tenant_apps.staff.services.rota import set_rota
from tenant_apps.staff.services.team import add_member
from tenant_apps.staff.types import HeldDays, Shift

PERMISSIONS = frozenset({EDIT_CATALOG, EDIT_TEAM, EDIT_ROTA})
BATCH = 2000
HOLIDAYS_AHEAD = timedelta(days=365)
PEOPLE = UUID("7d0f6c1e-5a1c-5e0e-9c57-3d1f0f0a7e11")


def furnish(
    salon: DemoSalon,
    *,
    seed: int,
    first: date,
    today: date,
    currency: str,
    accounts: Mapping[int, UUID],
) -> None:
    """In the scope of an open salon. ``first`` is the first day that the rota knows,
    ``accounts`` the sign-ins of the team by place."""
    actor = system(Channel.COMMAND, permissions=PERMISSIONS)
    items = sold_with(salon.kinds, salon.heads)
    for place, (kind, count) in enumerate(salon.units):
        kind_name = UNIT_NAMES[salon.language][kind]
        add_unit_kind(code=kind, name=kind_name, position=place, actor=actor)
        for number in range(count):
            add_unit(
                kind=kind,
                name=f"{kind_name} {number + 1}",
                position=number,
                places=PLACES.get(kind, 1),
                actor=actor,
            )
    options = _price_list(salon, items, currency, actor)
    held = every_day_of_a_new_salon()
    _team(salon, items, options, accounts, first, seed, held, actor)
    set_hours(week=HOURS[salon.country], held=held, actor=actor)
    for day in holidays_between(salon.country, salon.region, first, today + HOLIDAYS_AHEAD):
        close_day(date=day, reason=ClosedFor.HOLIDAY, held=held, actor=actor)
    _open_cards(people_of(salon, seed), salon.country, actor)


def _open_cards(people: Sequence[Person], country: str, actor: Actor) -> None:
    """A few thousand at a time, each with its entry in the journal."""
    for first in range(0, len(people), BATCH):
        rows = [
            card_row(
                checked_contact(person.contact, country=country), confirmed=not person.is_guest
            )
            for person in people[first : first + BATCH]
        ]
        copy_in(rows)
        copy_in(entry_of(card_event(row), actor=actor) for row in rows)


def _price_list(
    salon: DemoSalon, items: Sequence[Item], currency: str, actor: Actor
) -> dict[int, UUID]:
    """The options by the service's number."""
    language = salon.language
    sections: list[Section] = [
        section for section in SECTIONS if any(item.section is section for item in items)
    ]
    categories = {
        section.code: add_category(
            name=SECTION_NAMES[language][section.code],
            colour=section.colour,
            position=position,
            actor=actor,
        ).pk
        for position, section in enumerate(sections)
    }
    services, options = dict[int, UUID](), dict[int, UUID]()
    # What others are added to or made of comes before them.
    for item in sorted(items, key=lambda item: (bool(item.under), bool(item.parts))):
        service = add_service(
            category_id=categories[item.section.code],
            name=SERVICE_NAMES[language][item.number],
            options=[_option(item, salon, currency, options)],
            position=item.number,
            actor=actor,
            **item.said(language, services),
        )
        services[item.number] = service.pk
        options[item.number] = service.options.get().pk
    return options


def _option(item: Item, salon: DemoSalon, currency: str, options: Mapping[int, UUID]) -> NewOption:
    """The parts of a bundle side by side where there is somebody for each, else in turn."""
    at_once = side_by_side(item, salon.heads)
    return NewOption(
        phases=item.terms(salon.kinds, salon.language),
        levels=item.levels(currency),
        price_kind=item.price_kind,
        parts=tuple(
            BundlePart(option_id=options[number], parallel_group=0 if at_once else place)
            for place, number in enumerate(item.parts)
        ),
    )


def _team(
    salon: DemoSalon,
    items: Sequence[Item],
    options: Mapping[int, UUID],
    accounts: Mapping[int, UUID],
    first: date,
    seed: int,
    held: HeldDays,
    actor: Actor,
) -> None:
    skills = skills_of(salon.team, items, dice(seed, salon.slug, "skills"))
    for position, colleague in enumerate(salon.team):
        member = add_member(
            name=colleague.name,
            title=colleague.title,
            level=colleague.level,
            languages=colleague.languages,
            option_ids={options[number] for number in skills[position]},
            position=position,
            account_id=accounts.get(position),
            person_id=uuid5(PEOPLE, colleague.person) if colleague.person else None,
            actor=actor,
        )
        pause = pause_of(position, in_rota=salon.breaks_in_rota)
        weeks = _weeks(colleague, position, HOURS[salon.country], pause)
        set_rota(
            member_id=member.pk,
            anchor=monday_of(first),
            weeks=weeks,
            breaks=breaks_for(weeks, place=position, pause=pause),
            valid_from=monday_of(first),
            held=held,
            actor=actor,
        )


def _weeks(
    colleague: Colleague, place: int, hours: Sequence[Shift], pause: Pause
) -> list[list[Shift]]:
    days = [
        shift
        for shift in hours
        if not colleague.only_weekdays or shift[0] in colleague.only_weekdays
    ]
    return weeks_for(
        days, place=place, days=colleague.days, alternates=colleague.alternates, pause=pause
    )
