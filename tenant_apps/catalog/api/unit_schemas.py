from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.catalog.schemas import PatchIn, Strict


class UnitKindIn(Strict):
    """``code`` is what needs and units say, such as ``chair``; it never changes."""

    code: str = Field(max_length=20)
    name: str = Field(max_length=80)


class UnitKindPatch(PatchIn):
    """``version`` as last seen."""

    name: str = Field(max_length=80)


class UnitKindOut(Schema):
    id: UUID
    version: int
    code: str
    name: str


class UnitKinds(Schema):
    items: list[UnitKindOut]
    next_cursor: str | None = None


MOST_PLACES = 20


class UnitIn(Strict):
    """``kind``: the code of one. ``places``: how many of one party find room in it together; a
    cabin for couples has 2."""

    kind: str = Field(max_length=20)
    name: str = Field(max_length=80)
    places: int = Field(1, ge=1, le=MOST_PLACES)


class UnitPatch(PatchIn):
    """What is left out stays as it is. ``version`` as last seen. A unit that is not active
    keeps the visits it was chosen for and gets no new ones; so does one with fewer places."""

    name: str = Field(default_factory=str, max_length=80)
    is_active: bool = Field(default_factory=bool)
    places: int = Field(default_factory=int, ge=1, le=MOST_PLACES)


class UnitOut(Schema):
    id: UUID
    version: int
    kind: str
    name: str
    is_active: bool
    places: int


class Units(Schema):
    items: list[UnitOut]
    next_cursor: str | None = None


class UnitOrderIn(Strict):
    """Each unit of this kind once, in the order they shall be chosen."""

    kind: str = Field(max_length=20)
    ids: Annotated[list[UUID], Field(max_length=1000)]
