"""Every answer says what its page may load, in the same words however they were put together."""

from typing import cast

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse

from shared_apps.core.csp import PlainCspMiddleware

HEADER = "Content-Security-Policy"
Words = set[str]


def words(middleware: type[CSPMiddleware], response: HttpResponse, *, nonce: bool = False) -> Words:
    request = HttpRequest()

    def page(request: HttpRequest) -> HttpResponse:
        if nonce:
            str(request.csp_nonce)  # type: ignore[attr-defined]
            request._csp_nonce = "a-nonce"  # type: ignore[attr-defined]
        return response

    answer = cast("HttpResponse", middleware(page)(request))
    return set(answer.headers.get(HEADER, "").split("; "))


@pytest.mark.parametrize("status", [200, 404, 422])
def test_an_answer_in_json_has_the_policy_of_the_settings(status: int) -> None:
    found = words(PlainCspMiddleware, JsonResponse({}, status=status))

    assert found == words(CSPMiddleware, JsonResponse({}, status=status))
    assert "object-src 'none'" in found


def test_a_page_with_a_nonce_has_its_own() -> None:
    found = words(PlainCspMiddleware, HttpResponse("<p>"), nonce=True)

    assert "script-src 'self' 'nonce-a-nonce'" in found
    assert found == words(CSPMiddleware, HttpResponse("<p>"), nonce=True)


def test_a_nonce_counts_in_json_too() -> None:
    assert "script-src 'self' 'nonce-a-nonce'" in words(
        PlainCspMiddleware, JsonResponse({}), nonce=True
    )


def test_a_policy_that_a_view_chose_stays() -> None:
    response = JsonResponse({})
    response._csp_replace = {"img-src": ["https://a.example"]}  # type: ignore[attr-defined]

    assert "img-src https://a.example" in words(PlainCspMiddleware, response)
