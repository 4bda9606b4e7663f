from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from shared_apps.core.days import check_day
from tenant_apps.staff.enums import TimeOffKind, TimeOffState
from tenant_apps.staff.models import TimeOff
from tenant_apps.staff.types import AskedTimeOff


class TimeOffIn(Schema):
    """Whole days, or from a minute of the first day until a minute of the last. Minutes count
    from local midnight and go past 1440 for a late shift."""

    model_config = ConfigDict(extra="forbid")

    staff_id: UUID | None = Field(None, description="Whose; left out: one's own")
    kind: TimeOffKind
    first_day: date
    last_day: date
    from_minute: int | None = Field(None, ge=0, lt=1440)
    until_minute: int | None = Field(None, ge=1, le=2880)

    def as_asked(self) -> AskedTimeOff:
        check_day(self.first_day, "first_day")
        check_day(self.last_day, "last_day")
        return AskedTimeOff(
            kind=self.kind,
            first_day=self.first_day,
            last_day=self.last_day,
            from_minute=self.from_minute,
            until_minute=self.until_minute,
        )


class TimeOffOut(Schema):
    id: UUID
    staff_id: UUID
    kind: TimeOffKind
    state: TimeOffState
    first_day: date
    last_day: date
    from_minute: int | None
    until_minute: int | None
    decided_at: datetime | None
    version: int


class TimesOff(Schema):
    items: list[TimeOffOut]
    next_cursor: str | None


def time_off_out(row: TimeOff) -> dict[str, Any]:
    return {
        "id": row.pk,
        "staff_id": row.member_id,
        "kind": row.kind,
        "state": row.state,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "from_minute": row.from_minute,
        "until_minute": row.until_minute,
        "decided_at": row.decided_at,
        "version": row.version,
    }
