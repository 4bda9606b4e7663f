"""Whatever somebody sends who is allowed to, the answer says what is wrong, and nothing breaks."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate, now

from shared_apps.core.scope import salon_scope
from tests.attack.hostile import OPERATIONS
from tests.booking.visits import hire
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def reception(desk: Desk) -> Desk:
    """Answers with what the server answers when it breaks, too."""
    quiet = Desk(desk.salon, Client(raise_request_exception=False))
    return quiet.sign_in("anna@example.com", OWNER_PASSWORD)


@dataclass(frozen=True)
class Made:
    """What there is in the salon, for requests that it would accept."""

    service: dict[str, Any]
    visit: dict[str, Any]
    starts_at: str
    hold: str
    block: str
    off: str
    party: str
    units: list[dict[str, Any]]
    ids: dict[str, list[str]]

    @property
    def line(self) -> dict[str, Any]:
        found: dict[str, Any] = self.visit["lines"][0]
        return found

    @property
    def phases(self) -> list[Any]:
        found: list[Any] = self.service["options"][0]["phases"]
        return found


@pytest.fixture
def made(reception: Desk) -> Made:
    service = reception.get("/catalog/services").json()["items"][0]
    hire(reception.salon, "Beth", service["name"])
    first, later, other, free, *_rest = reception.starts(service["name"], days=31)[::40]
    visit = reception.book(first["starts_at"], service["name"]).json()
    line = {"option_id": visit["lines"][0]["option_id"]}
    staff_id, day = visit["lines"][0]["staff_id"], str(localdate() + timedelta(days=70))
    hold = reception.post("/booking/holds", {"starts_at": other["starts_at"], "lines": [line]})
    together = {"starts_at": later["starts_at"], "members": [{"lines": [line]}] * 2}
    block = {"kind": "training", "staff_id": staff_id, **in_days(50)}
    off = {"kind": "sick", "staff_id": staff_id, "first_day": day, "last_day": day}
    field = {"key": "shade", "kind": "text", "label": "Shade"}
    reception.post("/catalog/custom-fields", field)
    units = reception.get("/catalog/units").json()["items"]
    lists = ("categories", "units", "unit-kinds", "custom-fields", "price-list")
    return Made(
        service=reception.get(f"/catalog/services/{service['id']}").json(),
        visit=visit,
        starts_at=free["starts_at"],
        hold=hold.json()["token"],
        block=reception.post("/booking/blocks", block).json()["id"],
        off=reception.post("/rota/time-off", off).json()["id"],
        party=reception.post("/booking/parties", together).json()["id"],
        units=[unit for unit in units if unit["kind"] == units[0]["kind"]],
        ids={name: ids(reception.get(f"/catalog/{name}").json()) for name in lists},
    )


def ids(answer: dict[str, Any]) -> list[str]:
    return [item["id"] for item in answer["items"]]


def in_days(days: int) -> dict[str, str]:
    starts_at = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
    }


@pytest.fixture
def known(made: Made, reception: Desk) -> dict[str, Any]:
    """Values of requests that this salon accepts, by their names, formats or operations."""
    staff_id, visit = made.line["staff_id"], made.visit
    day = localdate() + timedelta(days=90)
    monday = day - timedelta(days=day.weekday())
    option_id, client = made.line["option_id"], {"id": visit["client"]["id"]}
    span = {"from": 540, "to": 1020}
    return {
        **dict.fromkeys(("staff_id", "member_id"), staff_id),
        **dict.fromkeys(("from:date", "to:date", "first_day", "last_day", "day", "date"), str(day)),
        "from:integer": 540,
        "to:integer": 1020,
        "version": 1,
        "color": "#5b2145",
        "valid_from": str(monday),
        "as_of": now().isoformat(),
        "starts_at": made.starts_at,
        "line:string": option_id,
        "lines": [{"option_id": option_id}],
        "members": [{"lines": [{"option_id": option_id}]}] * 2,
        "searchPartyAvailability": {
            "members": [{"lines": [{"option_id": option_id}]}] * 2,
            "first_day": str(day),
            "last_day": str(day),
        },
        "party_id": made.party,
        "option_id": option_id,
        "appointment_id": visit["id"],
        "line_id": made.line["id"],
        "client_id": client["id"],
        "client": client,
        "service_id": made.service["id"],
        "block_id": made.block,
        "time_off_id": made.off,
        "category_id": made.ids["categories"][0],
        "unit_id": made.ids["units"][0],
        "kind_id": made.ids["unit-kinds"][0],
        "field_id": made.ids["custom-fields"][0],
        "hold:string": made.hold,
        "token": made.hold,
        "email": "otto@example.com",
        "code:string": "123456",
        "kind:string": "chair",
        "languages": ["en"],
        "option_ids": [option_id],
        "createBlock": {"kind": "training", "staff_id": staff_id, **in_days(51)},
        "changeBlock": in_days(52),
        "orderCategories": {"ids": made.ids["categories"]},
        "orderUnits": {"kind": made.units[0]["kind"], "ids": [unit["id"] for unit in made.units]},
        "orderUnitKinds": {"ids": made.ids["unit-kinds"]},
        "orderCustomFields": {"ids": made.ids["custom-fields"]},
        "orderServices": {
            "ids": [
                item["id"]
                for item in reception.get("/catalog/price-list").json()["items"]
                if item["category_id"] == made.ids["categories"][0]
            ]
        },
        "createCustomField": {"key": "tone", "kind": "text", "label": "Tone"},
        "createUnitKind": {"code": "spa", "name": "Spa"},
        "createToken": {"email": "anna@example.com", "password": OWNER_PASSWORD},
        "reassignLines": {"staff_id": staff_id, "date": str(day), "reason": "ill"},
        "setRotaDay": {"replaced": [span]},
        "putClientTimings": {
            "timings": [{"option_id": option_id, "minutes": [20] * len(made.phases)}]
        },
        "createService": {
            "category_id": made.ids["categories"][0],
            "name": "One more",
            "options": [
                {"phases": made.phases, "levels": {"stylist": {"price": 4200, "percent": 100}}}
            ],
        },
        "setRotaPattern": {"anchor": str(monday), "weeks": [[{"weekday": 0, **span}]]},
        "setSpecialHours": {"spans": [span]},
        "setSalonHours": {"week": [{"weekday": 0, **span}]},
    }


REFUSED = {
    "clearRotaDay": 404,
    "clearSpecialHours": 404,
    "reopenDay": 404,
    "undoStatus": 409,
    "archiveCategory": 409,
    "completeAppointment": 409,
    "markNoShow": 409,
    "removeUnitKind": 409,
    "proveContact": 422,
    "refreshToken": 401,
    "revokeToken": 401,
}
"""What cannot be done in this salon right now, though it is asked for in an ordinary way."""


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_value_breaks_an_operation(reception: Desk, known: dict[str, Any], name: str) -> None:
    requests = OPERATIONS[name].requests(known)
    method, ordinary = OPERATIONS[name].method, next(requests)

    answer = sent(reception, method, *ordinary)
    broken = [
        (request, status)
        for request in requests
        if (status := sent(reception, method, *request).status_code) >= 500
    ]

    assert (answer.status_code if answer.status_code >= 400 else 200) == REFUSED.get(name, 200), (
        answer.content
    )
    assert broken == []


def sent(desk: Desk, method: str, path: str, query: dict[str, Any], body: Any) -> Any:
    """As if it had never been, afterwards."""
    with transaction.atomic(), salon_scope(desk.salon):
        answer = desk.client.generic(
            method,
            path,
            b"" if body is None else json.dumps(body).encode(),
            "application/json",
            headers=desk.headers(),
            query_params=query,
        )
        transaction.set_rollback(True)
    return answer
