"""hubwatch sync: what its options ask for, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hubwatch.cli.sync import exit_code
from hubwatch.models import SourceOutcome, SyncReport

Hubwatch = Callable[..., Any]


def test_an_end_of_the_history_without_history_is_wrong_usage(hubwatch: Hubwatch, home: Any) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    said = hubwatch("sync", "--since", "2y")
    assert (said.code, said.out) == (2, "")
    assert "add it: --backfill --since 2y" in said.err
    assert hubwatch("sync", "--backfill", "--since", "2y").code == 0


@pytest.mark.parametrize("args", [("sync",), ("sources",), ("sources", "check")], ids=" ".join)
def test_where_nothing_is_followed_it_is_said(args: tuple[str, ...], hubwatch: Hubwatch, home: Any) -> None:
    home.configure("[hubwatch]\ncatalog = []\n")
    said = hubwatch(*args)
    assert said.code == 0
    assert "nothing is followed; add a source: hubwatch sources add URL" in said.err
    home.configure('[hubwatch]\ncatalog = []\n[sources.a]\nurl = "http://127.0.0.1:9/"\n')
    assert "nothing is followed" not in hubwatch("sources").err


def _outcome(status: str, *, fresh: bool = False) -> SourceOutcome:
    return SourceOutcome(source=status, status=status, is_fresh=fresh)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((), 0),
        (("skipped", "skipped"), 0),
        (("ok", "unchanged", "unreached"), 0),
        (("ok", "failed"), 3),
        (("failed",), 4),
        (("unreached", "skipped"), 4),
        (("unreached", "fresh"), 0),
        (("unreached", "failed", "fresh"), 4),
    ],
)
def test_what_was_never_reached_counts_only_where_nothing_else_was(
    statuses: tuple[str, ...], code: int
) -> None:
    outcomes = tuple(_outcome("skipped", fresh=True) if s == "fresh" else _outcome(s) for s in statuses)
    now = datetime(2026, 3, 16, tzinfo=UTC)
    assert exit_code(SyncReport(started=now, finished=now, outcomes=outcomes)) == code


def test_a_disabled_source_is_asked_by_its_name_and_not_before_it_is_due(
    site: Any, hubwatch: Hubwatch, home: Any
) -> None:
    url = site.feed("/feed", "<rss version='2.0'><channel><title>F</title></channel></rss>")
    head = "[hubwatch]\ncatalog = []\n"
    home.configure(f'{head}[sources.off]\nurl = "{url}"\nkind = "feed"\nenabled = false\n')
    hubwatch("sync")
    assert site.asked("/feed") == []
    assert "not due" not in hubwatch("sync", "off").err
    assert "off is not due; to ask it all the same: hubwatch sync --force off" in hubwatch("sync", "off").err
    assert len(site.asked("/feed")) == 1
