"""The places where publishers say who they are: what stands there tells nothing about the announcement."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A sentence or a paragraph by which publishers say who they are.
_ABOUT = re.compile(r"(?:^|\n)\s*About (?:the )?[A-Z][^\n.]{1,80}(?:\n|:|\. |$)")
# One expression for each verb: a search for what begins with fixed letters is ten times as quick.
_PRAISES = tuple(
    re.compile(
        rf"{verb} (?<=\b{verb} )(?:a|an|the|one of the) "
        r"(?:[\w-]+ ){0,2}?(?:leading|leader|premier|national accelerator|national institute|nation['’]s|"
        r"national \w+ (?:manufacturing )?(?:innovation )?institute|public-private|non-?profit|"
        r"trade association|global (?:provider|supplier|leader|manufacturer)|"
        r"world['’]s (?:leading|largest|first)|worldwide|pioneer)"
    )
    for verb in ("is", "are")
)
_SENTENCE_END = re.compile(r"[.!?\n]")
_SUBJECT = 90  # letters at most before the verb
_APPOSITION = re.compile(
    r", (?:a|an|the|one of the) (?:[\w'’-]+ ){0,3}?(?:leading|leader|premier|global|largest|pioneer\w*|"
    r"provider|supplier|manufacturer|developer|maker|producer|specialist)s? [^,.;\n]{0,120}?[,;.\n]"
)


def find_boilerplate(text: str) -> list[tuple[int, int, float]]:
    """Give the places where publishers speak of themselves, and what words there count."""
    places = []
    if "About" in text:
        match = _ABOUT.search(text)
        if match and match.start() > 0:
            places.append((match.start(), len(text), 0.0))
    places += [(start, end, 0.25) for start, end in _praises(text)]
    if ", a" in text or ", the " in text or ", one of" in text:
        places += [(*match.span(), 0.5) for match in _APPOSITION.finditer(text)]
    return places


def _praises(text: str) -> Iterator[tuple[int, int]]:
    """Give the sentences that say what a great house the subject is."""
    for expression in _PRAISES:
        for praise in expression.finditer(text):
            start = _sentence_start(text, praise.start())
            if start is not None:
                stop = _SENTENCE_END.search(text, praise.end())
                yield start, len(text) if stop is None else stop.end() - (stop[0] == "\n")


def _sentence_start(text: str, verb: int) -> int | None:
    """Give where the sentence of a verb begins, if that is near and no mere stop within it, as in `3.5`."""
    first = max(0, verb - _SUBJECT - 2)
    mark = max(text.rfind(each, first, verb) for each in ".!?\n")
    if mark < 0:
        return 0 if verb <= _SUBJECT else None
    if text[mark] == "\n":
        start = mark + 1
    elif text[mark + 1].isspace():
        start = mark + 2
    else:
        return None
    return start if verb - start <= _SUBJECT else None


def trust(boilerplate: list[tuple[int, int, float]], first: int, last: int) -> float:
    """Say what the words from `first` to `last` count."""
    return min((factor for a, b, factor in boilerplate if a <= first and last <= b), default=1.0)
