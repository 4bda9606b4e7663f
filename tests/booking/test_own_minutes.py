"""How long a service takes this once, or with one client; and the chair that somebody chose."""

from typing import Any
from uuid import UUID

import pytest

from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Channel, system
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.core.signing import sign_text
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.models import Allocation, ClientTiming, Line, Phase
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.catalog.models import Option, Unit
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.services.price_list import change_service
from tenant_apps.catalog.types import LevelTerms, NewOption, PhaseTerms
from tenant_apps.clients.models import Client
from tenant_apps.clients.proofs import PURPOSE
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.booking.visits import CUT, TINT, staff_of, told
from tests.desk import GUEST, Desk

pytestmark = pytest.mark.django_db


def plan(salon: SalonCard, visit: dict[str, Any]) -> list[tuple[int, str, str, int]]:
    with salon_scope(salon):
        phases = Phase.objects.filter(line__appointment_id=visit["id"]).select_related("line")
        return [
            (each.line.position, each.kind, f"{each.starts_at:%H:%M}", each.minutes)
            for each in phases.order_by("line__position", "position")
        ]


def lengths(salon: SalonCard, visit: dict[str, Any]) -> list[int]:
    return [row[3] for row in plan(salon, visit)]


def phases_of(desk: Desk, service: str) -> list[int]:
    with salon_scope(desk.salon):
        option = Option.objects.get(pk=desk.option(service)["id"])
        return [phase["minutes"] for phase in option.phases]


def card(desk: Desk, starts_at: str) -> str:
    """Of somebody whom reception knows."""
    contact = {"name": "Olga Thick", "email": "olga@example.com"}
    visit = desk.book(starts_at, CUT, client=contact).json()
    return str(visit["client"]["id"])


def line(desk: Desk, service: str, **more: Any) -> dict[str, Any]:
    return {"option_id": desk.option(service)["id"], **more}


def test_a_tint_takes_as_long_as_reception_says(reception: Desk, clock: Clock) -> None:
    usual = phases_of(reception, TINT)
    own = [usual[0] + 10, *usual[1:]]

    answer = reception.book(clock.text(10), lines=[line(reception, TINT, own_minutes=own)])

    assert answer.status_code == 201, answer.content
    assert lengths(reception.salon, answer.json()) == own
    with salon_scope(reception.salon):
        assert Line.objects.get().own_minutes == own
    assert told(reception.salon) == ["appointment_booked"]


def test_what_takes_longer_does_not_fit_before_the_next(
    reception: Desk, clock: Clock, anna: str
) -> None:
    usual = phases_of(reception, TINT)
    assert reception.book(clock.text(11, 45), CUT).status_code == 201
    longer = line(reception, TINT, own_minutes=[*usual[:-2], usual[-2] + 60, usual[-1]])
    refusal = reception.book(clock.text(10), lines=[longer])
    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert reception.book(clock.text(10), TINT).status_code == 201


def test_own_minutes_are_kept_when_the_visit_is_moved(reception: Desk, clock: Clock) -> None:
    own = [phases_of(reception, CUT)[0] + 20, *phases_of(reception, CUT)[1:]]
    visit = reception.book(clock.text(10), lines=[line(reception, CUT, own_minutes=own)]).json()
    before = lengths(reception.salon, visit)

    path = f"/booking/appointments/{visit['id']}/reschedule"
    assert reception.post(path, {"starts_at": clock.text(14)}).status_code == 200

    assert lengths(reception.salon, visit) == before
    assert before[0] == own[0]
    assert told(reception.salon)[-1] == "appointment_moved"


@pytest.mark.parametrize(
    "wrong",
    [[30], [30] * 9, [0, 0, 0, 0], [-1, 35, 20, 5], [601, 35, 20, 5], [0, 35, 20, 5]],
    ids=["too few", "too many", "nothing left", "negative", "too long", "begins with waiting"],
)
def test_minutes_that_make_no_sense_are_refused_by_their_place(
    reception: Desk, clock: Clock, wrong: list[int]
) -> None:
    assert len(phases_of(reception, TINT)) == 4
    lines = [line(reception, CUT), line(reception, TINT, own_minutes=wrong)]
    refusal = reception.book(clock.text(10), lines=lines)
    assert refusal.status_code == 422
    (field,) = refusal.json()["fields"]
    assert field.startswith("lines.1.own_minutes")
    with salon_scope(reception.salon):
        assert not Line.objects.exists()


