"""What a client hears when a visit changes without moving, and when a step is taken back."""

from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils.dateparse import parse_datetime
from icalendar import Calendar

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Allocation, Phase
from tenant_apps.catalog.models import Unit
from tenant_apps.notifications import services
from tests.booking.visits import CUT, MENS, TINT, do, hire, states
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD
from tests.notifications.post import PostOffice, deliver_all, messages_about, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def visit(reception: Desk, post: PostOffice) -> dict[str, Any]:
    """A cut and a tint, whose confirmation is with the client already."""
    return booked(reception, post)


def booked(
    desk: Desk, post: PostOffice, *services: str, language: str = "en", **client: str
) -> dict[str, Any]:
    services = services or (CUT, TINT)
    answer = desk.post(
        "/booking/appointments",
        {
            "starts_at": desk.first_start(*services),
            "lines": [{"option_id": desk.option(name)["id"]} for name in services],
            "client": {**GUEST, **client},
        },
        **{"Idempotency-Key": str(uuid4()), "Accept-Language": language},
    )
    assert answer.status_code == 201, answer.content
    visit: dict[str, Any] = answer.json()
    deliver_all(visit)
    post.letters.clear()
    return visit


def leave_out(desk: Desk, visit: dict[str, Any], place: int) -> None:
    line = visit["lines"][place]
    assert do(desk, visit, f"lines/{line['id']}/cancel").status_code == 200


def hand_over(desk: Desk, visit: dict[str, Any]) -> None:
    absent = visit["lines"][0]["staff_id"]
    body = {"staff_id": absent, "date": visit["starts_at"][:10], "preview": False, "reason": "ill"}
    answer = desk.post("/booking/appointments/reassign", body)
    assert {line["outcome"] for line in answer.json()["lines"]} == {"moved"}, answer.content


def only_letter(post: PostOffice, kind: str, visit: dict[str, Any], version: int) -> EmailMessage:
    (letter,) = post.letters
    assert letter["Message-ID"].strip() == f"<{kind}.{visit['id']}.{version}@anna.localhost>"
    return letter


def calendar_of(letter: EmailMessage) -> Any:
    (file,) = letter.iter_attachments()
    (event,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    return event


def test_a_service_left_out_is_told_with_the_visit_as_it_is_now(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    leave_out(reception, visit, 1)

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 2)
    cut = visit["lines"][0]
    for kind in ("plain", "html"):
        text = text_of(letter, kind)
        assert "this is your visit as it is now" in text
        assert visit["manage_url"] in text
        assert TINT not in text
        assert text.count("£48") == 2  # the cut, and the total
    assert "looked after" not in text_of(letter)
    event = calendar_of(letter)
    assert str(event["status"]) == "CONFIRMED"
    assert event["sequence"] == 1
    assert event.decoded("dtend").isoformat() <= cut["ends_at"]
    assert TINT not in str(event["summary"])


def test_who_will_look_after_them_now_is_told_when_somebody_is_ill(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    hire(reception.salon, "Beth")
    hand_over(reception, visit)

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 2)
    for kind in ("plain", "html"):
        text = text_of(letter, kind)
        assert "you will be looked after by Beth. Everything else stays as it was." in text
        assert "Anna Owner" not in text


def test_all_who_look_after_them_are_named(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    hire(reception.salon, "Beth", CUT)
    hire(reception.salon, "Cleo", TINT)
    hand_over(reception, visit)

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 2)
    assert "looked after by Beth and Cleo." in text_of(letter)


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "changed", "looked after by Beth"),
        ("de", "geändert", "von Beth betreut"),
        ("pl", "zmieniona wizyta", "poprowadzi Beth"),
    ],
)
def test_a_change_is_told_in_the_clients_language(
    reception: Desk, post: PostOffice, language: str, subject: str, said: str
) -> None:
    visit = booked(reception, post, CUT, language=language)
    hire(reception.salon, "Beth")
    hand_over(reception, visit)

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 2)
    assert str(letter["Subject"]).strip().startswith(f"Anna: {subject}, ")
    assert said in text_of(letter)
    assert said in text_of(letter, "html")


