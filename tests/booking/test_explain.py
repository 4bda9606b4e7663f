"""Why a time is not on offer, in rows that somebody can go and change."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.services.rota import close_day
from tenant_apps.catalog.enums import AddonPlace
from tenant_apps.staff.models import Closure, TimeOff
from tenant_apps.staff.permissions import EDIT_ROTA
from tests.booking.test_visits_of_all_kinds import CLEANUP, PROCESSING, WORK, sell
from tests.booking.visits import hire
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_ROTA}))


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def why(desk: Desk, starts_at: str, *services: str, **more: Any) -> dict[str, Any]:
    body = {
        "starts_at": starts_at,
        "lines": [{"option_id": desk.option(service)["id"]} for service in services],
        **more,
    }
    answer = desk.post("/booking/availability/explain", body)
    assert answer.status_code == 200, answer.content
    explained: dict[str, Any] = answer.json()
    return explained


def reasons(explained: dict[str, Any]) -> list[dict[str, Any]]:
    return [reason for one in explained["candidates"] for reason in one["reasons"]]


def test_what_is_on_offer_has_no_reason_against_it(reception: Desk) -> None:
    explained = why(reception, reception.first_start(CUT, TINT), CUT, TINT)
    assert explained["is_offered"]
    assert explained["reasons"] == reasons(explained) == []


def test_a_visit_in_the_way_is_named_with_its_phase(reception: Desk) -> None:
    start = reception.first_start(TINT)
    visit = reception.book(start, TINT).json()
    quarter_past = (datetime.fromisoformat(start) + timedelta(minutes=15)).isoformat()

    explained = why(reception, quarter_past, CUT)

    assert not explained["is_offered"]
    taken = [reason for reason in reasons(explained) if reason["code"] == "appointment"]
    assert {reason["appointment_id"] for reason in taken} == {visit["id"]}
    assert all(reason["phase_id"] for reason in taken)
    assert {reason["staff_id"] for reason in taken} >= {visit["lines"][0]["staff_id"]}
    moving = why(reception, quarter_past, CUT, moving=visit["id"])
    assert moving["is_offered"]


def test_a_closure_time_off_and_the_rota_are_told_apart(reception: Desk) -> None:
    start = datetime.fromisoformat(reception.first_start(CUT))
    night = start.replace(hour=3).isoformat()
    assert {r["code"] for r in reasons(why(reception, night, CUT))} == {
        "outside_rota",
        "salon_closed",
    }
    with salon_scope(reception.salon):
        close_day(date=start.date(), reason="holiday", actor=MANAGER)
        closure = Closure.objects.get()
    closed = why(reception, start.isoformat(), CUT)
    assert {r["closure_id"] for r in reasons(closed) if r["staff_id"]} == {str(closure.pk)}
    later = start + timedelta(days=7)
    staff_id = closed["candidates"][0]["staff_ids"][0]
    day = later.date().isoformat()
    asked = reception.post(
        "/rota/time-off",
        {"staff_id": staff_id, "first_day": day, "last_day": day, "kind": "holiday"},
    )
    assert asked.status_code == 201, asked.content
    approved = reception.post(f"/rota/time-off/{asked.json()['id']}/approve")
    assert approved.status_code == 200, approved.content
    with salon_scope(reception.salon):
        off = TimeOff.objects.get()
    away = reasons(why(reception, later.isoformat(), CUT))
    assert {r["time_off_id"] for r in away if r["code"] == "time_off"} == {str(off.pk)}


def test_the_start_itself_may_be_wrong(reception: Desk) -> None:
    long_ago = why(reception, "2020-01-07T10:00:00+00:00", CUT)
    assert [reason["code"] for reason in long_ago["reasons"]] == ["in_the_past"]
    far = (localdate() + timedelta(days=4000)).isoformat()
    ahead = why(reception, f"{far}T10:00:00+00:00", CUT)
    assert "too_far" in [reason["code"] for reason in ahead["reasons"]]


@pytest.mark.parametrize("services", [(CUT,), (TINT,), (CUT, TINT)])
def test_it_is_offered_exactly_when_nothing_is_against_it(
    reception: Desk, services: tuple[str, ...]
) -> None:
    """Every quarter of an hour of a day on which a few times are taken already."""
    first = datetime.fromisoformat(reception.first_start(CUT))
    day = first.replace(hour=0, minute=0)
    for hour, service in ((10, TINT), (13, CUT), (15, TINT)):
        reception.book(first.replace(hour=hour, minute=0).isoformat(), service)
    offered = {start["starts_at"] for start in reception.starts(*services, days=8)}

    for quarter in range(32, 76):
        moment = (day + timedelta(minutes=15 * quarter)).isoformat()
        explained = why(reception, moment, *services)
        assert explained["is_offered"] is (moment in offered), moment
        if not explained["is_offered"]:
            assert explained["reasons"] or all(c["reasons"] for c in explained["candidates"])


def test_add_ons_that_do_not_all_fit_are_the_reason(reception: Desk) -> None:
    with salon_scope(reception.salon):
        colour = sell("Colour", (WORK, 30), (PROCESSING, 30), (WORK, 20))
        brows = sell("Brows", (WORK, 5), (CLEANUP, 5), addon_place=AddonPlace.DURING)
    for name in ("Bea", "Cara"):
        hire(reception.salon, name, "Colour", "Brows")
    start = reception.first_start(CUT)

    def asked(count: int) -> dict[str, Any]:
        line = {"option_id": str(colour), "addons": [{"option_id": str(brows)}] * count}
        body = {"starts_at": start, "lines": [line]}
        explained: dict[str, Any] = reception.post("/booking/availability/explain", body).json()
        return explained

    assert asked(2)["candidates"]
    too_many = asked(5)
    assert [reason["code"] for reason in too_many["reasons"]] == ["addons_do_not_fit"]
    assert not too_many["is_offered"]
    assert not too_many["candidates"]


def test_it_may_be_asked_only_so_often(reception: Desk, settings: Any) -> None:
    start = reception.first_start(CUT)
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "public_read": "1/minute"}
    body = {"starts_at": start, "lines": [{"option_id": reception.option(CUT)["id"]}]}
    for _time in range(3):
        answer = reception.post("/booking/availability/explain", body)

    assert answer.status_code == 429


def test_it_is_not_for_strangers(desk: Desk) -> None:
    body = {"starts_at": "2030-01-07T10:00:00+00:00", "lines": [{"option_id": str(desk.salon.id)}]}
    assert desk.post("/booking/availability/explain", body).status_code == 401
