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


class UnitIn(Strict):
    """``kind``: the code of one."""

    kind: str = Field(max_length=20)
    name: str = Field(max_length=80)


class UnitPatch(PatchIn):
    """What is left out stays as it is. ``version`` as last seen. A unit that is not active
    keeps the visits it was chosen for and gets no new ones."""

    name: str = Field(default_factory=str, max_length=80)
    is_active: bool = Field(default_factory=bool)


class UnitOut(Schema):
    id: UUID
    version: int
    kind: str
    name: str
    is_active: bool


class Units(Schema):
    items: list[UnitOut]
    next_cursor: str | None = None


class UnitOrderIn(Strict):
    """Each unit of this kind once, in the order they shall be chosen."""

    kind: str = Field(max_length=20)
    ids: Annotated[list[UUID], Field(max_length=1000)]
