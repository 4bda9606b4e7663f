"""The mailbox page of development shows what the local mail server took."""

import time
from mailbox import Maildir
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(tmp_path: Path, settings: Settings) -> Maildir:
    settings.MAILBOX_DIR = str(tmp_path / "mail")
    return Maildir(tmp_path / "mail", create=True)


def arrive(mailbox: Maildir, subject: str, html: str = "") -> str:
    message = EmailMultiAlternatives(subject, "Plain & simple", "a@example.com", ["b@example.com"])
    if html:
        message.attach_alternative(html, "text/html")
    time.sleep(0.01)
    return mailbox.add(message.message().as_bytes())


def open_page(path: str = "/dev/mail", host: str = "localhost") -> Any:
    return Client().get(path, headers={"Host": host})


def test_an_empty_mailbox_says_so(mailbox: Maildir) -> None:
    assert "Nothing yet" in open_page().text


def test_no_mailbox_is_an_empty_one(settings: Settings) -> None:
    for folder in ("", "/nowhere/at/all"):
        settings.MAILBOX_DIR = folder
        assert "Nothing yet" in open_page().text


def test_letters_are_listed_newest_first(mailbox: Maildir) -> None:
    arrive(mailbox, "First Łetter")
    arrive(mailbox, "Second")

    page = open_page().text

    assert 0 < page.index("Second") < page.index("First Łetter")


def test_letters_of_one_second_come_in_the_order_of_their_microseconds(mailbox: Maildir) -> None:
    for microsecond, subject in ((99_999, "Early"), (100_001, "Late")):
        letter = next(Path(mailbox._path, "new").glob(arrive(mailbox, subject)))
        letter.rename(letter.with_name(f"1795000000.M{microsecond}P1Q1.host"))

    page = open_page().text

    assert 0 < page.index("Late") < page.index("Early")


def test_a_letter_is_shown_in_a_frame_that_may_do_nothing(mailbox: Maildir) -> None:
    key = arrive(mailbox, "Hello", html='<p title="x">Hi</p><script>alert(1)</script>')

    page = open_page(f"/dev/mail/{key}").text

    assert "sandbox srcdoc=" in page
    assert "<script>alert(1)" not in page
    assert "Plain &amp; simple" in page


def test_a_subject_is_text(mailbox: Maildir) -> None:
    arrive(mailbox, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in open_page().text


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fetc%2fpasswd", "%00"])
def test_an_unknown_letter_is_not_found(mailbox: Maildir, key: str) -> None:
    assert open_page(f"/dev/mail/{key}").status_code == 404


def test_a_salon_has_no_mailbox(mailbox: Maildir) -> None:
    assert open_page(host="anna.localhost").status_code == 404


def test_the_mailbox_takes_no_orders(mailbox: Maildir) -> None:
    assert Client().post("/dev/mail", headers={"Host": "localhost"}).status_code == 405
