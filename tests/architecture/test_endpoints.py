"""Every endpoint says who may call it, what it is called and how it can fail."""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpRequest
from ninja import NinjaAPI, Router, Schema
from ninja.operation import Operation

from config.api import public_api, salon_api
from config.roles import ROLES
from shared_apps.core.auth import May, Open
from tests.architecture.source import modules

FOREIGN = "not a permission of ours"


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    operation: Operation

    @property
    def guards(self) -> list[Any]:
        return list(self.operation.auth_callbacks)

    @property
    def failures(self) -> set[int]:
        return {code for code in self.operation.response_models if code >= 400}

    @property
    def source(self) -> str:
        return inspect.getsource(self.operation.view_func)


def endpoints(api: NinjaAPI) -> list[Endpoint]:
    return [
        Endpoint(method, f"{prefix}{path}", operation)
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


EVERY = {
    f"{api.title} {found.method} {found.path}": found
    for api in (salon_api, public_api)
    for found in endpoints(api)
}


def complaints(endpoint: Endpoint) -> list[str]:
    """What is missing, in words."""
    found = []
    match endpoint.guards:
        case [Open(why)] if len(why.split()) >= 3:
            pass
        case [Open()]:
            found.append("open without a reason")
        case [May(permission)] if permission in known_permissions():
            if not any(permission in granted for granted in ROLES.values()):
                found.append(f"nobody holds {permission}")
        case [May()]:
            found.append(FOREIGN)
        case _:
            found.append("names neither May(...) nor Open(...)")
    if not endpoint.operation.operation_id:
        found.append("has no operation_id")
    for status, applies in expected_failures(endpoint).items():
        if applies and status not in endpoint.failures:
            found.append(f"does not declare {status}")
    return found


def expected_failures(endpoint: Endpoint) -> dict[int, bool]:
    """By what the endpoint takes and does. (Bad credentials are refused everywhere.)"""
    return {
        401: any(isinstance(guard, May) for guard in endpoint.guards),
        422: bool(endpoint.operation.models) and takes_checked_input(endpoint),
        429: is_counted(endpoint),
    }


def is_counted(endpoint: Endpoint) -> bool:
    """``Open`` counts whoever reads; what else has a rate says so itself."""
    read_by_anybody = endpoint.method == "GET" and any(
        isinstance(guard, Open) for guard in endpoint.guards
    )
    return read_by_anybody or re.search(r"\bcount\(|_limited\(", endpoint.source) is not None


def takes_checked_input(endpoint: Endpoint) -> bool:
    sources = {model.__ninja_param_source__ for model in endpoint.operation.models}
    return bool(sources & {"body", "query", "header"})


def known_permissions() -> set[str]:
    """Every constant of every ``permissions.py``."""
    return {
        str(node.value.value)
        for module in modules()
        if module.part() == "permissions"
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("endpoint", EVERY.values(), ids=EVERY)
def test_an_endpoint_names_its_permission_its_name_and_its_failures(endpoint: Endpoint) -> None:
    assert complaints(endpoint) == []


def test_operation_ids_are_unique_within_a_document() -> None:
    for api in (salon_api, public_api):
        ids = [endpoint.operation.operation_id for endpoint in endpoints(api)]
        assert len(ids) == len(set(ids)) > 3


def schemas_below(kind: type[Schema]) -> Iterator[type[Schema]]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from schemas_below(narrower)


@pytest.mark.parametrize("api", [salon_api, public_api], ids=lambda api: api.title)
def test_a_schema_s_name_means_one_thing(api: NinjaAPI) -> None:
    """Of two schemas of one name the document shows the one that came last, for both."""
    shown = api.get_openapi_schema(path_prefix="/")["components"]["schemas"]
    ours = {
        (found.__name__, found.__module__)
        for found in schemas_below(Schema)
        if found.__module__.startswith(("tenants", "shared_apps", "tenant_apps"))
    }
    meanings = Counter(name for name, _module in ours if name in shown)

    assert len(meanings) > 3
    assert [name for name, count in meanings.items() if count > 1] == []


def test_the_check_sees_what_it_is_for() -> None:
    router = Router()

    @router.get("/nobody", auth=None, operation_id="a")
    def forgot(request: HttpRequest) -> None: ...

    @router.post("/silent", auth=Open(""), operation_id="b")
    def silent(request: HttpRequest) -> None: ...

    @router.get("/read", auth=Open("anybody may read this"), operation_id="d")
    def read(request: HttpRequest) -> None: ...

    @router.post("/unnamed", auth=Open("anybody may see this"))
    def unnamed(request: HttpRequest) -> None: ...

    @router.get("/invented", auth=May("cat.pet"), operation_id="c")
    def invented(request: HttpRequest, limit: int = 1) -> None: ...

    api = NinjaAPI(urls_namespace="only-for-this-test")
    api.add_router("", router)
    found = {endpoint.path: complaints(endpoint) for endpoint in endpoints(api)}

    assert found == {
        "/nobody": ["names neither May(...) nor Open(...)"],
        "/silent": ["open without a reason"],
        "/read": ["does not declare 429"],
        "/unnamed": ["has no operation_id"],
        "/invented": [FOREIGN, "does not declare 401", "does not declare 422"],
    }


def test_every_permission_that_code_asks_for_is_given_to_some_role_or_the_console() -> None:
    granted = frozenset[str]().union(*ROLES.values())
    at_the_console = {
        "chains.found_chain",  # the seed founds chains until head office can
        "tenants.describe_salon",  # the seed until salons have a settings page
    }

    assert known_permissions() == granted | at_the_console
