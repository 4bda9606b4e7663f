"""How often one network may sign up."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared_apps.core.ratelimit import count, make_sure_of_room, note


@contextmanager
def sign_ups_limited(network: str) -> Iterator[None]:
    """Around one sign-up. Tries are counted by the hour, the salons they open by the day.

    Tries at the same moment all see the room that one of them will take: a few more salons
    than the rate, never more than tries.
    """
    count("sign_up_try", network)
    make_sure_of_room("sign_up", network)
    yield
    note("sign_up", network)
