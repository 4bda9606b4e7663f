"""Every page that anybody may open has a rate."""

import pytest
from django.urls import URLPattern, get_resolver

DEVELOPMENT = "dev/"


def pages(urlconf: str) -> dict[str, URLPattern]:
    """What is no API: that one counts at its doors."""
    return {
        str(found.pattern): found
        for found in get_resolver(urlconf).url_patterns
        if isinstance(found, URLPattern) and not str(found.pattern).startswith(DEVELOPMENT)
    }


PAGES = {
    (urlconf, path): page
    for urlconf in ("config.urls_salon", "config.urls_public")
    for path, page in pages(urlconf).items()
}


@pytest.mark.parametrize("page", PAGES.values(), ids=map(" ".join, PAGES))
def test_a_page_counts_its_readers(page: URLPattern) -> None:
    assert getattr(page.callback, "counts_its_readers", False)


def test_there_are_pages_to_count() -> None:
    assert len(PAGES) >= 9
