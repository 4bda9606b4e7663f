from typing import Literal

from ninja import Field, Schema

from tenant_apps.booking.schemas import Strict


class RulesIn(Strict):
    """What is left out stays as it is.

    - ``grid_minutes``: visits begin at multiples of these on the clock.
    - ``notice_minutes`` and ``horizon_days``: how soon and how far ahead guests may book.
    - ``hold_minutes``: how long a chosen time is kept for somebody without a name.
    - ``min_gap_minutes``: the shortest time worth selling; 0 means any.
    - ``approve_online``: what guests book is a request until the salon confirms it.
    - ``max_wait_minutes``: how long a client may wait between two lines of a visit, in steps of
      five minutes; 0: one follows the other at once.
    - ``refuse_crumbs``: guests are not offered starts that would leave somebody with less than
      ``min_gap_minutes`` before or after, unless all of that day would; then the tidiest are.
      Of visits with one line after another, not of lines beside or inside each other.
    """

    grid_minutes: Literal[5, 10, 15, 20, 30, 60] | None = None
    notice_minutes: int | None = Field(None, ge=0, le=60 * 24 * 60)
    horizon_days: int | None = Field(None, ge=1, le=730)
    free_cancel_hours: int | None = Field(None, ge=0, le=24 * 30)
    hold_minutes: int | None = Field(None, ge=1, le=60)
    min_gap_minutes: int | None = Field(None, ge=0, le=240)
    approve_online: bool | None = None
    max_wait_minutes: int | None = Field(None, ge=0, le=60, multiple_of=5)
    refuse_crumbs: bool | None = None
    version: int | None = None


class RulesOut(Schema):
    grid_minutes: int
    notice_minutes: int
    horizon_days: int
    free_cancel_hours: int
    hold_minutes: int
    min_gap_minutes: int
    approve_online: bool
    max_wait_minutes: int
    refuse_crumbs: bool
    version: int
