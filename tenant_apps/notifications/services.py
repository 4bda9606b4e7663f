"""Which message goes to whom. Sent once for each thing that happened, however often tried."""

from typing import Any
from uuid import UUID

import structlog
from django.utils.timezone import now

from shared_apps.accounts.selectors import get_account
from shared_apps.core.words import clock, listed, long_date
from tenant_apps.booking.calendar_file import appointment_ics
from tenant_apps.booking.enums import State
from tenant_apps.booking.links import manage_url
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.selectors.recorded import story_of
from tenant_apps.booking.types import AppointmentView
from tenant_apps.clients.proofs import find_code
from tenant_apps.notifications.enums import Kind
from tenant_apps.notifications.links import confirm_url
from tenant_apps.notifications.mail import AddressRefused, Letter, send
from tenant_apps.notifications.models import Delivery
from tenant_apps.notifications.policies import News, news
from tenants.enums import SalonState
from tenants.selectors import current_salon

EMAIL = "email"
log = structlog.get_logger(__name__)


def send_confirmation(*, appointment_id: UUID, version: int) -> None:
    """Tell the client when and with whom. A visit cancelled meanwhile needs no confirmation, and
    one that is another by now is told of by what made it so."""
    view, told = _view_and_news(appointment_id, version)
    if view.state == State.CONFIRMED and told.is_latest:
        _write_to_client(view, Kind.BOOKING_CONFIRMED, version)


def send_news(*, appointment_id: UUID, version: int) -> None:
    """Tell the client what the visit is now, if there is anything in it that they know of. Of
    several changes in a row only the last is told, for all of them."""
    view, told = _view_and_news(appointment_id, version)
    if view.state == State.CONFIRMED and told.is_latest and told.is_any:
        _write_to_client(view, told.kind, version, names_people=told.is_of_people)


def send_cancellation(*, appointment_id: UUID, version: int) -> None:
    """One that was taken back meanwhile is not told."""
    view, told = _view_and_news(appointment_id, version)
    if view.state == State.CANCELLED and told.is_latest:
        _write_to_client(view, Kind.BOOKING_CANCELLED, version)


def send_welcome(*, account_id: UUID) -> None:
    """Greet the owner of a new salon and ask to confirm the address."""
    account = get_account(account_id)
    letter = Letter(
        template=Kind.WELCOME,
        to=account.email,
        language=account.language,
        about_id=account.pk,
        version=1,
        context={"owner": account.name, "confirm_url": confirm_url(account.pk)},
    )
    _send_once(Kind.WELCOME, letter)


def send_contact_code(*, code_id: UUID) -> None:
    """A code that was used or ran out meanwhile is not sent any more."""
    code = find_code(code_id)
    if code is None:
        return
    letter = Letter(
        template=Kind.CONTACT_CODE,
        to=code.email,
        language=code.language,
        about_id=code.pk,
        version=1,
        context={"code": code.code},
    )
    _send_once(Kind.CONTACT_CODE, letter)


def _view_and_news(appointment_id: UUID, version: int) -> tuple[AppointmentView, News]:
    """The visit first: what changes in between is news of its own, and told by its own letter."""
    view = get_appointment(appointment_id)
    story = [told.event for told in story_of(appointment_id)]
    letters = Delivery.objects.filter(about_id=appointment_id, sent_at__isnull=False)
    return view, news(story, version, set(letters.values_list("version", flat=True)))


def _write_to_client(
    view: AppointmentView, kind: Kind, version: int, *, names_people: bool = False
) -> None:
    """With the visit as a calendar file: a cancelled one takes itself out of the calendar."""
    if not view.client_email:
        return
    letter = Letter(
        template=kind,
        to=view.client_email,
        language=view.language,
        about_id=view.id,
        version=version,
        context=_visit_in_words(view) | ({"people": _people(view)} if names_people else {}),
        attachments=(("visit.ics", appointment_ics(view), "text/calendar"),),
    )
    _send_once(kind, letter)


def _visit_in_words(view: AppointmentView) -> dict[str, Any]:
    salon = current_salon()
    language = view.language or salon.language
    starts_at = view.starts_at.astimezone(salon.zone)
    return {
        "client": view.client_name,
        "when": f"{long_date(starts_at.date(), language)}, {clock(starts_at)}",
        "lines": [
            {
                "service": ", ".join(filter(None, [line.service_name, line.option_name])),
                "staff": line.staff_name,
                "price": line.price.formatted(language),
            }
            for line in view.going
        ],
        "total": view.total.formatted(language),
        "manage_url": manage_url(view),
    }


def _people(view: AppointmentView) -> str:
    names = dict.fromkeys(line.staff_name for line in view.going)
    return listed(list(names), view.language or current_salon().language)


def _send_once(kind: Kind, letter: Letter) -> None:
    """The outbox lease keeps two workers from one message; the row keeps a second try from
    sending what a first try sent. A closing salon is off the net: no link of a letter leads
    anywhere any more, so what waited for its post is let go."""
    if current_salon().state == SalonState.CLOSING:
        log.info("no letter from a closing salon", kind=kind, about_id=str(letter.about_id))
        return
    delivery, _is_new = Delivery.objects.get_or_create(
        kind=kind, about_id=letter.about_id, version=letter.version, channel=EMAIL
    )
    if delivery.sent_at is not None:
        return
    try:
        send(letter)
    except AddressRefused:
        log.info("address refused", kind=kind, about_id=str(letter.about_id))
    else:
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=now(), updated_at=now())
