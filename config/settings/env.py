"""What a process learns from its environment, read once and loudly."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()  # type: ignore[no-untyped-call]
BASE_DIR = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class BaseUrl:
    """Where the platform lives: ``http://localhost:8000``. Salons are sub-domains of its host."""

    scheme: str
    host: str
    port: int | None

    @property
    def netloc(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host

    @classmethod
    def parse(cls, text: str) -> "BaseUrl":
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"BASE_URL must look like https://parlour.example, not {text!r}"
            )
        return cls(parts.scheme, parts.hostname, parts.port)
