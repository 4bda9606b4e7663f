from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """How to reach somebody. ``phone`` in E.164 (``+491701234567``) or empty."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = ""
