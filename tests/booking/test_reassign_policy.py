"""Who takes over what: nobody twice, nobody without room for a break, the nearest price first."""

from itertools import product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.booking.policies.handover import Duty, candidates, hand_over, is_free
from tenant_apps.booking.policies.masks import Span, span
from tenant_apps.booking.policies.visit import Free

BETH, CLEO, DORA = (UUID(int=number) for number in (1, 2, 3))
TEAM = [BETH, CLEO, DORA]
HOUR = span(0, 60)


def duty(number: int, *spans: Span, able: dict[UUID, int] | None = None) -> Duty:
    return Duty(UUID(int=100 + number), spans, dict.fromkeys(TEAM, 0) if able is None else able)


def free(**masks: int) -> Free:
    names = {"beth": BETH, "cleo": CLEO, "dora": DORA}
    return Free(staff={names[name]: mask for name, mask in masks.items()}, units={}, client=HOUR)


def test_only_the_minutes_of_work_have_to_be_free() -> None:
    """The colour develops from 10 to 20, and somebody else is served then."""
    colour = duty(1, (0, 10), (20, 30))
    assert is_free(free(beth=HOUR & ~span(10, 20)), BETH, colour)
    assert not is_free(free(beth=HOUR & ~span(9, 20)), BETH, colour)
    assert not is_free(free(cleo=HOUR), BETH, colour)


def test_a_break_must_still_fit() -> None:
    resting = Free(
        staff={BETH: span(0, 40)}, units={}, client=HOUR, floating={BETH: [(span(0, 40), 20)]}
    )
    assert is_free(resting, BETH, duty(1, (20, 40)))
    assert not is_free(resting, BETH, duty(1, (10, 30)))


def test_the_nearest_price_comes_first_then_who_has_most_time_then_the_team() -> None:
    prices = {BETH: 5, CLEO: 0, DORA: 0}
    busy = free(beth=HOUR, cleo=span(0, 30), dora=HOUR)
    assert candidates(busy, duty(1, (0, 10), able=prices)) == (DORA, CLEO, BETH)
    even = free(beth=HOUR, cleo=HOUR, dora=HOUR)
    assert candidates(even, duty(1, (0, 10), able={DORA: 0, BETH: 0})) == (DORA, BETH)


def test_whom_only_one_line_can_have_is_not_spent_on_another() -> None:
    cut, nails = duty(1, (0, 10), able={BETH: 0, CLEO: 0}), duty(2, (0, 10), able={BETH: 0})
    found = hand_over([cut, nails], free(beth=HOUR, cleo=span(0, 10)))
    assert found == {cut.line_id: CLEO, nails.line_id: BETH}


starts = st.tuples(st.integers(0, 50), st.integers(1, 10))
duties = st.lists(
    st.tuples(starts, st.dictionaries(st.sampled_from(TEAM), st.integers(0, 3))), max_size=5
)


@given(duties, st.tuples(*[st.integers(0, HOUR)] * 3))
def test_nobody_is_given_what_they_cannot_do(
    drawn: list[tuple[Span, dict[UUID, int]]], masks: tuple[int, int, int]
) -> None:
    wanted = [
        duty(number, (first, first + length), able=able)
        for number, ((first, length), able) in enumerate(drawn)
    ]
    staff = dict(zip(TEAM, masks, strict=True))
    everybody = Free(staff=staff, units={}, client=HOUR)

    found = hand_over(wanted, everybody)

    assert set(found) == {each.line_id for each in wanted}
    by_line = {each.line_id: each for each in wanted}
    for line_id, staff_id in found.items():
        if staff_id is not None:
            assert staff_id in by_line[line_id].able
            assert not by_line[line_id].minutes & ~staff[staff_id]
    given_away = [(staff_id, by_line[pk].minutes) for pk, staff_id in found.items() if staff_id]
    for (one, its), (other, others) in product(given_away, repeat=2):
        assert one != other or its is others or not its & others
    for line_id, staff_id in found.items():
        if staff_id is None:  # then really nobody of those left could have it
            for able in by_line[line_id].able:
                spoken_for = sum(minutes for who, minutes in given_away if who == able)
                assert by_line[line_id].minutes & ~(staff[able] & ~spoken_for)
