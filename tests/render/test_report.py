"""A sync's report as people read it."""

from __future__ import annotations

from datetime import UTC, datetime

from hubwatch.models import SourceOutcome, SyncReport
from hubwatch.render import report

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_one_is_said_in_the_singular() -> None:
    outcome = SourceOutcome(source="lift", status="ok", found=1, new=1)
    said = report.lines(SyncReport(started=NOW, finished=NOW, outcomes=(outcome,)), verbose=True)
    assert list(said) == [
        "lift: 1 item, 1 new, 0 updated",
        "1 new, 0 updated, 1 source read (0.0 s)",
    ]
