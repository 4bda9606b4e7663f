"""A test's front desk: speaks to a salon's API over HTTP, like any other program."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils.timezone import localdate

from tenants.types import SalonCard

GUEST = {"name": "Gäste Ótto", "email": "otto@example.com", "phone": ""}


@dataclass
class Desk:
    salon: SalonCard
    client: Client = field(default_factory=Client)
    token: str = ""

    def headers(self, **extra: str) -> dict[str, str]:
        signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Host": self.salon.host, **signed, **extra}

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1{path}", body, "application/json", headers=self.headers(**headers)
        )

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.put(
            f"/api/v1{path}", body, "application/json", headers=self.headers(**headers)
        )

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.patch(
            f"/api/v1{path}", body, "application/json", headers=self.headers(**headers)
        )

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=self.headers(**headers))

    def sign_in(self, email: str, password: str) -> "Desk":
        tokens = self.post("/auth/token", {"email": email, "password": password}).json()
        return Desk(self.salon, self.client, tokens["access"])

    def option(self, service: str) -> dict[str, Any]:
        services = self.get("/catalog/services").json()["items"]
        found: dict[str, Any] = next(s for s in services if s["name"] == service)["options"][0]
        return found

    def starts(
        self, *services: str, days: int = 14, staff: str | None = None
    ) -> list[dict[str, Any]]:
        """Everything on offer from tomorrow on for these services, one after another."""
        first = localdate() + timedelta(days=1)
        suffix = f"@{staff}" if staff else ""
        response = self.get(
            "/booking/availability",
            {
                "from": first.isoformat(),
                "to": (first + timedelta(days=days - 1)).isoformat(),
                "line": [f"{self.option(service)['id']}{suffix}" for service in services],
            },
        )
        assert response.status_code == 200, response.content
        return [start for day in response.json()["days"] for start in day["starts"]]

    def first_start(self, *services: str) -> str:
        return str(self.starts(*services)[0]["starts_at"])

    def book(self, starts_at: str, *services: str, key: str | None = None, **changes: Any) -> Any:
        body = {
            "starts_at": starts_at,
            "lines": [{"option_id": self.option(service)["id"]} for service in services],
            "client": GUEST,
        } | changes
        return self.post("/booking/appointments", body, **{"Idempotency-Key": key or str(uuid4())})
