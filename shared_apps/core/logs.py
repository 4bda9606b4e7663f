"""Structured logs. Every line carries the request id and, inside a salon, its id."""

import logging
import re
import sys
from typing import Any

import ecs_logging
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What opens a visit or proves an address may not stand in a log.
SECRET_PATHS = re.compile(r"/(manage|calendar|confirm)/[^\s/'\"]+")


def hide_tokens(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = SECRET_PATHS.sub(r"/\1/[hidden]", value)
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    hide_tokens,
]


def _ecs_line(logger: WrappedLogger, method: str, event: EventDict) -> Any:
    return ecs_logging.StructlogFormatter()(logger, method, dict(event))


def configure(style: str, *, level: str) -> dict[str, Any]:
    """Django's LOGGING for ``style`` ``ecs`` (one JSON object a line) or ``console``."""
    renderer: Processor = (
        _ecs_line if style == "ecs" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=False,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django.request": {"level": "ERROR"}},
    }
