"""Matches, items and reports as JSON, NDJSON: the contract with other programs. Additions only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hubwatch.render import safe
from hubwatch.text.controls import escape_unseen

if TYPE_CHECKING:
    from hubwatch.models import Digest, Item, Match, Revision, SourceOutcome, SyncReport, Tag


def moment(when: datetime | None) -> str | None:
    """Write a time as RFC 3339 in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


def item(item: Item) -> dict[str, Any]:
    """Return one item as the contract's object, without the fields that depend on a match."""
    return {
        "id": item.id,
        "url": safe.link(item.url),
        "title": item.title,
        "summary": item.summary,
        "published": moment(item.published),
        "first_seen": moment(item.first_seen),
        "updated": moment(item.updated),
        "source": item.source,
        "source_name": item.source_name,
        "hub": item.hub,
        "state": item.state,
        "topics": topics(item.tags),
        "kind": item.kind,
        "organizations": list(item.organizations),
        "money_usd": number(item.money_usd),
        "deadline": item.deadline.isoformat() if item.deadline else None,
    }


def topics(tags: Iterable[Tag]) -> list[dict[str, Any]]:
    """Return the tags that are given (0.5 or more), best first."""
    return [
        {"topic": tag.topic, "score": round(tag.score, 3), "matches": list(tag.matches)}
        for tag in tags
        if tag.is_given
    ]


def number(value: float | None) -> int | float | None:
    """Write a whole amount without a fraction."""
    return int(value) if value is not None and value == int(value) else value


def match(match: Match) -> dict[str, Any]:
    """Return one match as the contract's object."""
    return {
        **item(match.item),
        "also": [{"source": carried.source, "url": safe.link(carried.url)} for carried in match.also],
        "score": round(match.score, 4),
        "reasons": list(match.reasons),
        "open": match.open_by is not None,
        "open_by": match.open_by,
    }


def full(shown: Match, revisions: Sequence[Revision]) -> dict[str, Any]:
    """Return one item with its text, the evidence of every tag, duplicates and revisions."""
    whole = shown.item
    return {
        **match(shown),
        "score": round(max((tag.score for tag in whole.tags), default=0.0), 4),
        "content": whole.content,
        "kind_reason": whole.kind_reason,
        "authors": list(whole.authors),
        "categories": list(whole.categories),
        "evidence": [
            {
                "topic": tag.topic,
                "score": round(tag.score, 3),
                "words": e.words,
                "where": e.where,
                "weight": e.weight,
            }
            for tag in whole.tags
            for e in tag.evidence
        ],
        "revisions": [
            {"seen": moment(r.seen), "title": r.title, "summary": r.summary, "url": r.url} for r in revisions
        ],
    }


def array(objects: Iterable[dict[str, Any]]) -> str:
    """Write objects as one JSON array, one object a line."""
    lines = ",\n".join(map(dumps, objects))
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def dumps(value: Any) -> str:
    """Write one value on one line, as readable text where the text is harmless, escaped where it is not."""
    return escape_unseen(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def render(digest: Digest) -> str:
    """Write a digest as one array, best first."""
    return array(match(m) for m in digest.ranked)


def render_lines(digest: Digest) -> str:
    """Write a digest as one object a line."""
    return "".join(dumps(match(m)) + "\n" for m in digest.ranked)


def report(report: SyncReport) -> str:
    """Write a sync's report as one object."""
    return (
        dumps(
            {
                "started": moment(report.started),
                "finished": moment(report.finished),
                "sources": [outcome(o) for o in report.outcomes],
                "new": report.new,
                "updated": report.updated,
                "failed": report.failed,
            }
        )
        + "\n"
    )


def outcome(outcome: SourceOutcome) -> dict[str, Any]:
    """Return one source's line of the report."""
    fault = outcome.fault
    return {
        "source": outcome.source,
        "status": outcome.status,
        "http_status": outcome.http_status,
        "found": outcome.found,
        "new": outcome.new,
        "updated": outcome.updated,
        "seconds": outcome.seconds,
        "bytes": outcome.size_bytes,
        "error": {"code": fault.code, "message": fault.message} if fault else None,
        "notices": list(outcome.notices),
    }
