"""Writing services into the price list, and every way to get one wrong."""

from typing import Any
from uuid import uuid4

import pytest

from shared_apps.core.scope import salon_scope
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.selectors import option_terms
from tests.catalog.editor import (
    CUT,
    history,
    listed,
    made,
    new_category,
    new_service,
    refused,
    send,
)
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
FIRST = "00000000-0000-7000-8000-000000000000"
COLOUR: dict[str, Any] = {
    "name": "long hair",
    "price_kind": "from",
    "tax_category": "goods",
    "phases": [
        {"kind": "work", "minutes": 45, "name": "Apply"},
        {"kind": "processing", "minutes": 35, "gap_only_if_followed": True},
        {"kind": "work", "minutes": 25, "performer": "any_qualified", "merge_key": "dry"},
    ],
    "levels": {
        "junior": {"price": 7000, "percent": 125},
        "senior": {"price": 9000, "phases": [40, 0, 25]},
    },
}
LEVEL = {"stylist": {"price": 4800}}


@pytest.fixture
def owner_desk(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def category(owner_desk: Desk) -> dict[str, Any]:
    return new_category(owner_desk)


def with_gap(senior: list[int]) -> dict[str, Any]:
    return COLOUR | {"levels": {"senior": {"price": 9000, "phases": senior}}}


def shown(desk: Desk, name: str) -> dict[str, Any]:
    """As clients see it."""
    return next(item for item in listed(desk, "/services") if item["name"] == name)


def phased(*phases: dict[str, Any]) -> dict[str, Any]:
    return {"levels": LEVEL, "phases": list(phases)}


def test_a_service_reads_as_it_was_written(owner_desk: Desk, category: dict[str, Any]) -> None:
    with_options = COLOUR | {"levels": {**COLOUR["levels"], **LEVEL}}
    base = new_service(owner_desk, category_id=category["id"], name="Base")
    said = {
        "category_id": category["id"],
        "description": "Only that",
        "is_online": False,
        "new_clients": "only_known",
        "weekdays": [4, 1],
        "from_minute": 540,
        "until_minute": 720,
        "notice_minutes": 1440,
        "horizon_days": 60,
        "sequence": 10,
        "addon_place": "during",
        "addon_of": [base["id"]],
        "sold_alone": False,
    }

    found = new_service(owner_desk, CUT, with_options, name="  Treatment ", **said)

    assert owner_desk.get(f"/catalog/services/{found['id']}").json() == found
    cut, colour = found.pop("options")
    assert found == said | {
        "id": found["id"],
        "version": 1,
        "name": "Treatment",
        "weekdays": [1, 4],
        "custom": {},
        "archived": False,
    }
    assert (cut["currency"], cut["price_kind"], cut["tax_category"]) == ("GBP", "fixed", "service")
    assert cut["phases"][1] == {
        "kind": "cleanup",
        "minutes": 5,
        "name": "",
        "performer": "lead",
        "client": False,
        "merge_key": "",
        "needs": [{"any_of": ["chair"], "quantity": 1, "keep": "line"}],
        "gap_only_if_followed": False,
    }
    assert colour == {
        "id": colour["id"],
        "name": "long hair",
        "price_kind": "from",
        "tax_category": "goods",
        "currency": "GBP",
        "parts": [],
        "levels": {
            "junior": {"price": 7000, "percent": 125, "phases": None},
            "senior": {"price": 9000, "percent": 100, "phases": [40, 0, 25]},
            "stylist": {"price": 4800, "percent": 100, "phases": None},
        },
        "phases": [
            {"needs": [], "gap_only_if_followed": False, **step, **usual}
            for step, usual in zip(
                COLOUR["phases"],
                [
                    {"performer": "lead", "client": True, "merge_key": ""},
                    {"name": "", "performer": "none", "client": True, "merge_key": ""},
                    {"name": "", "client": True},
                ],
                strict=True,
            )
        ],
    }


def test_what_is_written_is_what_is_sold(owner_desk: Desk) -> None:
    found = new_service(owner_desk, CUT, sequence=20, weekdays=[1], notice_minutes=0)

    with salon_scope(owner_desk.salon):
        (terms,) = option_terms([found["options"][0]["id"]]).values()

    assert (terms.service_name, terms.sequence) == ("Fringe", 20)
    assert terms.weekdays == frozenset({1})
    assert (terms.notice_minutes, terms.horizon_days, terms.until_minute) == (0, None, None)
    assert str(terms.service_id) == found["id"]
    assert str(terms.category_id) == found["category_id"]


WRONG_OPTIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no phases": (phased(), ["phases"]),
    "begins with a gap": (
        phased({"kind": "processing", "minutes": 5}, {"kind": "work", "minutes": 5}),
        ["phases.0.kind"],
    ),
    "begins without the client": (
        phased({"kind": "work", "minutes": 5, "client": False}),
        ["phases.0.client"],
    ),
    "ends with a gap": (
        phased({"kind": "work", "minutes": 5}, {"kind": "processing", "minutes": 5}),
        ["phases.1.kind"],
    ),
    "no minutes": (phased({"kind": "work", "minutes": 0}), ["phases.0.minutes"]),
    "longer than a day": (
        phased({"kind": "work", "minutes": 1440}, {"kind": "work", "minutes": 1}),
        ["phases"],
    ),
    "work by nobody": (
        phased({"kind": "work", "minutes": 5}, {"kind": "work", "minutes": 5, "performer": "none"}),
        ["phases.1.performer"],
    ),
    "nobody leads": (
        phased({"kind": "work", "minutes": 5, "performer": "any_qualified"}),
        ["phases"],
    ),
    "cleanup with the client": (
        phased({"kind": "work", "minutes": 5}, {"kind": "cleanup", "minutes": 5, "client": True}),
        ["phases.1.client"],
    ),
    "a gap that is work": (
        phased({"kind": "work", "minutes": 5, "gap_only_if_followed": True}),
        ["phases.0.gap_only_if_followed"],
    ),
    "one finish twice": (
        phased(
            {"kind": "work", "minutes": 5, "merge_key": "dry"},
            {"kind": "work", "minutes": 5, "merge_key": "dry"},
        ),
        ["phases.1.merge_key"],
    ),
    "a kind that is not here": (
        phased({"kind": "work", "minutes": 5, "needs": [{"any_of": ["chair", "throne"]}]}),
        ["phases.0.needs.0.any_of"],
    ),
    "a need for nothing": (
        phased({"kind": "work", "minutes": 5, "needs": [{"any_of": []}]}),
        ["phases.0.needs"],
    ),
    "no price": (CUT | {"levels": {}}, ["levels"]),
    "a level that is not here": (
        CUT | {"levels": {**LEVEL, "king": {"price": 1}}},
        ["levels.king"],
    ),
    "a pace of nothing": (
        CUT | {"levels": {"stylist": {"price": 1, "percent": 0}}},
        ["levels.stylist.percent"],
    ),
    "too few own minutes": (with_gap([40, 35]), ["levels.senior.phases"]),
    "nothing but a gap": (with_gap([0, 35, 0]), ["levels.senior.phases"]),
    "another service’s option": (CUT | {"id": FIRST}, ["id"]),
    "one part": (
        {"parts": [{"option_id": FIRST}], "levels": {"bundle": {"price": 1}}},
        ["parts", "parts.0.option_id"],
    ),
    "a bundle with phases": (
        CUT | {"parts": [{"option_id": FIRST}] * 2},
        ["levels", "parts.0.option_id", "parts.1.option_id", "phases"],
    ),
}


