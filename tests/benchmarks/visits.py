"""Requests about visits: what a salon sells, when, and the bookings of it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.utils.timezone import localdate

from tenant_apps.demo.menu_texts import SERVICE_NAMES
from tenant_apps.demo.salons import OTTILIE
from tenant_apps.demo.seeding import SPAN
from tests.benchmarks.load import Request
from tests.benchmarks.salons import PASSWORD
from tests.benchmarks.system import System

MONTH = timedelta(days=30)
MONTHS = 5
MOST = 0.75
COLOURS, WITH_IT, FINISHES = (10, 8, 9, 12, 13, 14, 15), (11, 19, 7), (1, 2, 3)
GUEST = {"name": "Ola Żak", "email": "ola@example.com"}


class Shop:
    """One salon, seen from outside."""

    def __init__(self, system: System, slug: str) -> None:
        self.stack = system.stack
        self.slug = slug
        self.host = self.stack.host(slug)

    def popular(self, count: int) -> list[str]:
        """The shortest services among those that most of the team can do, by their options."""
        team = self._items("/api/v1/staff")
        can = Counter(option for member in team for option in member["option_ids"])
        enough = MOST * max(can.values())
        services = self._items("/api/v1/catalog/services")
        options = [one for service in services for one in service["options"]]
        known = [one for one in options if can[one["id"]] >= enough]
        known.sort(key=lambda one: (one["minutes"], one["id"]))
        return [str(one["id"]) for one in known[:count]]

    def colourings(self) -> list[list[str]]:
        """Visits of three lines, by their options: a colour, something with it, a finish."""
        options = self.stack.options(self.slug)
        names = SERVICE_NAMES[OTTILIE.language]
        return [
            [options[names[number]] for number in numbers]
            for numbers in product(COLOURS, WITH_IT, FINISHES)
        ]

    def starts(
        self,
        lines: Sequence[str],
        *,
        apart: timedelta,
        first: int = SPAN.days + 1,
        months: int = MONTHS,
    ) -> Iterator[str]:
        """Far enough apart to all be booked: from behind the demo's visits until the horizon, or
        for so many ``months`` from the day that is so many days ahead."""
        latest: datetime | None = None
        for month in range(months):
            day = localdate() + timedelta(days=first) + month * (MONTH + timedelta(days=1))
            found = self.stack.starts(self.slug, list(lines), str(day), str(day + MONTH))
            for text in found:
                moment = datetime.fromisoformat(text)
                if latest is None or latest + apart <= moment:
                    latest = moment
                    yield text

    def availability(self, lines: Sequence[str], *, first: int, days: int) -> Request:
        day = localdate() + timedelta(days=first)
        last = day + timedelta(days=days - 1)
        query = urlencode({"from": day, "to": last, "line": list(lines)}, doseq=True)
        return Request("GET", self.host, f"/api/v1/booking/availability?{query}")

    def booking(self, lines: Sequence[str], starts_at: str) -> Request:
        body = {
            "starts_at": starts_at,
            "lines": [{"option_id": option} for option in lines],
            "client": GUEST,
        }
        return Request("POST", self.host, "/api/v1/booking/appointments", json.dumps(body))

    def _items(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.stack.ask("GET", self.host, path).json()["items"]
        return items


class Reception:
    """Somebody of the reception, signed in."""

    def __init__(self, shop: Shop) -> None:
        self._stack, self._host = shop.stack, shop.host
        who = replace(OTTILIE, slug=shop.slug).email("receptionist")
        body = {"email": who, "password": PASSWORD}
        answer = self._stack.ask("POST", self._host, "/api/v1/auth/token", body)
        self._token = str(answer.json()["access"])
        listed = self._stack.ask("GET", self._host, "/api/v1/staff").json()["items"]
        self.team = [str(member["id"]) for member in listed]

    def diary(self, *, first: int, days: int, **more: Any) -> Request:
        day = localdate() + timedelta(days=first)
        query = urlencode({"from": day, "to": day + timedelta(days=days - 1), **more})
        path = f"/api/v1/booking/diary?{query}"
        return Request("GET", self._host, path, token=self._token)

    def body(self, request: Request) -> bytes:
        signed = {"Authorization": f"Bearer {self._token}"}
        return self._stack.ask(request.method, request.host, request.path, **signed).body
