"""What may be a salon's name on the net, a schema of ours, a host."""

from datetime import date

import pytest

from tenants.policies import (
    LONGEST_HOST,
    free_again_on,
    is_schema_of_ours,
    normal_host,
    slug_problem,
)


@pytest.mark.parametrize("slug", ["ann", "a" * 40, "a-b-c", "ab-cut", "studio-12", "007"])
def test_a_slug_is_of_letters_digits_and_single_inner_hyphens(slug: str) -> None:
    assert slug_problem(slug) is None


@pytest.mark.parametrize(
    "slug",
    [
        *("", "an", "a" * 41, "a-" * 20 + "a"),  # length, hyphens counted
        *("-anna", "anna-", "an--na", "xn--nna-3mc"),  # a host of another script looks so
        *("Anna", "an_na", "anna.b", "an na", "anna\n", "ännä"),
    ],
)
def test_what_a_host_name_cannot_carry_is_refused_for_its_format(slug: str) -> None:
    assert slug_problem(slug) == "format"


@pytest.mark.parametrize("slug", ["www", "api", "admin", "mta-sts", "salon"])
def test_our_own_names_are_reserved(slug: str) -> None:
    assert slug_problem(slug) == "reserved"
    assert slug_problem(f"{slug}s-hair") is None


def test_a_schema_of_ours_is_named_by_the_hex_of_an_id() -> None:
    assert is_schema_of_ours("s_" + "0123456789abcdef" * 2)
    assert not is_schema_of_ours("public")
    assert not is_schema_of_ours("s_" + "0" * 31)
    assert not is_schema_of_ours("s_" + "0" * 33)
    assert not is_schema_of_ours("s_" + "A" * 32)
    assert not is_schema_of_ours("xs_" + "0" * 32)


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        ("anna.example", "anna.example"),
        (" Anna.EXAMPLE ", "anna.example"),
        ("anna.example:8000", "anna.example"),
        ("anna.example:65535", "anna.example"),
        ("anna.example.", "anna.example"),
        ("anna.example.:80", "anna.example"),
        ("a", "a"),
        ("a" * LONGEST_HOST + ":80", "a" * LONGEST_HOST),
        ("Schön.Example:80", "xn--schn-7qa.example"),
        ("SCHÖN.example.", "xn--schn-7qa.example"),
        ("\uff41\uff4e\uff4e\uff41\u3002example", "anna.example"),  # as wide as Chinese signs
    ],
)
def test_a_host_is_written_in_one_way(raw: str, host: str) -> None:
    assert normal_host(raw) == host


@pytest.mark.parametrize(
    "raw",
    [
        *("", ".", ":80", "[::1]", "[::1]:80"),
        *("anna.example:", "anna.example:123456", "anna.example:x", "anna.example:80:80"),
        *("anna..example", "anna.example..", ".anna.example", "é..example"),
        *("-anna.example", "anna.example-", "an_na.example"),
        *("me@anna.example", "anna.example,bruno.example", "anna.example bruno.example"),
        "a" * (LONGEST_HOST + 1),
        *("☃.example", "é" * 64 + ".example"),
    ],
)
def test_what_no_host_can_be_leads_nowhere(raw: str) -> None:
    assert normal_host(raw) is None


def test_a_freed_slug_rests_for_a_hundred_and_eighty_days() -> None:
    assert free_again_on(date(2028, 1, 1)) == date(2028, 6, 29)
