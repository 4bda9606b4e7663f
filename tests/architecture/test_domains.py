"""What a domain may know of another, and what nobody may do at all."""

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from shared_apps.core.errors import DomainError
from shared_apps.core.events import Event
from tests.architecture.source import Module, dotted, imports_of, modules

PUBLIC_FACE = {"services", "selectors", "events", "types", "enums", "errors", "permissions"}
# Kernels without nouns, and the ways in and out of a salon, are made for everybody.
KERNELS = {"shared_apps.core", "shared_apps.outbox", "shared_apps.journal", "tenants", "config"}
# Pure rules of a level's pace, which booking computes with; and what a higher
# domain shows of a lower one. Each is a border crossed on purpose. It may only get shorter.
CROSSED_ON_PURPOSE = {
    ("tenant_apps.staff", "tenant_apps.catalog.policies"),
    ("tenant_apps.booking", "tenant_apps.catalog.policies"),
    ("tenant_apps.storefront", "tenant_apps.catalog.schemas"),
    ("tenant_apps.notifications", "tenant_apps.booking.links"),
    ("tenant_apps.notifications", "tenant_apps.booking.calendar_file"),
    ("tenant_apps.onboarding", "tenant_apps.notifications.links"),
    ("tenant_apps.onboarding", "tenant_apps.clients.policies"),
    ("tenant_apps.booking", "tenant_apps.clients.proofs"),
    ("tenant_apps.notifications", "tenant_apps.clients.proofs"),
}
SOURCE = modules()


def crossings(module: Module) -> Iterator[tuple[str, str]]:
    """``(domain, part of another domain)`` for each import that is not of a public face."""
    for imported, name in imports_of(module.tree):
        other = Module(imported, ast.Module(body=[], type_ignores=[]))
        part = other.part() or name
        if other.domain in KERNELS | {module.domain} or module.domain == "config":
            continue
        if part not in PUBLIC_FACE:
            yield module.domain, f"{other.domain}.{part}"


def module(name: str, text: str) -> Module:
    return Module(name, ast.parse(text))


def test_a_domain_knows_of_another_only_its_public_face() -> None:
    found = {
        crossing
        for source in SOURCE
        if not source.name.startswith("tenant_apps.demo")  # its bulk writer knows every table
        for crossing in crossings(source)
        if not crossing[1].endswith(".models")
    }

    assert found == CROSSED_ON_PURPOSE, found ^ CROSSED_ON_PURPOSE


@pytest.mark.parametrize("part", ["policies", "schemas", "api", "handlers", "tasks", "pages"])
def test_importing_behind_the_face_is_seen(part: str) -> None:
    for text in (
        f"from tenant_apps.booking.{part} import x",
        f"from tenant_apps.booking import {part}",
        f"import tenant_apps.booking.{part}",
    ):
        found = list(crossings(module("tenant_apps.storefront.pages", text)))
        assert found == [("tenant_apps.storefront", f"tenant_apps.booking.{part}")]


MODELS_WITHOUT_A_KEY = {
    # services, selectors and pages that read a lower domain's rows instead of asking it
    "tenant_apps.storefront.presenting",
    "tenant_apps.storefront.selectors",
}


def test_another_domains_models_are_imported_for_foreign_keys_only() -> None:
    found = {
        source.name
        for source in SOURCE
        for domain, part in crossings(source)
        if part.endswith(".models") and source.part() != "models"
        if not domain.startswith("tenant_apps.demo")
    }

    assert found == MODELS_WITHOUT_A_KEY, found ^ MODELS_WITHOUT_A_KEY


def test_foreign_keys_across_domains_do_not_look_back() -> None:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey) or not model.__module__.startswith("tenant_apps"):
                continue
            there = field.related_model
            if there.__module__ != model.__module__:
                assert field.remote_field.related_name == "+", field


# Allocations


ALLOCATION_WRITERS = ("tenant_apps.booking.services",)
WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "update", "delete"),
    *("bulk_update", "save", "copy_in"),
}


def allocation_writes(source: Module) -> list[int]:
    """Lines that make, change or delete an allocation: by model, by manager or by SQL."""
    lines = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            chain = ast.unparse(node.func)
            if called.split(".")[-1] == "Allocation" or (
                "Allocation.objects" in chain and chain.rsplit(".", 1)[-1] in WRITES
            ):
                lines.append(node.lineno)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = " ".join(node.value.lower().split())
            if any(
                f"{verb} booking_allocation" in text
                for verb in ("insert into", "update", "delete from", "copy")
            ):
                lines.append(node.lineno)
    return sorted(set(lines))


def test_only_bookings_services_write_allocations() -> None:
    writers = {source.name for source in SOURCE if allocation_writes(source)}

    assert writers
    assert all(name.startswith(ALLOCATION_WRITERS) for name in writers), writers


@pytest.mark.parametrize(
    "text",
    [
        "Allocation.objects.create(staff_id=x)",
        "Allocation.objects.bulk_create(rows)",
        "Allocation.objects.filter(phase=x).delete()",
        "Allocation.objects.filter(a=1).exclude(b=2).update(shared_by=x)",
        "models.Allocation(staff_id=x).save()",
        "row = Allocation(staff_id=x)",
        "cursor.execute('DELETE  FROM booking_allocation')",
        "cursor.execute('''INSERT INTO\\n booking_allocation VALUES (1)''')",
    ],
)
def test_a_write_of_allocations_is_seen(text: str) -> None:
    assert allocation_writes(module("tenant_apps.storefront.pages", text)) == [1]


def test_reading_allocations_is_allowed() -> None:
    text = "Allocation.objects.filter(staff_id=x).values_list('during')\nx: Allocation"

    assert allocation_writes(module("tenant_apps.storefront.pages", text)) == []


