from uuid import UUID

from tenant_apps.booking.schemas import SaidReason, Strict


class StepIn(Strict):
    """``version`` as last seen; left out: whatever it is now."""

    version: int | None = None


class LineStepIn(StepIn):
    """``line_id``: this line only."""

    line_id: UUID | None = None


class CancelLineIn(StepIn):
    """``reason`` left out: the salon's."""

    reason: SaidReason | None = None
