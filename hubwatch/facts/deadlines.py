"""The last day to apply or register that a text names, of several gates the first; never an event's date."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<{}>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<{}>(?:19|20)\d\d)"
_DATE = re.compile(
    rf"\b{_MONTH.format('m1')}\s{_DAY.format('d1')}\b(?!:)(?:,?\s{_YEAR.format('y1')}\b)?"
    rf"|\b{_DAY.format('d2')}(?:\sof)?[\s-]{_MONTH.format('m2')}(?:,?[\s-]{_YEAR.format('y2')}\b)?"
    r"|\b(?P<n3>[01]?\d)/(?P<d3>[0-3]?\d)(?:/(?P<y3>(?:20)?\d\d))?\b(?!/)"
    r"|\b(?P<d5>[0-3]?\d)\.(?P<n5>[01]?\d)\.(?P<y5>20\d\d)\b"
    rf"|\b{_YEAR.format('y4')}(?P<s4>[-/])(?P<n4>[01]?\d)(?P=s4)(?P<d4>[0-3]?\d)\b",
    re.IGNORECASE,
)
# Every date has a digit that follows a month, or one that it begins with: looked for at digits, nowhere else.
_DIGIT = re.compile(
    r"[0-9](?:(?<=[bceghlnprtvyBCEGHLNPRTVY.]\s.)"
    r"|(?<!\w.)(?=[0-9]?(?:st|nd|rd|th)?(?:\sof)?[\s-][JFMASONDjfmasond]|[0-9]?/[0-9]|[0-9]?\.[0-9]{1,2}\.20|[0-9]{3}[-/][0-9]))"
)
_MONTH_BEFORE = re.compile(rf"\b{_MONTH.format('m')}\s$", re.IGNORECASE)
_MONTH_LENGTH = len("september. ")
_ONLY_YEAR = re.compile(r"(?<![\d$,.-])(20\d\d)(?!\d|,\d|-\d|/)")
# A full stop that ends a sentence, not one of "5 p.m. Aug. 11", "U.S. Army" or "Inc. of".
_STOP = re.compile(
    # The mark first, and only then what must not stand before it: a search that hops from mark to mark.
    r"[.!?;\n](?:(?<=\n)|(?<=;)\s|(?<=[.!?])(?<![ap]\.m.)(?<!\b[A-Z].)(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun).)(?<!\bSept.)(?<!\bTues.)(?<!\bThur.)(?<!\bThurs.)"
    r"\s)"
)

# The cues are looked for in small letters: a search that minds no case takes several times as long.
# What one hands in, or does, in order to take part.
_APPLYING = re.compile(
    r"\b(?:appl(?:y|ies|ication|ications|icants?)|pre-?applications?|proposals?|pre-?proposals?|proposers?|"
    r"submi(?:t|ts|tted|tting|ssions?)|nominat\w+|self-nominat\w+|entr(?:y|ies|ants?)|enter|regist\w+|"
    r"rsvp|sign up|"
    r"letters? of (?:intent|interest)|loi|white ?papers?|concept (?:papers?|paper submissions?)|"
    r"cover sheet|quad charts?|abstracts?|bids?|"
    r"bidders|offers?|offerors|responses?|respond|solicitation|rfps?|rfis?|rfa|foa|nofo|baa|call for|"
    r"project call|special call|funding opportunity|"
    r"contest|competition|challenge|prize|awards? nominations?|scholarships?|fellowships?|grants?|"
    r"vouchers?|"
    r"accepted|taken|enroll\w*|enrol|reserve|tickets|window|deadline|seeks?|wants?|repl(?:y|ies)|"
    r"invit\w+)\b",
)
# Between a deadline and its day: that it was another before.
_MOVED = (
    r"(?:\s(?:(?:was|were|is|are|has been|have been|now)\s)*(?:extended|postponed|moved|pushed back)\s"
    r"(?:[\w,.]+\s){0,5}?(?:to|until|till|through)\b)?"
)
# Before a date: strong ones say what it is by themselves, weak ones only where one applies for something.
_LEAD = (
    r"(?:\s|,|:|–|-|\bis|\bare|\bof|\bon|\bby|\bat|\bno later than|\bnot later than|\buntil|\bbefore|"
    r"\bthe|\bfor\b[^.;,]{0,40}|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b\.?|"
    r"\bclose of business(?: on)?|\bcob|\bend of day|\bmidnight|\bnoon|"
    r"\d{1,2}(?::\d\d)?\s?(?:[ap]\.?\s?m\b\.?)?|"
    r"\b(?:e[sd]?t|c[sd]?t|m[sd]?t|p[sd]?t)\b\.?|\b(?:eastern|central|mountain|pacific)(?: (?:standard|"
    r"daylight))?(?: time)?|\blocal time|\bu\.?s\.?|\(|\))*"
)
_STRONG = re.compile(
    rf"(?:\bdeadlines?|\bdue(?: dates?)?|\b(?:closing|close|submission|application|final|last) (?:date|"
    rf"day)|"
    rf"\blast day to (?:apply|register|submit|enter|nominate)|(?P<close>\bcloses?|\bclosing|\bclosed)|"
    rf"\bno(?:t)? later than)\b{_MOVED}{_LEAD}$",
)
_WEAK = re.compile(
    rf"(?:\bby|\buntil|\btill|\bon or before|\bthrough|\bthru|\bbefore|\bends?|\bending|\bup to|"
    rf"\bexpires?)\b{_LEAD}$",
)
# Offices, mills and deals close too: only beside one of these is it something to apply for.
_CLOSES_WITH = re.compile(
    r"\b(?:calls?|rounds?|portal|voting|poll|survey|solicitations?|proposals?|applications?|nominations?|"
    r"submissions?|abstracts?|rfps?|funding opportunity|entries|contest|competition|challenge)\b"
)
_CLOSES = re.compile(r"\bclos(?:es?|ing)\b")
# One of these is in whatever the two find: quick to look for.
_STRONG_CUES = ("deadline", "due", "clos", "date", " day", "later than")
_WEAK_CUES = ("by", "until", "till", "before", "through", "thru", "end", "up to", "expire")
_LEAD_LENGTH, _TAIL_LENGTH = 90, 60  # letters before and after a date that are looked at
_SPAN_END = re.compile(r"\b(?:to|through|until|and)\s(?:\w+day,?\s)?$|[–-]\s?$")
_AFTER_STRONG = re.compile(
    r"^(?:,?\s(?:at\s)?\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?(?:\s\w{2,3})?)?,?\s(?:is|was|are|as)?\s?(?:the\s)?"
    r"(?:final\s|new\s|submission\s|application\s|registration\s|entry\s|proposal\s|"
    r"nomination\s)?(?:deadline|due date|closing date)\b",
)
# Dates in such a sentence are others'.
_OTHER = re.compile(
    r"\b(?:comments?|comply|complies|compliance|compliant|effective|takes? effect|in force|enforce\w*|"
    r"expires? on|phase-?out|"
    r"sunsets?|retroactive|delivery|deliver(?:ed|ies)?|completed by|"
    r"completion|operational by|"
    r"in production|on stream|construction|came in|drew|(?<!be )received|arrived|payments?|reports? (?:are|"
    r"is) due|taxes|questions (?:are due|must)|hotel rooms?|hotel blocks?|room blocks?|group rate)\b",
)
# What is over dates nothing but a call, which by that is known to be closed.
_OVER = re.compile(r"\b(?:was|were|had been) due\b")
# What else a call dates: its opening, its information days, its winners.
_NO_GATE = re.compile(
    r"\b(?:opens?|opening|opened|begins?|beginning|starts?|starting|webinars?|"
    r"info(?:rmation)? (?:session|day)|held|hosts?|"
    r"meets?|meeting|gala|ceremony|luncheon|banquet|dinner|summit|conference|workshop|winners?|"
    r"announced?|issued|posted|"
    r"published|released|revealed|updated|honou?red|selected|awarded|presented|signed|launched|since|"
    r"voting|votes?|"
    r"proposers['’]? day|industry day|q\s?&\s?a|questions)\b",
)
_NEAR = 400  # letters around a sentence in which it is told that one applies for something
_HORIZON = timedelta(days=400)  # about thirteen months: a call further off than that names its year
_HALF_A_YEAR = timedelta(days=183)
_TAKING_PART = ("call", "event", "workforce")  # items of these kinds are there to be applied to
_CONTENT_LIMIT = 6000


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    month: int
    day: int
    year: int | None
    is_bare: bool = False  # two numbers and a slash, which may be a fraction


@dataclass(frozen=True, slots=True)
class _Gate:
    day: date
    sureness: int  # 3, 2 or 1
    has_year: bool  # the text itself says which


def find(
    title: str,
    summary: str,
    content: str = "",
    *,
    published: date | None = None,
    seen: date | None = None,
    kind: str | None = None,
) -> date | None:
    """Return the first gate for who wants to apply or register, or None.

    The year of a day that is given without one is that after `published`; of what is undated that of the
    text, else the one by which the day is nearest to `seen`, the arrival of something that is then current.
    """
    for text in (f"{title}\n{summary}", content[:_CONTENT_LIMIT]):
        gates = list(_gates(text, published, seen, kind))
        if gates:
            return _first(gates, published, kind)
    return None


def _first(gates: list[_Gate], published: date | None, kind: str | None) -> date | None:
    """Choose the earliest gate that is not over; the surest sort of cue that was found decides.

    Where all are over, one that states its year stands all the same: lists are re-dated, old calls reprinted,
    and a call without its deadline would pass for open.
    """
    surest = max(gate.sureness for gate in gates)
    gates = [gate for gate in gates if gate.sureness == surest]
    days = [gate.day for gate in gates]
    if published is not None:
        days = [day for day in days if day >= published - timedelta(days=1)]
        if not days and kind in _TAKING_PART:
            days = [gate.day for gate in gates if gate.has_year]
    return min(days, default=None)


def _gates(text: str, published: date | None, seen: date | None, kind: str | None) -> Iterator[_Gate]:
    """Give each day that may be a gate."""
    days = list(_days(text))
    lower = text.replace("İ", "I").lower() if days else ""  # the one letter that gets longer
    stops: list[int] | None = None
    for index, found in enumerate(days):
        if kind != "call" and not _may_be_gate(lower, found):
            continue
        if stops is None:
            stops = [stop.start() for stop in _STOP.finditer(text)]
        place = bisect_left(stops, found.start)
        start = stops[place - 1] + 1 if place else 0
        place = bisect_left(stops, found.end)
        sentence = lower[start : stops[place] if place < len(stops) else len(text)]
        before = lower[max(start, found.start - _LEAD_LENGTH) : found.start]
        sureness = 0
        near = slice(max(0, start - _NEAR), found.end + _NEAR)
        if _is_strong(before, lower[near], kind) or _AFTER_STRONG.match(
            lower[found.end : found.end + _TAIL_LENGTH]
        ):
            sureness = 3
        elif _WEAK.search(before):
            if _APPLYING.search(sentence):
                sureness = 3
            elif kind in _TAKING_PART or _APPLYING.search(lower[near]):
                sureness = 2
        elif kind == "call" and not found.is_bare:
            follows = index > 0 and days[index - 1].start >= start and bool(_SPAN_END.search(before))
            applies = _APPLYING.search(sentence) or _CLOSES.search(sentence)
            if follows or (applies and not _NO_GATE.search(before)):
                sureness = 2 if follows else 1
        if (
            not sureness
            or _OTHER.search(sentence)
            or ((kind != "call" or found.year is None) and _OVER.search(sentence))
        ):
            continue
        if (day := _resolve(found, days, text, published, seen)) is not None:
            yield _Gate(day, sureness, found.year is not None)


def _is_strong(before: str, near: str, kind: str | None) -> bool:
    """Say whether the words before a date tell by themselves that something is due."""
    cue = _STRONG.search(before)
    if cue is None or cue["close"] is None:
        return cue is not None
    return kind in _TAKING_PART or _CLOSES_WITH.search(near) is not None


def _may_be_gate(lower: str, day: _Day) -> bool:
    """Say whether words that make a gate stand beside a date, which is seldom; of calls more count."""
    before = lower[max(0, day.start - _LEAD_LENGTH) : day.start]
    return (
        (any(cue in before for cue in _STRONG_CUES) and _STRONG.search(before) is not None)
        or (any(cue in before for cue in _WEAK_CUES) and _WEAK.search(before) is not None)
        or _AFTER_STRONG.match(lower[day.end : day.end + _TAIL_LENGTH]) is not None
    )


def _dates(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of `_DATE` from left to right."""
    end = 0
    for digit in _DIGIT.finditer(text):
        start = digit.start()
        match = None
        if start and text[start - 1].isspace():
            month = _MONTH_BEFORE.search(text, max(end, start - _MONTH_LENGTH), start)
            match = month and _DATE.match(text, month.start())
        if match is None and start >= end:
            match = _DATE.match(text, start)
        if match is not None:
            yield match
            end = match.end()


