"""What is sent twice with the same key is made once."""

from typing import Any
from uuid import uuid4

import pytest

from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tests.booking.test_races import at_once
from tests.catalog.editor import CUT, send
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

MADE: dict[str, tuple[str, dict[str, Any]]] = {
    "a category": ("/categories", {"name": "Extras", "colour": "cut"}),
    "a service": ("/services", {"name": "Fringe", "options": [CUT]}),
    "a kind of unit": ("/unit-kinds", {"code": "desk", "name": "Desk"}),
    "a unit": ("/units", {"kind": "chair", "name": "By the window"}),
    "a field": (
        "/custom-fields",
        {"entity": "service", "key": "brand", "kind": "text", "label": "Brand"},
    ),
}


@pytest.fixture
def owner_desk(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def body_of(desk: Desk, path: str, body: dict[str, Any]) -> dict[str, Any]:
    if path != "/services":
        return body
    category = desk.get("/catalog/categories").json()["items"][0]["id"]
    return body | {"category_id": category}


def entries(desk: Desk) -> int:
    with salon_scope(desk.salon):
        return JournalEntry.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "body"), MADE.values(), ids=MADE)
def test_the_same_request_twice_makes_one(
    owner_desk: Desk, path: str, body: dict[str, Any]
) -> None:
    body, key = body_of(owner_desk, path, body), {"Idempotency-Key": str(uuid4())}

    first = owner_desk.post(f"/catalog{path}", body, **key)
    told = entries(owner_desk)
    second = owner_desk.post(f"/catalog{path}", body, **key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert entries(owner_desk) == told
    other = owner_desk.post(f"/catalog{path}", body | {"name": "Other"}, **key)
    assert other.status_code == 422
    if path != "/custom-fields":  # which has a label and no name
        assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.django_db
def test_a_request_that_was_refused_leaves_no_key_behind(owner_desk: Desk) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    refused = owner_desk.post("/catalog/categories", {"name": " ", "colour": "cut"}, **key)
    made = owner_desk.post("/catalog/categories", {"name": "Extras", "colour": "cut"}, **key)
    assert (refused.status_code, made.status_code) == (422, 201)


@pytest.mark.django_db
def test_a_kind_that_was_removed_since_is_not_made_again(owner_desk: Desk) -> None:
    path, body = MADE["a kind of unit"]
    key = {"Idempotency-Key": str(uuid4())}
    made = owner_desk.post(f"/catalog{path}", body, **key).json()
    assert send(owner_desk, "delete", f"{path}/{made['id']}").status_code == 204

    again = owner_desk.post(f"/catalog{path}", body, **key)

    assert (again.status_code, again.json()["code"]) == (404, "unit_kind_not_found")


@pytest.mark.usefixtures("committed")
def test_the_same_request_many_times_at_once_makes_one(desk_of_many: Desk) -> None:
    path, body = MADE["a unit"]
    key = {"Idempotency-Key": str(uuid4())}

    def work(_number: int) -> str:
        each = Desk(desk_of_many.salon, token=desk_of_many.token)
        return str(each.post(f"/catalog{path}", body, **key).json()["id"])

    found = at_once(6, work)

    assert list(found.values()) == [6]


@pytest.fixture
def desk_of_many(committed: object, salon: Any) -> Desk:
    return Desk(salon).sign_in("anna@example.com", OWNER_PASSWORD)
