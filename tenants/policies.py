"""Rules about names and hosts. Pure: no clock, no database."""

import re
from datetime import date, timedelta

import idna

SLUG = re.compile(r"[a-z0-9](-?[a-z0-9]){2,39}\Z")
SCHEMA = re.compile(r"s_[0-9a-f]{32}\Z")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")
LONGEST_SLUG = 40
LONGEST_HOST = 253
QUARANTINE = timedelta(days=180)

RESERVED = """
    about abuse account accounts admin administrator api app apps assets auth autoconfig
    autodiscover billing blog book booking bookings calendar cdn chain chains console contact
    dashboard demo dev developer developers docs download email events extensions ftp gateway
    git graphql health healthz help host hostmaster hq imap info internal legal live localhost
    login logout mail mailbox manage me media metrics mobile monitor mta-sts mx news ns ns1 ns2
    oauth office operator parlour pay payment payments platform pop postmaster press privacy
    prod production proxy public register root sales salon salons sandbox security shop signin
    signup sip smtp ssl staging static stats status store support system team terms test tests
    tls tools unsubscribe update upload user users vpn webhook webhooks webmail webmaster
    whatsapp widget wiki wpad www xml
"""
RESERVED_SLUGS = frozenset(RESERVED.split())


def slug_problem(slug: str) -> str | None:
    """Why ``slug`` cannot be a salon's name on the net: ``format``, ``reserved`` or nothing."""
    if not SLUG.match(slug) or len(slug) > LONGEST_SLUG:
        return "format"
    if slug in RESERVED_SLUGS:
        return "reserved"
    return None


def is_schema_of_ours(name: str) -> bool:
    return SCHEMA.match(name) is not None


def normal_host(raw: str) -> str | None:
    """A Host header as the directory writes it: no port, lower case, no final dot, IDNA.

    ``None`` for what no host can be (user info, spaces, two hosts, an empty label).
    """
    host = re.sub(r":\d{1,5}\Z", "", raw.strip()).lower()
    host = host.removesuffix(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return None
    if len(host) > LONGEST_HOST or not HOST.match(host) or ".." in host:
        return None
    return host


def free_again_on(freed_on: date) -> date:
    """The first day on which another salon may take a freed slug."""
    return freed_on + QUARANTINE