def test_a_guest_may_not_say_how_long_it_takes_or_where(desk: Desk, clock: Clock) -> None:
    with salon_scope(desk.salon):
        unit = Unit.objects.all()[0].pk
    for said in ({"own_minutes": [5, 5, 5]}, {"unit_ids": [str(unit)]}):
        refusal = desk.book(clock.text(10), lines=[line(desk, CUT, **said)])
        assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
        body = {
            "lines": [line(desk, CUT, **said)],
            "first_day": f"{clock.day}",
            "last_day": f"{clock.day}",
        }
        assert desk.post("/booking/availability/search", body).status_code == 403
        hold = {"starts_at": clock.text(10), "lines": [line(desk, CUT, **said)]}
        assert desk.post("/booking/holds", hold).status_code == 403


def put(desk: Desk, client_id: str, *timings: tuple[str, list[int]], **more: Any) -> Any:
    body = {
        "timings": [
            {"option_id": desk.option(service)["id"], "minutes": minutes}
            for service, minutes in timings
        ],
        **more,
    }
    return desk.put(f"/booking/clients/{client_id}/timings", body)


def slow(desk: Desk, service: str = CUT, by: int = 25) -> list[int]:
    first, *rest = phases_of(desk, service)
    return [first + by, *rest]


def test_a_clients_timing_counts_wherever_they_are_known(reception: Desk, clock: Clock) -> None:
    olga = card(reception, clock.text(9))
    assert put(reception, olga, (CUT, slow(reception))).status_code == 200

    visit = reception.book(clock.text(11), CUT, client={"id": olga}).json()
    other = reception.book(clock.text(14), CUT).json()

    assert lengths(reception.salon, visit)[0] == slow(reception)[0]
    assert lengths(reception.salon, other)[0] == phases_of(reception, CUT)[0]
    with salon_scope(reception.salon):
        entry = JournalEntry.objects.get(stream="client_timings")
    assert (str(entry.stream_id), entry.event) == (olga, "booking.client_timings_changed")
    told(reception.salon)


def test_what_a_line_says_itself_goes_before_the_clients_timing(
    reception: Desk, clock: Clock
) -> None:
    olga = card(reception, clock.text(9))
    put(reception, olga, (CUT, slow(reception)))
    own = [40, *phases_of(reception, CUT)[1:]]
    lines = [line(reception, CUT, own_minutes=own)]
    visit = reception.book(clock.text(11), lines=lines, client={"id": olga}).json()
    assert lengths(reception.salon, visit)[0] == 40


def test_what_is_found_for_a_client_is_what_can_be_booked(
    reception: Desk, clock: Clock, anna: str
) -> None:
    olga = card(reception, clock.text(9))
    put(reception, olga, (CUT, slow(reception, by=200)))
    body = {
        "lines": [line(reception, CUT)],
        "first_day": f"{clock.day}",
        "last_day": f"{clock.day}",
    }

    def found(**more: Any) -> list[str]:
        answer = reception.post("/booking/availability/search", body | more).json()
        return [start["starts_at"] for start in answer["days"][0]["starts"]]

    offered, usual = found(client_id=olga), found()
    assert set(offered) < set(usual)
    gone = next(start for start in usual if start not in offered)
    refusal = reception.book(gone, CUT, client={"id": olga})
    assert refusal.json()["code"] in {"slot_taken", "not_offered"}
    explained = {"starts_at": gone, "lines": body["lines"], "client_id": olga}
    answer = reception.post("/booking/availability/explain", explained).json()
    assert answer["is_offered"] is False
    assert reception.book(offered[-1], CUT, client={"id": olga}).status_code == 201


def test_a_walk_in_who_is_known_takes_their_own_time(reception: Desk, clock: Clock) -> None:
    olga = card(reception, clock.text(17))
    put(reception, olga, (CUT, slow(reception)))
    clock.move(10)
    body = {"lines": [line(reception, CUT)]}
    wait = reception.post("/booking/walk-ins/wait", {**body, "client_id": olga}).json()
    visit = reception.post("/booking/walk-ins", {**body, "client": {"id": olga}}).json()
    assert visit["starts_at"] == wait["starts_at"]
    assert lengths(reception.salon, visit)[0] == slow(reception)[0]


