"""What a price list costs. Pure; minor units."""

from collections.abc import Collection, Mapping, Sequence

from tenant_apps.catalog.types import LevelTerms, OptionTerms


def shared_out(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``total`` in whole minor units by ``weights`` (none negative), by largest remainder:
    the parts add up exactly, and none is a whole unit off its share. Of equal remainders the
    earlier part gets the unit; where nothing weighs anything all parts weigh the same.
    """
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    shares = [divmod(total * weight, whole) for weight in weights]
    missing = total - sum(share for share, _rest in shares)
    first = sorted(range(len(shares)), key=lambda place: -shares[place][1])[:missing]
    return tuple(share + (place in first) for place, (share, _rest) in enumerate(shares))


def prices_among(
    levels: Mapping[str, LevelTerms], among: Collection[str] | None = None
) -> set[int]:
    """Those of the levels ``among`` that have one; of all when none of them has."""
    found = {terms.price for level, terms in levels.items() if among is None or level in among}
    return found or {terms.price for terms in levels.values()}


def lowest_price(levels: Mapping[str, LevelTerms], among: Collection[str] | None = None) -> int:
    return min(prices_among(levels, among))


def bundle_shares(bundle: OptionTerms, parts: Sequence[OptionTerms]) -> tuple[int, ...]:
    """What each part costs within the bundle: its price shared out by the parts' own lowest
    prices, so that it does not depend on who does them."""
    return shared_out(bundle.bundle_price, [lowest_price(part.levels) for part in parts])
