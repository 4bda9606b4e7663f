"""Reading the directory of salons (public scope) and the salon at hand (any scope)."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import localdate

from shared_apps.core.scope import NoScope, current_scope
from tenants.enums import SalonState
from tenants.errors import NoSuchSalon
from tenants.models import Domain, FreedSlug, Salon
from tenants.policies import free_again_on, slug_problem
from tenants.types import SalonCard

CARD_FIELDS = (
    *("id", "schema_name", "schema_version", "state", "slug", "name", "trade", "country"),
    *("currency", "timezone", "language", "accent", "tagline", "street", "postal_code"),
    *("city", "phone"),
)


def current_salon() -> SalonCard:
    """The salon whose scope is in force."""
    scope = current_scope()
    if not isinstance(scope, SalonCard):
        raise NoScope("a salon is needed here, not the public schema")
    return scope


def salon_url(card: SalonCard) -> str:
    """``https://rosa.parlour.example``: from the directory, never from a request."""
    base = settings.BASE_URL
    port = f":{base.port}" if base.port else ""
    return f"{base.scheme}://{card.host}{port}"


def card_of(salon: Salon) -> SalonCard:
    host = salon.domains.filter(is_primary=True).values_list("domain", flat=True).first()
    return SalonCard(
        **{name: getattr(salon, name) for name in CARD_FIELDS},
        host=host or "",
        is_confirmed=salon.owner_confirmed_at is not None,
    )


def card_at_host(host: str) -> SalonCard | None:
    domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    return card_of(domain.tenant) if domain else None


def card_by_id(salon_id: UUID) -> SalonCard | None:
    salon = Salon.objects.filter(pk=salon_id).first()
    return card_of(salon) if salon else None


def cards_in(*states: SalonState) -> list[SalonCard]:
    """Every salon in one of ``states``, oldest first."""
    salons: QuerySet[Salon] = Salon.objects.filter(state__in=states).order_by("id")
    hosts = dict(Domain.objects.filter(is_primary=True).values_list("tenant_id", "domain"))
    return [
        SalonCard(
            **{name: getattr(salon, name) for name in CARD_FIELDS},
            host=hosts.get(salon.pk, ""),
            is_confirmed=salon.owner_confirmed_at is not None,
        )
        for salon in salons
    ]


def get_salon(slug: str) -> Salon:
    salon = Salon.objects.filter(slug=slug).exclude(state=SalonState.CLOSED).first()
    if salon is None:
        raise NoSuchSalon
    return salon


def why_slug_refused(slug: str) -> str | None:
    """``format``, ``reserved``, ``taken``, ``resting`` (freed lately), or nothing."""
    problem = slug_problem(slug)
    if problem:
        return problem
    if Salon.objects.filter(slug=slug).exclude(state=SalonState.CLOSED).exists():
        return "taken"
    freed_on = FreedSlug.objects.filter(slug=slug).values_list("freed_on", flat=True).first()
    if freed_on and localdate() < free_again_on(freed_on):
        return "resting"
    return None
