"""Chance that falls the same way every time."""

from random import Random


def dice(*names: object) -> Random:
    """A generator of its own for every purpose: drawing more for one changes no other."""
    return Random("/".join(map(str, names)))  # noqa: S311 # nosec B311
