"""How much one network may ask for, as ``limits`` reads it. Empty: no limit."""

from config.settings.env import env

# How many proxies in front may be believed about who the client is.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

RATE_LIMITS: dict[str, str] = {
    # Salons opened. A weak password or a taken address costs a try, not a salon.
    "sign_up": env("RATE_SIGN_UP", default="10/day"),
    "sign_up_try": env("RATE_SIGN_UP_TRY", default="60/hour"),
    "sign_in": env("RATE_SIGN_IN", default="30/minute"),
    "guest_booking": env("RATE_GUEST_BOOKING", default="60/hour"),
    "guest_hold": env("RATE_GUEST_HOLD", default="120/hour"),
    "public_read": env("RATE_PUBLIC_READ", default="600/minute"),
    # To one address, set off by strangers, whichever salon they ask.
    "letter": env("RATE_LETTER", default="20/hour"),
    "contact_code": env("RATE_CONTACT_CODE", default="5/hour"),
    "contact_proof": env("RATE_CONTACT_PROOF", default="30/hour"),
}

# What strangers may keep without a name: times from one network, and of a salon day's work.
HOLDS_PER_NETWORK = env.int("HOLDS_PER_NETWORK", default=5)
HOLDS_SHARE = env.float("HOLDS_SHARE", default=0.3)
