"""The fail-closed database engine: a thin subclass of django-tenants'.

Five differences. Without a scope there is no query (django-tenants would fall back to
``public``). Inside a salon the search path is the salon and ``extensions``, never ``public``.
The path is set when it differs from the one set last, compared by value, not by a flag.
Work that succeeds or fails as a whole makes no savepoints (``core.db.all_or_nothing``).
A connection that was at work a moment ago is asked by its socket whether it lives.
"""

from collections.abc import Callable
from select import POLLIN, poll
from time import monotonic
from typing import Any

from django_tenants.postgresql_backend import base as django_tenants_base

from shared_apps.core.scope import PUBLIC, NoScope
from tenants.policies import is_schema_of_ours

DatabaseError = django_tenants_base.DatabaseError
IntegrityError = django_tenants_base.IntegrityError
EXTENSIONS = "extensions"
Base: Any = django_tenants_base.DatabaseWrapper
A_MOMENT = 5.0


def _bare(name: str) -> Callable[..., Any]:
    """A method whose statements name no table (savepoints, SET CONSTRAINTS) needs no scope."""

    def method(self: "DatabaseWrapper", *args: Any, **kwargs: Any) -> Any:
        before, self.is_bare = self.is_bare, True
        try:
            return getattr(Base, name)(self, *args, **kwargs)
        finally:
            self.is_bare = before

    method.__name__ = name
    return method


class DatabaseWrapper(Base):  # type: ignore[misc]
    is_bare: bool = False
    is_all_or_nothing: bool = False
    at_work_at: float = float("-inf")
    health_check_done: bool
    search_path_set_schemas: list[str] | None

    connect = _bare("connect")
    check_constraints = _bare("check_constraints")
    _savepoint = _bare("_savepoint")
    _savepoint_commit = _bare("_savepoint_commit")
    _savepoint_rollback = _bare("_savepoint_rollback")

    def close_if_health_check_failed(self) -> None:
        """``SELECT 1`` at the beginning of a request, unless there is no need to ask.

        A server that ends a session says so on its socket, and so does the network for a server
        that is gone: while nothing is to be read there, a connection that has just been at work
        still is. Only a silence (a host without power, a firewall that forgot) has to be asked
        about, and in a moment there is none worth a statement. After an error Django asks anyway.
        """
        if self.connection is not None and self.health_check_enabled and not self.health_check_done:
            at_work, self.at_work_at = self.at_work_at, monotonic()
            if self.at_work_at - at_work < A_MOMENT and self._is_quiet():
                self.health_check_done = True
        super().close_if_health_check_failed()

    def _is_quiet(self) -> bool:
        if self.connection.closed:
            return False
        socket = poll()
        socket.register(self.connection.fileno(), POLLIN)
        return not socket.poll(0)

    def savepoint(self) -> Any:
        """``None``, as in a transaction that has failed: Django then gives up the whole of it."""
        return None if self.is_all_or_nothing else super().savepoint()

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Enter a scope. ``include_public`` is django-tenants' and is never honoured."""
        name = tenant.schema_name
        if name != PUBLIC and not is_schema_of_ours(name):
            raise NoScope(f"not a schema of ours: {name!r}")
        self.tenant = tenant
        self.schema_name = name
        self.include_public_schema = False
        self.set_settings_schema(name)

    def set_schema_to_public(self) -> None:
        """What django-tenants calls home is nobody's home here: it closes the scope."""
        self.leave_scope()

    def leave_scope(self) -> None:
        self.tenant = None
        self.schema_name = None
        self.set_settings_schema(None)

    def _get_cursor_search_paths(self) -> list[str]:
        return [self.schema_name, EXTENSIONS]

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.is_bare or self.search_path_set_schemas == self._get_cursor_search_paths():
            return
        self.search_path_set_schemas = None
        super()._handle_search_path(cursor)

    def _cursor(self, name: str | None = None) -> Any:
        if self.schema_name is None and not self.is_bare:
            raise NoScope("no salon and no public scope is set")
        return super()._cursor(name)