def test_a_visit_is_searched_for_as_long_as_it_was_booked(reception: Desk, clock: Clock) -> None:
    own = [phases_of(reception, CUT)[0] + 200, *phases_of(reception, CUT)[1:]]
    visit = reception.book(clock.text(10), lines=[line(reception, CUT, own_minutes=own)]).json()
    body = {
        "lines": [line(reception, CUT)],
        "first_day": f"{clock.day}",
        "last_day": f"{clock.day}",
        "moving": visit["id"],
    }
    days = reception.post("/booking/availability/search", body).json()["days"]
    last = days[0]["starts"][-1]["starts_at"]
    path = f"/booking/appointments/{visit['id']}/reschedule"
    assert reception.post(path, {"starts_at": last}).status_code == 200


def test_timings_are_read_replaced_and_refused_by_their_place(
    reception: Desk, clock: Clock, other_salon: SalonCard
) -> None:
    olga = card(reception, clock.text(9))
    path = f"/booking/clients/{olga}/timings"
    assert reception.get(path).json() == {"client_id": olga, "version": 0, "timings": []}
    put(reception, olga, (CUT, slow(reception)), (TINT, slow(reception, TINT)))
    found = put(reception, olga, (CUT, slow(reception)), version=1).json()
    assert found["version"] == 2
    assert found["timings"] == [
        {"option_id": reception.option(CUT)["id"], "minutes": slow(reception), "fits": True}
    ]
    assert put(reception, olga, version=1).json()["code"] == "stale"
    refusal = put(reception, olga, (CUT, slow(reception)), (CUT, slow(reception)), (TINT, [1]))
    assert set(refusal.json()["fields"]) == {"timings.1.option_id", "timings.2.minutes"}
    nobody = put(reception, "018f0000-0000-7000-8000-000000000000", (CUT, slow(reception)))
    assert (nobody.status_code, nobody.json()["code"]) == (404, "client_not_found")
    with salon_scope(other_salon):
        assert not ClientTiming.objects.exists()


def test_who_serves_may_change_timings_and_who_learns_may_see_them(
    reception: Desk, clock: Clock
) -> None:
    olga = card(reception, clock.text(9))
    stylist = staff_of(reception, reception.salon, Role.STYLIST)
    trainee = staff_of(reception, reception.salon, Role.TRAINEE)
    assert put(stylist, olga, (CUT, slow(reception))).status_code == 200
    assert put(trainee, olga).status_code == 403
    assert trainee.get(f"/booking/clients/{olga}/timings").status_code == 200
    assert Desk(reception.salon).get(f"/booking/clients/{olga}/timings").status_code == 401


def test_a_timing_for_other_phases_counts_for_nothing_and_says_so(
    reception: Desk, clock: Clock
) -> None:
    olga = card(reception, clock.text(9))
    put(reception, olga, (CUT, slow(reception)))
    editor = system(Channel.STAFF, permissions=frozenset({EDIT_CATALOG}))
    with salon_scope(reception.salon):
        option = Option.objects.get(pk=reception.option(CUT)["id"])
        phase = PhaseTerms(kind=PhaseKind.WORK, minutes=33)
        new = NewOption(
            levels={"stylist": LevelTerms(price=1), "director": LevelTerms(price=1)},
            phases=(phase,),
            option_id=option.pk,
        )
        change_service(
            service_id=option.service_id,
            options=[new],
            version=option.service.version,
            actor=editor,
        )
        renew()
    (shown,) = reception.get(f"/booking/clients/{olga}/timings").json()["timings"]
    assert shown["fits"] is False
    visit = reception.book(clock.text(11), CUT, client={"id": olga}).json()
    assert lengths(reception.salon, visit) == [33]


def test_cards_that_are_one_by_now_share_their_timings(reception: Desk, clock: Clock) -> None:
    olga = card(reception, clock.text(9))
    put(reception, olga, (CUT, slow(reception)))
    with salon_scope(reception.salon):
        kept = Client.objects.create(name="Olga T.", email="olga@example.org", is_confirmed=True)
        Client.objects.filter(pk=olga).update(merged_into=kept)
    for known_as in (olga, str(kept.pk)):
        shown = reception.get(f"/booking/clients/{known_as}/timings").json()
        assert (shown["client_id"], len(shown["timings"])) == (str(kept.pk), 1)


def chairs(desk: Desk, visit: dict[str, Any]) -> set[str]:
    with salon_scope(desk.salon):
        found = Allocation.objects.filter(phase__line__appointment_id=visit["id"])
        return {str(pk) for pk in found.values_list("unit_id", flat=True) if pk}


def units(desk: Desk, kind: str) -> list[str]:
    with salon_scope(desk.salon):
        return [str(pk) for pk in Unit.objects.filter(kind=kind).values_list("id", flat=True)]


