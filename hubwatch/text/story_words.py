"""Words that matter when two announcements are compared: what tells a series apart, recurs, says nothing."""

from __future__ import annotations

from collections.abc import Sequence

from hubwatch.text import date_words

_NUMBERS = "two three four five six seven eight nine ten eleven twelve"  # `one` is a pronoun as often
_ROMANS = "ii iii iv"  # `v` and `x` are letters as often
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_FIGURES = "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th"
_NTH = ("st", "nd", "rd", "th")
_MONTH_NAMES = {date_words.MONTHS[word]: word for word in sorted(date_words.ENGLISH_MONTHS, key=len)}
_SPELLINGS = (
    {word: str(number) for number, word in enumerate(_NUMBERS.split(), 2)}
    | {word: str(number) for number, word in enumerate(_ROMANS.split(), 2)}
    | dict(zip(_FIGURES.split(), _ORDINALS.split(), strict=True))
    | {word: _MONTH_NAMES[date_words.MONTHS[word]] for word in date_words.ENGLISH_MONTHS}
)


def with_one_spelling(words: Sequence[str]) -> tuple[str, ...]:
    """Write numbers and months one way: `five` as `5`, `5th` as `fifth`, `Oct 5th` as `October 5`."""
    return tuple(
        word[:-2]
        if before in date_words.ENGLISH_MONTHS and word[:-2].isdigit() and word.endswith(_NTH)
        else _SPELLINGS.get(word, word)
        for before, word in zip(("", *words), words, strict=False)
    )


MONTHS = {word: f"month{date_words.MONTHS[word]}" for word in date_words.ENGLISH_MONTHS}
# Spellings of one mark.
_OPEN = dict.fromkeys(("opens", "opened", "opening"), "open")
_CLOSE = dict.fromkeys(("closes", "closed", "closing"), "close")
ALIKE = MONTHS | _OPEN | _CLOSE | {"extends": "extended", "canceled": "cancelled"}

_STATES = """
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota
    mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah
    vermont virginia washington wisconsin wyoming
"""
_CITIES = """
    albany akron atlanta austin baltimore boston buffalo charlotte chicago cincinnati cleveland columbus
    dallas dayton denver detroit houston indianapolis knoxville lowell louisville memphis milwaukee
    minneapolis nashville newark orlando philadelphia phoenix pittsburgh portland raleigh richmond rochester
    seattle toledo tulsa wichita youngstown
"""
# What says that something came of an announcement: another one, although it repeats the first word for word.
_EXTENDED = dict.fromkeys(("extend", "extended", "extending", "extends"), "extended")
_CANCELLED = dict.fromkeys(("canceled", "cancelled", "cancels"), "cancelled")
_POSTPONED = dict.fromkeys(("postponed", "postpones", "rescheduled", "reschedules"), "postponed")
_WINNERS = dict.fromkeys(("winner", "winners", "awardee", "awardees"), "winners")
TURNS = _EXTENDED | _CANCELLED | _POSTPONED | _WINNERS
OUTCOMES = frozenset(TURNS.values())
PARTS = frozenset(("part", "session", "lesson", "module", "topic", "track"))
LETTERS = frozenset("bcdef")  # of parts; `a` is an article as often
# What has a date or an end of its own, and can be extended, put off or won.
_TIMED = """
    deadline date call rfp rfi rfps application registration enrollment submission nomination proposal
    abstract entry comment solicitation contest competition challenge prize hackathon webinar workshop seminar
    summit conference convention meeting meetup forum symposium expo fair event ceremony tour bootcamp
    lesson session
"""
TIMED = frozenset(_TIMED.split())

STATES = frozenset(
    {
        "new hampshire", "new jersey", "new mexico", "new york", "north carolina", "north dakota",
        "rhode island", "south carolina", "south dakota", "west virginia", "puerto rico", "los angeles",
        "san diego", "san jose",
    }
)  # fmt: skip
_SERIES = """
    first second third fourth fifth sixth seventh eighth ninth tenth final
    ii iii iv v vi vii viii ix x xi xii
    monday tuesday wednesday thursday friday saturday sunday spring summer fall autumn winter
    north south east west northern southern eastern western northeast northwest southeast southwest midwest
    open opens close closes extended canceled cancelled postponed winners finalists finalist
    senate house breaks
"""
SERIES = frozenset(f"{_STATES} {_CITIES} {_SERIES}".split()) | frozenset(MONTHS) | frozenset(ALIKE)

_EMPTY = """
    a an and are as at be been by for from has have in into is it its of on or our out over that the their
    this to up was were we will with your you new now how why what who us u all more after about amid via per
    s not can says said announces announced announce names named unveils unveiled launches launched receives
    received wins won gets got selects selected awarded released releases issued seeking
"""
EMPTY = frozenset(_EMPTY.split())

_COMMON = """
    manufacturing manufacturers manufacturer institute institutes innovation project projects call calls
    advanced technology technologies program programs funding million department national university center
    research development industry industrial workforce training member members partnership partners
    announcement award awards proposal proposals request american america states state federal companies
    company production materials material engineering energy defense grant grants education opportunity
    support small business businesses network
"""
COMMON = frozenset(_COMMON.split())

_RECURRING = """
    weekly monthly quarterly daily bulletin newsletter digest roundup recap minutes webinar meeting meetings
    calendar spotlight highlights update updates week month briefing podcast episode hours index agenda
    notice solicitation
"""
RECURRING = frozenset(_RECURRING.split())
