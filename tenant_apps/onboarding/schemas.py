from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Field, Schema
from pydantic import ConfigDict, field_validator

from tenant_apps.onboarding.types import Owner, SignUp
from tenants.enums import Trade


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class OwnerIn(Strict):
    name: str = Field(min_length=1, max_length=120)
    email: str = Field(max_length=254)
    password: str = Field(min_length=10, max_length=256)

    @field_validator("email")
    @classmethod
    def is_an_address(cls, value: str) -> str:
        address = value.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        return address


class SignUpIn(Strict):
    name: str = Field(min_length=1, max_length=120)
    slug: str = Field(min_length=1, max_length=200)
    country: str = Field(pattern="^[A-Z]{2}$")
    trade: Trade
    owner: OwnerIn

    def as_request(self, *, language: str) -> SignUp:
        return SignUp(
            name=self.name,
            slug=self.slug,
            country=self.country,
            trade=self.trade,
            owner=Owner(**self.owner.model_dump()),
            language=language,
        )


class SalonOut(Schema):
    id: UUID
    slug: str
    name: str
    url: str
    currency: str
    timezone: str
    language: str


class SlugOut(Schema):
    slug: str
    available: bool
    reason: Literal["format", "reserved", "taken", "resting"] | None = None