def kind_needed(desk: Desk, service: str) -> str:
    with salon_scope(desk.salon):
        option = Option.objects.get(pk=desk.option(service)["id"])
        return str(option.kinds[0])


def test_each_chair_can_be_chosen_by_hand(reception: Desk, clock: Clock) -> None:
    of_kind = units(reception, kind_needed(reception, CUT))
    assert len(of_kind) > 1
    for place, chair in enumerate(of_kind):
        lines = [line(reception, CUT, unit_ids=[chair])]
        visit = reception.book(clock.text(9 + 2 * place), lines=lines).json()
        assert chairs(reception, visit) & set(of_kind) == {chair}
    told(reception.salon)


def test_the_chosen_chair_has_to_be_free(reception: Desk, clock: Clock, beth: str) -> None:
    chair = units(reception, kind_needed(reception, CUT))[0]
    lines = [line(reception, CUT, unit_ids=[chair])]
    assert reception.book(clock.text(10), lines=lines).status_code == 201
    refusal = reception.book(clock.text(10), lines=lines)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert reception.book(clock.text(10), CUT).status_code == 201


def test_a_unit_that_the_line_does_not_need_is_refused(
    reception: Desk, clock: Clock, other_salon: SalonCard
) -> None:
    needed = kind_needed(reception, CUT)
    with salon_scope(reception.salon):
        Unit.objects.create(name="Sunbed", kind="sunbed", position=99)
        renew()
    with salon_scope(other_salon):
        theirs = str(Unit.objects.filter(kind=needed)[0].pk)
    for wrong in (units(reception, "sunbed")[0], theirs):
        lines = [line(reception, TINT), line(reception, CUT, unit_ids=[wrong])]
        refusal = reception.book(clock.text(10), lines=lines)
        assert refusal.status_code == 422, refusal.content
        assert list(refusal.json()["fields"]) == ["lines.1.unit_ids"]


def test_a_proven_guest_takes_their_own_time(reception: Desk, clock: Clock) -> None:
    """The e-mail address of the card is proven, so the card's timing counts."""
    olga = card(reception, clock.text(9))
    put(reception, olga, (CUT, slow(reception)))
    with salon_scope(reception.salon):
        Client.objects.filter(pk=olga).update(is_confirmed=True)
        proof = sign_text("olga@example.com", purpose=PURPOSE)
    contact = {"name": "Olga Thick", "email": "olga@example.com", "proof": proof}
    guest = Desk(reception.salon)
    visit = guest.book(clock.text(11), CUT, client=contact).json()
    other = guest.book(clock.text(14), CUT, client={**GUEST}).json()
    assert lengths(reception.salon, visit)[0] == slow(reception)[0]
    assert lengths(reception.salon, other)[0] == phases_of(reception, CUT)[0]
    with salon_scope(reception.salon):
        assert Line.objects.get(appointment_id=UUID(visit["id"])).own_minutes == slow(reception)


def test_a_proven_guest_is_offered_what_they_can_book(reception: Desk, clock: Clock) -> None:
    olga = card(reception, clock.text(9))
    put(reception, olga, (CUT, slow(reception, by=200)))
    with salon_scope(reception.salon):
        Client.objects.filter(pk=olga).update(is_confirmed=True)
        proof = sign_text("olga@example.com", purpose=PURPOSE)
    guest, contact = Desk(reception.salon), {"name": "Olga Thick", "email": "olga@example.com"}
    body: dict[str, Any] = {
        "lines": [line(reception, CUT)],
        "first_day": f"{clock.day}",
        "last_day": f"{clock.day}",
    }

    def offered(**client: str) -> list[str]:
        answer = guest.post("/booking/availability/search", {**body, "client": client})
        assert answer.status_code == 200, answer.content
        return [start["starts_at"] for start in answer.json()["days"][0]["starts"]]

    unproven, proven = offered(**contact), offered(**contact, proof=proof)
    assert set(proven) < set(unproven)
    gone = next(start for start in reversed(unproven) if start not in proven)
    proven_contact = {**contact, "proof": proof}
    assert guest.book(gone, CUT, client=proven_contact).status_code == 409
    assert guest.book(proven[-1], CUT, client=proven_contact).status_code == 201
    by_id = {**body, "client": {"id": olga}}
    assert guest.post("/booking/availability/search", by_id).status_code == 403
    forged = {**body, "client": {**contact, "proof": "forged"}}
    assert guest.post("/booking/availability/search", forged).status_code == 422
