"""Who proves an e-mail address gets the card that goes with it; nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.timezone import now

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Allocation
from tenant_apps.clients.models import Client, ContactCode
from tenant_apps.clients.proofs import proven_email
from tenants.types import SalonCard
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"
OTTO = {"name": "Otto", "email": "otto@example.com"}


def code_for(desk: Desk, email: str) -> str:
    assert desk.post("/clients/contact-codes", {"email": email}).status_code == 202
    with salon_scope(desk.salon):
        return ContactCode.objects.get(email=email).code


def proof_for(desk: Desk, email: str) -> str:
    answer = {"email": email, "code": code_for(desk, email)}
    return str(desk.post("/clients/contact-proofs", answer).json()["proof"])


def starts(desk: Desk) -> list[str]:
    """Two times that do not meet."""
    return [start["starts_at"] for start in desk.starts(CUT)][:12:11]


def test_with_a_proof_the_booking_joins_the_card_that_reception_made(
    desk: Desk, salon: SalonCard
) -> None:
    first, second = starts(desk)
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    card = reception.book(first, CUT, client=OTTO).json()["client"]["id"]

    proven = desk.book(second, CUT, client=OTTO | {"proof": proof_for(desk, OTTO["email"])})

    assert proven.json()["client"]["id"] == card
    with salon_scope(salon):
        assert Client.objects.count() == 1
        assert Allocation.objects.filter(client_id=card).count() == 2


def test_without_a_proof_a_stranger_gets_a_card_of_their_own(desk: Desk, salon: SalonCard) -> None:
    first, second = starts(desk)
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    card = reception.book(first, CUT, client=OTTO).json()["client"]["id"]

    stranger = desk.book(second, CUT, client=OTTO)

    assert stranger.json()["client"]["id"] != card


def test_somebody_new_with_a_proof_gets_a_confirmed_card(desk: Desk, salon: SalonCard) -> None:
    proof = proof_for(desk, OTTO["email"])

    desk.book(desk.first_start(CUT), CUT, client=OTTO | {"proof": proof})

    with salon_scope(salon):
        assert Client.objects.get().is_confirmed


@pytest.mark.parametrize("change", [{"email": "other@example.com"}, {"proof": "forged"}])
def test_a_proof_is_good_for_its_own_address_only(desk: Desk, change: dict[str, Any]) -> None:
    proof = {"proof": proof_for(desk, OTTO["email"])}

    response = desk.book(desk.first_start(CUT), CUT, client=OTTO | proof | change)

    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["client.proof"]


def test_a_proof_of_one_salon_is_nothing_at_another(desk: Desk, other_desk: Desk) -> None:
    proof = proof_for(desk, OTTO["email"])
    with salon_scope(desk.salon):
        assert proven_email(proof) == OTTO["email"]
    with salon_scope(other_desk.salon):
        assert proven_email(proof) is None


def test_a_code_works_once(desk: Desk) -> None:
    answer = {"email": OTTO["email"], "code": code_for(desk, OTTO["email"])}
    desk.post("/clients/contact-proofs", answer)

    again = desk.post("/clients/contact-proofs", answer)

    assert (again.status_code, again.json()["code"]) == (422, "code_refused")


def test_after_five_wrong_tries_the_right_code_is_refused_too(desk: Desk) -> None:
    right = code_for(desk, OTTO["email"])
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        desk.post("/clients/contact-proofs", {"email": OTTO["email"], "code": wrong})

    response = desk.post("/clients/contact-proofs", {"email": OTTO["email"], "code": right})

    assert response.json()["code"] == "code_refused"


def test_a_code_ends_after_ten_minutes(desk: Desk) -> None:
    code = code_for(desk, OTTO["email"])

    with time_machine.travel(now() + timedelta(minutes=11)):
        response = desk.post("/clients/contact-proofs", {"email": OTTO["email"], "code": code})

    assert response.json()["code"] == "code_refused"


def test_an_address_that_nobody_asked_a_code_for_answers_alike(desk: Desk) -> None:
    answer = {"email": "nobody@example.com", "code": "123456"}

    assert desk.post("/clients/contact-proofs", answer).json()["code"] == "code_refused"


def test_a_code_goes_to_an_address_only(desk: Desk) -> None:
    response = desk.post("/clients/contact-codes", {"email": "not an address"})

    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["email"]
