"""Letters to clients and owners: once, in their language, whatever they are called."""

from dataclasses import replace
from email.utils import parseaddr
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils.dateparse import parse_datetime
from icalendar import Calendar
from pytest_django import DjangoCaptureOnCommitCallbacks

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.core.words import clock, long_date
from shared_apps.journal.models import JournalEntry
from tenant_apps.notifications import services
from tenant_apps.notifications.mail import MailNotTaken
from tenant_apps.notifications.models import Delivery
from tenants.permissions import CLOSE_SALON
from tenants.services import close_salon
from tenants.types import SalonCard
from tests.desk import GUEST, Desk
from tests.notifications.post import PostOffice, deliver_now, messages_about, text_of

pytestmark = pytest.mark.django_db
HOSTILE_NAMES = {
    "a header": "Eve\r\nBcc: all@example.com",
    "markup": "<script>alert(1)</script><img src=x>",
    "template": "{{ salon.schema_name }}{% load x %}%(name)s",
    "emoji": "Zoë 👩\u200d🦰 Smith",
    "right to left": "\u202eecnerual\u202c מרים",
    "quotes": '"Otto" <otto@evil.example>, (comment)',
    "long": "Ł" * 120,
}


def booked(desk: Desk, language: str = "en", **client: str) -> dict[str, Any]:
    response = desk.post(
        "/booking/appointments",
        {
            "starts_at": desk.first_start(desk_service(desk)),
            "lines": [{"option_id": desk.option(desk_service(desk))["id"]}],
            "client": {**GUEST, **client},
        },
        **{"Idempotency-Key": "a-key-of-a-guest", "Accept-Language": language},
    )
    assert response.status_code == 201, response.content
    found: dict[str, Any] = response.json()
    return found


def desk_service(desk: Desk) -> str:
    """The first of the list, in whatever language the salon speaks."""
    return str(desk.get("/catalog/services").json()["items"][0]["name"])


def confirm(salon: SalonCard, visit: dict[str, Any]) -> None:
    with salon_scope(salon):
        services.send_confirmation(appointment_id=UUID(visit["id"]), version=1)


def test_a_client_is_told_when_with_whom_and_how_to_cancel(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk)

    confirm(desk.salon, visit)

    (letter,) = post.letters
    assert post.recipients == [["otto@example.com"]]
    assert parseaddr(str(letter["From"])) == ("Anna", "no-reply@parlour.example")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].strip() == f"<booking_confirmed.{visit['id']}.1@anna.localhost>"
    for kind in ("plain", "html"):
        text = text_of(letter, kind)
        assert "Gäste Ótto" in text
        assert visit["manage_url"] in text
        assert "Anna Owner" in text
        assert "£" in text


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_a_letter_is_in_the_language_the_client_booked_in(
    desk: Desk, post: PostOffice, language: str
) -> None:
    visit = booked(desk, language)

    confirm(desk.salon, visit)

    starts_at = parse_datetime(visit["starts_at"])
    assert starts_at is not None
    when = f"{long_date(starts_at.date(), language)}, {clock(starts_at)}"
    (letter,) = post.letters
    assert str(letter["Subject"]) == f"Anna: {when}"
    assert when in text_of(letter)
    assert f'<html lang="{language}">' in text_of(letter, "html")


def test_times_are_those_of_the_salons_clock(other_desk: Desk, post: PostOffice) -> None:
    visit = booked(other_desk, "de")

    confirm(other_desk.salon, visit)

    starts_at = parse_datetime(visit["starts_at"])
    assert starts_at is not None
    local = starts_at.astimezone(ZoneInfo("Europe/Warsaw"))
    assert f"{local:%H:%M}" in str(post.letters[0]["Subject"])


