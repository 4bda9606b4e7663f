"""Is what somebody writes into the price list sound? Reads what the pure rules cannot know."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared_apps.core.errors import Invalid
from tenant_apps.catalog.errors import BadPhases, worded
from tenant_apps.catalog.models import Category, Service
from tenant_apps.catalog.policies.fields import value_problems
from tenant_apps.catalog.policies.phases import Problem, option_problems
from tenant_apps.catalog.policies.sale import limit_problems
from tenant_apps.catalog.selectors import basis_of_services, bundled_options, option_terms
from tenant_apps.catalog.types import Basis, NewOption, OptionTerms


def check_service(
    wanted: Mapping[str, Any], given: Collection[str], *, service: Service | None
) -> None:
    """``wanted`` is all of a service as it would be then, ``given`` what somebody wrote of it.
    What it rests on is locked already.

    Raises ``BadPhases`` when an option is wrong, else ``Invalid``, naming every field.
    """
    problems, basis = dict(_about_itself(wanted)), basis_of_services()
    if "category_id" in given and not _is_sold(wanted["category_id"]):
        problems["category_id"] = "no_such_category"
    if not {"addon_place", "addon_of", "sold_alone"}.isdisjoint(given):
        problems |= dict(_about_addon(wanted, service))
    if "custom" in given:
        found = value_problems(basis.fields, wanted["custom"])
        problems |= {f"custom.{key}": why for key, why in found.items()}
    about_options = _about_options(wanted["options"], service, basis) if "options" in given else {}
    if about_options:
        raise BadPhases(fields=worded(problems | about_options))
    if problems:
        raise Invalid(fields=worded(problems))


def _about_itself(wanted: Mapping[str, Any]) -> Iterator[Problem]:
    if not wanted["name"].strip():
        yield "name", "no_name"
    yield from limit_problems(
        weekdays=wanted["weekdays"],
        from_minute=wanted["from_minute"],
        until_minute=wanted["until_minute"],
    )


def _is_sold(category_id: UUID) -> bool:
    return Category.objects.filter(pk=category_id, archived_at=None).exists()


def _about_addon(wanted: Mapping[str, Any], service: Service | None) -> Iterator[Problem]:
    hosts = set(wanted["addon_of"])
    if not wanted["addon_place"]:
        if hosts:
            yield "addon_of", "no_addon"
        if not wanted["sold_alone"]:
            yield "sold_alone", "no_addon"
    elif service and service.pk in hosts:
        yield "addon_of", "itself"
    elif Service.objects.filter(pk__in=hosts).count() < len(hosts):
        yield "addon_of", "no_such_service"


def _about_options(
    options: Sequence[NewOption], service: Service | None, basis: Basis
) -> dict[str, str]:
    if not options:
        return {"options": "at_least_one_option"}
    own = {option.option_id for option in options if option.option_id}
    problems = {
        f"options.{place}.{path}": why
        for place, option in enumerate(options)
        for path, why in option_problems(option).items()
    }
    return (
        problems
        | dict(_about_ids(options, service))
        | dict(_about_kinds(options, basis.kinds))
        | dict(_about_parts(options, own))
    )


def _about_ids(options: Sequence[NewOption], service: Service | None) -> Iterator[Problem]:
    known = set(service.options.values_list("pk", flat=True)) if service else set()
    seen: set[UUID] = set()
    for place, option in enumerate(options):
        if option.option_id in seen:
            yield f"options.{place}.id", "option_twice"
        elif option.option_id and option.option_id not in known:
            yield f"options.{place}.id", "no_such_option"
        if option.option_id:
            seen.add(option.option_id)
    if bundled_options(known - seen):
        yield "options", "in_a_bundle"


def _about_kinds(options: Sequence[NewOption], known: Collection[str]) -> Iterator[Problem]:
    for place, option in enumerate(options):
        for step, phase in enumerate(option.phases):
            for number, need in enumerate(phase.needs):
                if not set(need.kinds).issubset(known):
                    path = f"options.{place}.phases.{step}.needs.{number}.any_of"
                    yield path, "no_such_kind"


def _about_parts(options: Sequence[NewOption], own: set[UUID]) -> Iterator[Problem]:
    asked = {part.option_id for option in options for part in option.parts}
    if not asked:
        return
    known, bundled = option_terms(asked), bundled_options(own)
    becoming = {option.option_id for option in options if option.parts}
    for place, option in enumerate(options):
        if option.parts and option.option_id in bundled:
            yield f"options.{place}.parts", "in_a_bundle"
        for number, part in enumerate(option.parts):
            found = known.get(part.option_id)
            if why := _about_part(found, part.option_id in becoming):
                yield f"options.{place}.parts.{number}.option_id", why


def _about_part(found: OptionTerms | None, becoming: bool) -> str:
    if found is None or found.is_archived:
        return "no_such_option"
    return "part_is_a_bundle" if found.is_bundle or becoming else ""
