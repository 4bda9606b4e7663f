"""What `make run` is told through the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.errors import Stop
from deploy.local.home import Home
from deploy.local.paths import home_from
from deploy.local.ports import parse_port


@dataclass(frozen=True)
class Options:
    home: Home
    port: int
    database_url: str | None
    owner_database_url: str | None
    redis_url: str | None
    demo: bool = True

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Options":
        options = cls(
            home=Home(home_from(environment)),
            port=parse_port(environment.get("PORT") or "8000"),
            database_url=environment.get("DATABASE_URL") or None,
            owner_database_url=environment.get("OWNER_DATABASE_URL") or None,
            redis_url=environment.get("REDIS_URL") or None,
            demo=_yes(environment.get("DEMO") or "yes"),
        )
        if options.owner_database_url and not options.database_url:
            raise Stop("OWNER_DATABASE_URL is set without DATABASE_URL; set both or neither.")
        return options


def _yes(text: str) -> bool:
    if text.lower() in ("yes", "true", "1", "no", "false", "0"):
        return text.lower() in ("yes", "true", "1")
    raise Stop(f"DEMO must be yes or no, not {text!r}.")