@pytest.mark.parametrize(("option", "fields"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
def test_each_way_to_get_an_option_wrong_is_named(
    owner_desk: Desk, option: dict[str, Any], fields: list[str]
) -> None:
    category = listed(owner_desk, "/categories")[0]["id"]
    body = {"name": "Fringe", "category_id": category, "options": [CUT, option]}
    with salon_scope(owner_desk.salon):
        before = Service.objects.count()

    answer = owner_desk.post("/catalog/services", body)

    assert refused(answer) == (422, "phases_invalid", [f"options.1.{path}" for path in fields])
    assert all(answer.json()["fields"].values())
    with salon_scope(owner_desk.salon):
        assert Service.objects.count() == before


WRONG_SERVICES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no name": ({"name": "  "}, ["name"]),
    "no such category": ({"category_id": FIRST}, ["category_id"]),
    "no weekday": ({"weekdays": []}, ["weekdays"]),
    "an eighth day": ({"weekdays": [7]}, ["weekdays"]),
    "ends before it begins": ({"from_minute": 600, "until_minute": 600}, ["until_minute"]),
    "added to something, nowhere": ({"addon_of": [FIRST]}, ["addon_of"]),
    "added to nothing we know": ({"addon_place": "after", "addon_of": [FIRST]}, ["addon_of"]),
    "neither alone nor added": ({"sold_alone": False}, ["sold_alone"]),
    "a field of nobody’s": ({"custom": {"brand": "x"}}, ["custom.brand"]),
    "several": (
        {"name": "", "weekdays": [], "sold_alone": False},
        ["name", "sold_alone", "weekdays"],
    ),
    "a shape that is not ours": ({"surprise": 1}, ["surprise"]),
    "a negative notice": ({"notice_minutes": -1}, ["notice_minutes"]),
}


@pytest.mark.parametrize(("said", "fields"), WRONG_SERVICES.values(), ids=WRONG_SERVICES)
def test_each_way_to_get_a_service_wrong_is_named(
    owner_desk: Desk, said: dict[str, Any], fields: list[str]
) -> None:
    category = listed(owner_desk, "/categories")[0]["id"]
    body = {"name": "Fringe", "category_id": category, "options": [CUT], **said}

    assert refused(owner_desk.post("/catalog/services", body)) == (422, "invalid", fields)


def test_everything_wrong_is_named_at_once(owner_desk: Desk) -> None:
    body = {"name": "", "category_id": FIRST, "options": [], "weekdays": []}

    assert refused(owner_desk.post("/catalog/services", body)) == (
        422,
        "phases_invalid",
        ["category_id", "name", "options", "weekdays"],
    )


# Changing


def test_a_change_touches_what_was_sent_and_nothing_else(owner_desk: Desk) -> None:
    before = new_service(owner_desk, CUT, weekdays=[1], description="Old")
    path = f"/services/{before['id']}"

    after = send(owner_desk, "patch", path, {"version": 1, "name": " New ", "weekdays": None})

    assert after.json() == before | {"version": 2, "name": "New", "weekdays": None}
    assert history(owner_desk, before["id"])[1] == (
        2,
        "catalog.service_changed",
        {"fields": ["weekdays", "name"], "archived": False, "options": []},
    )


def test_what_is_the_same_is_no_change(owner_desk: Desk) -> None:
    before = new_service(owner_desk, CUT, weekdays=[1])
    same = {
        "version": 1,
        "name": "Fringe",
        "weekdays": [1, 1],
        "addon_of": [],
        "options": [{**CUT, "id": before["options"][0]["id"]}],
    }

    assert send(owner_desk, "patch", f"/services/{before['id']}", same).json() == before
    assert len(history(owner_desk, before["id"])) == 1


def test_whoever_saw_an_older_version_loads_it_again(owner_desk: Desk) -> None:
    service = new_service(owner_desk)
    path = f"/services/{service['id']}"
    assert send(owner_desk, "patch", path, {"version": 1, "name": "Mine"}).status_code == 200

    for method, suffix in (("patch", ""), ("post", "/archive"), ("post", "/restore")):
        late = send(owner_desk, method, path + suffix, {"version": 1})
        assert refused(late) == (409, "stale", [])
        assert late.json()["version"] == 2
    assert owner_desk.get(f"/catalog{path}").json()["name"] == "Mine"


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"name": None}, ["name"]),
        ({"from_minute": 720}, ["until_minute"]),
        ({"category_id": FIRST}, ["category_id"]),
        ({"addon_place": None}, ["addon_of"]),
        ({"custom": {"brand": 1}}, ["custom.brand"]),
    ],
)
def test_a_change_is_checked_together_with_what_stays(
    owner_desk: Desk, said: dict[str, Any], fields: list[str]
) -> None:
    base = new_service(owner_desk)
    service = new_service(owner_desk, until_minute=700, addon_place="after", addon_of=[base["id"]])
    path = f"/services/{service['id']}"

    answer = send(owner_desk, "patch", path, {"version": 1, **said})

    assert refused(answer) == (422, "invalid", fields)
    assert owner_desk.get(f"/catalog{path}").json() == service


