"""The Content-Security-Policy of answers that have no nonce: always the same one."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PlainCspMiddleware(CSPMiddleware):
    """django-csp's, which puts the policy together word by word for every answer."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Whatever is special about a page (a nonce, an exemption) is django-csp's own."""
        if response.headers.get("Content-Type") == "application/json" and not _is_special(
            request, response
        ):
            response.headers.setdefault(HEADER, _plain())
            return response
        return super().process_response(request, response)


def _is_special(request: HttpRequest, response: HttpResponseBase) -> bool:
    return "_csp_nonce" in request.__dict__ or any(
        name.startswith("_csp") for name in response.__dict__
    )


@cache
def _plain() -> str:
    return build_policy()
