"""Who belongs to the team, and what each does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.selectors import get_account
from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.core.errors import Invalid, NotFound, Stale
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.wall import today_in
from shared_apps.journal.services import publish
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.selectors import option_terms
from tenant_apps.staff.errors import AccountHasMember, NoSuchMember
from tenant_apps.staff.events import MemberChanged, MemberJoined
from tenant_apps.staff.models import Member, Skill
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.days import must_hold_from
from tenant_apps.staff.types import HeldDays
from tenants.selectors import current_salon


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberChange:
    """What is to be different; ``None`` leaves it. ``person_id`` joins this member to the same
    person's row in another salon; ``no_person`` parts them again."""

    name: str | None = None
    title: str | None = None
    level: Level | None = None
    languages: Sequence[str] | None = None
    position: int | None = None
    is_active: bool | None = None
    is_online: bool | None = None
    person_id: UUID | None = None
    no_person: bool = False
    option_ids: Collection[UUID] | None = None


@transaction.atomic
def add_member(
    *,
    name: str,
    level: Level,
    option_ids: Collection[UUID],
    position: int,
    actor: Actor,
    title: str = "",
    languages: Sequence[str] = (),
    is_online: bool = True,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
    attempt: Attempt | None = None,
) -> Member:
    """Raises ``Invalid`` naming options or an account that are not there, ``AccountHasMember``."""
    actor.require(EDIT_TEAM)
    facts = {
        "name": name,
        "title": title,
        "level": level,
        "languages": list(languages),
        "is_online": is_online,
        "account_id": account_id,
        "person_id": person_id,
        "position": position,
    }
    member_id = once(attempt, lambda planned: _join(planned, facts, option_ids, actor))
    return Member.objects.get(pk=member_id)


@transaction.atomic
def change_member(
    *,
    member_id: UUID,
    change: MemberChange,
    held: HeldDays | None,
    actor: Actor,
    expected_version: int | None = None,
) -> Member:
    """Visits that somebody can no longer do stay as they are; nothing is taken back. ``held`` is
    needed when somebody leaves: nobody may be selling their time then.

    Raises ``NoSuchMember``, ``Stale``, ``Invalid`` naming the options that are not sold.
    """
    actor.require(EDIT_TEAM)
    if change.is_active is False:
        must_hold_from(today_in(current_salon().zone), held)
    member = Member.objects.select_for_update(no_key=True).filter(pk=member_id).first()
    if member is None:
        raise NoSuchMember
    if expected_version not in {None, member.version}:
        raise Stale(extra={"version": member.version})
    before = set(member.skills.values_list("option_id", flat=True))
    does = before if change.option_ids is None else set(change.option_ids)
    changed = _apply(change, member)
    if does != before:
        _check_sold(does - before)
        member.skills.exclude(option_id__in=does).delete()
        _add_skills(member.pk, does - before)
        changed.append("option_ids")
    if not changed:
        return member
    member.version += 1
    member.save(update_fields=[*(set(changed) - {"option_ids"}), "version", "updated_at"])
    publish(
        MemberChanged(
            stream_id=member.pk,
            version=member.version,
            changed=tuple(changed),
            level=member.level,
            option_ids=tuple(sorted(does)),
            is_active=member.is_active,
            is_online=member.is_online,
            person_id=member.person_id,
        ),
        actor=actor,
    )
    return member


def _join(
    member_id: UUID, facts: dict[str, Any], option_ids: Collection[UUID], actor: Actor
) -> UUID:
    does = set(option_ids)
    _check_sold(does)
    _check_account(facts["account_id"])
    with refused_as(UNIQUE_VIOLATION, AccountHasMember):
        Member.objects.create(id=member_id, **facts)
    _add_skills(member_id, does)
    publish(
        MemberJoined(
            stream_id=member_id, version=1, level=facts["level"], option_ids=tuple(sorted(does))
        ),
        actor=actor,
    )
    return member_id


def _check_sold(option_ids: Collection[UUID]) -> None:
    known = option_terms(option_ids) if option_ids else {}
    if set(option_ids) - set(known):
        raise Invalid(fields={"option_ids": _("Some of these are not on the price list.")})


def _check_account(account_id: UUID | None) -> None:
    try:
        if account_id:
            get_account(account_id)
    except NotFound as error:
        raise Invalid(fields={"account_id": _("There is no such account here.")}) from error


def _add_skills(member_id: UUID, option_ids: Collection[UUID]) -> None:
    Skill.objects.bulk_create(
        Skill(member_id=member_id, option_id=option_id) for option_id in sorted(option_ids)
    )


def _apply(change: MemberChange, member: Member) -> list[str]:
    """Write the fields that differ; answers with their names."""
    wanted = {
        name: getattr(change, name)
        for name in (
            *("name", "title", "level", "position", "is_active", "is_online", "person_id"),
        )
        if getattr(change, name) is not None
    }
    if change.languages is not None:
        wanted["languages"] = list(change.languages)
    if change.no_person:
        wanted["person_id"] = None
    changed = [name for name, value in wanted.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, wanted[name])
    return changed
