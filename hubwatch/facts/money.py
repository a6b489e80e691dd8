"""The largest sum in U.S. dollars that an item is about; fees, prices and sales do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import inf

from hubwatch.models.dataclass import dataclass

_UNITS = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "mil": 1e6,
    "mio": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "bil": 1e9,
    "bln": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
}
# `3,2 million`, as it is written elsewhere, is 3.2 and not 3.
_NUMBER = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3},\d\d?(?=[\s\u00a0-]?(?:million|billion|trillion|[mb]\b))"
    r"|\d+(?:\.\d+)?|\.\d+"
)
_WORDS = {"half a": 0.5, "half": 0.5, "quarter": 0.25, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_UNIT = (
    r"(?:(?:\+|[\s-]plus)?[\s\u00a0-]?"
    r"(thousand|million|billion|trillion|mil|bil|mio|mln|bln|mn|bn|tn|mm|[kmbt])(?![a-z]))?"
)
_AMOUNT = re.compile(
    # What stands before the sign tells A$, AU$, C$, HK$, R$ ... from the dollar that counts.
    rf"(?P<sign>(?:\b[a-z]{{1,3}})?\$|\busd(?![a-z])(?:\s?\$)?)\s?(?P<number>{_NUMBER}){_UNIT}"
    rf"|\b(?P<plain>{_NUMBER}|(?<!and[\s-]a[\s-])(?:{'|'.join(_WORDS)})(?=[\s-][mb]illion)){_UNIT}"
    r"(?:\s(?:(?:u\.?s\.?|american)\s)?dollars|\susd|(?<=illion)[\s-]dollar)\b",
    re.IGNORECASE,
)
_DOLLAR_SIGNS = {"$", "us$", "usd", "usd$", "usd $"}
_OTHER_CURRENCY = re.compile(
    r"\s?(?:aud|cad|nzd|sgd|hkd|canadian|australian|c\$|can\b|singapore|hong kong|"
    r"new zealand)",
    re.IGNORECASE,
)
_RANGE_END = re.compile(rf"\s?(?:-|–|to|and|or)\s?(?:us)?\$?\s?({_NUMBER}){_UNIT}", re.IGNORECASE)

# Right after a sum: it is a price of something, a wage, a fee, sales, a market.
_AFTER = re.compile(
    r"(?:\s?/\s?|\s(?:per|an?|each|the)\s)"
    r"(?:lb|lbs|pound|kg|kilo|kilogram|g|gram|oz|ounce|ton|tonne|mt|hour|hr|barrel|gallon|liter|litre|unit|"
    r"person|head|seat|ticket|plate|attendee|member|vehicle|car|part|piece|copy|kwh|mwh|watt|month|week|"
    r"day|"
    r"credit|share|worker|employee|mile|foot|square)\b"
    r"|\s(?:million |billion )?(?:(?:in|of|a year in|annually in)\s)?(?:(?:annual|yearly|total|global|"
    r"net|combined)\s)*"
    r"(?:sales|revenues?|turnover|exports?|gdp|wages?|salar(?:y|ies)|payroll|profits?|earnings|"
    r"registration|admission|tickets?|fees?|dues|tuition)\b"
    r"|[\s-](?:(?:a[\s-]year|global|annual|worldwide|statewide|nationwide|national|domestic|regional|local|state|u\.?s\.?)"
    r"\s)?"
    r"(?:industry|economy|market|company|firm|business|manufacturer|producer|conglomerate)\b"
    r"|\smore (?:a|per) year\b",
    re.IGNORECASE,
)
# In the same clause before a sum.
_BEFORE = re.compile(
    r"(?:\bfees?|\btickets?|\badmission|\bregistration|\bdues|\btuition|\bsubscription|\bprices?d?|"
    r"\bsells? for|\bsold for|"
    r"\bcost of (?:attend\w+|admission)|\bper (?:pound|kilo\w*|unit|part|hour)|\bbooth|\bsponsorships?"
    r"|\bsales|\brevenues?|\bturnover|\bexports?|\bgdp|\bwages?|\bsalar(?:y|ies)|\bpay(?:ing|"
    r"s)? (?:an average|on average)"
    r"|\bearn(?:s|ed|ing)?|\bprofits?"
    r"|\bmarkets?(?: size)?|"
    r"\bmarket cap\w*|\bvalued at|\bvaluation"
    r"|\b(?:effect|impact) at|\bthreshold|\bbuilt on)"
    r"(?:\s(?:of|are|is|at|for|from|up|to|about|around|over|nearly|some|more|than|only|roughly|just|an?|"
    r"will|run|as|under|below|less|"
    r"much|little|low|between|exceeding|members|non-members|estimated|the|average))*\s?$",
    re.IGNORECASE,
)
_MARKET = re.compile(
    r"\bmarkets?(?: size)?(?: (?:is|are|will|to|be|expected|forecast|projected|set|could|may))*"
    r"(?: (?:worth|reach|hit|top|exceed|surpass|pass|total|grow to)\w*)?"
    r"(?: (?:of|at|about|around|over|nearly|some|more than|up to))*\s?$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:asking|asked|asks?|requested|requests|sought)(?: for)?(?: \w+){0,3} $", re.IGNORECASE
)
# What something costs or saves every year is an effect of the news, if not a price in it.
_EFFECT_BEFORE = re.compile(
    r"\b(?:cost|costs|costing|sav(?:e|es|ed|ing|ings)|los(?:e|es|ing|s|ses))(?:\s[\w-]+){0,4}\s$",
    re.IGNORECASE,
)
_EVERY_YEAR = re.compile(r"\s(?:(?:a|per|each|every)\s(?:year|annum)|annually|yearly)\b", re.IGNORECASE)
# A whole of which this item's sum is a part, or money of another time.
_WHOLE = re.compile(
    r"(?:\bout of|\bpart of|\bportion of|\bpiece of|\bshare of|\bfrom|\bon top of|"
    r"\bin addition to)\s(?:an?\s|the\s|its\s|their\s|this\s|"
    r"more than\s|nearly\s|roughly\s|about\s|some\s|over\s|up to\s|what is\s|larger\s|federal\s|state\s|"
    r"new\s)*$",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:so far|to date|since (?:19|20)\d\d|since (?:its|the|then)|last year|previous\w*|earlier|"
    r"in the past|"
    r"(?:first|last|prior|previous|earlier) (?:\w+ )?(?:rounds?|cycles?|calls?|years?|phase)|already|"
    r"originally|initial grant|founding grant|in 19\d\d)\b",
    re.IGNORECASE,
)


# Things that exist beside the news: "the Army's $25 million facility" is not what a workshop is about.
_THING = re.compile(
    r"[\s-](?:[\w-]+ ){0,2}?(?:plant|facility|factory|building|campus|center|centre|lab|laboratory|mill|"
    r"effort|"
    r"headquarters|hub|institute|program|programme|initiative|round|fund|package|challenge|law|act|"
    r"budget|operation)\b",
    re.IGNORECASE,
)
_RANGE_START = re.compile(r"\$[\d.,]+(?:\s?\w+)? (?:to|and|or) $")
_MATCHED = re.compile(
    r"\b(?:match\w*|totals?|totaling|combined|altogether|cost[- ]shar\w+|consortium|industry|private|"
    r"partners)\b",
    re.IGNORECASE,
)
# What others add to this item's sum: not the whole, which the title would name.
_SHARE_AFTER = re.compile(
    r"\s(?:in|of|from|by|as)\s(?:[\w-]+\s){0,2}?"
    r"(?:cost[- ]shar\w+|match\w*|in-kind|industry|partners|private)\b",
    re.IGNORECASE,
)
_SHARE_BEFORE = re.compile(
    r"\b(?:match(?:ed|ing|es)?|cost[- ]shar\w+)(?:\s(?:by|with|of|at|another|to|an|additional))*\s$",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:totals?|totaling|combined|altogether)\b", re.IGNORECASE)
# Of these an item is seldom about money; only a sum in the title counts.
_TITLE_ONLY = frozenset({"event", "people"})


@dataclass(frozen=True, slots=True)
class _Amount:
    value: float
    doubt: int  # 0: counts; 1: only when nothing better stands there; 2: never


def find(title: str, summary: str, *, kind: str | None = None) -> float | None:
    """Return the largest sum in dollars that the item is about, or None."""
    amounts: list[_Amount] = []
    if _may_hold(title):
        amounts += _amounts(title, kind, in_title=True)
    titled = max((amount.value for amount in amounts), default=None)
    if kind not in _TITLE_ONLY and _may_hold(summary):
        amounts += _amounts(summary, kind, titled, in_title=False)
    sure = [amount.value for amount in amounts if amount.doubt == 0]
    if sure:
        return max(sure)
    return max((amount.value for amount in amounts if amount.doubt == 1), default=None)


def _may_hold(text: str) -> bool:
    return "$" in text or "dollar" in text or "USD" in text or "usd" in text


def _amounts(
    text: str, kind: str | None = None, titled: float | None = None, *, in_title: bool
) -> Iterator[_Amount]:
    for match in _written(text):
        sign = (match["sign"] or "$").lower().replace(" ", "")
        if sign not in _DOLLAR_SIGNS or _OTHER_CURRENCY.match(text, match.end()):
            continue
        number = _number(match["number"] or match["plain"])
        unit = (match[3] or match[5] or "").lower()
        if not unit and number < 1000 and (further := _RANGE_END.match(text, match.end())) and further[2]:
            unit = further[2].lower()  # "$5 to $10 million", "$5-10 million"
            number = max(number, _number(further[1]))
        value = number * _UNITS.get(unit, 1.0)
        if 0 < value < inf:
            yield _Amount(round(value, 2), _doubt(text, match, value, kind, titled, in_title=in_title))


def _written(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of `_AMOUNT` from left to right."""
    folded = text.casefold()
    if "dollar" in folded or "usd" in folded:
        yield from _AMOUNT.finditer(text)
        return
    end = 0  # all that is left begins with a dollar sign, or with the letters before one
    while (sign := text.find("$", end)) >= 0 and (match := _AMOUNT.search(text, max(end, sign - 3))):
        yield match
        end = match.end()


