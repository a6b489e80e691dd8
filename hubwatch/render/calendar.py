"""Deadlines and days of events as a calendar (RFC 5545) that Outlook, Google and Thunderbird read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from hubwatch import __version__
from hubwatch.models import Digest, Item, Match
from hubwatch.render import safe, words
from hubwatch.text import dates
from hubwatch.text.date_words import MONTHS

_OCTETS = 75  # of a line, without its end
# Nine in the morning, this many days before: a day counts from its midnight.
_ALARM_DAYS = (14, 3)
_ALARM_HOUR = 9
_EXACT = ("minute", "hour", "day")
_YEAR = timedelta(days=366)
_ROLLS_OVER = timedelta(days=60)  # a day without a year that lies further back is next year's
_LONGEST = timedelta(days=30)  # that an event lasts; a longer stretch was misread
_WORD = re.compile(r"[^\W\d_]+")
_DAY_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_FURTHER_DAY = re.compile(r"\s?[-–—]\s?(\d{1,2})(?![\d:/-])")
# A calendar must hold something (RFC 5545, 3.6): what others export of one without events as well.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
)


class _Day(NamedTuple):
    """A day of an item, or several: when, what it is for its id, and what is said before the day."""

    when: date
    last: date
    what: str
    lead: str


def render(digest: Digest) -> str:
    """Write deadlines and events as all-day events; what has no day is counted in the description."""
    clean = safe.digest(digest)
    return "".join(f"{part}\r\n" for line in _lines(clean) for part in fold(line))


def count_undated(digest: Digest) -> int:
    """Return how many items a calendar cannot show."""
    return sum(not shows(match.item) for match in digest.ranked)


def shows(item: Item) -> bool:
    """Tell whether an item has a day that a calendar can show it on."""
    return any(_days(item))


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
    days = [(match, day) for match in digest.ranked for day in _days(match.item)]
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//hubwatch//hubwatch {__version__}//EN"
    yield "CALSCALE:GREGORIAN"
    if days:  # to publish nothing is not foreseen (RFC 5546, 3.2.1)
        yield "METHOD:PUBLISH"
    yield f"NAME:{escape(digest.title)}"
    yield f"X-WR-CALNAME:{escape(digest.title)}"
    if undated := count_undated(digest):
        yield f"X-WR-CALDESC:{escape(f'{undated} more without a known day')}"
    for match, day in days:
        yield from _event(match, day, digest)
    if not days:
        yield from _NOTHING
    yield "END:VCALENDAR"


def _days(item: Item) -> Iterator[_Day]:
    if item.deadline is not None:
        yield _Day(item.deadline, item.deadline, "deadline", "Due ")
    if item.kind == "event":
        held = _held_on(item)
        if held is not None:
            yield _Day(*held, "event", "")


def _held_on(item: Item) -> tuple[date, date] | None:
    """Find the first days after its announcement that an event's text names, other than its deadline."""
    told = item.published or item.first_seen
    text = f"{item.title}. {item.summary}"
    for found in dates.find(text, now=told, year=told.year):
        day = found.when.date()
        if found.precision not in _EXACT:
            continue
        if day < told.date() - _ROLLS_OVER and str(day.year) not in text:
            day = _next_year(day)
        if told.date() <= day <= told.date() + _YEAR and day != item.deadline:
            start, end = found.span
            with_hour = found.precision != "day"
            return day, day if with_hour else _last_of(day, text[start:end], text[end:])
    return None


def _last_of(day: date, written: str, rest: str) -> date:
    """Give the last day of what is written as `March 9-11, 2027`, or as `Dec. 7` with the rest `-9`."""
    days = [int(number) for number in _DAY_NUMBER.findall(written)]
    if len(days) < 2:
        further = _FURTHER_DAY.match(rest)
        days += [int(further[1])] if further else []
    if len(days) < 2:
        return day
    months = [MONTHS[word] for word in map(str.lower, _WORD.findall(written)) if word in MONTHS]
    month = months[-1] if months else day.month
    try:
        last = date(day.year + (month < day.month), month, days[1])
    except ValueError:
        return day
    return last if day <= last <= day + _LONGEST else day


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else day


def _event(match: Match, day: _Day, digest: Digest) -> Iterator[str]:
    item = match.item
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(item.id)}-{day.what}@hubwatch"
    # Not the time of writing: a calendar that reads the same deadline again sees no change.
    yield f"DTSTAMP:{_moment(item.updated)}"
    yield f"LAST-MODIFIED:{_moment(item.updated)}"
    yield f"DTSTART;VALUE=DATE:{day.when:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(_titled(day, item))}"
    yield f"DESCRIPTION:{escape(_description(match))}"
    if item.url:
        yield f"URL:{item.url}"
    categories = [item.kind, *(tag.topic for tag in item.tags if tag.is_given)]
    yield f"CATEGORIES:{','.join(escape(category) for category in categories)}"
    yield "CLASS:PUBLIC"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    for days in _ALARM_DAYS:
        rings = datetime.combine(day.when - timedelta(days=days), time(_ALARM_HOUR))
        if rings > digest.created.replace(tzinfo=None):  # one that is over would ring at once
            yield from _alarm(f"{day.lead}{day.when:%b} {day.when.day}: {item.title}", days)
    yield "END:VEVENT"


def _titled(day: _Day, item: Item) -> str:
    return f"{day.lead.strip()}: {item.title}" if day.lead else item.title


def _alarm(words: str, days: int) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escape(words)}"
    yield f"TRIGGER:-P{days - 1}DT{24 - _ALARM_HOUR}H"
    yield "END:VALARM"


def _description(match: Match) -> str:
    item = match.item
    facts = [words.publisher(item)]
    if item.money_usd:
        facts.append(words.money(item.money_usd))
    lines = [" · ".join(facts), item.summary, item.url or ""]
    return "\n".join(line for line in lines if line)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
