"""The Celery application: worker and beat."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("parlour")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def read_schedule(sender: Celery, **_: Any) -> None:
    from config.schedule import BEAT

    sender.conf.beat_schedule = BEAT


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone when somebody listens to this signal."""


@worker_ready.connect
@beat_init.connect
def answer_probes(**_: Any) -> None:
    from shared_apps.core.health import serve_health

    serve_health()