def _days(text: str) -> Iterator[_Day]:
    for match in _dates(text):
        groups = match.groupdict()
        name = groups["m1"] or groups["m2"]
        month = (
            _MONTHS.index(name[:3].lower()) + 1 if name else int(groups["n3"] or groups["n4"] or groups["n5"])
        )
        day = int(next(filter(None, (groups[f"d{form}"] for form in range(1, 6)))))
        year_text = next(filter(None, (groups[f"y{form}"] for form in range(1, 6))), None)
        year = int(year_text) if year_text else None
        if year is not None and year < 100:
            year += 2000
        if 1 <= month <= 12 and 1 <= day <= 31:
            is_bare = groups["n3"] is not None and year is None
            yield _Day(match.start(), match.end(), month, day, year, is_bare)


def _resolve(
    found: _Day, days: list[_Day], text: str, published: date | None, seen: date | None
) -> date | None:
    year = found.year
    if year is not None:
        return _day(year, found.month, found.day)
    if published is not None:
        day = _day(published.year, found.month, found.day)
        if day is not None and day < published - timedelta(days=1):
            day = _day(published.year + 1, found.month, found.day)
        return day if day is not None and day - published <= _HORIZON else None
    # Dates of one announcement share their year, as in "opens May 1 and closes June 4, 2025".
    years = {other.year for other in days if other.year is not None}
    years = years or {int(text_year) for text_year in _ONLY_YEAR.findall(text)}
    if not years and seen is not None:
        days_of_years = (_day(seen.year + more, found.month, found.day) for more in (-1, 0, 1))
        return next((day for day in days_of_years if day and abs(day - seen) <= _HALF_A_YEAR), None)
    return _day(years.pop(), found.month, found.day) if len(years) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
