"""What the measured application is told, beside the addresses of its servers."""

# Real settings and real passwords. Limits that nobody reaches: their counting is measured.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    "LOG_LEVEL": "ERROR",
    **dict.fromkeys(
        (
            "RATE_SIGN_UP",
            "RATE_SIGN_UP_TRY",
            "RATE_SIGN_IN",
            "RATE_GUEST_BOOKING",
            "RATE_PUBLIC_READ",
            "RATE_LETTER",
        ),
        "1000000/minute",
    ),
}
