import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.errors import Stop
from deploy.local.ports import (
    UNSEEN,
    free_port,
    is_free,
    known_ports,
    parse_port,
    remembered_ports,
    require_free,
)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_is_a_number_that_exists() -> None:
    assert parse_port("8001") == 8001


@pytest.mark.parametrize("text", ["", "eighty", "0", "65536", "-1", "80.5", "²"])
def test_anything_else_is_one_sentence(text: str) -> None:
    with pytest.raises(Stop, match=r"PORT must be a number from 1 to 65535"):
        parse_port(text)


def test_a_taken_port_is_one_sentence_that_says_how_to_choose_another(taken_port: int) -> None:
    with pytest.raises(Stop, match=rf"Port {taken_port} is taken.*PORT=8001 make run"):
        require_free(taken_port)


def test_a_free_port_is_accepted() -> None:
    require_free(free_port())


def test_unseen_ports_stay_below_those_of_outgoing_connections() -> None:
    assert free_port() in UNSEEN


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = remembered_ports(file, ["postgres", "redis"])
    assert remembered_ports(file, ["postgres", "redis"]) == first


def test_a_remembered_port_that_somebody_took_is_replaced(tmp_path: Path, taken_port: int) -> None:
    file = tmp_path / "ports.json"
    file.write_text(json.dumps({"postgres": taken_port}))
    chosen = remembered_ports(file, ["postgres"])["postgres"]
    assert chosen != taken_port
    assert is_free(chosen)


def test_a_port_that_was_given_is_noted_with_the_others(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    chosen = remembered_ports(file, ["redis"], web=8000)
    assert chosen["web"] == 8000
    assert known_ports(file) == chosen


@pytest.mark.parametrize("content", ["", "not json", "[1]", '{"postgres": "x"}'])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(content)
    assert set(remembered_ports(file, ["postgres"])) == {"postgres"}


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    one = free_port()
    file.write_text(json.dumps({"postgres": one, "redis": one}))
    chosen = remembered_ports(file, ["postgres", "redis"])
    assert len(set(chosen.values())) == 2