def test_a_service_more_is_told(reception: Desk, visit: dict[str, Any], post: PostOffice) -> None:
    more = {"line": {"option_id": reception.option(MENS)["id"]}}
    assert do(reception, visit, "lines", more).status_code == 201

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 2)
    assert MENS in text_of(letter)
    assert "this is your visit as it is now" in text_of(letter)


def test_another_chair_is_no_news(reception: Desk, visit: dict[str, Any], post: PostOffice) -> None:
    with salon_scope(reception.salon):
        taken = Allocation.objects.filter(unit__isnull=False).values("unit")
        other = Unit.objects.filter(kind="chair").exclude(pk__in=taken)[0].pk
    path = f"/booking/appointments/{visit['id']}/lines/{visit['lines'][0]['id']}"
    changed = reception.patch(path, {"unit_ids": [str(other)]})
    assert (changed.status_code, changed.json()["version"]) == (200, 2), changed.content
    assert len(messages_about(visit)) == 1

    deliver_all(visit)

    assert post.letters == []


def test_whose_visit_it_is_now_is_told_to_them_alone(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    post.recipients.clear()
    path = f"/booking/appointments/{visit['id']}/client"
    for name in ("Olga", "Paula"):
        client = {"name": name, "email": f"{name.lower()}@example.com", "phone": ""}
        assert reception.put(path, {"client": client}).status_code == 200

    deliver_all(visit)

    letter = only_letter(post, "booking_confirmed", visit, 3)
    assert post.recipients == [["paula@example.com"]]
    assert "Paula" in text_of(letter)
    post.letters.clear()
    assert reception.put(path, {"client": None}).status_code == 200
    deliver_all(visit)
    assert post.letters == []


def test_a_client_without_an_address_hears_nothing(reception: Desk, post: PostOffice) -> None:
    visit = booked(reception, post, email="", phone="020 7946 0000")
    leave_out(reception, visit, 1)
    do(reception, visit, "cancel")
    do(reception, visit, "undo")

    deliver_all(visit)

    assert post.letters == []


def test_a_colleague_who_only_helps_is_no_news(
    reception: Desk, post: PostOffice, visit: dict[str, Any]
) -> None:
    """The tint is Anna's, and Beth was to rinse it; the client never knew."""
    beth = hire(reception.salon, "Beth", CUT, TINT)
    hire(reception.salon, "Cleo", TINT)
    with salon_scope(reception.salon):
        last = Phase.objects.filter(line=visit["lines"][1]["id"], kind="work").last()
        assert last is not None
        taken = last.allocations.get(staff__isnull=False)
        last.staff_id = taken.staff_id = UUID(beth)
        last.save()
        taken.save()
    body = {"staff_id": beth, "date": visit["starts_at"][:10], "preview": False, "reason": "ill"}
    answer = reception.post("/booking/appointments/reassign", body)
    assert [line["outcome"] for line in answer.json()["lines"]] == ["moved"], answer.content
    assert len(messages_about(visit)) == 1

    deliver_all(visit)

    assert post.letters == []


def test_a_visit_that_has_begun_is_not_told_about(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    assert do(reception, visit, "arrive").status_code == 200
    leave_out(reception, visit, 1)

    deliver_all(visit)

    assert post.letters == []


# Of several changes in a row only the last is told


def test_of_several_changes_only_the_last_is_told(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    hire(reception.salon, "Beth")
    hand_over(reception, visit)
    leave_out(reception, visit, 1)
    assert len(messages_about(visit)) == 2

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 3)
    assert "with Beth" in text_of(letter)


def test_a_move_after_a_change_is_told_alone(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    leave_out(reception, visit, 1)
    later = reception.starts(CUT)[-1]["starts_at"]
    assert do(reception, visit, "reschedule", {"starts_at": later}).status_code == 200

    deliver_all(visit)

    only_letter(post, "booking_moved", visit, 3)


def move(desk: Desk, visit: dict[str, Any], place: int) -> str:
    later: str = desk.starts(CUT, TINT)[place]["starts_at"]
    assert do(desk, visit, "reschedule", {"starts_at": later}).status_code == 200
    return later


def change_stylist(desk: Desk, visit: dict[str, Any], staff_id: str) -> None:
    line = visit["lines"][0]
    path = f"/booking/appointments/{visit['id']}/lines/{line['id']}"
    assert desk.patch(path, {"staff_id": staff_id}).status_code == 200


def rename(desk: Desk, visit: dict[str, Any], client: Any) -> dict[str, Any]:
    answer = desk.put(f"/booking/appointments/{visit['id']}/client", {"client": client})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_move_that_was_not_told_yet_is_told_with_what_came_after_it(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    cara = hire(reception.salon, "Cara", CUT, TINT)
    later = parse_datetime(move(reception, visit, 10))
    change_stylist(reception, visit, cara)

    deliver_all(visit)

    letter = only_letter(post, "booking_moved", visit, 3)
    assert later is not None
    for text in (str(letter["Subject"]), text_of(letter)):
        assert f"{later:%H:%M}" in text
    assert "with Cara" in text_of(letter)
    assert "Everything else stays" not in text_of(letter)


def test_a_service_more_that_was_not_told_yet_does_not_stay_as_it_was(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    cara = hire(reception.salon, "Cara")
    more = {"line": {"option_id": reception.option(MENS)["id"]}}
    assert do(reception, visit, "lines", more).status_code == 201
    change_stylist(reception, visit, cara)

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 3)
    assert MENS in text_of(letter)
    assert "Everything else stays" not in text_of(letter)


def test_a_move_that_the_client_was_told_of_is_not_told_again(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    cara = hire(reception.salon, "Cara", CUT, TINT)
    move(reception, visit, 10)
    deliver_all(visit)
    only_letter(post, "booking_moved", visit, 2)
    post.letters.clear()
    change_stylist(reception, visit, cara)

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 3)
    assert "Everything else stays as it was." in text_of(letter)


def test_a_visit_changed_before_it_was_confirmed_is_confirmed_once_as_it_is_now(
    desk: Desk, post: PostOffice
) -> None:
    visit = desk.book(desk.first_start(CUT, TINT), CUT, TINT).json()
    later = parse_datetime(move(desk.sign_in("anna@example.com", OWNER_PASSWORD), visit, 10))
    assert len(messages_about(visit)) == 2

    deliver_all(visit)

    letter = only_letter(post, "booking_confirmed", visit, 2)
    assert later is not None
    assert f"{later:%H:%M}" in text_of(letter)


def test_a_visit_named_before_it_was_confirmed_is_confirmed_to_the_new_client_alone(
    reception: Desk, desk: Desk, post: PostOffice
) -> None:
    visit = desk.book(desk.first_start(CUT, TINT), CUT, TINT).json()
    renamed = rename(reception, visit, {"name": "Pia", "email": "pia@example.com"})

    deliver_all(visit)

    letter = only_letter(post, "booking_confirmed", visit, 2)
    assert post.recipients == [["pia@example.com"]]
    assert renamed["manage_url"] in text_of(letter)
    assert visit["manage_url"] not in text_of(letter)


def test_whose_visit_it_is_again_hears_of_it_only_what_is_new(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    pia, otto = {"name": "Pia", "email": "pia@example.com"}, {"id": visit["client"]["id"]}
    rename(reception, visit, pia)
    rename(reception, visit, otto)
    deliver_all(visit)
    assert post.letters == []

    rename(reception, visit, pia)
    deliver_all(visit)
    only_letter(post, "booking_confirmed", visit, 4)
    post.letters.clear()
    post.recipients.clear()
    move(reception, visit, 10)
    rename(reception, visit, otto)
    deliver_all(visit)

    letter = only_letter(post, "booking_moved", visit, 6)
    assert post.recipients == [[GUEST["email"]]]
    assert visit["manage_url"] in text_of(letter)


def test_a_visit_put_beside_it_keeps_no_news_back(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    """The version grows, though the client's visit stays as it is."""
    leave_out(reception, visit, 1)
    beside = reception.book(
        visit["starts_at"],
        MENS,
        client={**GUEST, "name": "Paula", "email": "paula@example.com"},
        override={"codes": ["slot_taken"], "reason": "regular_client"},
    )
    assert beside.status_code == 201, beside.content
    shown = reception.get(f"/booking/appointments/{visit['id']}").json()
    assert shown["version"] == 3

    deliver_all(visit)

    only_letter(post, "booking_changed", visit, 2)


def test_a_letter_tried_twice_is_sent_once(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    leave_out(reception, visit, 1)

    with salon_scope(reception.salon):
        for _ in range(2):
            services.send_news(appointment_id=UUID(visit["id"]), version=2)

    assert len(post.letters) == 1


# Taking back


def test_who_was_told_of_a_cancellation_is_told_that_it_was_taken_back(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    do(reception, visit, "cancel")
    deliver_all(visit)
    only_letter(post, "booking_cancelled", visit, 2)
    post.letters.clear()
    assert states(do(reception, visit, "undo"))[0] == "confirmed"

    deliver_all(visit)

    letter = only_letter(post, "booking_confirmed", visit, 3)
    event = calendar_of(letter)
    assert (str(event["status"]), event["sequence"]) == ("CONFIRMED", 2)


def test_a_cancellation_taken_back_before_the_post_went_is_not_told(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    do(reception, visit, "cancel")
    do(reception, visit, "undo")
    assert len(messages_about(visit)) == 2

    deliver_all(visit)

    only_letter(post, "booking_confirmed", visit, 3)


def test_a_visit_cancelled_again_is_told_once(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    for step in ("cancel", "undo", "cancel"):
        assert do(reception, visit, step).status_code == 200

    deliver_all(visit)

    only_letter(post, "booking_cancelled", visit, 4)


def test_a_service_taken_back_in_is_told_as_it_was_left_out(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    leave_out(reception, visit, 1)
    deliver_all(visit)
    post.letters.clear()
    assert states(do(reception, visit, "undo")) == ("confirmed",) * 3

    deliver_all(visit)

    letter = only_letter(post, "booking_changed", visit, 3)
    assert TINT in text_of(letter)


def test_any_other_step_taken_back_is_told_to_nobody(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    do(reception, visit, "arrive")
    assert states(do(reception, visit, "undo"))[0] == "confirmed"
    assert len(messages_about(visit)) == 1

    deliver_all(visit)

    assert post.letters == []


def test_a_service_more_is_told_and_another_chair_is_not(
    reception: Desk, visit: dict[str, Any], post: PostOffice
) -> None:
    path = f"/booking/appointments/{visit['id']}"
    added = reception.post(f"{path}/lines", {"line": {"option_id": reception.option(MENS)["id"]}})
    assert added.status_code == 201, added.content
    deliver_all(visit)
    letter = only_letter(post, "booking_changed", visit, 2)
    assert MENS in text_of(letter)
    post.letters.clear()

    line = added.json()["lines"][0]
    with salon_scope(reception.salon):
        kinds = Unit.objects.filter(pk__in=line["unit_ids"]).values("kind")
        others = Unit.objects.filter(kind__in=kinds).exclude(pk__in=line["unit_ids"])
        chair = str(others[0].pk)
    body = {
        "starts_at": visit["starts_at"],
        "units": [{"line_id": line["id"], "unit_ids": [chair]}],
    }
    assert reception.post(f"{path}/reschedule", body).status_code == 200
    deliver_all(visit)
    assert post.letters == []
