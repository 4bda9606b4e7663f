"""A new customer at the base host, with the API or the form."""

from typing import Any

from django.test import Client

PASSWORD = "seven quiet scissors"


def answers(**changes: Any) -> dict[str, Any]:
    """What the API is told."""
    owner = {"name": "Rosa Bauer", "email": "rosa@example.com", "password": PASSWORD}
    return {
        "name": "Salon Rosa",
        "slug": "rosa",
        "country": "DE",
        "trade": "hair",
        "owner": owner,
    } | changes


def fields(**changes: str) -> dict[str, str]:
    """What the form sends."""
    return {
        "name": "Salon Rosa",
        "slug": "rosa",
        "country": "DE",
        "trade": "hair",
        "owner_name": "Rosa Bauer",
        "email": "rosa@example.com",
        "password": PASSWORD,
    } | changes


def call(path: str, body: Any, **headers: str) -> Any:
    return Client().post(
        f"/api/v1{path}", body, "application/json", headers={"Host": "localhost", **headers}
    )


def sign_up(**changes: Any) -> Any:
    return call("/signup", answers(**changes))


def send_form(**changes: str) -> Any:
    return Client().post("/signup", fields(**changes), headers={"Host": "localhost"})


def visit(path: str, host: str = "localhost", **headers: str) -> Any:
    return Client().get(path, headers={"Host": host, **headers})
