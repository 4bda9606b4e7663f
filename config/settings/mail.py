from config.settings.env import env

vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Parlour <no-reply@parlour.example>")
# Where the development SMTP server keeps what it took; the mailbox page reads it.
MAILBOX_DIR = env("MAILBOX_DIR", default="")
