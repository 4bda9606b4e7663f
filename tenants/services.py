"""A salon's life: open, suspend, resume, close, rename. All in the public scope."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate, now

from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.core.models import uuid7
from shared_apps.journal.services import publish
from tenants import hosts
from tenants.countries import COUNTRIES
from tenants.enums import SalonState, Trade
from tenants.errors import NoSuchSalon, SlugRefused, SlugTaken, WrongState
from tenants.events import (
    HostRenamed,
    SalonClosed,
    SalonConfirmed,
    SalonDescribed,
    SalonOpened,
    SalonResumed,
    SalonSuspended,
)
from tenants.models import Domain, FreedSlug, Salon
from tenants.permissions import CLOSE_SALON, DESCRIBE_SALON, RENAME_HOST, SUSPEND_SALON
from tenants.schema.claim import take_ready_salon
from tenants.selectors import card_of, why_slug_refused
from tenants.texts import SLUG_PROBLEMS
from tenants.types import Profile, SalonCard

LONGEST_WAIT = 5.0


def host_of(slug: str) -> str:
    return f"{slug}.{settings.BASE_URL.host}"


@transaction.atomic
def open_salon(
    *,
    name: str,
    slug: str,
    country: str,
    trade: Trade,
    actor: Actor,
    legal_entity_id: UUID | None = None,
    confirmed: bool = False,
) -> SalonCard:
    """Take a ready schema and make it a salon.

    Raises ``SlugRefused``, ``SlugTaken``, and ``NoSalonReady`` after five seconds without one.
    """
    _check_slug(slug)
    given = COUNTRIES[country]
    salon = take_ready_salon(wait_seconds=LONGEST_WAIT)
    facts = {
        "name": name,
        "slug": slug,
        "trade": trade,
        "country": country,
        "currency": given.currency,
        "timezone": given.timezone,
        "language": given.language,
        "tax_set": given.tax_set,
        "legal_entity_id": legal_entity_id or uuid7(),
        "owner_confirmed_at": now() if confirmed else None,
    }
    with refused_as(UNIQUE_VIOLATION, _taken):
        _change(salon, state=SalonState.ACTIVE, **facts)
        domain = Domain.objects.create(tenant=salon, domain=host_of(slug))
    publish(
        SalonOpened(
            stream_id=salon.pk, version=salon.version, slug=slug, country=country, trade=trade
        ),
        actor=actor,
    )
    _forget_on_commit(domain.domain)
    return card_of(salon)


@transaction.atomic
def suspend_salon(*, slug: str, actor: Actor) -> Salon:
    """Nobody gets in until it is resumed; nothing is lost."""
    actor.require(SUSPEND_SALON)
    salon = _locked(slug, SalonState.ACTIVE)
    _change(salon, state=SalonState.SUSPENDED)
    publish(SalonSuspended(stream_id=salon.pk, version=salon.version), actor=actor)
    return salon


@transaction.atomic
def resume_salon(*, slug: str, actor: Actor) -> Salon:
    actor.require(SUSPEND_SALON)
    salon = _locked(slug, SalonState.SUSPENDED)
    _change(salon, state=SalonState.ACTIVE)
    publish(SalonResumed(stream_id=salon.pk, version=salon.version), actor=actor)
    return salon


@transaction.atomic
def close_salon(*, slug: str, actor: Actor) -> Salon:
    """Take the salon off the net for good. The provisioner keeps its schema for a while."""
    actor.require(CLOSE_SALON)
    salon = _locked(slug, SalonState.ACTIVE, SalonState.SUSPENDED)
    freed = list(salon.domains.values_list("domain", flat=True))
    _change(salon, state=SalonState.CLOSING)
    salon.domains.all().delete()
    _rest(slug)
    publish(SalonClosed(stream_id=salon.pk, version=salon.version, slug=slug), actor=actor)
    _forget_on_commit(*freed)
    return salon


@transaction.atomic
def rename_host(*, slug: str, new_slug: str, actor: Actor) -> SalonCard:
    """Move the salon to another address. The old one rests before anybody else may have it."""
    actor.require(RENAME_HOST)
    _check_slug(new_slug)
    salon = _locked(slug, SalonState.ACTIVE, SalonState.SUSPENDED)
    with refused_as(UNIQUE_VIOLATION, _taken):
        _change(salon, slug=new_slug)
        salon.domains.filter(domain=host_of(slug)).update(domain=host_of(new_slug))
    _rest(slug)
    publish(
        HostRenamed(
            stream_id=salon.pk, version=salon.version, slug_before=slug, slug_after=new_slug
        ),
        actor=actor,
    )
    _forget_on_commit(host_of(slug), host_of(new_slug))
    return card_of(salon)


@transaction.atomic
def confirm_owner(*, salon_id: UUID, actor: Actor) -> None:
    """The owner has proven the e-mail address. Once is enough."""
    salon = Salon.objects.select_for_update(no_key=True).filter(pk=salon_id).first()
    if salon is None:
        raise NoSuchSalon
    if salon.owner_confirmed_at is None:
        _change(salon, owner_confirmed_at=now())
        publish(SalonConfirmed(stream_id=salon.pk, version=salon.version), actor=actor)


@transaction.atomic
def describe_salon(*, salon_id: UUID, profile: Profile, actor: Actor) -> SalonCard:
    """Set look, address and phone as the salon's page shows them."""
    actor.require(DESCRIBE_SALON)
    salon = Salon.objects.select_for_update(no_key=True).filter(pk=salon_id).first()
    if salon is None:
        raise NoSuchSalon
    told = asdict(profile)
    _change(salon, **told)
    filled = tuple(name for name, value in told.items() if value)
    publish(SalonDescribed(stream_id=salon.pk, version=salon.version, fields=filled), actor=actor)
    return card_of(salon)


def _check_slug(slug: str) -> None:
    problem = why_slug_refused(slug)
    if problem == "taken":
        raise _taken()
    if problem:
        raise SlugRefused(fields={"slug": SLUG_PROBLEMS[problem]})


def _taken() -> SlugTaken:
    return SlugTaken(fields={"slug": SLUG_PROBLEMS["taken"]})


def _locked(slug: str, *states: SalonState) -> Salon:
    salon = (
        Salon.objects.select_for_update(no_key=True)
        .filter(slug=slug)
        .exclude(state=SalonState.CLOSED)
        .first()
    )
    if salon is None:
        raise NoSuchSalon
    if salon.state not in states:
        raise WrongState(extra={"state": salon.state})
    return salon


def _change(salon: Salon, **facts: Any) -> None:
    """Save these ``facts`` under the salon's next version, and let go of what caches know.

    Nothing else is written: the schema's version in the same row belongs to the provisioner.
    """
    facts["version"] = salon.version + 1
    if "state" in facts:
        facts["state_since"] = now()
    for name, value in facts.items():
        setattr(salon, name, value)
    salon.save(update_fields=[*facts, "updated_at"])
    _forget_on_commit(*salon.domains.values_list("domain", flat=True))


def _rest(slug: str) -> None:
    FreedSlug.objects.update_or_create(slug=slug, defaults={"freed_on": localdate()})


def _forget_on_commit(*names: str) -> None:
    transaction.on_commit(lambda: hosts.forget(*names))
