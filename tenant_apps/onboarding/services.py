"""From nothing to bookable: what happens when somebody opens a salon."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import check_new_password, hash_password, open_account
from shared_apps.accounts.services import confirm_email as confirm_account_email
from shared_apps.core.actor import Actor, Channel, system
from shared_apps.core.errors import Invalid
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.core.wall import today_in
from shared_apps.journal.services import publish, published_together
from tenant_apps.booking.services.days import every_day_of_a_new_salon
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.selectors import all_option_terms
from tenant_apps.catalog.services.categories import add_category
from tenant_apps.catalog.services.price_list import add_service
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import LevelTerms, NewOption
from tenant_apps.clients.policies import is_a_name, is_email, tidy_name
from tenant_apps.onboarding.events import SalonFurnished
from tenant_apps.onboarding.starters import KIND_NAMES, STARTERS, WEEK, Starter
from tenant_apps.onboarding.types import SignUp
from tenant_apps.staff.permissions import EDIT_ROTA, EDIT_TEAM
from tenant_apps.staff.services.hours import set_hours
from tenant_apps.staff.services.rota import set_rota
from tenant_apps.staff.services.team import add_member
from tenants.countries import COUNTRIES
from tenants.selectors import current_salon
from tenants.services import confirm_owner, open_salon
from tenants.types import SalonCard

FURNISHING = frozenset({EDIT_CATALOG, EDIT_TEAM, EDIT_ROTA})


def sign_up(*, request: SignUp, actor: Actor, attempt: Attempt | None = None) -> UUID:
    """Open a salon that serves at once: schema, address, owner, price list, hours, one member.

    One transaction: a process that dies on the way leaves the ready schema as it was.
    Raises ``Invalid`` naming each field, ``SlugRefused``, ``SlugTaken``, ``NoSalonReady``.
    """
    request = _checked(request)
    # Argon2 takes its time on purpose; nobody should wait for it behind a lock.
    password_hash = hash_password(request.owner.password)
    with public_scope():
        return once(attempt, lambda _planned: _open(request, password_hash, actor))


def confirm_address(*, account_id: UUID, actor: Actor) -> None:
    """The owner followed the link in the welcome e-mail: search engines may come now."""
    salon = current_salon()
    confirm_account_email(account_id=account_id, actor=actor)
    with public_scope():
        confirm_owner(salon_id=salon.id, actor=actor)


def _checked(request: SignUp) -> SignUp:
    problems = {}
    if request.country not in COUNTRIES:
        problems["country"] = _("We do not serve this country yet.")
    if not is_a_name(tidy_name(request.name)):
        problems["name"] = _("Tell us the salon's name.")
    if not is_a_name(tidy_name(request.owner.name)):
        problems["owner.name"] = _("Tell us your name.")
    if not is_email(request.owner.email):
        problems["owner.email"] = _("This is not an e-mail address.")
    if problems:
        raise Invalid(fields=problems)
    check_new_password(
        request.owner.password,
        email=request.owner.email,
        name=request.owner.name,
        field="owner.password",
    )
    return request


def _open(request: SignUp, password_hash: str, actor: Actor) -> UUID:
    salon = open_salon(
        name=tidy_name(request.name),
        slug=request.slug,
        country=request.country,
        trade=request.trade,
        actor=actor,
    )
    with salon_scope(salon):
        account = open_account(
            email=request.owner.email,
            name=tidy_name(request.owner.name),
            password_hash=password_hash,
            roles=[Role.OWNER],
            actor=actor,
            language=request.language or salon.language,
        )
        with published_together():
            furnish(salon, owner_account_id=account.pk, owner_name=account.name)
    return salon.id


@transaction.atomic
def furnish(salon: SalonCard, *, owner_account_id: UUID, owner_name: str) -> None:
    """Give a new salon what its trade begins with, in its own language."""
    actor = system(Channel.WEB, permissions=FURNISHING)
    starter = STARTERS[salon.trade]
    with translation.override(salon.language):
        _furnish_units(starter, actor)
        _stock_catalog(starter, salon.currency, actor)
        member = add_member(
            name=owner_name,
            title=str(starter.title),
            level=Level.STYLIST,
            languages=[salon.language],
            option_ids=all_option_terms(),
            position=0,
            account_id=owner_account_id,
            actor=actor,
        )
    today = today_in(salon.zone)
    monday = today - timedelta(days=today.weekday())
    held = every_day_of_a_new_salon()
    set_hours(week=WEEK, held=held, actor=actor)
    set_rota(
        member_id=member.pk,
        anchor=monday,
        weeks=[WEEK],
        valid_from=monday,
        held=held,
        actor=actor,
    )
    publish(
        SalonFurnished(
            stream_id=salon.id, version=1, owner_account_id=owner_account_id, trade=salon.trade
        ),
        actor=actor,
    )


def _furnish_units(starter: Starter, actor: Actor) -> None:
    for position, kind in enumerate(dict.fromkeys(kind for kind, _name in starter.units)):
        add_unit_kind(code=kind, name=str(KIND_NAMES[kind]), position=position, actor=actor)
    for position, (kind, name) in enumerate(starter.units):
        add_unit(kind=kind, name=str(name), position=position, actor=actor)


def _stock_catalog(starter: Starter, currency: str, actor: Actor) -> None:
    for position, section in enumerate(starter.categories):
        category = add_category(
            name=str(section.name), colour=section.colour, position=position, actor=actor
        )
        for place, item in enumerate(section.services):
            levels = {Level.STYLIST.value: LevelTerms(price=item.price_in(currency))}
            add_service(
                category_id=category.pk,
                name=str(item.name),
                options=[NewOption(phases=item.terms(), levels=levels)],
                position=place,
                actor=actor,
            )
