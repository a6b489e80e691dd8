"""Addresses built like those of known items are told from the rest of a sitemap."""

from __future__ import annotations

import pytest

from hubwatch.fetchers import siblings

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("known", "others", "expected"),
    [
        pytest.param(
            ["/news/a-1", "/news/b-2", "/news/c-3"], ["/news/d", "/news/", "/about", "/blog/d"], ["/news/d"],
            id="one folder",
        ),
        pytest.param(
            ["/2025/06/20/a.html", "/2025/05/01/b.html", "/2024/12/31/c.html"],
            ["/2023/01/02/d.html", "/2023/01/02/d.pdf", "/2023/01/index.html"], ["/2023/01/02/d.html"],
            id="dates and an ending",
        ),
        pytest.param(
            ["/first-call-for-projects", "/second-call-for-projects", "/six-members-join"],
            ["/a-new-director-named", "/about", "/contact-us"], ["/a-new-director-named"],
            id="at the root only what reads like a title",
        ),
        pytest.param(
            ["/news/a/", "http://www.example.org/news/b", "/news/c"], ["/news/a", "/news/b/", "/news/d/"],
            ["/news/d/"], id="known ones in another spelling",
        ),
        pytest.param(["/news/a", "/news/b"], ["/news/c"], None, id="too few to tell"),
        pytest.param(["/news/a", "/blog/b", "/x/y/c"], ["/news/c"], None, id="of no one form"),
    ],
)  # fmt: skip
def test_like(known: list[str], others: list[str], expected: list[str] | None) -> None:
    def full(path: str) -> str:
        return path if path.startswith("http") else SITE + path

    found = siblings.like(map(full, known), map(full, others))
    assert found == (None if expected is None else tuple(map(full, expected)))
