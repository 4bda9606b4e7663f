"""How much one search may try."""

# A real salon's visits are placed within dozens.
MOST_STEPS = 2_000


class GaveUp(Exception):
    """After too many steps."""


class Steps:
    """``taken`` so far."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, count: int = 1) -> None:
        self.taken += count
        if self.taken > MOST_STEPS:
            raise GaveUp
