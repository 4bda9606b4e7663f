"""A signed text means something at one salon, for one purpose."""

from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.core.scope import NoScope, public_scope, salon_scope
from shared_apps.core.signing import read_id, read_ids, sign_id, sign_ids
from tenants.types import SalonCard

ID = UUID("01234567-89ab-7def-8123-456789abcdef")


def test_what_was_signed_here_is_read_here(in_salon: SalonCard) -> None:
    token = sign_id(ID, purpose="manage")

    assert read_id(token, purpose="manage") == ID
    assert set(token) <= set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-")


@pytest.mark.parametrize("ids", [(ID,), (ID, UUID(int=7))])
def test_ids_that_were_signed_together_are_read_together(
    in_salon: SalonCard, ids: tuple[UUID, ...]
) -> None:
    token = sign_ids(*ids, purpose="manage")

    assert read_ids(token, purpose="manage") == ids
    assert set(token) <= set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-")
    assert read_ids(token, purpose="confirm") == ()
    assert read_ids(token[:-1], purpose="manage") == ()
    assert read_ids(f"A{token}", purpose="manage") == ()


def test_another_purpose_does_not_accept_it(in_salon: SalonCard) -> None:
    assert read_id(sign_id(ID, purpose="manage"), purpose="confirm") is None


def test_another_salon_does_not_accept_it(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    with salon_scope(salon):
        token = sign_id(ID, purpose="manage")
    with salon_scope(other_salon):
        assert read_id(token, purpose="manage") is None
    with public_scope():
        assert read_id(token, purpose="manage") is None


def test_nothing_is_signed_outside_a_scope() -> None:
    with pytest.raises(NoScope):
        sign_id(uuid4(), purpose="manage")


@given(st.text(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_else_is_nothing(in_salon: SalonCard, token: str) -> None:
    assert read_id(token, purpose="manage") is None


@given(st.integers(0, 75), st.characters(codec="ascii"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_token_changed_in_one_letter_is_nothing(
    in_salon: SalonCard, place: int, letter: str
) -> None:
    token = sign_id(ID, purpose="manage")
    changed = token[:place] + letter + token[place + 1 :]

    assert read_id(changed, purpose="manage") in ({ID} if changed == token else {None})
