"""How times, money, deadlines and places are said in every format that people read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from hubwatch.models import Digest, Item, Match
from hubwatch.text import ages

day = ages.name_day
_LONG = timedelta(days=80)  # a longer time is worth a try below that
_SOON = {0: "today", 1: "tomorrow"}  # by the days that are left
LONG_AGO = 1970  # an effective time before this year means: undated, and old when it arrived


def age(when: datetime, *, now: datetime) -> str:
    """Say how long ago in a word or two: `today`, `3 days ago`, `Nov 3, 2025`."""
    if when.year < LONG_AGO:
        return "undated"
    told = _day_of(when, now)
    days = (now.date() - told).days
    if -2 < days < 2:  # a day ahead is today as well: of a publisher to the east of here
        return "yesterday" if days == 1 else "today"
    if 0 < days < 15:
        return f"{days} days ago"
    return day(told, today=now.date())


def _day_of(when: datetime, now: datetime) -> date:
    """Give the day of a moment where `now` is told; midnight stands for a day without an hour."""
    return when.date() if when.time() == time() else when.astimezone(now.tzinfo).date()


def dated(item: Item, *, now: datetime) -> str:
    """Say when an item was published, or when it was first seen."""
    if item.published is None and item.effective.year < LONG_AGO:
        return "undated"
    return age(item.published or item.first_seen, now=now)


def deadline(when: date, *, today: date) -> str:
    """Say a deadline: `due Jan 15 (in 54 days)`."""
    left = (when - today).days
    if left < 0:
        return f"closed {day(when, today=today)}"
    words = _SOON.get(left, f"in {left} days")
    return f"due {day(when, today=today)} ({words})"


def time_left(match: Match, *, today: date) -> str:
    """Say how long a call is still open, to be read in a column: `54 days`, `tomorrow`, `open`, `closed`.

    One without a known deadline is `lapsed` when it is too old to count as open; what is no call is neither.
    """
    if match.item.deadline is None:
        return "open" if match.open_by else "lapsed" if match.item.kind == "call" else ""
    left = (match.item.deadline - today).days
    return _SOON.get(left, f"{left} days") if left >= 0 else "closed"


def money(amount: float) -> str:
    """Say an amount of U.S. dollars briefly: `$11.75M`, `$560K`."""
    for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        # 999,999 is said as $1M, not as $1000K
        if amount >= size * 0.9995:
            return f"${amount / size:.2f}".rstrip("0").rstrip(".") + unit
    return f"${amount:,.0f}"


def publisher(item: Item) -> str:
    """Name who published it."""
    return item.source_name or item.source


def heading(digest: Digest) -> str:
    """Say what a digest covers: its title, its days, how many items."""
    from hubwatch.text.numbers import counted  # no format for programs needs it

    number = len(digest.ranked)
    items = counted(number, "item") if number else _none(digest)
    today = digest.created.date()
    if digest.since is None and digest.until is None:
        # Each Monday's mail has a subject of its own, and what is "yesterday" in a file is known later.
        made = f"{day(today, today=today)} · " if digest.asked_for == "new" else ""
        return f"{digest.title} · {made}{items}"
    # Of calls the days that one thinks of first are those on which they are due.
    told = "announced " if digest.asked_for in ("calls", "all calls") else ""
    until = day((digest.until or digest.created).date(), today=today)
    if digest.since is None or digest.since.year < LONG_AGO:
        return f"{digest.title} · {told}until {until} · {items}"
    return f"{digest.title} · {told}{day(digest.since.date(), today=today)} to {until} · {items}"


def _none(digest: Digest) -> str:
    if digest.left_out:
        return "none shown"
    return "nothing new" if digest.asked_for in ("time", "new") else "nothing found"


def nothing(digest: Digest) -> str | None:
    """Say why a digest is empty and what to try; None where it is not, or only the limit made it so."""
    if digest.ranked or digest.left_out:
        return None
    if digest.asked_for == "search":
        return "Nothing has these words. Try fewer of them, fewer filters, or a beginning (alumin*)."
    if digest.asked_for == "new" and digest.filtered_out:
        return "Nothing new matches the filters."
    if digest.asked_for == "new":
        return "Nothing has come since the last time. hubwatch sync fetches what is due."
    if digest.asked_for == "calls":
        return "No open call matches. Try fewer filters, or --all for those that are closed too."
    if digest.asked_for == "all calls" or digest.since is None or (digest.created - digest.since) > _LONG:
        return "Nothing matches. Try fewer filters, or hubwatch sync first."
    return "Nothing matches. Try a longer time (--since 3m), or hubwatch sync first."


def left_out(digest: Digest) -> str | None:
    """Say how many items the limit kept out, and with `--new` how many the filters did."""
    parts = []
    if digest.left_out:
        noun = "item matches" if digest.left_out == 1 else "items match"
        least = "at least " if digest.left_out_at_least else ""
        more = "more " if digest.ranked else ""
        parts.append(f"{least}{digest.left_out:,} {more}{noun}; --limit shows more")
    if digest.filtered_out:
        noun = "item" if digest.filtered_out == 1 else "items"
        stay = "stays" if digest.filtered_out == 1 else "stay"
        least = "at least " if digest.filtered_out_at_least else ""
        parts.append(f"{least}{digest.filtered_out:,} {noun} that the filters left out {stay} new")
    return "; ".join(parts) or None


def open_calls(digest: Digest) -> str | None:
    """Say how many calls are open that the digest does not show, and how to see them."""
    if not digest.open_calls:
        return None
    import shlex

    from hubwatch.text.numbers import counted

    verb = "is" if digest.open_calls == 1 else "are"
    more = "more call" if any(match.open_by for match in digest.ranked) else "call"
    due = ""
    if digest.next_due:
        today = digest.created.date()
        near = _SOON.get((digest.next_due - today).days)
        of_several = " the next" if digest.open_calls > 1 else ""
        due = f",{of_several} due {near or day(digest.next_due, today=today)}"
    person = ("--profile", digest.profile) if digest.profile else ()
    command = shlex.join(("hubwatch", "calls", *person, *digest.narrowed))
    least = "at least " if digest.open_calls_at_least else ""
    return f"{least}{counted(digest.open_calls, more)} {verb} open{due}: {command}"


def facts(match: Match, *, now: datetime) -> list[str]:
    """Say the facts of an item in the order they are read: who, when, kind, deadline, money."""
    item = match.item
    words = [publisher(item), dated(item, now=now)]
    if item.kind != "other":
        words.append(item.kind)
    if item.deadline is not None:
        words.append(deadline(item.deadline, today=now.date()))
    if item.money_usd:
        words.append(money(item.money_usd))
    return words


def _announced(item: Item, *, now: datetime) -> str:
    told = dated(item, now=now)
    return f"first seen {age(item.first_seen, now=now)}" if told == "undated" else f"announced {told}"


def call_facts(match: Match, *, now: datetime) -> list[str]:
    """Say the facts of a call in a list by deadline: when it is due, money, who."""
    item = match.item
    today = now.date()
    if item.deadline is None and item.kind != "call":
        words = [dated(item, now=now)]
    elif item.deadline is None:
        words = ["no deadline known", _announced(item, now=now)]
    else:
        words = [f"{'due' if item.deadline >= today else 'closed'} {day(item.deadline, today=today)}"]
    if item.money_usd:
        words.append(money(item.money_usd))
    words.append(publisher(item))
    return words if item.kind == "call" else [*words, item.kind]


def what_happened(message: str) -> str:
    """Say a source's fault in a narrow column, without the address that most messages begin with."""
    return re.sub(r"^https?://\S+ ", "", message)


def also(match: Match) -> str | None:
    """Say where else the announcement stands."""
    names = list(dict.fromkeys(carried.source_name or carried.source for carried in match.also))
    return ", ".join(names) if names else None
