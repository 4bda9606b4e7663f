"""TABLE 2: what happened -> who reacts."""

from shared_apps.outbox.registry import Subscriptions
from tenant_apps.booking import events as booking
from tenant_apps.clients import events as clients
from tenant_apps.notifications import handlers as notifications
from tenant_apps.onboarding import events as onboarding
from tenant_apps.onboarding import handlers as welcome

SUBSCRIPTIONS: Subscriptions = {
    clients.ContactCodeRequested: (notifications.send_contact_code,),
    booking.AppointmentBooked: (notifications.confirm_booking,),
    booking.AppointmentConfirmed: (notifications.confirm_booking,),
    booking.AppointmentMoved: (notifications.announce_change,),
    booking.AppointmentChanged: (notifications.announce_change,),
    booking.ClientNamed: (notifications.announce_change,),
    booking.LineCancelled: (notifications.announce_change,),
    booking.LineReassigned: (notifications.announce_change,),
    booking.StatusUndone: (notifications.announce_change,),
    booking.AppointmentCancelled: (notifications.announce_cancellation,),
    onboarding.SalonFurnished: (welcome.welcome_owner,),
}
