from typing import Annotated
from uuid import UUID

from ninja import Field

from tenant_apps.booking import schemas
from tenant_apps.booking.services.add_line import MoreRequest
from tenant_apps.booking.services.change_line import LineChange
from tenant_apps.booking.types import NOTHING, Override


class ChangeIn(schemas.Strict):
    """``version`` as last seen; left out: whatever it is now."""

    version: int | None = None
    override: schemas.OverrideIn | None = None

    def as_override(self) -> Override:
        return self.override.as_override() if self.override else NOTHING


class AddLineIn(ChangeIn):
    """``line`` comes behind the others, or as an add-on under the line ``parent_line_id``. Its
    ``parallel_group`` counts for nothing."""

    line: schemas.LineIn
    parent_line_id: UUID | None = None

    def as_request(self) -> MoreRequest:
        return MoreRequest(
            line=self.line.as_asked(),
            parent_line_id=self.parent_line_id,
            expected_version=self.version,
            override=self.as_override(),
        )


class ChangeLineIn(ChangeIn):
    """What is left out stays as it is.

    - ``option_id``: another option or service, at its price of today.
    - ``staff_id``: who shall do it; null is anyone.
    - ``unit_ids``: the chair or room; an empty list is any that is free.
    - ``own_minutes``: how long each phase takes; null is as usual.
    - ``price``: only where the price list does not fix it; one that is ``from`` is never below.
    """

    option_id: UUID | None = None
    staff_id: UUID | None = None
    unit_ids: Annotated[list[UUID] | None, Field(max_length=schemas.MOST_PHASES)] = None
    own_minutes: schemas.OwnMinutes | None = None
    price: schemas.MoneySchema | None = None

    def as_change(self) -> LineChange:
        change, said = LineChange(), self.model_fields_set
        if self.option_id is not None:
            change["option_id"] = self.option_id
        if "staff_id" in said:
            change["staff_id"] = self.staff_id
        if self.unit_ids is not None:
            change["unit_ids"] = frozenset(self.unit_ids)
        if "own_minutes" in said:
            change["own_minutes"] = schemas.as_minutes(self.own_minutes)
        if self.price is not None:
            change["price"] = self.price.as_money()
        return change


class SetClientIn(ChangeIn):
    """``client`` null: somebody whose name nobody asked."""

    client: schemas.SomeClient | None
