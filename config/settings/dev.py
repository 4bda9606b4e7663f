from config.settings.base import *  # noqa: F403
from config.settings.env import env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="development-only-" + "x" * 40)
DEV_MAILBOX = True

# A developer's machine is one network: room to try things, and the limits still exist.
RATE_LIMITS = {
    "sign_up": env("RATE_SIGN_UP", default="100/day"),
    "sign_up_try": env("RATE_SIGN_UP_TRY", default="600/hour"),
    "sign_in": env("RATE_SIGN_IN", default="600/minute"),
    "guest_booking": env("RATE_GUEST_BOOKING", default="3000/hour"),
    "guest_hold": env("RATE_GUEST_HOLD", default="3000/hour"),
    "public_read": env("RATE_PUBLIC_READ", default="6000/minute"),
    "letter": env("RATE_LETTER", default="1000/hour"),
    "contact_code": env("RATE_CONTACT_CODE", default="60/hour"),
    "contact_proof": env("RATE_CONTACT_PROOF", default="300/hour"),
}
