"""Production starts with everything it needs, and not at all without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgresql://parlour_app:pw@db.internal:5432/parlour?sslmode=verify-full",
    "REDIS_URL": "rediss://redis.internal:6379/0",
    "BASE_URL": "https://parlour.example",
    "EMAIL_URL": "smtp+tls://user:pw@mail.internal:587",
}
KNOWN = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def run(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**KNOWN, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def show(*names: str) -> str:
    shown = ", ".join(f"settings.{name}" for name in names)
    return f"import django; django.setup(); from django.conf import settings; print(({shown},))"


def test_production_starts_with_its_secrets_set_and_without_any_server() -> None:
    done = run(show("DEBUG", "DEV_MAILBOX", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"), COMPLETE)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "(False, False, True, True)"


@pytest.mark.parametrize("missing", sorted(set(COMPLETE) - {"DJANGO_SETTINGS_MODULE"}))
def test_production_refuses_to_start_without(missing: str) -> None:
    absent = {name: value for name, value in COMPLETE.items() if name != missing}
    done = run(show("DEBUG"), absent)

    assert done.returncode != 0
    assert missing in done.stderr.splitlines()[-1]
    assert run(show("DEBUG"), {**COMPLETE, missing: ""}).returncode != 0


@pytest.mark.parametrize("text", ["parlour.example", "ftp://parlour.example", "https://x/path"])
def test_a_base_url_that_is_none_is_refused(text: str) -> None:
    done = run(show("DEBUG"), {**COMPLETE, "BASE_URL": text})

    assert done.returncode != 0
    assert "BASE_URL" in done.stderr.splitlines()[-1]


def test_what_the_database_url_asks_for_is_kept() -> None:
    done = run(show("DATABASES['default']['OPTIONS']"), COMPLETE)

    assert "'sslmode': 'verify-full'" in done.stdout
    assert "statement_timeout=30s" in done.stdout


def test_the_mailbox_page_does_not_exist_in_production() -> None:
    code = (
        "import django; django.setup()\n"
        "from config.urls_public import urlpatterns\n"
        "print([str(p.pattern) for p in urlpatterns if 'mail' in str(p.pattern)])"
    )
    assert run(code, COMPLETE).stdout.strip() == "[]"
    development = {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    assert "dev/mail" in run(code, development).stdout


def test_django_has_nothing_to_say_against_production() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    done = run(code, {**COMPLETE, "SECRET_KEY": "k3y-of-many-l3tters" * 5})

    assert done.returncode == 0, done.stderr
