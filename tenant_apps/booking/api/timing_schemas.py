from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.booking.schemas import OwnMinutes, Strict

MOST_TIMINGS = 200


class TimingIn(Strict):
    """``minutes``: one number for each phase of the option; 0 leaves it out."""

    option_id: UUID
    minutes: OwnMinutes


class TimingsIn(Strict):
    """All of them; what is not named is as by the price list. ``version`` as last seen; left
    out: whatever it is now."""

    timings: Annotated[list[TimingIn], Field(max_length=MOST_TIMINGS)]
    version: int | None = None


class TimingOut(Schema):
    """``fits`` false: the service has other phases by now, and the minutes count for nothing."""

    option_id: UUID
    minutes: list[int]
    fits: bool


class TimingsOut(Schema):
    client_id: UUID
    version: int
    timings: list[TimingOut]