def test_a_service_is_not_added_to_itself(owner_desk: Desk) -> None:
    service = new_service(owner_desk)
    said = {"version": 1, "addon_place": "after", "addon_of": [service["id"]]}

    answer = send(owner_desk, "patch", f"/services/{service['id']}", said)

    assert refused(answer) == (422, "invalid", ["addon_of"])


def test_options_are_replaced_by_those_that_are_sent(owner_desk: Desk) -> None:
    service = new_service(owner_desk, CUT | {"name": "short"}, CUT | {"name": "long"})
    path, (short, long) = f"/services/{service['id']}", service["options"]
    dearer = CUT | {"levels": {"stylist": {"price": 5000}}}
    options = [{**dearer, "id": long["id"], "name": "long"}, {**CUT, "name": "very long"}]

    after = send(owner_desk, "patch", path, {"version": 1, "options": options}).json()

    assert [(option["id"], option["name"]) for option in after["options"]] == [
        (long["id"], "long"),
        (after["options"][1]["id"], "very long"),
    ]
    with salon_scope(owner_desk.salon):
        known = {str(pk): terms.is_archived for pk, terms in option_terms(
            [option["id"] for option in (short, *after["options"])]
        ).items()}  # fmt: skip
    assert known == {
        short["id"]: True,
        long["id"]: False,
        after["options"][1]["id"]: False,
    }
    (_, _, facts) = history(owner_desk, service["id"])[1]
    assert facts["fields"] == ["options"]
    assert facts["options"][0] == {
        "option_id": long["id"],
        "price_kind": "fixed",
        "currency": "GBP",
        "prices": {"stylist": 5000},
        "minutes": [50, 5],
        "parts": [],
    }

    back = {"version": 2, "options": [{**CUT, "id": short["id"]}]}
    assert send(owner_desk, "patch", path, back).json()["options"][0]["id"] == short["id"]


