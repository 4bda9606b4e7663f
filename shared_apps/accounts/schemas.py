from uuid import UUID

from ninja import Field, Schema


class SignIn(Schema):
    email: str = Field(max_length=254)
    password: str = Field(max_length=256)


class Refresh(Schema):
    refresh: str = Field(max_length=2000)


class TokensOut(Schema):
    """``expires_in``: seconds until ``access`` ends."""

    access: str
    refresh: str
    expires_in: int


class Me(Schema):
    id: UUID
    name: str
    email: str
    language: str
    roles: list[str]
