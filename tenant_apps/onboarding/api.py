from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.onboarding import schemas, services
from tenant_apps.onboarding.limits import sign_ups_limited
from tenants.middleware import language_asked
from tenants.selectors import card_by_id, salon_url, why_slug_refused
from tenants.types import SalonCard

router = Router(tags=["sign-up"])


@router.post(
    "/signup",
    operation_id="signUpSalon",
    auth=Open("a new customer has no account yet"),
    response={201: schemas.SalonOut, **problems(409, 422, 429, 503)},
)
def sign_up_salon(
    request: HttpRequest,
    payload: schemas.SignUpIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Open a salon. It serves under the answered URL at once and is bookable."""
    actor = actor_of(request)
    key = checked_key(idempotency_key, required=False)
    with sign_ups_limited(network_of(request)):
        salon_id = services.sign_up(
            request=payload.as_request(language=language_asked(request)),
            actor=actor,
            attempt=Attempt(actor, "signUpSalon", key, request.body) if key else None,
        )
    return Status(201, salon_out(_card(salon_id)))


@router.get(
    "/slugs/{slug}",
    operation_id="checkSlug",
    auth=Open("a new customer looks for a free address"),
    response={200: schemas.SlugOut, **problems(429)},
)
def check_slug(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Whether a salon may have this address, and if not, why."""
    reason = why_slug_refused(slug)
    return {"slug": slug[:40], "available": reason is None, "reason": reason}


def _card(salon_id: UUID) -> SalonCard:
    card = card_by_id(salon_id)
    assert card is not None  # noqa: S101 it was opened a moment ago
    return card


def salon_out(card: SalonCard) -> dict[str, Any]:
    return {
        "id": card.id,
        "slug": card.slug,
        "name": card.name,
        "url": salon_url(card),
        "currency": card.currency,
        "timezone": card.timezone,
        "language": card.language,
    }
