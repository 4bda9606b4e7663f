"""Editing a price list over HTTP, and what the journal keeps of it."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import hash_password, open_account
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tests.desk import Desk

PASSWORD = "four ribbons on a hat"
CONSOLE = system(Channel.COMMAND)
CUT: dict[str, Any] = {
    "phases": [
        {"kind": "work", "minutes": 50, "needs": [{"any_of": ["chair"], "keep": "line"}]},
        {"kind": "cleanup", "minutes": 5, "needs": [{"any_of": ["chair"], "keep": "line"}]},
    ],
    "levels": {"stylist": {"price": 4800}},
}


def send(desk: Desk, method: str, path: str, body: Any = None) -> Any:
    url = f"/api/v1/catalog{path}"
    return getattr(desk.client, method)(
        url, body, content_type="application/json", headers=desk.headers()
    )


def signed_in(desk: Desk, role: Role) -> Desk:
    """Somebody with that role, signed in."""
    with salon_scope(desk.salon):
        open_account(
            email=f"{role}@example.com",
            name="Beth",
            password_hash=hash_password(PASSWORD),
            roles=[role],
            actor=CONSOLE,
        )
    return desk.sign_in(f"{role}@example.com", PASSWORD)


def listed(desk: Desk, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = desk.get(f"/catalog{path}", query)
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def new_category(desk: Desk, name: str = "Extras") -> dict[str, Any]:
    return made(desk.post("/catalog/categories", {"name": name, "colour": "cut"}))


def new_service(desk: Desk, *options: dict[str, Any], **said: Any) -> dict[str, Any]:
    if "category_id" not in said:
        said["category_id"] = listed(desk, "/categories")[0]["id"]
    body = {"name": "Fringe", "options": list(options) or [CUT], **said}
    return made(desk.post("/catalog/services", body))


def refused(answer: Any) -> tuple[int, str, list[str]]:
    """Status, code, and the fields that are named."""
    body = answer.json()
    return answer.status_code, body["code"], sorted(body["fields"])


def history(desk: Desk, pk: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Version, event and facts of everything that happened to it."""
    with salon_scope(desk.salon):
        entries = JournalEntry.objects.filter(stream_id=UUID(pk)).order_by("version")
        return list(entries.values_list("version", "event", "data"))


def statements(desk: Desk, path: str) -> int:
    """How many it takes to answer, a session's and a scope's left out of account."""
    desk.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(path).status_code == 200
    return len([q for q in queries.captured_queries if not q["sql"].startswith("SET ")])