def test_an_option_is_named_once_and_is_the_services_own(
    owner_desk: Desk, other_desk: Desk
) -> None:
    service, another = new_service(owner_desk), new_service(owner_desk)
    path, own = f"/services/{service['id']}", service["options"][0]["id"]
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    foreign = new_service(bruno)["options"][0]["id"]

    for ids, field in (
        ([own, own], "options.1.id"),
        ([another["options"][0]["id"]], "options.0.id"),
        ([foreign], "options.0.id"),
        ([str(uuid4())], "options.0.id"),
    ):
        body = {"version": 1, "options": [{**CUT, "id": pk} for pk in ids]}
        answer = send(owner_desk, "patch", path, body)
        assert refused(answer) == (422, "phases_invalid", [field])


# Bundles


@pytest.fixture
def parts(owner_desk: Desk) -> list[str]:
    return [
        new_service(owner_desk, CUT, name=name)["options"][0]["id"]
        for name in ("Manicure", "Pedicure")
    ]


def bundle(parts: list[str], *groups: int, price: int = 7500) -> dict[str, Any]:
    return {
        "parts": [
            {"option_id": pk, "parallel_group": group}
            for pk, group in zip(parts, groups or (0, 0), strict=True)
        ],
        "levels": {"bundle": {"price": price}},
    }


