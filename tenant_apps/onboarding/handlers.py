from tenant_apps.notifications.services import send_welcome
from tenant_apps.onboarding.events import SalonFurnished


def welcome_owner(event: SalonFurnished) -> None:
    send_welcome(account_id=event.owner_account_id)
