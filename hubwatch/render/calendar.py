"""Deadlines as a calendar (RFC 5545) that Outlook, Google and Thunderbird read, with alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from hubwatch import __version__
from hubwatch.models import Digest, Match
from hubwatch.profiles import GIVEN
from hubwatch.render import safe, words

_OCTETS = 75  # of a line, without its end
# Nine in the morning, this many days before: a day counts from its midnight.
_ALARM_DAYS = (14, 3)
_ALARM_HOUR = 9


def render(digest: Digest) -> str:
    """Write what has a deadline as all-day events; what has none is counted in the calendar's description."""
    clean = safe.digest(digest)
    return "".join(f"{part}\r\n" for line in _lines(clean) for part in fold(line))


def escape(text: str) -> str:
    """Write a text so that it stays within its property."""
    return (
        text.replace("\\", "\\\\")
        .replace(";", "\\;")
        .replace(",", "\\,")
        .replace("\r", "")
        .replace("\n", "\\n")
    )


def fold(line: str) -> Iterator[str]:
    """Cut a line into pieces of at most 75 octets, never within a character."""
    rest = line.encode()
    room = _OCTETS
    lead = ""
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        yield lead + rest[:cut].decode()
        rest = rest[cut:]
        lead, room = " ", _OCTETS - 1
    yield lead + rest.decode()


def _lines(digest: Digest) -> Iterator[str]:
    dated = [match for match in digest.ranked if match.item.deadline is not None]
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//hubwatch//hubwatch {__version__}//EN"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"NAME:{escape(digest.title)}"
    yield f"X-WR-CALNAME:{escape(digest.title)}"
    undated = len(digest.ranked) - len(dated)
    if undated:
        yield f"X-WR-CALDESC:{escape(f'{undated} more without a known deadline')}"
    for match in dated:
        yield from _event(match, digest)
    yield "END:VCALENDAR"


def _event(match: Match, digest: Digest) -> Iterator[str]:
    item = match.item
    assert item.deadline is not None
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(item.id)}-deadline@hubwatch"
    # Not the time of writing: a calendar that reads the same deadline again sees no change.
    yield f"DTSTAMP:{_moment(item.updated)}"
    yield f"LAST-MODIFIED:{_moment(item.updated)}"
    yield f"DTSTART;VALUE=DATE:{item.deadline:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{_after(item.deadline):%Y%m%d}"
    yield f"SUMMARY:{escape(f'Due: {item.title}')}"
    yield f"DESCRIPTION:{escape(_description(match, digest))}"
    if item.url:
        yield f"URL:{item.url}"
    categories = [item.kind, *(tag.topic for tag in item.tags if tag.score >= GIVEN)]
    yield f"CATEGORIES:{','.join(escape(category) for category in categories)}"
    yield "CLASS:PUBLIC"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    if item.deadline >= digest.created.date():
        for days in _ALARM_DAYS:
            yield from _alarm(item.title, days)
    yield "END:VEVENT"


def _alarm(title: str, days: int) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escape(f'Due in {days} days: {title}')}"
    yield f"TRIGGER:-P{days - 1}DT{24 - _ALARM_HOUR}H"
    yield "END:VALARM"


def _description(match: Match, digest: Digest) -> str:
    item = match.item
    facts = [words.publisher(item)]
    if item.money_usd:
        facts.append(words.money(item.money_usd))
    lines = [" · ".join(facts), item.summary, item.url or ""]
    return "\n".join(line for line in lines if line)


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