def test_the_attached_file_puts_the_visit_into_a_calendar(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk)

    confirm(desk.salon, visit)

    (file,) = post.letters[0].iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "visit.ics")
    (event,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    assert event.decoded("dtstart") == parse_datetime(visit["starts_at"])
    assert event.decoded("dtend") == parse_datetime(visit["ends_at"])
    assert str(event["uid"]) == f"{visit['id']}@anna.localhost"
    assert str(event["url"]) == visit["manage_url"]


@pytest.mark.parametrize("name", HOSTILE_NAMES.values(), ids=HOSTILE_NAMES)
def test_a_name_is_text_and_never_a_header_markup_or_template(
    desk: Desk, post: PostOffice, name: str
) -> None:
    visit = booked(desk, name=name)

    confirm(desk.salon, visit)

    (letter,) = post.letters
    assert post.recipients == [["otto@example.com"]]
    assert letter["Bcc"] is None
    html = text_of(letter, "html")
    assert "<script>" not in html
    assert "<img src=x>" not in html
    assert "\u202e" not in text_of(letter)
    assert visit["client"]["name"] in text_of(letter)
    assert desk.salon.schema_name not in text_of(letter)


@pytest.mark.parametrize("name", ["Anna, Otto & Söhne", 'Salon "Schön" <b>', "Studio Łódź 💇"])
def test_the_salons_name_stands_before_the_platforms_address(
    desk: Desk, post: PostOffice, name: str
) -> None:
    visit = booked(desk)

    confirm(replace(desk.salon, name=name), visit)

    assert parseaddr(str(post.letters[0]["From"])) == (name, "no-reply@parlour.example")
    assert str(post.letters[0]["Subject"]).strip().startswith(f"{name}: ")


def test_a_visit_cancelled_before_the_letter_left_is_not_confirmed(
    desk: Desk, post: PostOffice
) -> None:
    visit = booked(desk)
    token = visit["manage_url"].rpartition("/")[2]
    cancelled = desk.post(f"/booking/appointments/{visit['id']}/cancel", **{"Manage-Token": token})
    assert cancelled.status_code == 200

    confirm(desk.salon, visit)
    assert post.letters == []

    with salon_scope(desk.salon):
        services.send_cancellation(appointment_id=UUID(visit["id"]), version=2)
    (letter,) = post.letters
    assert letter["Message-ID"].strip().startswith("<booking_cancelled.")
    (entry,) = letter.iter_attachments()
    assert "STATUS:CANCELLED" in entry.get_content()
    assert f"http://{desk.salon.host}:8000/book" in text_of(letter)


def test_a_client_without_an_address_gets_no_letter(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk, email="", phone="020 7946 0000")

    confirm(desk.salon, visit)

    assert post.letters == []


# At least once for the handler, once for the client


def test_a_booking_queues_its_letter_and_a_worker_sends_it(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk)
    (message,) = messages_about(visit)

    deliver_now(message)

    assert len(post.letters) == 1
    assert messages_about(visit) == []


def test_a_salon_that_closes_before_the_post_goes_writes_no_letter_with_dead_links(
    desk: Desk, post: PostOffice, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    visit = booked(desk)
    with django_capture_on_commit_callbacks(execute=True), public_scope():
        close_salon(
            slug=desk.salon.slug,
            actor=system(Channel.COMMAND, permissions=frozenset({CLOSE_SALON})),
        )
    (message,) = messages_about(visit)

    deliver_now(message)

    assert post.letters == []
    assert messages_about(visit) == []  # the outbox is drained, so the schema can be put away


def test_a_handler_that_runs_twice_sends_once(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk)

    for _ in range(2):
        confirm(desk.salon, visit)

    assert len(post.letters) == 1
    with salon_scope(desk.salon):
        (delivery,) = Delivery.objects.all()
    assert delivery.sent_at is not None


def test_a_mail_server_that_is_busy_gets_the_letter_later(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk)
    post.refuses = 1
    (message,) = messages_about(visit)

    deliver_now(message)

    assert post.letters == []
    (waiting,) = messages_about(visit)
    assert (waiting.attempts, waiting.dead_at, waiting.error) == (1, None, "MailNotTaken")

    deliver_now(waiting)
    assert len(post.letters) == 1
    assert messages_about(visit) == []


def test_a_refusal_says_nothing_about_the_client(desk: Desk, post: PostOffice) -> None:
    visit = booked(desk)
    post.refuses = 1

    with pytest.raises(MailNotTaken) as refusal:
        confirm(desk.salon, visit)

    assert "otto" not in str(refusal.value)


def test_nothing_personal_is_remembered_or_queued(desk: Desk) -> None:
    visit = booked(desk)

    with salon_scope(desk.salon):
        said = [str(vars(e)) for e in JournalEntry.objects.filter(stream_id=visit["id"])]
        said += [str(vars(e)) for e in JournalEntry.objects.filter(stream="client")]
    said += [str(vars(message)) for message in messages_about(visit)]

    assert len(said) >= 3
    assert not any("otto" in text.lower() for text in said)


def test_a_letter_is_sent_outside_any_transaction_of_ours(desk: Desk, post: PostOffice) -> None:
    """Only a row before and a row after: no lock is held while a mail server thinks."""
    visit = booked(desk)
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(f"{len(post.letters)} {sql.split()[0]}")
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        confirm(desk.salon, visit)

    assert [s for s in statements if s.startswith("1")] == ["1 UPDATE"]
    assert not any("FOR UPDATE" in s for s in statements)
