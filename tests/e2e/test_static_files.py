"""What pages load: small on the way, and asked for once."""

import gzip
import re
from collections.abc import Callable

import brotli
import pytest

from tests.database import ROOT
from tests.stack import Answer, Stack

DIST = ROOT / "frontend" / "dist"
FOR_EVER = "max-age=315360000, public, immutable"
UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


def fetch(stack: Stack, path: str, **headers: str) -> Answer:
    return stack.ask("GET", stack.host("anna"), path, **headers)


def loaded_by(stack: Stack, page: str) -> list[str]:
    text = fetch(stack, page).body.decode()
    return sorted(set(re.findall(r'(?:href|src)="(/static/app/[^"]+)"', text)))


@pytest.mark.parametrize("coding", UNPACK)
def test_scripts_and_styles_travel_compressed(stack: Stack, coding: str) -> None:
    paths = [path for path in loaded_by(stack, "/book") if path.endswith((".js", ".css"))]
    assert {path.rpartition(".")[2] for path in paths} == {"js", "css"}

    for path in paths:
        answer = fetch(stack, path, **{"Accept-Encoding": coding})
        source = (DIST / path.removeprefix("/static/app/")).read_bytes()
        assert (answer.status, answer.headers["content-encoding"]) == (200, coding)
        assert answer.headers["vary"] == "Accept-Encoding"
        assert UNPACK[coding](answer.body) == source
        assert len(answer.body) < len(source) / 2 or len(source) < 2_000


def test_brotli_is_preferred_and_nobody_is_sent_what_they_cannot_read(stack: Stack) -> None:
    (script, *_) = [path for path in loaded_by(stack, "/book") if path.endswith(".js")]

    both = fetch(stack, script, **{"Accept-Encoding": "gzip, deflate, br"})
    neither = fetch(stack, script)

    assert both.headers["content-encoding"] == "br"
    assert "content-encoding" not in neither.headers
    assert neither.body == (DIST / script.removeprefix("/static/app/")).read_bytes()


def test_a_file_named_by_its_contents_is_kept_for_ever_and_others_are_not(stack: Stack) -> None:
    for path in loaded_by(stack, "/book"):
        kept = fetch(stack, path).headers["cache-control"]
        assert kept == (FOR_EVER if "/assets/" in path else "max-age=3600, public"), path
    assert fetch(stack, "/book").headers.get("cache-control") != FOR_EVER


def test_a_browser_that_has_it_is_told_so(stack: Stack) -> None:
    icon = fetch(stack, "/static/app/icon.svg")
    again = fetch(
        stack, "/static/app/icon.svg", **{"If-Modified-Since": icon.headers["last-modified"]}
    )

    assert (icon.status, again.status, again.body) == (200, 304, b"")
    assert "access-control-allow-origin" not in icon.headers
