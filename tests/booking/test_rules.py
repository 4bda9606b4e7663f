"""How the salon sells its time online is for its management to say."""

from datetime import datetime

import pytest

from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"


@pytest.fixture
def owner(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def minutes(desk: Desk) -> set[int]:
    return {datetime.fromisoformat(start["starts_at"]).minute for start in desk.starts(CUT)}


def test_another_grid_holds_from_the_next_request_on(owner: Desk, desk: Desk) -> None:
    assert minutes(desk) == {0, 15, 30, 45}

    changed = owner.patch("/booking/rules", {"grid_minutes": 30})

    assert changed.status_code == 200, changed.content
    assert changed.json() == owner.get("/booking/rules").json()
    assert changed.json()["notice_minutes"] == 60
    assert minutes(desk) == {0, 30}


def test_an_older_version_is_refused(owner: Desk) -> None:
    version = owner.get("/booking/rules").json()["version"]
    assert owner.patch("/booking/rules", {"hold_minutes": 5, "version": version}).status_code == 200
    stale = owner.patch("/booking/rules", {"hold_minutes": 6, "version": version})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")


@pytest.mark.parametrize(
    ("name", "value"),
    [("grid_minutes", 7), ("hold_minutes", 0), ("horizon_days", 5000), ("notice_minutes", -1)],
)
def test_nonsense_is_named(owner: Desk, name: str, value: int) -> None:
    refusal = owner.patch("/booking/rules", {name: value})
    assert refusal.status_code == 422
    assert list(refusal.json()["fields"]) == [name]


def test_rules_are_one_salons_own(owner: Desk, other_desk: Desk) -> None:
    before = other_desk.starts(other_desk.get("/catalog/services").json()["items"][0]["name"])
    owner.patch("/booking/rules", {"horizon_days": 1})
    after = other_desk.starts(other_desk.get("/catalog/services").json()["items"][0]["name"])
    assert after == before


def test_strangers_change_no_rules(desk: Desk) -> None:
    assert desk.patch("/booking/rules", {"grid_minutes": 5}).status_code == 401
