"""TABLE 1: URL -> domain. Two documents: a salon's API and the platform's."""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.openapi.docs import Swagger
from ninja.parser import Parser

from shared_apps.accounts.api import router as accounts
from shared_apps.core.http import install_error_handlers
from shared_apps.core.pages import public_page
from tenant_apps.booking.api.appointments import router as appointments
from tenant_apps.booking.api.blocks import router as blocks
from tenant_apps.booking.api.diary import router as diary
from tenant_apps.booking.api.holds import router as holds
from tenant_apps.booking.api.life import router as life
from tenant_apps.booking.api.lines import router as lines
from tenant_apps.booking.api.members import router as members
from tenant_apps.booking.api.moves import router as moves
from tenant_apps.booking.api.parties import router as parties
from tenant_apps.booking.api.reassign import router as reassign
from tenant_apps.booking.api.rota import router as rota_changes
from tenant_apps.booking.api.rules import router as rules
from tenant_apps.booking.api.search import router as search
from tenant_apps.booking.api.timings import router as timings
from tenant_apps.booking.api.walk_ins import router as walk_ins
from tenant_apps.catalog.api.categories import router as categories
from tenant_apps.catalog.api.fields import router as custom_fields
from tenant_apps.catalog.api.price_list import router as price_list
from tenant_apps.catalog.api.units import router as units
from tenant_apps.clients.api import router as clients
from tenant_apps.onboarding.api import router as onboarding
from tenant_apps.staff.api.rota import router as rota
from tenant_apps.staff.api.team import router as staff
from tenant_apps.staff.api.time_off import router as time_off


class PlainParser(Parser):
    """JSON without NUL characters: PostgreSQL has no place for them in a text."""

    def parse_body(self, request: HttpRequest) -> Any:
        if b"\\u0000" in request.body:
            raise HttpError(400, "NUL characters are not accepted")
        return super().parse_body(request)


DOCS = Swagger(settings={"persistAuthorization": True})

salon_api = NinjaAPI(
    title="Parlour: a salon",
    version="1.0.0",
    urls_namespace="salon-api",
    docs=DOCS,
    docs_decorator=public_page,
    parser=PlainParser(),
)
salon_api.add_router("/auth", accounts)
for catalog in (price_list, categories, units, custom_fields):
    salon_api.add_router("/catalog", catalog)
salon_api.add_router("/clients", clients)
salon_api.add_router("/staff", staff)
salon_api.add_router("/staff", members)
salon_api.add_router("/rota", rota)
salon_api.add_router("/rota", time_off)
salon_api.add_router("/rota", rota_changes)
salon_api.add_router("/booking", appointments)
salon_api.add_router("/booking", blocks)
salon_api.add_router("/booking", life)
salon_api.add_router("/booking", reassign)
salon_api.add_router("/booking", diary)
salon_api.add_router("/booking", holds)
salon_api.add_router("/booking", moves)
salon_api.add_router("/booking", lines)
salon_api.add_router("/booking", parties)
salon_api.add_router("/booking", rules)
salon_api.add_router("/booking", search)
salon_api.add_router("/booking", timings)
salon_api.add_router("/booking", walk_ins)

public_api = NinjaAPI(
    title="Parlour: the platform",
    version="1.0.0",
    urls_namespace="public-api",
    docs=DOCS,
    docs_decorator=public_page,
    parser=PlainParser(),
)
public_api.add_router("", onboarding)
public_api.add_router("/auth", accounts)

for api in (salon_api, public_api):
    install_error_handlers(api)
