"""A sync's report as plain lines: one line a source that needs a word, then the sum."""

from __future__ import annotations

from collections.abc import Iterator

from hubwatch.models import SourceOutcome, SyncReport
from hubwatch.text.numbers import counted

_QUIET_STATUSES = frozenset({"skipped", "unchanged", "unreached"})


def lines(report: SyncReport, *, verbose: bool = False, quiet: bool = False) -> Iterator[str]:
    """Write the report for people; `quiet` leaves only the failures."""
    for outcome in sorted(report.outcomes, key=lambda o: (o.status != "failed", o.source)):
        if outcome.status == "failed":
            yield f"{outcome.source}: failed: {_fault(outcome)}"
        elif quiet:
            continue
        elif verbose and (outcome.status != "skipped" or outcome.fault):
            yield _line(outcome)
        if not quiet:
            yield from (f"{outcome.source}: {notice}" for notice in outcome.notices)
    if not quiet:
        yield summary(report)


def summary(report: SyncReport) -> str:
    """Write the sum in one line."""
    counts = dict.fromkeys(("ok", "unchanged", "failed", "unreached", "skipped"), 0)
    for outcome in report.outcomes:
        counts[outcome.status] += 1
    read = counts["ok"] + counts["unchanged"]
    words = [f"{report.new} new", f"{report.updated} updated", f"{counted(read, 'source')} read"]
    if counts["unchanged"]:
        words.append(f"{counts['unchanged']} of them unchanged")
    for status, text in (("failed", "failed"), ("unreached", "not reached yet"), ("skipped", "not due")):
        if counts[status]:
            words.append(f"{counts[status]} {text}")
    seconds = (report.finished - report.started).total_seconds()
    return ", ".join(words) + f" ({seconds:.1f} s)"


def _line(outcome: SourceOutcome) -> str:
    if outcome.status in _QUIET_STATUSES:
        words = {"unreached": "not reached yet"}.get(outcome.status, outcome.status)
        return f"{outcome.source}: {words}" + (f": {_fault(outcome)}" if outcome.fault else "")
    return f"{outcome.source}: {counted(outcome.found, 'item')}, {outcome.new} new, {outcome.updated} updated"


def _fault(outcome: SourceOutcome) -> str:
    return outcome.fault.message if outcome.fault else "no reason known"
