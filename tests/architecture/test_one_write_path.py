"""What is taken is written in one file, whoever asks; seen in the source and in the statements."""

import ast
import re
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import localdate

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Allocation
from tenants.types import SalonCard
from tests.architecture.source import modules
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

GATE = "tenant_apps.booking.services.allocations"
GATE_FILE = "tenant_apps/booking/services/allocations.py"
WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update"),
    *("delete", "save"),
}
WRITING = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM|COPY) "?booking_allocation\b')
CUT = "Women’s cut and finish"


def writes_in(tree: ast.AST) -> Iterator[str]:
    """Calls like ``Allocation.objects.filter(…).delete()`` and statements in SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {found.id for found in ast.walk(node.func) if isinstance(found, ast.Name)}
            if node.func.attr in WRITES and "Allocation" in names:
                yield f"line {node.lineno}: {node.func.attr}"
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and WRITING.search(text):
            yield f"SQL: {text.strip()[:40]}"


def test_the_lint_sees_what_it_is_for() -> None:
    wrong = (
        "Allocation.objects.create(during=1)",
        "Allocation.objects.filter(pk=1).update(shared_by=2)",
        "Allocation.objects.filter(pk=1).exclude(pk=2).delete()",
        "rows('INSERT INTO booking_allocation (id) VALUES (1)')",
    )
    for source in wrong:
        assert list(writes_in(ast.parse(source))), source
    assert not list(writes_in(ast.parse("Allocation.objects.filter(pk=1).count()")))


def test_nobody_else_writes_allocations() -> None:
    found = [
        f"{module.name} {where}"
        for module in modules()
        if module.name != GATE and ".migrations." not in module.name
        for where in writes_in(module.tree)
    ]
    assert found == []


@pytest.fixture
def watched(db: None) -> Iterator[list[str]]:
    """Statements that write allocations from anywhere else."""
    elsewhere: list[str] = []

    def watch(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if WRITING.search(str(sql)) and not any(
            frame.filename.endswith(GATE_FILE) for frame in traceback.extract_stack()
        ):
            elsewhere.append(str(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield elsewhere


def test_a_statement_from_elsewhere_is_seen(in_salon: SalonCard, watched: list[str]) -> None:
    Allocation.objects.update(expires_at=None)
    assert len(watched) == 1


@pytest.mark.django_db
def test_every_door_leads_through_it(desk: Desk, watched: list[str]) -> None:
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    starts = [start["starts_at"] for start in desk.starts(CUT)]
    lines = [{"option_id": desk.option(CUT)["id"]}]
    on_purpose = {"codes": ["slot_taken"], "reason": "regular_client"}

    visit = reception.book(starts[0], CUT).json()
    reception.book(starts[0], CUT, override=on_purpose)
    held = desk.post("/booking/holds", {"starts_at": starts[8], "lines": lines}).json()
    desk.post(
        f"/booking/appointments/{held['id']}/confirm",
        {"hold": held["token"], "client": {"name": "Mira", "email": "mira@example.com"}},
    )
    path = f"/booking/appointments/{visit['id']}"
    assert reception.post(f"{path}/reschedule", {"starts_at": starts[-1]}).status_code == 200
    assert reception.post(f"{path}/cancel").status_code == 200
    assert reception.post(f"{path}/undo").status_code == 200
    staff_id = visit["lines"][0]["staff_id"]
    day = localdate() + timedelta(days=3)
    blocked = {
        "kind": "training",
        "staff_id": staff_id,
        "starts_at": f"{day}T03:00:00Z",
        "ends_at": f"{day}T04:00:00Z",
    }
    assert reception.post("/booking/blocks", blocked).status_code == 201

    with salon_scope(desk.salon):
        assert Allocation.objects.exists()
    assert watched == []
