import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from shared_apps.core.health import serve_health
from tenants.schema.provisioning import provision_until


class Command(BaseCommand):
    help = "Keep ready schemas for sign-up and put closed salons away, as the owner role."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        serve_health()
        provision_until(stop)
