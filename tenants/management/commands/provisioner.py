import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.core.health import serve_health
from tenants.schema.errors import NotTheOwner
from tenants.schema.provisioning import provision_until


class Command(BaseCommand):
    help = "Keep ready schemas for sign-up and put closed salons away, as the owner role."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        serve_health()
        try:
            provision_until(stop)
        except NotTheOwner as error:
            raise CommandError(str(error)) from error
