"""Whose tables a query means. Without a scope there is no query at all.

Context managers only: a decorator or a shared object would keep one thread's
scope and hand it to another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from django.db import connection

PUBLIC = "public"


class NoScope(RuntimeError):
    """A query with neither a salon nor an explicit public scope."""


class Scoped(Protocol):
    """Anything that owns a schema."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def schema_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PublicScope:
    id: None = None
    schema_name: str = PUBLIC


def current_scope() -> Scoped:
    """The scope in force; raises ``NoScope`` when there is none."""
    scope = cast("Any", connection).tenant
    if scope is None:
        raise NoScope("no salon and no public scope is set")
    return cast("Scoped", scope)


@contextmanager
def salon_scope(salon: Scoped) -> Iterator[None]:
    """Run queries in one salon's schema; inner scopes give back the outer one."""
    wrapper = cast("Any", connection)
    before = wrapper.tenant
    wrapper.set_tenant(salon)
    try:
        yield
    finally:
        if before is None:
            wrapper.leave_scope()
        else:
            wrapper.set_tenant(before)


@contextmanager
def public_scope() -> Iterator[None]:
    """Run queries in the schema of chains, billing and the directory of salons."""
    with salon_scope(PublicScope()):
        yield
