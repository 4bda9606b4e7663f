"""Searching with wishes: everything found can be booked, and nothing that was not wanted."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from shared_apps.core import ratelimit
from tenant_apps.booking.policies.crumbs import fit_tidily
from tenant_apps.booking.policies.fitting import Fit
from tenant_apps.booking.selectors import finder
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def asked(desk: Desk, *services: str, days: int = 14, **more: Any) -> dict[str, Any]:
    first = localdate() + timedelta(days=1)
    return {
        "lines": [{"option_id": desk.option(service)["id"]} for service in services],
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=days - 1)).isoformat(),
        **more,
    }


def found(desk: Desk, *services: str, **more: Any) -> list[dict[str, Any]]:
    answer = desk.post("/booking/availability/search", asked(desk, *services, **more))
    assert answer.status_code == 200, answer.content
    return [start for day in answer.json()["days"] for start in day["starts"]]


def test_without_wishes_it_finds_what_is_on_offer(desk: Desk) -> None:
    plain = [{**start, "crumbs": None} for start in desk.starts(CUT, TINT)]
    assert found(desk, CUT, TINT) == plain
    assert plain


def test_weekdays_and_hours_are_the_salons_own(desk: Desk) -> None:
    starts = found(desk, CUT, weekdays=[1, 3], from_time="10:30", until_time="12:00")
    moments = [datetime.fromisoformat(start["starts_at"]) for start in starts]
    assert {moment.weekday() for moment in moments} == {1, 3}
    assert {(moment.hour, moment.minute) for moment in moments} == {
        *((10, 30), (10, 45), (11, 0), (11, 15), (11, 30), (11, 45))
    }


def test_the_first_day_that_has_any(desk: Desk) -> None:
    every, first = found(desk, CUT), found(desk, CUT, first_only=True)
    day = every[0]["starts_at"][:10]
    assert first == [start for start in every if start["starts_at"].startswith(day)]


def test_an_overview_counts_without_listing(desk: Desk) -> None:
    every = found(desk, CUT)
    answer = desk.post("/booking/availability/search", asked(desk, CUT, overview=True)).json()[
        "days"
    ]
    assert len(answer) == 14
    assert sum(day["count"] for day in answer) == len(every)
    assert {day["first"] for day in answer if day["count"]} <= {s["starts_at"] for s in every}
    assert not any(day["starts"] for day in answer)


def test_a_day_that_was_not_worked_out_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsure(*asked: Any) -> Fit:
        fit = fit_tidily(*asked)
        last = 1 << fit.starts.bit_length() - 1
        return replace(fit, starts=fit.starts ^ last, undecided=last)

    wanted = asked(desk, CUT, days=3)
    whole = desk.post("/booking/availability/search", wanted).json()["days"]
    monkeypatch.setattr(finder, "fit_tidily", unsure)

    days = desk.post("/booking/availability/search", wanted).json()["days"]

    open_days = [place for place, day in enumerate(whole) if day["count"]]
    assert all(day["complete"] for day in whole)
    assert [place for place, day in enumerate(days) if not day["complete"]] == open_days[-1:]


def test_the_tidiest_start_leaves_no_crumbs(desk: Desk) -> None:
    starts = found(desk, CUT, ranked=True, days=3)
    assert starts
    assert all(start["crumbs"] is not None for start in starts)
    assert starts[0]["crumbs"] == 0


def test_a_holder_and_who_moves_see_their_own_time_as_free(desk: Desk) -> None:
    start = desk.first_start(CUT)
    lines = asked(desk, CUT)["lines"]
    held = desk.post("/booking/holds", {"starts_at": start, "lines": lines}).json()
    assert start not in [s["starts_at"] for s in found(desk, CUT)]
    assert start in [s["starts_at"] for s in found(desk, CUT, hold=held["token"])]
    desk.post("/booking/holds/release", {"token": held["token"]})
    visit = desk.book(start, CUT).json()
    token = visit["manage_url"].rpartition("/")[2]
    body = asked(desk, CUT, moving=visit["id"])
    assert desk.post("/booking/availability/search", body).status_code == 404
    answer = desk.post("/booking/availability/search", body, **{"Manage-Token": token}).json()
    assert start in [s["starts_at"] for day in answer["days"] for s in day["starts"]]


def test_somebody_of_a_few_people(reception: Desk) -> None:
    (anna,) = {pk for start in found(reception, CUT) for pk in start["lines"][0]["staff_ids"]}
    line = {"option_id": reception.option(CUT)["id"], "staff_ids": [anna]}
    same = reception.post(
        "/booking/availability/search", {**asked(reception, CUT), "lines": [line]}
    )
    assert same.status_code == 200
    line["staff_ids"] = [reception.option(CUT)["id"]]
    nobody = reception.post(
        "/booking/availability/search", {**asked(reception, CUT), "lines": [line]}
    )
    assert (nobody.status_code, nobody.json()["code"]) == (422, "nobody_does_this")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "2199-01-01"}, "last_day"),
        ({"first_day": "1066-10-14"}, "first_day"),
        ({"weekdays": [7]}, "weekdays.0"),
        ({"lines": []}, "lines"),
        ({"from_time": "noon"}, "from_time"),
    ],
)
def test_nonsense_is_named(desk: Desk, change: dict[str, Any], field: str) -> None:
    refusal = desk.post("/booking/availability/search", asked(desk, CUT) | change)
    assert refusal.status_code == 422
    assert field in refusal.json()["fields"]


def test_a_client_is_for_staff_or_for_themself(desk: Desk, reception: Desk) -> None:
    visit = desk.book(desk.first_start(CUT), CUT, client=GUEST).json()
    body = asked(desk, CUT, client_id=visit["client"]["id"])
    assert desk.post("/booking/availability/search", body).status_code == 403
    assert reception.post("/booking/availability/search", body).status_code == 200


def test_another_salons_options_are_none_here(desk: Desk, other_desk: Desk) -> None:
    theirs = other_desk.get("/catalog/services").json()["items"][0]["options"][0]["id"]
    body = asked(desk, CUT) | {"lines": [{"option_id": theirs}]}
    assert desk.post("/booking/availability/search", body).status_code == 422


@pytest.mark.parametrize(("services", "looks"), [(1, 3), (3, 1)])
@pytest.mark.parametrize("is_search", [True, False])
def test_a_month_counts_as_a_look_for_each_service(
    desk: Desk, settings: Any, services: int, looks: int, is_search: bool
) -> None:
    """The work grows with both, and a stranger chooses."""
    wanted = asked(desk, *[CUT] * services, days=31)
    first, last, lines = (wanted[name] for name in ("first_day", "last_day", "lines"))
    query = {"from": first, "to": last, "line": [line["option_id"] for line in lines]}
    settings.RATE_LIMITS = {"public_read": "3/minute"}
    ratelimit._shared().storage.reset()

    answers = [
        desk.post("/booking/availability/search", wanted)
        if is_search
        else desk.get("/booking/availability", query)
        for _look in range(4)
    ]

    assert [answer.status_code for answer in answers] == [200] * looks + [429] * (4 - looks)