def _number(written: str) -> float:
    if spelled := _WORDS.get(written.lower().replace("-", " ")):
        return spelled
    whole, comma, rest = written.rpartition(",")
    is_decimal = comma and len(rest) < 3
    return float(f"{whole}.{rest}" if is_decimal else written.replace(",", ""))


def _doubt(
    text: str, match: re.Match[str], value: float, kind: str | None, titled: float | None, *, in_title: bool
) -> int:
    start, end = match.span()
    before = _RANGE_START.sub("", text[max(0, start - 60) : start])
    if _AFTER.match(text, end) or _MARKET.search(before):
        return 2
    if in_title:
        return 0
    if titled is not None and value > titled:
        if not _names_a_match(_sentence(text, start, end)):
            return 1  # the title names this item's sum; a larger one is the round it belongs to
        is_share = _SHARE_AFTER.match(text, end) or _SHARE_BEFORE.search(before)
        if is_share and not _TOTAL.search(before):
            return 1
    if _BEFORE.search(before) or (kind != "call" and _ASKED.search(before)):
        return 2
    if kind != "policy" and _EVERY_YEAR.match(text, end) and _EFFECT_BEFORE.search(before):
        return 2  # of a bill the cost is what a statement is about
    if _WHOLE.search(before) and kind != "call":  # of a call the pot is what counts
        return 1
    if kind not in ("facility", "call") and _THING.match(text, end):
        return 1
    return 2 if _is_of_other_time(_sentence(text, start, end)) else 0


def _sentence(text: str, start: int, end: int) -> str:
    """Return the sentence or clause around a sum."""
    left = max(text.rfind(mark, 0, start) for mark in (". ", "; ", ": ", "? "))
    rights = [at for mark in (". ", "; ", "? ") if (at := text.find(mark, end)) >= 0]
    return text[left + 1 : min(rights, default=len(text))]


@lru_cache(maxsize=8)  # a table without full stops is one sentence, and has hundreds of sums
def _names_a_match(sentence: str) -> bool:
    return _MATCHED.search(sentence) is not None


@lru_cache(maxsize=8)
def _is_of_other_time(sentence: str) -> bool:
    return _OTHER_TIME.search(sentence) is not None
