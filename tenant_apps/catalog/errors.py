from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict, Invalid, NotFound, Text

PROBLEMS: Mapping[str, Text] = {
    # phases
    "at_least_one": _("A service needs at least one phase."),
    "begins_with_work": _("A service begins with work."),
    "begins_with_the_client": _("The client has to be there when the service begins."),
    "ends_with_processing": _("Somebody has to finish after the processing time."),
    "longer_than_a_day": _("All phases together may not pass 24 hours."),
    "somebody_leads": _("Whoever does the service has to work in at least one phase."),
    "whole_minutes": _("Use whole minutes, one or more."),
    "work_needs_somebody": _("Work needs somebody who does it."),
    "cleanup_without_client": _("The client has left when cleanup begins."),
    "takes_nothing": _("This phase takes nobody and nothing. Leave it out."),
    "needs_overlap": _("Two needs of one phase may not ask for the same kind."),
    "needs_nothing": _("Name at least one kind and a quantity of one or more."),
    "keep_differs": _("Keep the same kind for the service or for the visit, not both."),
    "only_for_gaps": _("Only processing time in which nobody works can be a gap."),
    "merge_key_twice": _("Only one phase of a service may share this finish."),
    "no_such_kind": _("There is no such kind of unit."),
    # levels
    "at_least_one_price": _("A service needs a price for at least one level."),
    "no_such_level": _("There is no such level."),
    "price_out_of_range": _("Use a price of zero or more, in whole minor units."),
    "percent_out_of_range": _("Use 1 to 1000 percent."),
    "one_for_each_phase": _("Give minutes for each phase."),
    "zero_or_more": _("Use whole minutes, zero or more."),
    "rest_does_not_fit": _("What is left of the phases at this level does not fit together."),
    # minutes of one's own
    "up_to_ten_hours": _("Use whole minutes, 0 to 600."),
    "rest_makes_no_sense": _("What is left of the phases does not fit together."),
    # bundles
    "bundle_has_no_phases": _("The phases of a bundle are those of its parts."),
    "bundle_has_one_price": _("A bundle has one price for all levels."),
    "two_parts": _("A bundle has at least two parts."),
    "groups_in_order": _("Number the groups from 0 on, without a gap."),
    "no_such_option": _("This service is not offered here."),
    "part_is_a_bundle": _("A bundle cannot be part of a bundle."),
    "in_a_bundle": _("This is part of a bundle. Take it out there first."),
    # a visit
    "wrong_order": _("This service has to come earlier in the visit."),
    "needs_a_service": _("This is only sold together with another service."),
    "not_an_addon": _("This service cannot be added to another."),
    "no_such_line": _("There is no such line to add this to."),
    "not_with_this": _("This cannot be added to that service."),
    # limits
    "never_sold": _("Name at least one weekday."),
    "no_such_weekday": _("Weekdays count from 0, Monday, to 6."),
    "not_in_a_day": _("Use minutes after midnight, below 1440."),
    "ends_before_it_begins": _("The end has to come after the beginning, at most at 1440."),
    "no_addon": _("Say where the add-on goes, or leave out what it belongs to."),
    "no_such_service": _("There is no such service."),
    "itself": _("A service cannot be added to itself."),
    # a salon's own fields
    "no_such_field": _("There is no such field."),
    "required": _("This field is required."),
    "not_a_text": _("Use a text of at most 400 characters."),
    "not_a_number": _("Use a number."),
    "not_a_boolean": _("Use true or false."),
    "not_a_choice": _("Use one of the choices."),
    "not_a_date": _("Use a date such as 2026-12-24."),
    "only_for_choices": _("Only a choice has choices."),
    "two_choices": _("Name at least two choices."),
    "choices_differ": _("Each choice needs a text of its own."),
    # names and lists
    "no_name": _("Give it a name."),
    "some_places": _("A unit has 1 to 20 places."),
    "plain_code": _("Use small letters, digits and underscores, beginning with a letter."),
    "no_such_category": _("There is no such category."),
    "all_of_them": _("Name each of them once."),
    "at_least_one_option": _("A service needs at least one option."),
    "option_twice": _("Name each option once."),
}
"""What the policies find, in words."""


def worded(problems: Mapping[str, str]) -> dict[str, Text]:
    """Codes by path as texts by path."""
    return {path: PROBLEMS[why] for path, why in problems.items()}


class NoSuchOption(NotFound):
    code = "option_not_found"
    message = _("This service is not offered here.")


class NoSuchCategory(NotFound):
    code = "category_not_found"
    message = _("There is no such category.")


class NoSuchService(NotFound):
    code = "service_not_found"
    message = _("There is no such service.")


class NoSuchUnit(NotFound):
    code = "unit_not_found"
    message = _("There is no such unit.")


class NoSuchUnitKind(NotFound):
    code = "unit_kind_not_found"
    message = _("There is no such kind of unit.")


class NoSuchField(NotFound):
    code = "custom_field_not_found"
    message = _("There is no such field.")


class BadPhases(Invalid):
    code = "phases_invalid"
    message = _("The phases of this service do not fit together.")


class CodeTaken(Conflict):
    code = "code_taken"
    message = _("This code is taken.")


class CategoryInUse(Conflict):
    code = "category_in_use"
    message = _("There are services in this category. Archive or move them first.")


class PartOfBundle(Conflict):
    code = "part_of_bundle"
    message = _("This is part of a bundle. Take it out there first.")


class UnitKindInUse(Conflict):
    code = "unit_kind_in_use"
    message = _("Units or services still name this kind.")
