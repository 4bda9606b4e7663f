from datetime import date

from ninja import Field, Schema

from tenant_apps.booking.schemas import StartOut


class AvailabilityQuery(Schema):
    first: date = Field(alias="from", description="Local date")
    last: date = Field(alias="to", description="Local date, included; at most 31 days")
    line: list[str] = Field(
        description="`<option_id>` or `<option_id>@<staff_id>`; one for each service"
    )


class DayOut(Schema):
    date: date
    starts: list[StartOut]


class AvailabilityOut(Schema):
    timezone: str
    days: list[DayOut]
