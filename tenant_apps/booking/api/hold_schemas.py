from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from tenant_apps.booking.schemas import (
    MOST_LINES,
    AppointmentOut,
    Instant,
    LineIn,
    Moment,
    MoneySchema,
    OverrideIn,
    SomeClient,
    Strict,
    appointment_out,
    as_client,
)
from tenant_apps.booking.services.holds import Confirmation, HoldRequest, hold_token
from tenant_apps.booking.types import NOTHING, AppointmentView

Token = Annotated[str, Field(max_length=200)]


class HoldIn(Strict):
    """``replaces``: the token of a hold that is given back for this one."""

    starts_at: Moment
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST_LINES)]
    replaces: Token | None = None

    def as_request(self, *, network: str, language: str) -> HoldRequest:
        return HoldRequest(
            starts_at=self.starts_at,
            lines=tuple(line.as_asked() for line in self.lines),
            replaces=self.replaces or "",
            network=network,
            language=language,
        )


class HoldOut(AppointmentOut):
    """``token``: whoever has it may confirm or release the hold, and sees its time as free."""

    token: str
    expires_at: Instant


class ReleaseIn(Strict):
    token: Token


class ConfirmIn(Strict):
    """Of a hold: its ``hold`` token and for whom it is; ``override`` with `slot_taken` for a
    client who is elsewhere in the salon then. Of a request: nothing but ``version``."""

    version: int | None = None
    hold: Token | None = None
    client: SomeClient | None = None
    expected_total: MoneySchema | None = None
    override: OverrideIn | None = None

    def as_confirmation(self, *, language: str) -> Confirmation:
        client, proof = as_client(self.client, language=language)
        return Confirmation(
            client=client,
            proof=proof,
            expected_total=self.expected_total.as_money() if self.expected_total else None,
            language=language,
            override=self.override.as_override() if self.override else NOTHING,
        )


def hold_out(view: AppointmentView, appointment_id: UUID) -> dict[str, Any]:
    return {
        **appointment_out(view, with_link=False),
        "token": hold_token(appointment_id),
        "expires_at": view.expires_at,
    }
