"""TABLE 2: what happened -> who reacts."""

from shared_apps.outbox.registry import Subscriptions

SUBSCRIPTIONS: Subscriptions = {}
