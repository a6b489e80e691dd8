"""What is said where nothing is to be shown: it fits what was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hubwatch.models import Digest
from hubwatch.render import markdown, text, web, words

NOW = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)
LAST_WEEKS = NOW - timedelta(days=14)


@pytest.mark.parametrize(
    ("given", "said", "unsaid"),
    [
        pytest.param({"since": LAST_WEEKS}, "--since 3m", "fewer", id="a short time"),
        pytest.param({"since": NOW - timedelta(days=400)}, "fewer filters", "--since", id="a long time"),
        pytest.param({}, "fewer filters", "--since", id="all time"),
        pytest.param({"asked_for": "search"}, "Nothing has these words", "--since", id="search"),
        pytest.param({"asked_for": "new"}, "since the last time", "--since", id="new"),
        pytest.param({"asked_for": "calls"}, "--all", "--since", id="open calls"),
        pytest.param({"asked_for": "all calls"}, "fewer filters", "--all", id="all calls"),
    ],
)
def test_nothing(given: dict[str, Any], said: str, unsaid: str) -> None:
    digest = Digest(title="Hub digest", created=NOW, **given)
    advice = words.nothing(digest)
    assert advice is not None
    assert said in advice
    assert unsaid not in advice
    for render in (text.render, web.render):
        assert advice.split(". ")[0] in render(digest)
    assert advice.split(". ")[0] in markdown.render(digest)


@pytest.mark.parametrize("asked_for", ["time", "new", "search"])
def test_a_limit_of_none_is_not_said_to_be_nothing(asked_for: Any) -> None:
    digest = Digest(title="Hub digest", created=NOW, since=LAST_WEEKS, left_out=36, asked_for=asked_for)
    assert words.nothing(digest) is None
    assert words.left_out(digest) == "36 items match; --limit shows more"
    assert words.heading(digest).endswith("none shown")
    assert words.left_out(replace(digest, left_out=1)) == "1 item matches; --limit shows more"
