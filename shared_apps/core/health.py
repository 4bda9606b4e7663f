"""Is this process alive, and can it do its work? The same two answers for every role."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from json import dumps
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from shared_apps.core.requests import GetResponse
from shared_apps.core.scope import public_scope

Check = Callable[[], None]
log = structlog.get_logger(__name__)
_checks: dict[str, Check] = {}


class NotReady(Exception):
    """Raised by a check; its text is for the operator's eyes."""


def register(name: str, check: Check) -> None:
    """Add a check to ``/healthz/ready``; it raises when something is amiss."""
    _checks[name] = check


def check_database() -> None:
    with public_scope(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_redis() -> None:
    caches["platform"].get("health")


register("database", check_database)
register("redis", check_redis)


def readiness() -> dict[str, str]:
    """Each check's name and ``ok`` or ``failing``; why it fails goes to the log only."""
    found = {}
    for name, check in _checks.items():
        try:
            check()
            found[name] = "ok"
        except Exception as error:  # noqa: BLE001 a failing check must not hide the others
            log.warning("not ready", check=name, error=repr(error))
            found[name] = "failing"
    return found


def health(path: str) -> tuple[int, dict[str, str]] | None:
    if path == "/healthz/live":
        return 200, {"process": "ok"}
    if path == "/healthz/ready":
        found = readiness()
        return (200 if set(found.values()) == {"ok"} else 503), found
    return None


class HealthMiddleware:
    """Answers probes on the base host or a bare address; a salon's host knows nothing of them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/healthz/") and _is_ours(request.headers.get("Host", "")):
            found = health(request.path)
            if found:
                return JsonResponse(found[1], status=found[0])
        return self.get_response(request)


def _is_ours(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == settings.BASE_URL.host or bool(ip_address(name))
    except ValueError:
        return False


class _Probe(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        try:
            status, body = health(self.path) or (404, {})
        finally:
            connections.close_all()  # each probe has a thread of its own, and its connections
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name there
        pass


def serve_health() -> ThreadingHTTPServer | None:
    """Answer probes from a thread, for processes that do not serve the web themselves."""
    port: int = settings.HEALTH_PORT
    if not port:
        return None
    server = ThreadingHTTPServer(("127.0.0.1", port), _Probe)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
