"""A log line says which request and which salon it belongs to."""

import json
import logging
import logging.config
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.db import connection
from django.test import Client

from shared_apps.core.logs import configure
from shared_apps.core.requests import begin_request
from tenants.tasks import in_salon
from tests.desk import Desk

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What production would write to stderr, as parsed lines."""
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logging.config.dictConfig(configure("ecs", level="INFO"))
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    monkeypatch.undo()
    logging.config.dictConfig(settings.LOGGING)
    configure("console", level="INFO")
    structlog.contextvars.clear_contextvars()


def test_a_line_is_one_ecs_object_with_the_request_id(lines: Lines) -> None:
    begin_request("ca11e40000000001")
    structlog.get_logger("parlour").info("a chair\nis free", chair=3)

    (line,) = lines()
    assert line["message"] == "a chair\nis free"
    assert line["log.level"] == "info"
    assert line["request_id"] == "ca11e40000000001"
    assert line["chair"] == 3
    assert {"@timestamp", "ecs.version"} <= set(line)


def test_lines_of_libraries_look_the_same(lines: Lines) -> None:
    begin_request("ca11e40000000002")
    logging.getLogger("somebody.elses").warning("take %s", "care")

    (line,) = lines()
    assert (line["message"], line["request_id"]) == ("take care", "ca11e40000000002")


def test_a_line_of_a_salons_request_names_the_salon_by_its_id(desk: Desk, lines: Lines) -> None:
    quiet = Desk(desk.salon, Client(raise_request_exception=False))
    quiet.get("/staff")

    def fail(*_: Any) -> None:
        raise RuntimeError("the chair broke")

    with connection.execute_wrapper(fail):
        quiet.get("/staff", **{"X-Request-ID": "ca11e40000000003"})

    (line,) = [line for line in lines() if line["message"] == "unexpected error"]
    assert "the chair broke" in json.dumps(line)
    assert line["request_id"] == "ca11e40000000003"
    assert line["salon_id"] == str(desk.salon.id)


def test_the_next_piece_of_work_does_not_inherit_the_salon(desk: Desk, lines: Lines) -> None:
    desk.get("/staff")
    begin_request()
    structlog.get_logger("parlour").info("next")

    assert "salon_id" not in lines()[-1]


def test_a_task_names_its_salon_too(desk: Desk, lines: Lines) -> None:
    in_salon(str(desk.salon.id), "shared_apps.core.idempotency.forget_old_keys")
    structlog.get_logger("parlour").info("done")

    (line,) = lines()
    assert line["salon_id"] == str(desk.salon.id)
    assert line["request_id"]


def test_a_traceback_stays_within_its_line(lines: Lines) -> None:
    try:
        int("too short")
    except ValueError:
        structlog.get_logger("parlour").exception("cut failed")

    (line,) = lines()
    assert "ValueError" in json.dumps(line)


def test_development_reads_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(configure("console", level="INFO"))
    structlog.get_logger("parlour").info("a chair is free", chair=3)

    assert "a chair is free" in capsys.readouterr().err
    logging.config.dictConfig(settings.LOGGING)


def test_a_level_that_is_not_asked_for_is_silent(lines: Lines) -> None:
    structlog.get_logger("parlour").debug("whisper")
    logging.getLogger("library").debug("whisper")

    assert lines() == []
