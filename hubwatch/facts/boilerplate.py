"""The places where publishers say who they are: what stands there tells nothing about the announcement."""

from __future__ import annotations

import re

# A sentence or a paragraph by which publishers say who they are.
_ABOUT = re.compile(r"(?:^|\n)\s*About (?:the )?[A-Z][^\n.]{1,80}(?:\n|:|\. |$)")
_PRAISE = (
    r" (?:a|an|the|one of the) "
    r"(?:[\w-]+ ){0,2}?(?:leading|leader|premier|national accelerator|national institute|nation['’]s|"
    r"national \w+ (?:manufacturing )?(?:innovation )?institute|public-private|non-?profit|trade association|"
    r"global (?:provider|supplier|leader|manufacturer)|world['’]s (?:leading|largest|first)|worldwide|"
    r"pioneer)"
)
_PRAISES = re.compile(_PRAISE)  # quick to look for; most texts have none
_WHO_WE_ARE = re.compile(rf"(?:^|(?<=[.!?]\s)|(?<=\n))[^.!?\n]{{0,90}}?\b(?:is|are){_PRAISE}[^.!?\n]*[.!?]?")
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
    if (" is " in text or " are " in text) and _PRAISES.search(text):
        places += [(*match.span(), 0.25) for match in _WHO_WE_ARE.finditer(text)]
    if ", a" in text or ", the " in text or ", one of" in text:
        places += [(*match.span(), 0.5) for match in _APPOSITION.finditer(text)]
    return places


def trust(boilerplate: list[tuple[int, int, float]], first: int, last: int) -> float:
    """Say what the words from `first` to `last` count."""
    return min((factor for a, b, factor in boilerplate if a <= first and last <= b), default=1.0)
