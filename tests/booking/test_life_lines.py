"""Each service of a visit goes its own way: begun, done, or left out."""

from typing import Any

import pytest

from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.catalog.enums import AddonPlace
from tenant_apps.catalog.models import Option, Service
from tenant_apps.staff.models import Member
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.booking.visits import (
    CUT,
    MENS,
    TINT,
    do,
    hire,
    line_of,
    states,
    taken,
    times,
    told,
    utc,
)
from tests.desk import Desk

pytestmark = pytest.mark.django_db
STEPS = ("confirm", "arrive", "start", "complete", "no-show", "undo")


@pytest.fixture
def two_lines(clock: Clock, reception: Desk) -> dict[str, Any]:
    """A tint from ten, of three phases, then a cut; what is cleaned up is so at the end."""
    booked: dict[str, Any] = reception.book(clock.text(10), TINT, CUT).json()
    return booked


def test_lines_are_started_and_done_one_by_one(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(10)
    assert states(do(reception, two_lines, "start")) == ("in_service", "in_service", "arrived")
    clock.move(11, 20)
    done = do(reception, two_lines, "complete", line_of(two_lines, 0))
    assert states(done) == ("in_service", "completed", "arrived")
    begun = do(reception, two_lines, "start")
    assert states(begun) == ("in_service", "completed", "in_service")
    again = do(reception, two_lines, "complete", line_of(two_lines, 0))
    assert states(again) == ("in_service", "completed", "in_service")
    done = do(reception, two_lines, "complete", line_of(two_lines, 1))
    assert states(done) == ("completed", "completed", "completed")

    assert told(salon) == [
        "appointment_booked",
        "appointment_started",
        "appointment_completed",
        "appointment_started",
        "appointment_completed",
    ]


def test_whoever_starts_while_a_line_is_being_served_says_which_one_is_next(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    """Twice on the same button must not begin the cut while the colour is put on; whoever has
    seen that somebody is being served means the next one."""
    clock.move(10)
    begun = do(reception, two_lines, "start", {"version": 1})

    again = do(reception, two_lines, "start")
    late = do(reception, two_lines, "start", {"version": 1})
    same = do(reception, two_lines, "start", line_of(two_lines, 0))
    before = told(salon)
    following = do(reception, two_lines, "start", {"version": begun.json()["version"]})
    nothing_waits = do(reception, two_lines, "start")

    assert states(begun) == ("in_service", "in_service", "arrived")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert (again.json()["state"], again.json()["lines"]) == (
        "in_service",
        [two_lines["lines"][1]["id"]],
    )
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert states(same) == states(begun)
    assert before == ["appointment_booked", "appointment_started"]
    assert states(following) == ("in_service", "in_service", "in_service")
    assert nothing_waits.json() == following.json()
    assert told(salon) == [*before, "appointment_started"]


def test_a_later_line_may_be_started_first(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    started = clock.move(10)

    answer = do(reception, two_lines, "start", line_of(two_lines, 1))

    assert states(answer) == ("in_service", "arrived", "in_service")
    assert [began for began, _ended in times(two_lines, salon)] == [None] * 3 + [started, None]


def test_a_line_done_early_frees_its_own_time_only(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    with salon_scope(salon):
        cut = Phase.objects.filter(line_id=two_lines["lines"][1]["id"])
        its_own = set(cut.values_list("allocations__id", flat=True))
    clock.move(10)
    do(reception, two_lines, "start")
    moment = clock.move(10, 10)
    do(reception, two_lines, "complete", line_of(two_lines, 0))

    with salon_scope(salon):
        left = Allocation.objects.filter(during__endswith__gt=moment)
        assert set(left.values_list("id", flat=True)) == its_own
    assert told(salon)[-1] == "appointment_completed"


def test_a_line_of_another_visit_is_unknown(
    clock: Clock, reception: Desk, two_lines: dict[str, Any]
) -> None:
    other = reception.book(clock.text(15), CUT).json()

    answers = [
        do(reception, two_lines, "start", line_of(other, 0)),
        do(reception, two_lines, "complete", line_of(other, 0)),
        do(reception, two_lines, f"lines/{other['lines'][0]['id']}/cancel"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "line_not_found")
    ] * 3


def test_leaving_out_a_line_frees_it_and_nothing_else(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    tint, cut = two_lines["lines"]
    path = f"lines/{tint['id']}/cancel"

    answer = do(reception, two_lines, path, {"reason": "client", "version": 1})
    again = do(reception, two_lines, path, {"version": 1})

    assert states(answer) == ("confirmed", "cancelled", "confirmed")
    assert answer.json() == again.json()
    assert answer.json()["total"] == cut["price"]
    assert answer.json()["starts_at"] == cut["starts_at"]
    assert told(salon) == ["appointment_booked", "line_cancelled"]
    with salon_scope(salon):
        lines = Allocation.objects.values_list("phase__line_id", flat=True)
        assert {str(pk) for pk in lines} == {cut["id"]}
        entry = JournalEntry.objects.get(event="booking.line_cancelled")
        assert entry.data["reason"] == "client"
    assert reception.book(clock.text(10), MENS).status_code == 201


def test_what_a_line_cleaned_up_for_another_is_cleaned_up_behind_that(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    """Tint and cut are had on one chair, which is cleaned once, after the cut."""
    _tint, cut = two_lines["lines"]
    before = taken(salon)
    assert f"{utc(clock, 11, 30)}-{utc(clock, 12, 20)}" in {span for _kind, span in before}

    do(reception, two_lines, f"lines/{cut['id']}/cancel")

    after = taken(salon)
    cleaned = f"{utc(clock, 11, 30)}-{utc(clock, 11, 35)}"
    assert [kind for kind, span in after if span == cleaned] == ["staff", "unit"]
    assert {span for _kind, span in after} - {span for _kind, span in before} == {cleaned}
    assert max(span for _kind, span in after) == cleaned
    assert told(salon)[-1] == "line_cancelled"
    busy = reception.book(clock.text(11, 30), MENS)
    assert busy.json()["code"] == "slot_taken"
    assert reception.book(clock.text(11, 35), MENS).status_code == 201


def test_what_is_cleaned_up_is_what_the_price_list_says_by_now(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    """Also where another process changed it, and this one still has the old one."""
    tint, cut = two_lines["lines"]
    with salon_scope(salon):
        option = Option.objects.get(pk=tint["option_id"])
        cleanup = option.phases[-1]
        assert (cleanup["kind"], cleanup["minutes"]) == ("cleanup", 5)
        cleanup["minutes"] = 3
        option.save(update_fields=["phases"])
        renew()

    assert do(reception, two_lines, f"lines/{cut['id']}/cancel").status_code == 200

    assert max(span for _kind, span in taken(salon)) == f"{utc(clock, 11, 30)}-{utc(clock, 11, 33)}"
    assert told(salon)[-1] == "line_cancelled"


def test_whoever_took_a_line_over_cleans_up_at_their_own_pace(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    """The price stays that of the level it was agreed at."""
    tint, cut = two_lines["lines"]
    with salon_scope(salon):
        line = Line.objects.get(pk=tint["id"])
        agreed = (line.level_at_booking, line.price)
        option = Option.objects.get(pk=line.option_id)
        dearer = {"price": line.price + 1000, "percent": 200}
        option.levels["director"] = option.levels[line.level_at_booking] | dearer
        option.save(update_fields=["levels"])
        Member.objects.filter(pk=line.performer_id).update(level="director")
        renew()

    assert do(reception, two_lines, f"lines/{cut['id']}/cancel").status_code == 200

    assert max(span for _kind, span in taken(salon)) == f"{utc(clock, 11, 30)}-{utc(clock, 11, 40)}"
    with salon_scope(salon):
        line.refresh_from_db()
        assert (line.level_at_booking, line.price) == agreed


def test_a_line_that_needs_no_cleaning_up_is_left_as_it_is(
    clock: Clock, reception: Desk, salon: SalonCard
) -> None:
    visit = reception.book(clock.text(10), "Child’s cut, under 12", CUT).json()

    do(reception, visit, f"lines/{visit['lines'][1]['id']}/cancel")

    assert max(span for _kind, span in taken(salon)).endswith(utc(clock, 10, 25))
    assert told(salon)[-1] == "line_cancelled"


def test_with_its_last_line_a_visit_is_cancelled(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    for line in two_lines["lines"]:
        answer = do(reception, two_lines, f"lines/{line['id']}/cancel", {"reason": "mistake"})

    assert states(answer) == ("cancelled", "cancelled", "cancelled")
    assert answer.json()["total"] == two_lines["total"]
    assert taken(salon) == []
    assert told(salon) == ["appointment_booked", "line_cancelled", "appointment_cancelled"]


def test_a_visit_whose_other_lines_are_done_is_done_without_the_last(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    tint, cut = two_lines["lines"]
    clock.move(10)
    do(reception, two_lines, "start")
    do(reception, two_lines, "complete", line_of(two_lines, 0))

    answer = do(reception, two_lines, f"lines/{cut['id']}/cancel")

    assert states(answer) == ("completed", "completed", "cancelled")
    assert told(salon)[-1] == "line_cancelled"
    refused = do(reception, two_lines, f"lines/{tint['id']}/cancel")
    assert (refused.json()["code"], refused.json()["state"]) == ("wrong_state", "completed")


def test_an_addon_goes_with_its_line_and_comes_back_with_it(
    clock: Clock, reception: Desk, salon: SalonCard
) -> None:
    with salon_scope(salon):
        Service.objects.filter(name=MENS).update(addon_place=AddonPlace.AFTER)
        renew()
    option = {name: reception.option(name)["id"] for name in (CUT, MENS, TINT)}
    asked = [
        {"option_id": option[CUT], "addons": [{"option_id": option[MENS]}]},
        {"option_id": option[TINT]},
    ]
    booked = reception.book(clock.text(10), lines=asked)
    assert booked.status_code == 201, booked.content
    visit = booked.json()
    assert [line["option_id"] for line in visit["lines"]] == list(option.values())
    planned = taken(salon)

    left = do(reception, visit, f"lines/{visit['lines'][0]['id']}/cancel")
    back = do(reception, visit, "undo")

    assert states(left) == ("confirmed", "cancelled", "cancelled", "confirmed")
    assert states(back) == ("confirmed",) * 4
    assert taken(salon) == planned
    assert told(salon)[1:] == ["line_cancelled", "status_undone"]


def test_lines_side_by_side_are_started_together_and_done_one_by_one(
    clock: Clock, reception: Desk, salon: SalonCard
) -> None:
    """Leaving one out takes nothing from the person beside."""
    hire(salon, "Beth")
    asked = [
        {"option_id": reception.option(name)["id"], "parallel_group": 1} for name in (CUT, TINT)
    ]
    booked = reception.book(clock.text(10), lines=asked)
    assert booked.status_code == 201, booked.content
    visit = booked.json()
    clock.move(10)

    left = do(reception, visit, f"lines/{visit['lines'][0]['id']}/cancel")
    with salon_scope(salon):
        lines = set(Allocation.objects.values_list("phase__line_id", flat=True))
    back = do(reception, visit, "undo")
    started = do(reception, visit, "start")
    done = do(reception, visit, "complete", line_of(visit, 0))

    assert states(left) == ("confirmed", "cancelled", "confirmed")
    assert {str(pk) for pk in lines} == {visit["lines"][1]["id"]}
    assert states(back) == ("confirmed", "confirmed", "confirmed")
    assert states(started) == ("in_service", "in_service", "in_service")
    assert states(done) == ("in_service", "completed", "in_service")
    assert told(salon)[-1] == "appointment_completed"
