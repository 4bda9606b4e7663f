"""Opens the demo salons. Each appears whole or not at all, so a killed run is simply repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from shared_apps.accounts.selectors import actor_for, get_account
from shared_apps.accounts.services import open_account
from shared_apps.core.actor import Actor, Channel, system
from shared_apps.core.scope import public_scope, salon_scope
from tenant_apps.booking.services.bulk import EnteredVisit, read_offer, write
from tenant_apps.clients.services import give_access
from tenant_apps.demo.blocks import block_time
from tenant_apps.demo.furnish import furnish
from tenant_apps.demo.furnished import Furnished, recall
from tenant_apps.demo.platform import furnish_platform
from tenant_apps.demo.salons import SALONS, DemoSalon
from tenant_apps.demo.users import ROLES, Hashes, UsersFile, hashes_of, new_document
from tenant_apps.demo.visits import Diarist
from tenants.enums import SalonState
from tenants.errors import NoSalonReady
from tenants.permissions import DESCRIBE_SALON
from tenants.selectors import cards_in
from tenants.services import describe_salon, open_salon
from tenants.types import Profile, SalonCard

SPAN = timedelta(weeks=4)
PATIENCE = 24  # times the five seconds for which sign-up waits for a ready schema

OnDay = Callable[[], object]


class PasswordsGone(Exception):
    """The salons are there, but nobody knows their passwords any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the demo depends on: the same plan, the same salons."""

    seed: int
    today: date
    span: timedelta = SPAN

    @property
    def days(self) -> list[date]:
        first = self.today - self.span
        return [first + timedelta(days=number) for number in range(2 * self.span.days + 1)]


def seed_demo(plan: Plan, *, file: UsersFile, on_day: OnDay) -> None:
    """Open what is missing. Raises ``PasswordsGone``, ``NoSalonReady``."""
    there = demo_salons()
    document = file.read()
    if document is None:
        if there:
            raise PasswordsGone
        document = new_document(SALONS)
        file.draft(document)
    hashes = hashes_of(document)
    for salon in SALONS:
        if salon.slug not in there:
            there[salon.slug] = open_patiently(salon, plan, hashes, on_day=on_day)
    furnish_platform(there, today=plan.today, hashes=hashes)
    file.finish(document, there)


def demo_salons() -> dict[str, SalonCard]:
    """Those that are open, by slug."""
    slugs = {salon.slug for salon in SALONS}
    with public_scope():
        cards = cards_in(SalonState.ACTIVE, SalonState.SUSPENDED)
    return {card.slug: card for card in cards if card.slug in slugs}


def open_patiently(
    salon: DemoSalon, plan: Plan, hashes: Hashes, *, on_day: OnDay = lambda: None
) -> SalonCard:
    """The provisioner of a young system is still making the schemas."""
    for _ in range(PATIENCE - 1):
        try:
            return open_demo_salon(salon, plan, hashes, on_day=on_day)
        except NoSalonReady:
            continue
    return open_demo_salon(salon, plan, hashes, on_day=on_day)


def open_demo_salon(
    salon: DemoSalon, plan: Plan, hashes: Hashes, *, on_day: OnDay = lambda: None
) -> SalonCard:
    """In one transaction. ``hashes``: of the passwords, by e-mail address."""
    with public_scope(), transaction.atomic():
        card = open_described(salon)
        with salon_scope(card):
            accounts = open_accounts(salon, hashes)
            furnish(
                salon,
                seed=plan.seed,
                first=plan.days[0],
                today=plan.today,
                currency=card.currency,
                # Last wins: in a salon of one, the only member is the stylist's.
                accounts={0: accounts["owner"], salon.stylist: accounts["stylist"]},
            )
            furnished = recall(salon, seed=plan.seed, offer=read_offer())
            _give_card(accounts["client"], furnished)
            receptionist = get_account(accounts["receptionist"])
            reception = actor_for(receptionist, channel=Channel.STAFF)
            block_time(
                furnished.offer,
                plan.days,
                today=plan.today,
                zone=ZoneInfo(card.timezone),
                actor=reception,
            )
            diarist = diarist_for(furnished, plan, card, reception=reception)
            visits: list[EnteredVisit] = []
            for day in plan.days:
                visits += diarist.fill(day)
                on_day()
            write(visits)
    return card


def diarist_for(furnished: Furnished, plan: Plan, card: SalonCard, *, reception: Actor) -> Diarist:
    return Diarist(
        furnished,
        seed=plan.seed,
        today=plan.today,
        zone=ZoneInfo(card.timezone),
        reception=reception,
    )


def open_described(salon: DemoSalon) -> SalonCard:
    """A salon with its address and look, nothing in it yet."""
    actor = system(Channel.COMMAND, permissions=frozenset({DESCRIBE_SALON}))
    card = open_salon(
        name=salon.name,
        slug=salon.slug,
        country=salon.country,
        trade=salon.trade,
        actor=actor,
        confirmed=True,
    )
    profile = Profile(
        accent=salon.accent,
        tagline=salon.tagline,
        street=salon.street,
        postal_code=salon.postal_code,
        city=salon.city,
        phone=salon.phone,
    )
    return describe_salon(salon_id=card.id, profile=profile, actor=actor)


def open_accounts(salon: DemoSalon, hashes: Hashes) -> dict[str, UUID]:
    names = {
        "owner": salon.owner,
        "manager": salon.manager,
        "receptionist": salon.receptionist,
        "stylist": salon.team[salon.stylist].name,
        "client": salon.client,
    }
    accounts = {}
    for role, roles in ROLES.items():
        email = salon.email(role)
        account = open_account(
            email=email,
            name=names[role],
            password_hash=hashes[email],
            roles=roles,
            actor=system(Channel.COMMAND),
            language=salon.language,
            confirmed=True,
        )
        accounts[role] = account.pk
    return accounts


def _give_card(account_id: UUID, furnished: Furnished) -> None:
    """The client's sign-in belongs to whoever comes most often."""
    known = [client for client in furnished.clients if not client.person.is_guest]
    regular = max(known, key=lambda client: client.person.weight)
    give_access(account_id=account_id, client_id=regular.id, actor=system(Channel.COMMAND))
