"""The words dates are written with: months, zones, ages in the languages seen, and the expressions over them.

The expressions are compiled at first use; a command that reads no dates pays nothing.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

# English, German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian; without accents, lower case.
_ENGLISH = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_FOREIGN = (
    "januar janner jaenner januari janvier janv enero ene janeiro gennaio genn gen",
    "februar februari feber fevrier fevr fev febrero fevereiro febbraio febbr febb",
    "marz maerz mrz maart mars marzo marco",
    "avril avr abril abr aprile",
    "mai mei maj mayo maio maggio magg mag",
    "juni juin junio junho giugno giu",
    "juli juillet juil julio julho luglio lug",
    "aout agosto ago augustus augusti",
    "septembre septiembre setiembre setembro settembre sett set",
    "oktober okt octobre octubre outubro ottobre ott out",
    "novembre noviembre novembro",
    "dezember dez decembre diciembre dic dezembro dicembre desember",
)
MONTHS: dict[str, int] = {
    word: number
    for words in (_ENGLISH, _FOREIGN)
    for number, names in enumerate(words, 1)
    for word in names.split()
}
ENGLISH_MONTHS = frozenset(word for names in _ENGLISH for word in names.split())

# Minutes east of Greenwich. Where a name has several meanings, the one that U.S. readers mean.
ZONES: dict[str, int] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "hdt": -540, "hast": -600, "ast": -240, "adt": -180,
    "nst": -210, "ndt": -150, "sst": -660, "chst": 600,
    "cet": 60, "cest": 120, "met": 60, "mest": 120, "mez": 60, "mesz": 120, "bst": 60,
    "eet": 120, "eest": 180, "msk": 180, "msd": 240, "trt": 180, "idt": 180,
    "gst": 240, "pkt": 300, "ist": 330, "npt": 345, "ict": 420, "wib": 420, "hkt": 480, "sgt": 480,
    "myt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "sast": 120, "cat": 120, "eat": 180, "wat": 60,
    "brt": -180, "brst": -120, "art": -180, "clt": -240, "clst": -180, "cot": -300, "pet": -300,
}  # fmt: skip
# Zones whose offset depends on the season: standard time here, an hour more in summer.
US_ZONES: dict[str, int] = {
    "et": -300, "ct": -360, "mt": -420, "pt": -480,
    "eastern": -300, "central": -360, "mountain": -420, "pacific": -480,
}  # fmt: skip

DAY_WORDS: dict[str, int] = {
    "today": 0, "just now": 0, "yesterday": 1,
    "heute": 0, "gestern": 1, "aujourd'hui": 0, "hier": 1, "hoy": 0, "ayer": 1,
    "hoje": 0, "ontem": 1, "oggi": 0, "ieri": 1,
}  # fmt: skip
_UNIT_WORDS = {
    "second": "seconds second secs sec sekunden sekunde secondes seconde segundos segundo secondi secondo",
    "minute": "minutes minute mins min minuten minutos minuto minuti",
    "hour": "hours hour hrs hr h stunden stunde heures heure horas hora ore ora",
    "day": "days day d tagen tage tag jours jour dias dia giorni giorno",
    "week": "weeks week wks wk w wochen woche semaines semaine semanas semana settimane settimana",
    "month": "months month mos mo monaten monate monat mois meses mes mesi mese",
    "year": "years year yrs yr y jahren jahre jahr ans an anos ano anni anno",
}
UNITS: dict[str, str] = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}


class Patterns(NamedTuple):
    """The compiled expressions, all over lower-case text without accents."""

    dates: re.Pattern[str]
    relative: re.Pattern[str]
    time: re.Pattern[str]


_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_RANGE = r"(?:\s?(?:-|–|—|to|and|&|bis|through)\s?(?:{month}\.?\s)?\d{{1,2}}(?:st|nd|rd|th)?)?"

# Each form is a named group; the groups inside carry its name: y year, m month, d day; a, s, b two numbers
# of either order. The first form that fits at a place wins, so the more exact ones stand first.
_FORMS: tuple[tuple[str, str], ...] = (
    ("ymd", rf"(?<!\d)(?P<ymd_y>{_YEAR})(?P<ymd_s>[-/._])(?P<ymd_m>{_MONTH})(?P=ymd_s)"
            rf"(?P<ymd_d>{_DAY})(?!\d)"),
    ("cjk", rf"(?P<cjk_y>{_YEAR})\s?[年년]\s?(?P<cjk_m>{_MONTH})\s?[月월]\s?(?P<cjk_d>{_DAY})\s?[日일]"),
    ("clock", r"\b(?P<clock_m>{english})\.?\s+(?P<clock_d>\d{{1,2}}),?\s+\d{{1,2}}:\d\d(?::\d\d)?"
              rf"(?:\s+[a-z+\-:\d]{{{{1,9}}}})?\s+(?P<clock_y>{_YEAR})(?!\d)"),
    ("dmy", rf"(?<![\d:.$])(?P<dmy_d>{_DAY})(?:st|nd|rd|th|er|°|º|ª|\.)?"
            r"(?:\s?(?:-|–|to|and|&)\s?\d{{1,2}}(?:st|nd|rd|th|\.)?)?"
            r"(?:\s+|[-/.]|(?<=\d)(?={month}))(?:(?:de|of|d')\s*)?(?P<dmy_m>{month})"
            rf"(?:\.?,?\s+(?:de[l]?\s+)?|[-/.]\s?|(?=\d{{{{4}}}}))(?P<dmy_y>{_YEAR}|'\d\d|(?<=[-/])\d\d"
            r"|(?<=[a-z]\s)\d\d(?![:.,%]\d|\s?(?:%|am\b|pm\b|a\.m|p\.m|uhr)))(?!\d)"),
    ("mdy", r"\b(?P<mdy_m>{english})(?:\.\s?|\s+|[-/])(?:the\s)?(?P<mdy_d>\d{{1,2}})(?:st|nd|rd|th)?"
            + _RANGE + rf"(?:\s?,\s?|\s+|[-/]|\s?\.\s)(?:of\s)?(?P<mdy_y>{_YEAR}|'\d\d)(?!\d|:\d)"),
    ("yth", rf"(?<!\d)(?P<yth_y>{_YEAR})[\s,/-]{{{{1,2}}}}(?P<yth_m>{{month}})\.?[\s/-]\s?"
            rf"(?P<yth_d>{_DAY})(?!\d)"),
    ("num", rf"(?<![\d/.$-])(?P<num_a>\d{{{{1,2}}}})(?P<num_s>[-/.])(?P<num_b>\d{{{{1,2}}}})(?P=num_s)"
            rf"(?P<num_y>{_YEAR}|\d\d)(?![\d/-]|\.\d)"),
    ("flat", r"(?<![\d.$])(?P<flat_y>20[0-4]\d|199\d)"
             r"(?P<flat_m>0[1-9]|1[0-2])(?P<flat_d>0[1-9]|[12]\d|3[01])(?!\d)"),
    ("my", rf"(?<![\d\'])(?<!\d[ ./-])\b(?P<my_m>{{long}})"
           rf"(?:\.?,?\s+(?:de[l]?\s+|of\s)?|[-/])(?P<my_y>{_YEAR})(?!\d|:\d)"),
    ("ym", rf"(?<![\d/.-])(?P<ym_y>{_YEAR})(?P<ym_s>[-/])(?P<ym_m>0[1-9]|1[0-2])(?![\d]|[-/.]\d)"),
    ("pym", rf"(?<=/)(?P<pym_y>{_YEAR})/(?P<pym_m>0[1-9]|1[0-2])(?=/|$)"),
    ("nmy", rf"(?<![\d/.-])(?P<nmy_m>0[1-9]|1[0-2])/(?P<nmy_y>{_YEAR})(?![\d/-])"),
    ("md", r"\b(?P<md_m>{english})(?:\.\s?|\s+)(?P<md_d>\d{{1,2}})(?:st|nd|rd|th)?"
           r"(?![\d%]|:\d|\s?(?:am|pm)\b)"),
    ("dm", rf"(?<![\d:.$])(?P<dm_d>{_DAY})(?:st|nd|rd|th|er|°|º|\.)?\s+"
           r"(?:(?:de|of|d')\s*)?(?P<dm_m>{long})\b"),
)  # fmt: skip


@functools.cache
def patterns() -> Patterns:
    """Compile the expressions, once."""
    english = "|".join(sorted((w for names in _ENGLISH for w in names.split()), key=len, reverse=True))
    months = "|".join(sorted(MONTHS, key=len, reverse=True))
    # Short foreign names are English words too ("out", "set", "ago"): they need a day before them.
    long = "|".join([english, *sorted((w for w in MONTHS if len(w) > 3), key=len, reverse=True)])
    words = {
        name: rf"(?:{choice})(?![a-z])"
        for name, choice in (("english", english), ("month", months), ("long", long))
    }
    dates = "|".join(f"(?P<{name}>{form.format(**words)})" for name, form in _FORMS)
    units = "|".join(sorted(UNITS, key=len, reverse=True))
    days = "|".join(DAY_WORDS)
    relative = (
        rf"\b(?:(?P<day>{days})\b"
        rf"|(?:(?:about|over|almost)\s)?(?P<count>\d{{1,4}}|an?|one)\s?\+?\s?(?P<unit>{units})\s(?:ago|fa)\b"
        rf"|(?:vor|il y a|hace|ha)\s(?:etwa\s|environ\s)?"
        rf"(?P<count2>\d{{1,4}}|einem|einer|une?|una?|uma?)\s(?P<unit2>{units})\b)"
    )
    half = r"(?P<{}>[ap])\.?\s?m\b\.?"
    time = (
        rf"(?<![\d:.])(?:(?P<hour>\d{{1,2}})\s?[:h]\s?(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[.,]\d{{1,9}})?"
        rf"(?:\s?{half.format('half')})?|(?P<hour12>\d{{1,2}})(?:\.00)?\s?{half.format('half12')})(?![\d:])"
    )
    return Patterns(re.compile(dates), re.compile(relative), re.compile(time))
