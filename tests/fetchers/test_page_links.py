"""What a link on a page is."""

from __future__ import annotations

import pytest

from hubwatch.fetchers import page_links


@pytest.mark.parametrize(
    "text",
    [
        "[Official site]",
        "Website",
        "Visit the site",
        "Conference website",
        "Event web page",
        "Project homepage",
    ],
)
def test_a_link_that_only_says_that_it_leads_to_a_site_is_no_title(text: str) -> None:
    assert page_links.is_more(text)


@pytest.mark.parametrize(
    "text",
    ["Site selection", "A new website for suppliers", "Official opening of the site", "Project call 7"],
)
def test_a_title_may_tell_of_a_site(text: str) -> None:
    assert not page_links.is_more(text)