def test_a_bundle_has_parts_and_one_price_and_no_phases(owner_desk: Desk, parts: list[str]) -> None:
    service = new_service(owner_desk, bundle(parts), name="Both at once")
    (option,) = service["options"]
    with salon_scope(owner_desk.salon):
        (terms,) = option_terms([option["id"]]).values()

    assert option["phases"] == []
    assert option["parts"] == [{"option_id": pk, "parallel_group": 0} for pk in parts]
    assert (terms.is_bundle, terms.phases, terms.bundle_price) == (True, (), 7500)
    shown = next(
        found for found in listed(owner_desk, "/services") if found["name"] == "Both at once"
    )
    assert shown["options"] == [
        {
            "id": option["id"],
            "name": "",
            "minutes": 50,
            "price": {"amount": 7500, "currency": "GBP"},
            "price_kind": "fixed",
            "phases": [],
            "parts": option["parts"],
        }
    ]


def test_a_bundle_of_one_after_the_other_takes_as_long_as_both(
    owner_desk: Desk, parts: list[str]
) -> None:
    new_service(owner_desk, bundle(parts, 0, 1), name="In turn")

    assert shown(owner_desk, "In turn")["options"][0]["minutes"] == 100


def test_a_bundles_parts_exist_are_sold_and_are_no_bundles(
    owner_desk: Desk, parts: list[str], other_desk: Desk
) -> None:
    nested = new_service(owner_desk, bundle(parts), name="Both")["options"][0]["id"]
    gone = new_service(owner_desk, CUT, name="Gone")
    send(owner_desk, "post", f"/services/{gone['id']}/archive", {"version": 1})
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    foreign = new_service(bruno)["options"][0]["id"]
    category = listed(owner_desk, "/categories")[0]["id"]

    for wrong in (nested, gone["options"][0]["id"], foreign, str(uuid4())):
        body = {"name": "x", "category_id": category, "options": [bundle([parts[0], wrong])]}
        answer = owner_desk.post("/catalog/services", body)
        assert refused(answer) == (422, "phases_invalid", ["options.0.parts.1.option_id"])


def test_what_is_part_of_a_bundle_stays_as_long_as_the_bundle(
    owner_desk: Desk, parts: list[str]
) -> None:
    both = new_service(owner_desk, bundle(parts), name="Both")
    with salon_scope(owner_desk.salon):
        service_id = str(Option.objects.get(pk=parts[0]).service_id)
    path = f"/services/{service_id}"
    other = new_service(owner_desk, CUT)["options"][0]["id"]
    becoming = [{**bundle([parts[1], other]), "id": parts[0]}]

    assert refused(send(owner_desk, "post", f"{path}/archive", {"version": 1})) == (
        409,
        "part_of_bundle",
        [],
    )
    for options, field in (([CUT], "options"), (becoming, "options.0.parts")):
        answer = send(owner_desk, "patch", path, {"version": 1, "options": options})
        assert refused(answer) == (422, "phases_invalid", [field])

    send(owner_desk, "post", f"/services/{both['id']}/archive", {"version": 1})
    assert send(owner_desk, "post", f"{path}/archive", {"version": 1}).status_code == 200
    again = send(owner_desk, "post", f"/services/{both['id']}/restore", {"version": 2})
    assert refused(again) == (422, "invalid", ["options"])


def test_two_options_of_a_service_do_not_become_bundles_of_each_other(
    owner_desk: Desk, parts: list[str]
) -> None:
    service = new_service(owner_desk, CUT, CUT)
    first, second = (option["id"] for option in service["options"])
    options = [
        {**bundle([second, parts[0]]), "id": first},
        {**bundle([first, parts[0]]), "id": second},
    ]

    answer = send(
        owner_desk, "patch", f"/services/{service['id']}", {"version": 1, "options": options}
    )

    assert refused(answer) == (
        422,
        "phases_invalid",
        ["options.0.parts.0.option_id", "options.1.parts.0.option_id"],
    )


# Archive and order


