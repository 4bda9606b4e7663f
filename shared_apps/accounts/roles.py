"""What each role may do, as ``config/roles.py`` says (named by ``settings.ROLES``)."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string


@lru_cache
def _table() -> Mapping[str | None, frozenset[str]]:
    return cast("Mapping[str | None, frozenset[str]]", import_string(settings.ROLES))


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything that one of ``roles`` may do, and what anybody signed in may do (key None)."""
    table = _table()
    return table[None].union(*(table[role] for role in roles))
