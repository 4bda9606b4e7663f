"""Time kept for a few minutes for somebody who is still writing their name."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.utils.timezone import now

from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.links import manage_token
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.services.expiry import release_expired_holds
from tests.booking.visits import hire
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"


def hold(desk: Desk, starts_at: str, *services: str, **more: Any) -> Any:
    lines = [{"option_id": desk.option(service)["id"]} for service in services]
    return desk.post("/booking/holds", {"starts_at": starts_at, "lines": lines, **more})


def run_out(desk: Desk) -> None:
    """Nobody confirmed any hold in time."""
    past = now() - timedelta(seconds=1)
    with salon_scope(desk.salon):
        Appointment.objects.filter(state="held").update(expires_at=past)
        Allocation.objects.exclude(expires_at=None).update(expires_at=past)


def confirm(desk: Desk, held: dict[str, Any], **changes: Any) -> Any:
    body = {"hold": held["token"], "client": GUEST} | changes
    return desk.post(f"/booking/appointments/{held['id']}/confirm", body)


def test_a_held_time_is_nobody_elses_until_it_runs_out(desk: Desk) -> None:
    start = desk.first_start(CUT)

    held = hold(desk, start, CUT).json()

    assert held["state"] == "held"
    assert held["manage_url"] is None
    assert desk.book(start, CUT).json()["code"] == "slot_taken"
    assert start not in [found["starts_at"] for found in desk.starts(CUT)]
    assert datetime.fromisoformat(held["expires_at"]) > now() + timedelta(minutes=9)
    run_out(desk)
    assert start in [found["starts_at"] for found in desk.starts(CUT)]
    assert desk.book(start, CUT).status_code == 201
    with salon_scope(desk.salon):
        assert Appointment.objects.get(pk=held["id"]).state == "cancelled"
        assert list(salon_problems()) == []


def test_confirming_a_hold_makes_it_somebodys_visit(desk: Desk) -> None:
    start = desk.first_start(CUT, TINT)
    held = hold(desk, start, CUT, TINT).json()

    visit = confirm(desk, held, expected_total=held["total"])

    assert visit.status_code == 200, visit.content
    assert visit.json()["state"] == "confirmed"
    assert visit.json()["client"]["name"] == GUEST["name"]
    assert visit.json()["manage_url"]
    with salon_scope(desk.salon):
        assert release_expired_holds() == 0
        assert not Allocation.objects.exclude(expires_at=None).exists()
        assert list(salon_problems()) == []


def test_confirming_twice_changes_nothing(desk: Desk) -> None:
    held = hold(desk, desk.first_start(CUT), CUT).json()
    first = confirm(desk, held).json()
    assert confirm(desk, held).json() == first


def test_a_hold_that_ran_out_is_not_confirmed(desk: Desk) -> None:
    held = hold(desk, desk.first_start(CUT), CUT).json()
    run_out(desk)
    refusal = confirm(desk, held)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "hold_expired")
    with salon_scope(desk.salon):
        assert release_expired_holds() == 1
    assert confirm(desk, held).json()["code"] == "hold_expired"


def test_another_total_is_not_confirmed(desk: Desk) -> None:
    held = hold(desk, desk.first_start(CUT), CUT).json()
    refusal = confirm(desk, held, expected_total={"amount": 1, "currency": "GBP"}).json()
    assert refusal["code"] == "price_changed"
    assert refusal["total"] == held["total"]


def test_a_hold_needs_a_client_who_can_be_reached(desk: Desk) -> None:
    held = hold(desk, desk.first_start(CUT), CUT).json()
    refusal = confirm(desk, held, client=None)
    assert (refusal.status_code, refusal.json()["code"]) == (422, "contact_invalid")
    with salon_scope(desk.salon):
        assert Appointment.objects.get().state == "held"


def test_a_released_hold_is_free_at_once(desk: Desk) -> None:
    start = desk.first_start(CUT)
    held = hold(desk, start, CUT).json()

    for _twice in range(2):
        gone = desk.post("/booking/holds/release", {"token": held["token"]})
        assert gone.status_code == 204

    assert desk.first_start(CUT) == start
    assert confirm(desk, held).json()["code"] == "hold_expired"


def test_reception_gives_back_what_somebody_holds(desk: Desk, other_desk: Desk) -> None:
    start = desk.first_start(CUT)
    held = hold(desk, start, CUT).json()
    path = f"/booking/appointments/{held['id']}/cancel"
    stranger = desk.post(path)
    elsewhere = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD).post(path)
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)

    gone = reception.post(path, {"version": held["version"]})
    again = reception.post(path)

    assert (stranger.status_code, elsewhere.status_code) == (404, 404)
    assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
    assert (again.status_code, again.json()["code"]) == (409, "not_cancellable")
    assert desk.first_start(CUT) == start
    assert confirm(desk, held).json()["code"] == "hold_expired"
    with salon_scope(desk.salon):
        assert not Allocation.objects.exists()
        assert JournalEntry.objects.get(event="booking.hold_released").data["reason"] == "salon"
        assert list(salon_problems()) == []


def test_a_link_made_for_a_hold_does_not_give_it_back(desk: Desk) -> None:
    """None is ever sent: whoever holds a time has its token. It is nobody's, so with the client
    the link ends."""
    held = hold(desk, desk.first_start(CUT), CUT).json()
    with salon_scope(desk.salon):
        link = {"Manage-Token": manage_token(get_appointment(UUID(held["id"])))}
    path = f"/booking/appointments/{held['id']}"
    for refusal in (desk.post(f"{path}/cancel", **link), desk.get(path, **link)):
        assert (refusal.status_code, refusal.json()["code"]) == (404, "appointment_not_found")
    page = desk.client.get(f"/manage/{link['Manage-Token']}", headers=desk.headers())
    assert page.status_code == 404
    assert confirm(desk, held).status_code == 200
    assert desk.get(path, **link).status_code == 404


def test_what_is_held_may_be_cancelled_as_a_whole_and_nothing_else(desk: Desk) -> None:
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    held = hold(desk, desk.first_start(CUT, TINT), CUT, TINT).json()
    path = f"/booking/appointments/{held['id']}"

    refusal = reception.post(f"{path}/arrive")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "wrong_state")
    assert (refusal.json()["state"], refusal.json()["possible"]) == ("held", ["cancel"])
    line = reception.post(f"{path}/lines/{held['lines'][0]['id']}/cancel")
    assert (line.status_code, line.json()["code"]) == (409, "wrong_state")
    assert (line.json()["state"], line.json()["possible"]) == ("held", [])

    assert reception.post(f"{path}/cancel").json()["state"] == "cancelled"


def somebody_twice(desk: Desk) -> tuple[Desk, dict[str, Any], dict[str, Any]]:
    """Reception, a client's visit, and what is held beside it with a colleague."""
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    hire(desk.salon, "Beth")
    start = desk.first_start(CUT)
    visit = reception.book(start, CUT).json()
    return reception, visit, hold(reception, start, CUT).json()


