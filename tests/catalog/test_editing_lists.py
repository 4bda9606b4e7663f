"""Categories, units and their kinds, and a salon's own fields, over HTTP."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from shared_apps.accounts.enums import Role
from shared_apps.core.scope import salon_scope
from tenant_apps.catalog.enums import FieldKind
from tenant_apps.catalog.models import CustomField, Unit, UnitKind
from tenant_apps.catalog.selectors import kind_codes, units_of
from tenants.types import SalonCard
from tests.catalog.editor import (
    CUT,
    history,
    listed,
    made,
    new_category,
    new_service,
    refused,
    send,
    signed_in,
    statements,
)
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
FIRST = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def owner_desk(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def bruno(other_desk: Desk) -> Desk:
    return other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)


# Categories


def test_a_category_is_added_renamed_and_put_away(owner_desk: Desk) -> None:
    category = new_category(owner_desk, "  Extras ")
    path = f"/categories/{category['id']}"
    assert category == {
        "id": category["id"],
        "version": 1,
        "name": "Extras",
        "colour": "cut",
        "archived": False,
    }
    assert listed(owner_desk, "/categories")[-1] == category

    renamed = send(owner_desk, "patch", path, {"version": 1, "colour": "nails"}).json()
    assert renamed == category | {"version": 2, "colour": "nails"}
    assert send(owner_desk, "patch", path, {"version": 2, "name": "Extras"}).json() == renamed
    gone = send(owner_desk, "post", f"{path}/archive", {"version": 2}).json()
    assert gone == renamed | {"version": 3, "archived": True}
    back = send(owner_desk, "post", f"{path}/restore", {"version": 3}).json()
    assert back == renamed | {"version": 4}
    assert [
        (event, facts.get("fields")) for _, event, facts in history(owner_desk, back["id"])
    ] == [
        ("catalog.category_added", None),
        ("catalog.category_changed", ["colour"]),
        ("catalog.category_changed", ["archived_at"]),
        ("catalog.category_changed", ["archived_at"]),
    ]


def test_a_category_with_services_stays(owner_desk: Desk) -> None:
    category = new_category(owner_desk)
    service = new_service(owner_desk, category_id=category["id"])
    path = f"/categories/{category['id']}/archive"

    assert refused(send(owner_desk, "post", path, {"version": 1})) == (409, "category_in_use", [])
    send(owner_desk, "post", f"/services/{service['id']}/archive", {"version": 1})
    assert send(owner_desk, "post", path, {"version": 1}).json()["archived"]
    body = {"name": "x", "category_id": category["id"], "options": [CUT]}
    assert refused(owner_desk.post("/catalog/services", body)) == (422, "invalid", ["category_id"])
    restore = f"/services/{service['id']}/restore"
    assert refused(send(owner_desk, "post", restore, {"version": 2})) == (
        422,
        "invalid",
        ["category_id"],
    )


def test_categories_stand_in_the_order_they_are_put(owner_desk: Desk) -> None:
    new_category(owner_desk)
    ids = [category["id"] for category in listed(owner_desk, "/categories")]

    answer = send(owner_desk, "put", "/categories/order", {"ids": ids[::-1]})

    assert answer.status_code == 204
    assert [category["id"] for category in listed(owner_desk, "/categories")] == ids[::-1]
    late = send(owner_desk, "put", "/categories/order", {"ids": ids[1:]})
    assert refused(late) == (422, "invalid", ["ids"])


# Kinds and units


def test_a_kind_is_added_named_anew_and_removed(owner_desk: Desk) -> None:
    kind = made(owner_desk.post("/catalog/unit-kinds", {"code": "sauna", "name": "Sauna"}))
    path = f"/unit-kinds/{kind['id']}"
    assert listed(owner_desk, "/unit-kinds")[-1] == kind

    renamed = send(owner_desk, "patch", path, {"version": 1, "name": " Steam "}).json()
    assert renamed == kind | {"version": 2, "name": "Steam"}
    unit = made(owner_desk.post("/catalog/units", {"kind": "sauna", "name": "Small one"}))
    assert refused(send(owner_desk, "delete", path)) == (409, "unit_kind_in_use", [])
    with salon_scope(owner_desk.salon):
        Unit.objects.filter(pk=unit["id"]).delete()
    needing = CUT | {"phases": [{"kind": "work", "minutes": 5, "needs": [{"any_of": ["sauna"]}]}]}
    service = new_service(owner_desk, needing)
    assert refused(send(owner_desk, "delete", path)) == (409, "unit_kind_in_use", [])
    body = {"version": 1, "options": [CUT]}
    assert send(owner_desk, "patch", f"/services/{service['id']}", body).status_code == 200
    assert send(owner_desk, "delete", path).status_code == 204
    assert kind not in listed(owner_desk, "/unit-kinds")
    assert [event for _, event, _ in history(owner_desk, kind["id"])] == [
        "catalog.unit_kind_added",
        "catalog.unit_kind_changed",
        "catalog.unit_kind_removed",
    ]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"code": "chair", "name": "Chair"}, (409, "code_taken", ["code"])),
        ({"code": "Big chair", "name": " "}, (422, "invalid", ["code", "name"])),
        ({"code": "1st", "name": "x"}, (422, "invalid", ["code"])),
        ({"code": "x" * 21, "name": "x"}, (422, "invalid", ["code"])),
    ],
)
def test_a_kind_needs_a_plain_code_of_its_own(
    owner_desk: Desk, body: dict[str, str], answer: tuple[int, str, list[str]]
) -> None:
    assert refused(owner_desk.post("/catalog/unit-kinds", body)) == answer


def test_kinds_stand_in_the_order_they_are_put(owner_desk: Desk) -> None:
    owner_desk.post("/catalog/unit-kinds", {"code": "sauna", "name": "Sauna"})
    ids = [kind["id"] for kind in listed(owner_desk, "/unit-kinds")]
    assert len(ids) > 1

    answer = send(owner_desk, "put", "/unit-kinds/order", {"ids": ids[::-1]})

    assert answer.status_code == 204
    assert [kind["id"] for kind in listed(owner_desk, "/unit-kinds")] == ids[::-1]


def test_a_unit_is_added_renamed_and_taken_out_of_service(owner_desk: Desk) -> None:
    unit = made(owner_desk.post("/catalog/units", {"kind": "chair", "name": " Window "}))
    path = f"/units/{unit['id']}"
    assert unit == {
        "id": unit["id"],
        "version": 1,
        "kind": "chair",
        "name": "Window",
        "is_active": True,
        "places": 1,
    }
    assert listed(owner_desk, "/units")[-1] == unit

    broken = send(owner_desk, "patch", path, {"version": 1, "is_active": False}).json()
    assert broken == unit | {"version": 2, "is_active": False}
    with salon_scope(owner_desk.salon):
        assert unit["id"] not in {str(found.unit_id) for found in units_of(["chair"])}
    assert refused(send(owner_desk, "patch", path, {"version": 1})) == (409, "stale", [])
    assert refused(send(owner_desk, "patch", path, {"version": 2, "name": " "})) == (
        422,
        "invalid",
        ["name"],
    )
    wrong = {"kind": "throne", "name": ""}
    assert refused(owner_desk.post("/catalog/units", wrong)) == (422, "invalid", ["kind", "name"])


def test_a_cabin_has_places_for_a_party(owner_desk: Desk) -> None:
    made(owner_desk.post("/catalog/unit-kinds", {"code": "cabin", "name": "Cabin"}))
    cabin = made(
        owner_desk.post("/catalog/units", {"kind": "cabin", "name": "Double", "places": 2})
    )
    path = f"/units/{cabin['id']}"
    assert cabin["places"] == 2
    with salon_scope(owner_desk.salon):
        assert [unit.places for unit in units_of(["cabin"])] == [2]

    wider = send(owner_desk, "patch", path, {"version": 1, "places": 20}).json()

    assert wider == cabin | {"version": 2, "places": 20}
    assert send(owner_desk, "patch", path, {"version": 2, "name": "Big"}).json()["places"] == 20
    for places in (0, 21):
        body = {"version": 3, "places": places}
        assert refused(send(owner_desk, "patch", path, body)) == (422, "invalid", ["places"])
        new = {"kind": "cabin", "name": "x", "places": places}
        assert refused(owner_desk.post("/catalog/units", new)) == (422, "invalid", ["places"])


def test_units_of_a_kind_are_chosen_in_the_order_they_are_put(owner_desk: Desk) -> None:
    made(owner_desk.post("/catalog/units", {"kind": "chair", "name": "Window"}))
    ids = [unit["id"] for unit in listed(owner_desk, "/units")]

    answer = send(owner_desk, "put", "/units/order", {"kind": "chair", "ids": ids[::-1]})

    assert answer.status_code == 204
    with salon_scope(owner_desk.salon):
        assert [str(unit.unit_id) for unit in units_of(["chair"])] == ids[::-1]


def test_kinds_that_only_units_name_get_a_row_each(in_salon: SalonCard) -> None:
    UnitKind.objects.all().delete()
    for kind in ("chair", "desk", "desk", "Old Kind"):
        Unit.objects.create(kind=kind, name=kind)
    UnitKind.objects.create(code="desk", name="Nail desk")

    assert kind_codes() == {"chair", "desk", "Old Kind"}
    migration = import_module("tenant_apps.catalog.migrations.0003_name_unit_kinds")
    migration.name_kinds(apps, None)
    migration.name_kinds(apps, None)

    found = UnitKind.objects.order_by("code").values_list("code", "name")
    assert list(found) == [("chair", "Chair"), ("desk", "Nail desk")]


# A salon's own fields


BRAND = {"key": "brand", "kind": "choice", "label": "Brand", "choices": ["A", "B"]}


def test_a_field_is_asked_for_and_its_value_kept(owner_desk: Desk) -> None:
    field = made(owner_desk.post("/catalog/custom-fields", BRAND))
    path = f"/custom-fields/{field['id']}"
    assert field == BRAND | {
        "id": field["id"],
        "version": 1,
        "entity": "service",
        "required": False,
        "archived": False,
    }

    service = new_service(owner_desk, custom={"brand": "A"})
    editing = f"/services/{service['id']}"
    assert service["custom"] == {"brand": "A"}
    wrong = {"version": 1, "custom": {"brand": "C", "shade": 1}}
    assert refused(send(owner_desk, "patch", editing, wrong)) == (
        422,
        "invalid",
        ["custom.brand", "custom.shade"],
    )
    changes = {"version": 1, "required": True, "choices": ["B", "C"], "label": "Make"}
    changed = send(owner_desk, "patch", path, changes).json()
    assert changed == field | {**changes, "version": 2}
    renamed = {"version": 1, "name": "Still with the old value"}
    assert send(owner_desk, "patch", editing, renamed).status_code == 200
    late = {"version": 2, "custom": {}}
    assert refused(send(owner_desk, "patch", editing, late)) == (422, "invalid", ["custom.brand"])
    body = {"name": "x", "category_id": service["category_id"], "options": [CUT]}
    assert refused(owner_desk.post("/catalog/services", body)) == (422, "invalid", ["custom.brand"])


def test_what_was_written_into_an_archived_field_comes_back_with_it(owner_desk: Desk) -> None:
    field = made(owner_desk.post("/catalog/custom-fields", BRAND))
    made(owner_desk.post("/catalog/custom-fields", {**BRAND, "key": "shade"}))
    service = new_service(owner_desk, custom={"brand": "A", "shade": "B"})
    path, editing = f"/custom-fields/{field['id']}", f"/services/{service['id']}"

    gone = send(owner_desk, "post", f"{path}/archive", {"version": 1}).json()
    assert (gone["archived"], gone["version"]) == (True, 2)
    for version, sent in ((1, {"shade": "A"}), (2, {"shade": "A", "brand": "anything"})):
        change = {"version": version, "name": f"Name {version}", "custom": sent}
        kept = send(owner_desk, "patch", editing, change).json()["custom"]
        assert kept == {"brand": "A", "shade": "A"}
    assert refused(owner_desk.post("/catalog/custom-fields", BRAND)) == (409, "code_taken", ["key"])
    back = send(owner_desk, "post", f"{path}/restore", {"version": 2}).json()
    assert back == field | {"version": 3}
    found = owner_desk.get(f"/catalog{editing}").json()
    assert found["custom"] == {"brand": "A", "shade": "A"}
    assert [event for _, event, _ in history(owner_desk, field["id"])] == [
        "catalog.custom_field_added",
        "catalog.custom_field_changed",
        "catalog.custom_field_changed",
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"key": "Brand name"}, ["key"]),
        ({"label": " "}, ["label"]),
        ({"choices": ["A"]}, ["choices"]),
        ({"choices": ["A", "A"]}, ["choices"]),
        ({"kind": "text"}, ["choices"]),
        ({"kind": "colour"}, ["kind"]),
    ],
)
def test_a_field_that_asks_for_nothing_sensible_is_refused(
    owner_desk: Desk, changes: dict[str, Any], fields: list[str]
) -> None:
    answer = owner_desk.post("/catalog/custom-fields", BRAND | changes)

    assert refused(answer) == (422, "invalid", fields)


def test_a_changed_field_is_checked_together_with_what_stays(owner_desk: Desk) -> None:
    field = made(owner_desk.post("/catalog/custom-fields", BRAND))
    path = f"/custom-fields/{field['id']}"

    for changes, named in (({"choices": []}, "choices"), ({"label": ""}, "label")):
        answer = send(owner_desk, "patch", path, {"version": 1, **changes})
        assert refused(answer) == (422, "invalid", [named])
    same = send(owner_desk, "patch", path, {"version": 1, "label": "Brand"})
    assert same.json() == field


def test_fields_are_asked_for_in_the_order_they_are_put(owner_desk: Desk) -> None:
    ids = [
        made(owner_desk.post("/catalog/custom-fields", {**BRAND, "key": key}))["id"]
        for key in ("a", "b", "c")
    ]

    answer = send(owner_desk, "put", "/custom-fields/order", {"ids": [ids[2], ids[0], ids[1]]})

    assert answer.status_code == 204
    assert [field["key"] for field in listed(owner_desk, "/custom-fields")] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "row",
    [
        {"key": "Not plain", "kind": FieldKind.TEXT},
        {"key": "ok", "kind": FieldKind.TEXT, "choices": ["A", "B"]},
        {"key": "ok", "kind": FieldKind.CHOICE},
    ],
)
def test_the_database_refuses_such_fields_as_well(in_salon: SalonCard, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomField.objects.create(label="x", **row)


def test_the_database_refuses_a_kind_twice_or_with_a_code_of_any_shape(
    in_salon: SalonCard,
) -> None:
    for code in ("chair", "Not plain"):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitKind.objects.create(code=code, name="x")


# Whose, and for whom


READING = ("/categories", "/unit-kinds", "/units", "/custom-fields", "/price-list")
WRITING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("post", "/categories", {"name": "x", "colour": "cut"}),
    ("patch", "/categories/{id}", {"version": 1}),
    ("post", "/categories/{id}/archive", {"version": 1}),
    ("post", "/categories/{id}/restore", {"version": 1}),
    ("put", "/categories/order", {"ids": []}),
    ("put", "/categories/{id}/services/order", {"ids": []}),
    ("post", "/services", {"name": "x", "category_id": FIRST, "options": []}),
    ("patch", "/services/{id}", {"version": 1}),
    ("post", "/services/{id}/archive", {"version": 1}),
    ("post", "/services/{id}/restore", {"version": 1}),
    ("post", "/unit-kinds", {"code": "x", "name": "x"}),
    ("patch", "/unit-kinds/{id}", {"version": 1, "name": "x"}),
    ("delete", "/unit-kinds/{id}", {}),
    ("put", "/unit-kinds/order", {"ids": []}),
    ("post", "/units", {"kind": "x", "name": "x"}),
    ("patch", "/units/{id}", {"version": 1}),
    ("put", "/units/order", {"kind": "chair", "ids": []}),
    ("post", "/custom-fields", BRAND),
    ("patch", "/custom-fields/{id}", {"version": 1}),
    ("post", "/custom-fields/{id}/archive", {"version": 1}),
    ("post", "/custom-fields/{id}/restore", {"version": 1}),
    ("put", "/custom-fields/order", {"ids": []}),
)


def test_a_stranger_reads_and_writes_nothing_behind_the_window(desk: Desk) -> None:
    for path in (*READING, f"/services/{FIRST}"):
        assert desk.get(f"/catalog{path}").status_code == 401, path
    for method, path, body in WRITING:
        assert send(desk, method, path.format(id=FIRST), body).status_code == 401, path


def test_the_team_reads_what_the_management_writes(desk: Desk) -> None:
    stylist, manager = signed_in(desk, Role.STYLIST), signed_in(desk, Role.MANAGER)

    for path in READING:
        assert desk.get(f"/catalog{path}").status_code == 401
        assert stylist.get(f"/catalog{path}").status_code == 200, path
    for method, path, body in WRITING:
        answer = send(stylist, method, path.format(id=FIRST), body)
        assert refused(answer) == (403, "forbidden", []), path
    assert made(manager.post("/catalog/categories", {"name": "x", "colour": "cut"}))


def test_whose_work_has_nothing_to_do_with_it_does_not_see_it(desk: Desk) -> None:
    accountant = signed_in(desk, Role.ACCOUNTANT)

    for path in READING:
        assert accountant.get(f"/catalog{path}").status_code == 403, path


def test_another_salons_ids_mean_nothing(owner_desk: Desk, bruno: Desk) -> None:
    field = made(owner_desk.post("/catalog/custom-fields", BRAND))["id"]
    ids = {
        "categories": (listed(owner_desk, "/categories")[0]["id"], "category_not_found"),
        "services": (new_service(owner_desk)["id"], "service_not_found"),
        "unit-kinds": (listed(owner_desk, "/unit-kinds")[0]["id"], "unit_kind_not_found"),
        "units": (listed(owner_desk, "/units")[0]["id"], "unit_not_found"),
        "custom-fields": (field, "custom_field_not_found"),
    }
    for method, path, body in WRITING:
        if "{id}" in path:
            pk, code = ids[path.split("/")[1]]
            assert refused(send(bruno, method, path.format(id=pk), body)) == (404, code, []), path
    category = listed(owner_desk, "/categories")[0]["id"]
    body = {"name": "x", "category_id": category, "options": [CUT]}
    assert refused(bruno.post("/catalog/services", body)) == (422, "invalid", ["category_id"])
    host = new_service(owner_desk)["id"]
    body = {
        "name": "x",
        "category_id": listed(bruno, "/categories")[0]["id"],
        "options": [CUT],
        "addon_place": "after",
        "addon_of": [host],
    }
    assert refused(bruno.post("/catalog/services", body)) == (422, "invalid", ["addon_of"])


def test_what_one_salon_adds_the_other_does_not_see(owner_desk: Desk, bruno: Desk) -> None:
    before = {path: listed(bruno, path) for path in READING}

    new_service(owner_desk, category_id=new_category(owner_desk)["id"])
    made(owner_desk.post("/catalog/unit-kinds", {"code": "sauna", "name": "Sauna"}))
    made(owner_desk.post("/catalog/units", {"kind": "sauna", "name": "Sauna"}))
    made(owner_desk.post("/catalog/custom-fields", BRAND))

    assert {path: listed(bruno, path) for path in READING} == before
    assert all(len(listed(owner_desk, path)) > 0 for path in READING)


def test_longer_lists_cost_no_more_statements(owner_desk: Desk) -> None:
    def add(number: int) -> None:
        category = new_category(owner_desk, f"Category {number}")["id"]
        parts = [
            new_service(owner_desk, category_id=category)["options"][0]["id"] for _ in range(2)
        ]
        both = {
            "parts": [{"option_id": pk} for pk in parts],
            "levels": {"bundle": {"price": 1}},
        }
        new_service(owner_desk, both, category_id=category)
        made(owner_desk.post("/catalog/unit-kinds", {"code": f"kind_{number}", "name": "x"}))
        made(owner_desk.post("/catalog/units", {"kind": f"kind_{number}", "name": "x"}))
        made(owner_desk.post("/catalog/custom-fields", {**BRAND, "key": f"key_{number}"}))

    add(1)
    paths = [f"/catalog{path}" for path in (*READING, "/services")]
    one = {path: statements(owner_desk, path) for path in paths}
    add(2)
    add(3)

    assert {path: statements(owner_desk, path) for path in paths} == one


def test_a_long_list_comes_in_pages(owner_desk: Desk) -> None:
    for number in range(3):
        new_category(owner_desk, f"Category {number}")
    every = listed(owner_desk, "/categories", limit=200)
    first = owner_desk.get("/catalog/categories", {"limit": 2}).json()
    second = listed(owner_desk, "/categories", limit=200, cursor=first["next_cursor"])

    assert [*first["items"], *second] == every