# Held days


def makers_of_held_days(source: Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "HeldDays"
    ]


def test_only_the_day_lock_says_that_days_are_held() -> None:
    makers = [source.name for source in SOURCE if makers_of_held_days(source)]

    assert makers == ["tenant_apps.booking.services.days"]


def test_saying_it_elsewhere_is_seen() -> None:
    for text in ("HeldDays(days=x)", "types.HeldDays(days=frozenset())"):
        assert makers_of_held_days(module("tenant_apps.staff.api", text)) == [1]
    assert makers_of_held_days(module("tenant_apps.staff.api", "held: HeldDays = x")) == []


# Habits that leak


def leaks(source: Module) -> list[str]:
    """What mixes salons up: django-tenants' own context managers, and signing for everybody."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.With | ast.AsyncWith):
            found += [
                f"with {dotted(item.context_expr)}"
                for item in node.items
                if dotted(item.context_expr).split(".")[-1] in {"salon", "tenant", "card", "self"}
            ]
        if isinstance(node, ast.ImportFrom) and node.module == "django_tenants.utils":
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module == "django.core.signing":
            found += [f"signing.{alias.name}" for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module == "django.core":
            found += [alias.name for alias in node.names if alias.name == "signing"]
        if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth.tokens":
            found += [alias.name for alias in node.names]
    return found


def test_scopes_and_signatures_are_made_in_one_place() -> None:
    allowed = {"shared_apps.core.signing": ["signing"]}
    found = {source.name: leaks(source) for source in SOURCE if leaks(source)}

    assert found == allowed


@pytest.mark.parametrize(
    "text",
    [
        "with salon:\n    pass",
        "with request.salon:\n    pass",
        "with tenant:\n    pass",
        "from django_tenants.utils import schema_context",
        "from django_tenants.utils import tenant_context",
        "from django.core.signing import dumps",
        "from django.core import signing",
        "from django.contrib.auth.tokens import default_token_generator",
    ],
)
def test_a_leak_is_seen(text: str) -> None:
    assert len(leaks(module("tenant_apps.storefront.pages", text))) == 1


def test_a_scope_is_entered_by_its_own_function() -> None:
    text = "with salon_scope(salon), public_scope():\n    pass"

    assert leaks(module("tenant_apps.storefront.pages", text)) == []


# Models, events and errors


def overrides_of_models(source: Module) -> list[str]:
    return [
        f"{source.name}.{node.name}.{inner.name}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and source.part() == "models"
        for inner in node.body
        if isinstance(inner, ast.FunctionDef) and inner.name in {"save", "delete", "clean"}
    ]


def test_a_model_holds_no_rules() -> None:
    assert [name for source in SOURCE for name in overrides_of_models(source)] == []


def test_an_overridden_save_is_seen() -> None:
    text = "class Chair(Model):\n    def save(self): ...\n    def __str__(self): ..."

    assert overrides_of_models(module("tenant_apps.staff.models", text)) == [
        "tenant_apps.staff.models.Chair.save"
    ]


def test_nobody_uses_djangos_signals_for_flow() -> None:
    used = {
        source.name
        for source in SOURCE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in {"django.db.models.signals", "django.dispatch", "django.core.signals"}
    }

    assert used == set()


def all_below(kind: type[Any]) -> Iterator[type[Any]]:
    below: list[type[Any]] = kind.__subclasses__()
    for narrower in below:
        yield narrower
        yield from all_below(narrower)


def ours(kind: type) -> list[type]:
    for known_by_all in ("config.api", "config.subscriptions"):
        import_module(known_by_all)
    roots = ("tenants", "shared_apps", "tenant_apps")
    return [found for found in all_below(kind) if found.__module__.startswith(roots)]


def test_every_event_has_a_name_of_its_own_that_says_its_domain() -> None:
    """Shapes that several events share are no events themselves: they have no name."""
    kinds = ours(Event)
    shapes = {found.__qualname__ for found in kinds if found.__subclasses__()}
    events = {found.__qualname__: found for found in kinds if found.__qualname__ not in shapes}
    names: Counter[str] = Counter(vars(event)["name"] for event in events.values())

    assert len(events) > 10
    assert set(names.values()) == {1}
    for event in events.values():
        domain = event.__module__.split(".")[-2]
        assert vars(event)["name"].startswith(f"{domain}.")
        assert getattr(event, "stream", "")


def test_every_error_has_a_code_that_fits_a_program() -> None:
    errors = ours(DomainError)

    assert len(errors) > 15
    for error in errors:
        code = error.code  # type: ignore[attr-defined]
        assert code == code.lower()
        assert code.replace("_", "").isalpha()


def test_commands_take_their_arguments_by_name() -> None:
    """The actor among them: no anonymous write."""
    nameless, anonymous = [], []
    for source in SOURCE:
        if source.part() != "services" or not source.name.startswith(("tenant_apps", "tenants")):
            continue
        for node in commands_in(source):
            arguments = [argument.arg for argument in node.args.args]
            by_name = [argument.arg for argument in node.args.kwonlyargs]
            if arguments and "actor" not in by_name:
                nameless.append(f"{source.name}.{node.name}")
            if "actor" not in by_name:
                anonymous.append(f"{source.name}.{node.name}")

    assert nameless == ["tenant_apps.onboarding.services.furnish"]
    assert anonymous == ["tenant_apps.onboarding.services.furnish"]


def commands_in(source: Module) -> list[ast.FunctionDef]:
    """Public functions that are one transaction."""
    return [
        node
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if any(dotted(decorator) == "transaction.atomic" for decorator in node.decorator_list)
    ]


def test_the_source_was_read() -> None:
    assert len(SOURCE) > 150
    assert {source.domain for source in SOURCE} >= {"tenants", "tenant_apps.booking"}
