"""How much one search may try."""

# A real salon's visits are placed within dozens.
MOST_STEPS = 2_000


class GaveUp(Exception):
    """After too many steps."""


class Steps:
    """``taken`` so far, of ``most``."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.taken, self._most = 0, most

    def take(self, count: int = 1) -> None:
        self.taken += count
        if self.taken > self._most:
            raise GaveUp
