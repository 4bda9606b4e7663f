"""A running stack and a real browser, once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.database import Servers, WorkerDatabase
from tests.e2e.browser import chromium_path, flags
from tests.stack import Stack, running_stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs them all: there is one stack."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stack]:
    database = WorkerDatabase(Servers.published(), "stack")
    with (
        django_db_blocker.unblock(),
        running_stack(database, tmp_path_factory.mktemp("stack")) as stack,
    ):
        yield stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module only: while it lives its event loop runs in this thread, and Django lets
    nobody near a database from there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=flags(), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture(params=["phone", "desk"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor; whatever the browser complains of fails the test."""
    size = {"phone": (390, 844), "desk": (1440, 900)}[request.param]
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="en-GB", timezone_id="Europe/London"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert complaints == []
