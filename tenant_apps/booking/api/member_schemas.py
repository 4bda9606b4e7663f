from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ninja import Field, Schema

from tenant_apps.booking.api.rota_schemas import OutsideOut, change_out
from tenant_apps.booking.schemas import Strict
from tenant_apps.booking.selectors.outside import Outside
from tenant_apps.catalog.enums import Level
from tenant_apps.staff.services.team import MemberChange

Language = Annotated[str, Field(pattern="^[a-z]{2}(-[A-Z]{2})?$")]
DOES = "option_ids"


class MemberPatch(Strict):
    """What is left out stays. ``person_id`` null parts this row from the person's others."""

    version: int | None = Field(None, description="As last seen; left out: whatever it is now")
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")] | None = None
    title: Annotated[str, Field(max_length=80)] | None = None
    level: Level | None = None
    languages: Annotated[list[Language], Field(max_length=20)] | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None
    is_active: bool | None = Field(None, description="False: has left the team")
    is_online: bool | None = None
    person_id: UUID | None = None
    option_ids: Annotated[list[UUID], Field(max_length=1000)] | None = None

    def as_change(self) -> MemberChange:
        facts = {name: value for name, value in self if name != "version"}
        parted = "person_id" in self.model_fields_set and self.person_id is None
        return MemberChange(**facts, no_person=parted)


class MemberOfTeam(Schema):
    id: UUID
    name: str
    title: str
    level: Level
    languages: list[str]
    position: int
    is_active: bool
    is_online: bool
    account_id: UUID | None
    person_id: UUID | None
    option_ids: list[UUID]
    version: int


class ChangedMember(MemberOfTeam):
    """``outside``: of somebody who leaves, the visits to come that are theirs still. Nothing was
    moved."""

    outside: list[OutsideOut]


def member_out(member: Any) -> dict[str, Any]:
    """A member as ``staff.selectors.get_member`` reads one."""
    same = {
        name: getattr(member, name) for name in MemberOfTeam.model_fields if name != "option_ids"
    }
    return same | {"option_ids": sorted(member.does)}


def changed_out(member: Any, outside: Iterable[Outside], zone: ZoneInfo) -> dict[str, Any]:
    return member_out(member) | change_out(outside, zone)