def test_an_archived_service_is_no_longer_listed_and_can_come_back(owner_desk: Desk) -> None:
    service = new_service(owner_desk, name="Short-lived")
    path = f"/services/{service['id']}"

    def where() -> tuple[bool, bool, bool]:
        lists = (
            listed(owner_desk, "/services"),
            listed(owner_desk, "/price-list"),
            listed(owner_desk, "/price-list", archived=True),
        )
        on_offer, sold, archived = (service["id"] in {i["id"] for i in found} for found in lists)
        return on_offer, sold, archived

    assert where() == (True, True, False)
    gone = send(owner_desk, "post", f"{path}/archive", {"version": 1}).json()
    assert gone == service | {"version": 2, "archived": True}
    assert where() == (False, False, True)
    again = send(owner_desk, "post", f"{path}/archive", {"version": 2})
    assert again.json()["version"] == 2
    back = send(owner_desk, "post", f"{path}/restore", {"version": 2}).json()
    assert back == service | {"version": 3}
    assert where() == (True, True, False)
    assert [event for _, event, _ in history(owner_desk, service["id"])] == [
        "catalog.service_added",
        "catalog.service_changed",
        "catalog.service_changed",
    ]


def test_services_stand_in_the_order_they_are_put(
    owner_desk: Desk, category: dict[str, Any]
) -> None:
    names = ["A", "B", "C"]
    ids = {
        name: new_service(owner_desk, category_id=category["id"], name=name)["id"] for name in names
    }
    path = f"/categories/{category['id']}/services/order"

    def in_order() -> list[str]:
        found = listed(owner_desk, "/price-list")
        return [item["name"] for item in found if item["category_id"] == category["id"]]

    assert in_order() == ["A", "B", "C"]
    answer = send(owner_desk, "put", path, {"ids": [ids["C"], ids["B"], ids["A"]]})
    assert answer.status_code == 204
    assert in_order() == ["C", "B", "A"]
    assert [len(history(owner_desk, pk)) for pk in ids.values()] == [2, 1, 2]
    for wrong in ([ids["A"]], [ids["A"], ids["B"], ids["B"]], [*ids.values(), FIRST]):
        assert refused(send(owner_desk, "put", path, {"ids": wrong})) == (422, "invalid", ["ids"])
    assert in_order() == ["C", "B", "A"]


def test_a_service_moves_to_another_category(owner_desk: Desk, category: dict[str, Any]) -> None:
    service = new_service(owner_desk)
    path = f"/services/{service['id']}"

    moved = send(owner_desk, "patch", path, {"version": 1, "category_id": category["id"]})

    assert moved.json()["category_id"] == category["id"]
    answer = send(owner_desk, "post", f"/categories/{category['id']}/archive", {"version": 1})
    assert refused(answer) == (409, "category_in_use", [])


def test_clients_see_limits_order_and_add_ons(owner_desk: Desk, desk: Desk) -> None:
    base = new_service(owner_desk, name="Base", sequence=10, new_clients="only_new", weekdays=[0])
    new_service(owner_desk, name="Extra", addon_place="before", addon_of=[base["id"]])
    first, extra = shown(desk, "Base"), shown(desk, "Extra")

    assert first["limits"] == {
        "new_clients": "only_new",
        "weekdays": [0],
        "from_minute": None,
        "until_minute": None,
        "notice_minutes": None,
        "horizon_days": None,
    }
    assert (first["sequence"], first["addon"]) == (10, None)
    assert extra["addon"] == {"place": "before", "of": [base["id"]], "sold_alone": True}


def test_a_made_service_can_be_read_by_its_id_only_where_it_was_made(
    owner_desk: Desk, other_desk: Desk
) -> None:
    service = new_service(owner_desk)
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)

    assert refused(bruno.get(f"/catalog/services/{service['id']}")) == (
        404,
        "service_not_found",
        [],
    )
    assert made(bruno.post(
        "/catalog/services",
        {"name": "x", "options": [CUT], "category_id": listed(bruno, "/categories")[0]["id"]},
    ))["name"] == "x"  # fmt: skip
