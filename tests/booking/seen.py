"""Looking at the diary: what tests of it share."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.api.diary_json import diary_out
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Appointment, Line, Phase
from tenant_apps.booking.selectors.diary import read_diary
from tenant_apps.booking.selectors.diary_types import Asked
from tests.booking.test_blocks import TUESDAY
from tests.desk import Desk

MENS, TINT = "Men’s cut", "Root tint"
ZONE = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


def diary(desk: Desk, first: date = TUESDAY, days: int = 1, **query: Any) -> Any:
    span = {"from": first.isoformat(), "to": (first + timedelta(days=days - 1)).isoformat()}
    response = desk.get("/booking/diary", span | query)
    assert response.status_code == 200, response.content
    return response.json()


def seen(desk: Desk, moment: str, **asked: Any) -> Any:
    """The diary of the Tuesday, looked at in that moment."""
    with salon_scope(desk.salon):
        looked = Asked(
            first=TUESDAY, last=TUESDAY, zone=ZONE, moment=datetime.fromisoformat(moment)
        )
        return diary_out(read_diary(replace(looked, **asked)))


def visits(found: Any) -> list[Any]:
    (day,) = found["days"]
    listed: list[Any] = day["visits"]
    return listed


def flags(found: Any) -> dict[str, list[str]]:
    return {visit["id"]: visit["flags"] for visit in visits(found)}


def waits(found: Any) -> dict[str, list[Any]]:
    return {visit["id"]: visit["waits"] for visit in visits(found) if visit["waits"]}


def booked(desk: Desk, starts_at: str, service: str = MENS, staff: str | None = None) -> str:
    lines = [{"option_id": desk.option(service)["id"], "staff_id": staff}]
    answer = desk.book(starts_at, lines=lines)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def becomes(desk: Desk, visit_id: str, state: State, **phases: Any) -> None:
    """As if somebody had said so; ``phases``: changes of its phases."""
    with salon_scope(desk.salon):
        Appointment.objects.filter(pk=visit_id).update(state=state)
        Line.objects.filter(appointment_id=visit_id).update(state=state)
        if phases:
            Phase.objects.filter(line__appointment_id=visit_id).update(**phases)
