"""What people read when everything is up, and the same for programs in `demo.json`."""

import json
from typing import Any

from deploy.local.credentials import write_private
from deploy.local.databases import Databases
from deploy.local.options import Options

ROLES = ("owner", "manager", "receptionist", "stylist", "client")


def salon_url(options: Options, slug: str) -> str:
    return f"http://{slug}.localhost:{options.port}"


def demo_document(options: Options, databases: Databases) -> dict[str, Any]:
    """The sign-ins that seeding wrote down, with the addresses of this run."""
    file = options.home.demo_users
    known = json.loads(file.read_text()) if file.exists() else {"salons": []}
    return {
        "base_url": options.base_url,
        "database_url": databases.app_url,
        "salons": [
            {**salon, "url": salon_url(options, salon["slug"])} for salon in known["salons"]
        ],
        "hq": known.get("hq"),
        "operator": known.get("operator"),
    }


def write_demo(options: Options, databases: Databases) -> dict[str, Any]:
    document = demo_document(options, databases)
    write_private(options.home.demo, document)
    return document


def lines(options: Options, demo: dict[str, Any], *, seconds: float) -> list[str]:
    salons = demo["salons"]
    said = [
        "",
        f"Parlour is ready after {seconds:.1f} s.",
        "",
        f"  {options.base_url}/signup   sign up a salon of your own",
        f"  {options.base_url}/dev/mail   every e-mail it sends",
    ]
    for salon in salons:
        said += ["", f"  {salon['url']}   {salon['name']}"]
        said += [_sign_in(role, salon["users"][role]) for role in ROLES if role in salon["users"]]
    for title in ("hq", "operator"):
        if demo[title]:
            said += ["", _sign_in(title, demo[title])]
    if salons:
        host = salons[0]["url"].removeprefix("http://")
        said += [
            "",
            "  From a program, which does not resolve *.localhost:",
            f"  curl -H 'Host: {host}' http://127.0.0.1:{options.port}/api/v1/catalog/services",
        ]
    home = options.home
    return [
        *said,
        "",
        f"  The same for programs: {home.demo}   Logs: {home.logs}",
        "  Ctrl-C stops everything.",
        "",
    ]


def _sign_in(role: str, user: dict[str, Any]) -> str:
    return f"    {role:<13} {user['email']:<40} {user['password']}"
