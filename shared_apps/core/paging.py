"""Paging by an opaque cursor, so that what is behind it may change."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shared_apps.core.errors import Invalid

M = TypeVar("M", bound=Model)
T = TypeVar("T")
LARGEST_PAGE = 200
FURTHEST = 1_000_000
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    next_cursor: str | None


def offset_page(rows: QuerySet[M], *, cursor: str | None, limit: int) -> Page[M]:
    """A page of a short, ordered list (a price list, a team): its cursor is a place in it."""
    start = _read(cursor)
    found = list(rows[start : start + limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _write(start + limit) if more else None)


def _write(place: int) -> str:
    return urlsafe_b64encode(str(place).encode()).decode()


def _read(cursor: str | None) -> int:
    if not cursor:
        return 0
    with suppress(ValueError):
        place = int(urlsafe_b64decode(cursor.encode()))
        if 0 < place <= FURTHEST:
            return place
    raise Invalid(fields={"cursor": _("Not a cursor of ours.")})
