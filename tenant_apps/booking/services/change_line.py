"""Having a service of a visit in another way: another option, person or chair, for longer, or at
the price that was only to be found out."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Forbidden, Invalid
from shared_apps.core.money import Money
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import PriceIsFixed
from tenant_apps.booking.models import Line
from tenant_apps.booking.permissions import CHANGE_ANY, SET_PRICE
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.selectors.setup import setup_now
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.selectors.visits import VisitRows, locked_visit
from tenant_apps.booking.services.again import (
    asked_again,
    by_same_people,
    called,
    had_as,
    kept_lines,
    line_again,
)
from tenant_apps.booking.services.changing import (
    CHANGEABLE,
    check_changeable,
    check_line_changeable,
    check_not_over,
    tell_change,
    with_alternatives,
    wrong_state,
)
from tenant_apps.booking.services.finding import Wish
from tenant_apps.booking.services.life import check_version, line_of
from tenant_apps.booking.services.place_again import place_again, stay_wish
from tenant_apps.booking.services.replacing import put
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING, AskedLine, LinePrice, Override
from tenant_apps.catalog.enums import Keep, PriceKind
from tenant_apps.catalog.errors import NoSuchOption
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.staff.selectors import member_of_account
from tenants.selectors import current_salon

FIELDS = (
    *("option", "bundle_option_id", "requested_staff", "level_at_booking", "list_price", "price"),
    *("price_kind", "currency", "tax_category", "updated_at"),
)
BELOW = _("The price may not be below the one on the list.")
OTHER_CURRENCY = _("Use the currency of the line.")


class LineChange(TypedDict, total=False):
    """What is left out stays.

    - ``staff_id``: who shall do it; ``None`` is anyone.
    - ``unit_ids``: the chair or room; none is any that is free.
    - ``own_minutes``: how long each phase takes; ``None`` is as usual.
    - ``price``: only where the list does not fix it.
    """

    option_id: UUID
    staff_id: UUID | None
    unit_ids: frozenset[UUID]
    own_minutes: tuple[int, ...] | None
    price: Money


def change_line(
    *,
    appointment_id: UUID,
    line_id: UUID,
    change: LineChange,
    actor: Actor,
    expected_version: int | None = None,
    override: Override = NOTHING,
) -> UUID:
    """Change all of it, or nothing; the visit keeps its time and its other people. Another option
    has its price of today. A price alone takes no time and asks nobody for any. Who may not say
    the prices of others may say that of a line that is theirs before and afterwards.

    Raises ``NoSuchAppointment``, ``NoSuchLine``, ``Stale``, ``WrongState``, ``PriceIsFixed``,
    ``Forbidden`` for a price that is not theirs to say, and what booking raises for a time that
    cannot be had.
    """
    actor.require(CHANGE_ANY)
    if set(change) <= {"price"}:
        return _set_price(appointment_id, line_id, change, actor, expected_version)
    return with_alternatives(
        lambda: _change(appointment_id, line_id, change, actor, expected_version, override),
        appointment_id,
        lambda rows: _wish(rows, line_id, change),
        actor,
    )


@transaction.atomic
def _set_price(
    appointment_id: UUID, line_id: UUID, change: LineChange, actor: Actor, version: int | None
) -> UUID:
    rows = locked_visit(appointment_id)
    line = line_of(rows, line_id)
    check_version(rows, version)
    check_changeable(rows, {*CHANGEABLE, State.COMPLETED})
    check_line_changeable(rows, line, {*CHANGEABLE, State.COMPLETED})
    if "price" in change:
        _agree(line, change["price"], actor)
        line.save(update_fields=["price", "updated_at"])
        tell_change(rows, actor=actor, override=NOTHING)
    return line.pk


@retried_once
@transaction.atomic
def _change(
    appointment_id: UUID,
    line_id: UUID,
    change: LineChange,
    actor: Actor,
    version: int | None,
    override: Override,
) -> UUID:
    rows = hold_visit(appointment_id)
    line = line_of(rows, line_id)
    check_version(rows, version)
    check_changeable(rows)
    check_line_changeable(rows, line, CHANGEABLE)
    if line.state == State.IN_SERVICE and _has_others(line, change):
        raise wrong_state(rows, line.state)
    if "price" in change:
        _check_is_theirs_to_price(line, actor)
    check_not_over(rows, override)
    before = rows.days(current_salon().zone)
    said, with_it = _said(rows, line, change), _with_it(rows, line, change, actor)
    path = asked_again(kept_lines(rows), said).path_of(line.pk)
    with called({path: ""}):
        again, place = place_again(
            rows,
            said,
            touched=[line.pk, *with_it],
            override=override,
            actor=actor,
            let_go={*_let_go(line, change), *with_it},
        )
    put(rows, again, place, override=override, actor=actor)
    (price,) = (
        place.demand.price(number, line.performer_id)
        for number, asked in enumerate(place.demand.lines)
        if asked.path == path
    )
    _write(line, change, price, actor)
    tell_change(rows, actor=actor, override=override, also=before)
    return line.pk


def _wish(rows: VisitRows, line_id: UUID, change: LineChange) -> Wish:
    again = asked_again(kept_lines(rows), _said(rows, line_of(rows, line_id), change))
    return replace(stay_wish(rows, again, NOTHING), staying=None)


def _said(rows: VisitRows, line: Line, change: LineChange) -> dict[UUID, AskedLine]:
    said = by_same_people(kept_lines(rows))
    said[line.pk] = _asked(rows, line, change)
    return said


def _asked(rows: VisitRows, line: Line, change: LineChange) -> AskedLine:
    asked, known = line_again(line, line.performer_id), setup_now().options
    if _has_other_option(line, change):
        option_id = change["option_id"]
        if option_id in known and known[option_id].is_bundle:
            raise Invalid(fields={"option_id": NoSuchOption.message})
        asked = replace(asked, option_id=option_id, timings=(), is_new=True)
    own = change.get("own_minutes")
    if own is not None:
        asked = replace(asked, own_minutes=own, timings=())
    elif "own_minutes" in change or asked.is_new:
        (asked,) = timed([replace(asked, timings=())], known, client_id=rows.appointment.client_id)
    return replace(
        asked,
        staff_id=change.get("staff_id", asked.staff_id),
        unit_ids=change.get("unit_ids", frozenset()),
    )


def _has_others(line: Line, change: LineChange) -> bool:
    return change.get("staff_id", line.performer_id) != line.performer_id


def _has_other_option(line: Line, change: LineChange) -> bool:
    return change.get("option_id", line.option_id) != line.option_id


def _let_go(line: Line, change: LineChange) -> Collection[UUID]:
    """Whether it gives up the chair that it has for any that is free."""
    return {line.pk} if "unit_ids" in change and not change["unit_ids"] else ()


def _with_it(rows: VisitRows, line: Line, change: LineChange, actor: Actor) -> set[UUID]:
    """The lines to come that keep through the visit what this one is had on: they change with
    it."""
    if "unit_ids" not in change:
        return set()
    lines = kept_lines(rows)
    terms = had_as(asked_again(lines, by_same_people(lines)), actor)
    kept = {pk: _kept(found) for pk, found in terms.items()}
    return {
        other.pk
        for other in lines
        if other is not line and other.state in WAITING and kept[other.pk] & kept[line.pk]
    }


def _kept(terms: OptionTerms) -> set[tuple[str, ...]]:
    needs = (need for phase in terms.phases for need in phase.needs)
    return {need.kinds for need in needs if need.keep is Keep.VISIT}


def _write(line: Line, change: LineChange, price: LinePrice, actor: Actor) -> None:
    if "staff_id" in change:
        line.requested_staff_id = change["staff_id"]
    if _has_other_option(line, change):
        line.option_id, line.bundle_option_id = change["option_id"], None
        line.level_at_booking = price.level
        line.list_price = line.price = price.price.amount
        line.price_kind, line.currency = price.terms.price_kind, price.price.currency
        line.tax_category = price.terms.tax_category
    if "price" in change:
        _agree(line, change["price"], actor)
    line.save(update_fields=FIELDS)


def _agree(line: Line, price: Money, actor: Actor) -> None:
    """A price that is to be found out."""
    _check_is_theirs_to_price(line, actor)
    if line.price_kind == PriceKind.FIXED:
        raise PriceIsFixed
    if price.currency != line.currency:
        raise Invalid(fields={"price.currency": OTHER_CURRENCY})
    if line.price_kind == PriceKind.FROM and price.amount < line.list_price:
        raise Invalid(fields={"price.amount": BELOW})
    line.price = price.amount


def _check_is_theirs_to_price(line: Line, actor: Actor) -> None:
    """Reception may say any price; others that of their own work."""
    if not actor.may(SET_PRICE) and line.performer_id != member_of_account(actor.id):
        raise Forbidden
