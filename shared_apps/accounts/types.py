from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of JWTs. ``expires_in``: seconds until ``access`` ends."""

    access: str
    refresh: str
    expires_in: int