def test_a_client_who_is_elsewhere_then_is_refused_unless_that_is_meant(desk: Desk) -> None:
    reception, visit, held = somebody_twice(desk)
    client = {"id": visit["client"]["id"]}
    meant = {"codes": ["slot_taken"], "reason": "mother_and_child"}

    refusal = confirm(reception, held, client=client)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    confirmed = confirm(reception, held, client=client, override=meant)

    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    other = reception.get(f"/booking/appointments/{visit['id']}").json()
    assert (other["state"], other["version"]) == ("confirmed", 2)
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []
        entry = JournalEntry.objects.get(event="booking.appointment_confirmed")
        assert (entry.data["overrides"], entry.data["reason"]) == (
            ["slot_taken"],
            "mother_and_child",
        )
    third = reception.book(visit["starts_at"], CUT, client=client)
    assert (third.status_code, third.json()["code"]) == (409, "slot_taken")
    for pk in (visit["id"], held["id"]):
        assert reception.post(f"/booking/appointments/{pk}/cancel").status_code == 200
    with salon_scope(desk.salon):
        assert not Allocation.objects.exists()
        assert list(salon_problems()) == []


def test_only_who_may_overbook_confirms_over_a_client_s_other_visit(desk: Desk) -> None:
    _reception, _visit, held = somebody_twice(desk)
    meant = {"codes": ["slot_taken"], "reason": "regular"}
    refusal = confirm(desk, held, override=meant)
    assert refusal.status_code in {401, 403}
    assert confirm(desk, held).status_code == 200


def test_a_hold_may_move_onto_itself(desk: Desk) -> None:
    start = desk.first_start(CUT)
    held = hold(desk, start, CUT).json()

    second = hold(desk, start, CUT, TINT, replaces=held["token"])

    assert second.status_code == 201, second.content
    with salon_scope(desk.salon):
        states = dict(Appointment.objects.values_list("state", "pk"))
        assert states.keys() == {"held", "cancelled"}
        assert str(states["held"]) == second.json()["id"]


@pytest.mark.parametrize("token", ["nonsense", "0" * 32 + ".abc"])
def test_what_holds_nothing_is_not_found(desk: Desk, token: str) -> None:
    refusal = desk.post("/booking/holds/release", {"token": token})
    assert (refusal.status_code, refusal.json()["code"]) == (404, "hold_not_found")


def test_a_token_of_another_salon_holds_nothing_here(desk: Desk, other_desk: Desk) -> None:
    theirs = hold(desk, desk.first_start(CUT), CUT).json()
    refusal = other_desk.post("/booking/holds/release", {"token": theirs["token"]})
    assert refusal.status_code == 404
    assert confirm(other_desk, theirs).status_code == 404


def test_one_network_keeps_a_few_times_only(desk: Desk, settings: LazySettings) -> None:
    settings.HOLDS_PER_NETWORK, settings.HOLDS_SHARE = 2, 100
    days = {start["starts_at"][:10]: start["starts_at"] for start in desk.starts(CUT)}
    starts = list(days.values())
    assert [hold(desk, start, CUT).status_code for start in starts[:2]] == [201, 201]

    refusal = hold(desk, starts[2], CUT)

    assert (refusal.status_code, refusal.json()["code"]) == (409, "too_many_holds")
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    assert hold(reception, starts[2], CUT).status_code == 201


def test_strangers_together_keep_a_share_of_a_day_only(desk: Desk, settings: LazySettings) -> None:
    settings.HOLDS_PER_NETWORK, settings.HOLDS_SHARE = 100, 0.2
    codes = []
    for _try in range(4):
        answer = hold(desk, desk.starts(CUT, days=2)[0]["starts_at"], CUT)
        codes.append(answer.json().get("code", "held"))
    assert codes[0] == "held"
    assert codes[-1] == "too_many_holds"


def test_the_same_request_sent_again_is_the_same_hold(desk: Desk) -> None:
    body = {
        "starts_at": desk.first_start(CUT),
        "lines": [{"option_id": desk.option(CUT)["id"]}],
    }
    first, second = (
        desk.post("/booking/holds", body, **{"Idempotency-Key": "once"}).json() for _ in range(2)
    )
    assert first == second


def test_a_salon_that_approves_gets_a_request(desk: Desk) -> None:
    owner = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    assert owner.patch("/booking/rules", {"approve_online": True}).status_code == 200
    held = hold(desk, desk.first_start(CUT), CUT).json()
    assert confirm(desk, held).json()["state"] == "requested"
