"""The one error people at the terminal are meant to read."""

import errno


class Stop(Exception):
    """One sentence that says what is wrong; `details` are lines that may help to see why."""

    def __init__(self, sentence: str, *, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


def is_full_disk(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
