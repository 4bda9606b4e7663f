"""Pages that anybody may read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from shared_apps.core.ratelimit import count
from shared_apps.core.requests import READING, network_of

Page = TypeVar("Page", bound=Callable[..., HttpResponse])


def public_page(view: Page) -> Page:
    """Its readers are counted like those of the API's open doors."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in READING:
            count("public_read", network_of(request))
        return view(request, *args, **kwargs)

    cast("Any", counted).counts_its_readers = True
    return cast("Page", counted)
