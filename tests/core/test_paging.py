"""Lists are read a page at a time."""

from typing import Any

import pytest

from tests.desk import Desk


def names(body: dict[str, Any]) -> list[str]:
    return [item["name"] for item in body["items"]]


def test_following_the_cursor_reads_every_service_once(desk: Desk) -> None:
    everything = names(desk.get("/catalog/services").json())
    found: list[list[str]] = []
    cursor: Any = ""
    while cursor is not None:
        page = desk.get("/catalog/services", {"limit": 3, "cursor": cursor}).json()
        found.append(names(page))
        cursor = page["next_cursor"]

    assert found == [everything[:3], everything[3:6], everything[6:]]
    assert len(everything) == 7


def test_the_last_page_has_no_cursor_even_when_it_is_full(desk: Desk) -> None:
    assert desk.get("/catalog/services", {"limit": 7}).json()["next_cursor"] is None
    assert desk.get("/catalog/services", {"limit": 6}).json()["next_cursor"] is not None


@pytest.mark.parametrize(
    "cursor", ["nonsense", "%%%", "MTA", "YWJj", "LTU=", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk=", "é"]
)
def test_a_cursor_that_is_not_ours_is_refused(desk: Desk, cursor: str) -> None:
    response = desk.get("/catalog/services", {"cursor": cursor})

    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["cursor"]


@pytest.mark.parametrize("limit", [0, -1, 201, "many"])
def test_a_page_has_between_one_and_two_hundred_items(desk: Desk, limit: object) -> None:
    response = desk.get("/catalog/services", {"limit": limit})

    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["limit"]
