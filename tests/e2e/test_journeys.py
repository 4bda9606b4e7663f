"""What people do, in a real browser: open a salon, book a visit, give it back."""

import json
import re
from email.message import EmailMessage
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.database import ROOT
from tests.stack import Stack, until

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def assert_accessible(page: Page) -> None:
    """axe finds nothing to complain of, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)  # until the colours have faded into each other
        page.evaluate(AXE.read_text())
        found: dict[str, Any] = page.evaluate(
            "() => axe.run(document, {resultTypes: ['violations']})"
        )
        violations = [
            f"{scheme}: {rule['id']}: {node['html'][:120]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert violations == []
    page.emulate_media(color_scheme="light")


def fits(page: Page) -> bool:
    """Nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_somebody_opens_a_salon_and_it_serves_at_once(stack: Stack, page: Page) -> None:
    size = page.viewport_size
    assert size is not None
    slug = f"salon-{size['width']}"
    page.goto(stack.url())
    assert_accessible(page)
    page.goto(f"{stack.url()}/signup")
    assert_accessible(page)
    page.get_by_label("Name of the salon").fill("Salon Źródło")
    page.get_by_label("Its address").fill(slug)
    page.get_by_role("radio", name="Hair salon").check(force=True)
    page.get_by_label("Country").select_option("GB")
    page.get_by_label("Your name").fill("Ola Źródło")
    page.get_by_label("E-mail").fill(f"ola-{size['width']}@example.com")
    page.get_by_label("Password").fill("a kettle hums softly")
    page.get_by_role("button", name="Open the salon").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("is open")
    assert_accessible(page)
    page.goto(stack.url(slug))
    expect(page.get_by_role("heading", level=1)).to_have_text("Salon Źródło")
    letter = stack.letter_to(f"ola-{size['width']}@example.com")
    link = re.search(r"http\S+/confirm/\S+", text_of(letter))
    assert link is not None
    page.goto(link.group())
    page.get_by_role("button", name="This address is mine").click()
    expect(page).to_have_url(f"{stack.url(slug)}/")


def test_a_guest_books_a_visit_and_gives_it_back(stack: Stack, page: Page) -> None:
    page.goto(stack.url("anna"))
    assert fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="Book Women’s cut and finish").click()

    for step in ("With whom?", "When suits you?", "Who is coming?", "Is everything right?"):
        press(page, "Next")
        expect(heading(page)).to_have_text(step)
        assert_accessible(page)
        assert fits(page)
        answer(page, step)
    press(page, "Book now")

    expect(heading(page)).to_contain_text("See you on")
    assert_accessible(page)
    manage = page.get_by_role("link", name="Change or cancel")
    address = manage.get_attribute("href")
    assert address is not None
    letter = until(
        lambda: [m for m in stack.letters() if address in text_of(m)],
        what="the confirmation",
    )[0]
    assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/calendar"]

    page.goto(address)
    assert_accessible(page)
    page.get_by_text("Cancel this visit", exact=True).click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This visit is cancelled")


def test_a_client_proves_an_address_and_books_with_the_proof(stack: Stack, page: Page) -> None:
    size = page.viewport_size
    assert size is not None
    address = f"greta-{size['width']}@example.com"
    page.goto(stack.url("anna"))
    page.get_by_role("link", name="Book Women’s cut and finish").click()
    for step in ("With whom?", "When suits you?", "Who is coming?"):
        press(page, "Next")
        expect(heading(page)).to_have_text(step)
        answer(page, step, email=address)

    press(page, "Already a client?")
    assert_accessible(page)
    press(page, "Send me a code")
    digits = page.get_by_role("textbox", name="Code from the e-mail")
    expect(digits).to_be_focused()
    assert_accessible(page)
    assert fits(page)
    code = re.search(r"\b\d{6}\b", text_of(stack.letter_to(address)))
    assert code is not None
    digits.fill(code.group())
    press(page, "Confirm the address")
    expect(page.get_by_text(f"{address} is confirmed")).to_be_visible()
    assert_accessible(page)

    press(page, "Next")
    with page.expect_request("**/booking/appointments") as booking:
        press(page, "Book now")
    expect(heading(page)).to_contain_text("See you on")
    assert json.loads(booking.value.post_data or "")["client"]["proof"]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def answer(page: Page, step: str, *, email: str = "zoe@example.com") -> None:
    if step == "When suits you?":
        page.get_by_role("radio", name=re.compile(r"^\d\d:\d\d$")).first.check(force=True)
    if step == "Who is coming?":
        page.get_by_role("textbox", name="Name").fill("Zoë Ångström")
        page.get_by_role("textbox", name="E-mail").fill(email)
