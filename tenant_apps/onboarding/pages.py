"""The base host's pages: what Parlour is, sign-up, and the welcome after it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from shared_apps.core.errors import DomainError
from shared_apps.core.http import status_of, with_time_to_wait
from shared_apps.core.pages import public_page
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.notifications.links import account_in
from tenant_apps.onboarding.limits import sign_ups_limited
from tenant_apps.onboarding.schemas import SignUpIn
from tenant_apps.onboarding.services import confirm_address, sign_up
from tenant_apps.storefront.selectors import salon_facts
from tenants.countries import COUNTRIES
from tenants.enums import Trade
from tenants.errors import NoSuchSalon
from tenants.middleware import language_asked, salon_of
from tenants.selectors import card_of, get_salon, salon_url

FIELDS = ("name", "slug", "country", "trade", "owner_name", "email", "password")
INPUT_OF = {"owner.name": "owner_name", "owner.email": "email", "owner.password": "password"}


@public_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "onboarding/landing.html", _frame())


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signup_page(request: HttpRequest) -> HttpResponse:
    values = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method != "POST":
        return _form(request, {**values, "country": _likely_country(request)}, {})
    try:
        return redirect("welcome", slug=_sign_up(request, values))
    except ValidationError as refusal:
        return _form(request, values, _form_errors(refusal), status=422)
    except DomainError as refusal:
        errors = {INPUT_OF.get(path, path): str(text) for path, text in refusal.fields.items()}
        errors = errors or {"form": str(refusal)}
        response = _form(request, values, errors, status=status_of(refusal))
        return with_time_to_wait(response, refusal)


@public_page
@require_safe
def welcome(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        card = card_of(get_salon(slug))
    except NoSuchSalon as error:
        raise Http404 from error
    context = {"salon": salon_facts(card), **_frame()}
    return render(request, "onboarding/welcome.html", context)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """On the salon's host: the owner confirms the address by a button, not by opening the link."""
    account_id = account_in(token)
    if account_id is None:
        raise Http404
    salon = salon_of(request)
    if request.method == "POST":
        confirm_address(account_id=account_id, actor=actor_of(request))
        return redirect(f"{salon_url(salon)}/")
    return render(request, "onboarding/confirm.html", {"salon": salon_facts(salon)})


def _sign_up(request: HttpRequest, values: dict[str, str]) -> str:
    payload = SignUpIn.model_validate(
        {
            **{name: values[name] for name in ("name", "slug", "country", "trade")},
            "owner": {
                "name": values["owner_name"],
                "email": values["email"],
                "password": values["password"],
            },
        }
    )
    asked = payload.as_request(language=language_asked(request))
    with sign_ups_limited(network_of(request)):
        sign_up(request=asked, actor=actor_of(request))
    return payload.slug


def _likely_country(request: HttpRequest) -> str:
    """By what the browser speaks: ``de-at`` is Austria, plain ``pl`` is Poland."""
    spoken = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    regions = (tag.rpartition("-")[2].upper() for tag, _weight in spoken)
    return next((region for region in regions if region in COUNTRIES), "DE")


def _form_errors(refusal: ValidationError) -> dict[str, str]:
    """Pydantic speaks to programs; a person is told what to do."""
    wanted = {
        "name": _("Tell us the salon's name."),
        "slug": _("Use 3 to 40 lower-case letters, digits and single hyphens."),
        "country": _("Choose a country."),
        "trade": _("Choose what you do."),
        "owner_name": _("Tell us your name."),
        "email": _("This is not an e-mail address."),
        "password": _("Use at least 10 characters."),
    }
    paths = (".".join(map(str, error["loc"])) for error in refusal.errors())
    names = (INPUT_OF.get(path, path) for path in paths)
    return {name: wanted[name] for name in names}


def _form(
    request: HttpRequest, values: dict[str, str], errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    context = {
        "values": {**values, "password": ""},
        "errors": errors,
        "countries": [{"code": c.code, "name": c.name} for c in COUNTRIES.values()],
        "trades": [{"code": trade.value, "name": trade.label} for trade in Trade],
        **_frame(),
    }
    return render(request, "onboarding/signup.html", context, status=status)


def _frame() -> dict[str, Any]:
    return {"base_host": settings.BASE_URL.netloc}
