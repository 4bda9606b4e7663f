"""The menu of languages at the top of every page."""

from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict


def languages(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the page at hand in each language, with whatever else it was asked.

    The addresses are queries alone. A path as it was asked for may look like another host.
    """
    asked = _asked(request)
    menu = []
    for code, label in settings.LANGUAGES:
        asked["lang"] = code
        menu.append({"code": code, "label": label, "url": f"?{asked.urlencode()}"})
    return {"languages": menu}


def _asked(request: HttpRequest) -> QueryDict:
    try:
        return request.GET.copy()
    except SuspiciousOperation:  # its query is what the page refuses
        return QueryDict(mutable=True)
