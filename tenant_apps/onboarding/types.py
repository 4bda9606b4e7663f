from dataclasses import dataclass

from tenants.enums import Trade


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    name: str
    email: str
    password: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUp:
    name: str
    slug: str
    country: str
    trade: Trade
    owner: Owner
    language: str = ""
