import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from shared_apps.core.health import serve_health
from shared_apps.outbox.relay import relay_until


class Command(BaseCommand):
    help = "Hand outbox messages to the workers until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        serve_health()
        relay_until(stop)
