"""The organizations that act in a text, as written there: known names, and others by form and company.

Not people, places, programs, events or products. What speaks for a name is learned (catalog/learned).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hubwatch.models import OrganizationName

_MOST = 12  # names per item
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., N.C.
    r"|(?:Inc|Co|Corp|Ltd|Bros|St|Univ|Dept|Mfg|Assn|Dr|Mr|Mrs|Ms|Gov|Sen|Rep|Gen|Lt|Sgt|Jr|Sr|Col|Capt|Prof|Rev|No|vs|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?!\w)"
    r"|\b[A-Z]\.(?=\s[A-Z])"  # a middle initial
    r"|[^\W_](?:[\w&+/@!’'.-]*[\w+!])?(?:\([A-Z&]+\))?"
    r"|[&|+,;:()\[\]\"“”‘’.?!–—…\n]"
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PLURAL_NAME = re.compile(
    r"['’] (?:Association|Alliance|Council|Union|Federation|Coalition|Guild|Institute|Society)"
)
_NAMED = re.compile(r"([A-Z][\w&.]*)-[a-z]+(?:ed|led|run|owned|built|made|wide|like|backed)$")
_LEGAL = frozenset(
    {
        "Inc",
        "Inc.",
        "LLC",
        "L.L.C.",
        "LLP",
        "L.P.",
        "LP",
        "Ltd",
        "Ltd.",
        "plc",
        "PLC",
        "Corp",
        "Corp.",
        "Co",
        "Co.",
        "Corporation",
        "Incorporated",
        "Company",
        "Limited",
        "GmbH",
        "AG",
        "SE",
        "SA",
        "S.A.",
        "SpA",
        "S.p.A.",
        "BV",
        "B.V.",
        "NV",
        "N.V.",
        "AB",
        "Oy",
        "KG",
        "KK",
        "K.K.",
        "Pty",
        "PBC",
        "PC",
        "P.C.",
        "Bhd",
    }
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str  # without a possessive ending
    start: int
    end: int  # without a possessive ending
    capital: bool
    possessive: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of text that may name an organization, with what speaks for and against that."""

    name: str
    start: int
    end: int
    features: tuple[str, ...]
    in_title: bool


class OrganizationRules:
    """Known names, word lists and weights, compiled. Immutable once made."""

    def __init__(
        self,
        organizations: Iterable[OrganizationName],
        words: Mapping[str, Iterable[str]],
        weights: Mapping[str, float],
    ) -> None:
        self.words = {name: frozenset(listed) for name, listed in words.items()}
        self.weights = dict(weights)
        self.known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._canonical: dict[str, str] = {}
        for organization in organizations:
            for name in (organization.name, *organization.aliases):
                self._canonical.setdefault(fold_name(name), organization.name)
                parts = tuple(token.text for token in _tokens(name))
                if parts:
                    self.known.setdefault(parts[0], []).append((parts, organization.name))
        for listed in self.known.values():
            listed.sort(key=lambda entry: -len(entry[0]))

    def canonical(self, name: str) -> str:
        """Give the one name under which an organization's spellings are counted together."""
        return self._canonical.get(fold_name(name), name)

    def has(self, listed: str, word: str) -> bool:
        """Say whether a word stands in one of the lists."""
        return word in self.words.get(listed, ())


def fold_name(name: str) -> str:
    """Fold what does not tell two organizations apart: case, punctuation, `the`, legal endings."""
    words = re.findall(r"\w+|&", name.lower().replace(".", ""))
    words = ["and" if word == "&" else word for word in words]
    if words and words[0] == "the":
        words = words[1:]
    legal = {word.lower().replace(".", "") for word in _LEGAL}
    while len(words) > 1 and words[-1] in legal:
        words = words[:-1]
    return " ".join(words)


def find(
    title: str, summary: str, rules: OrganizationRules, *, hub_names: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the organizations that act in title and summary, in order, each as first written."""
    bias = rules.weights.get("bias", -1.0)
    weighed = []
    for candidate in candidates(title, summary, rules, hub_names=hub_names):
        weight = bias + sum(rules.weights.get(feature, 0.0) for feature in candidate.features)
        if weight > 0:
            weighed.append((weight, candidate))
    names: dict[str, str] = {}
    for candidate in choose(weighed):
        names.setdefault(fold_name(candidate.name), candidate.name)
    return tuple(names.values())[:_MOST]


def choose(weighed: list[tuple[float, Candidate]]) -> list[Candidate]:
    """Of candidates that overlap keep the heaviest; give what is kept in the order of the text."""
    kept: list[Candidate] = []
    for _, candidate in sorted(weighed, key=lambda pair: (-pair[0], pair[1].in_title, pair[1].start)):
        if not any(
            other.in_title == candidate.in_title
            and other.start < candidate.end
            and candidate.start < other.end
            for other in kept
        ):
            kept.append(candidate)
    return sorted(kept, key=lambda candidate: (not candidate.in_title, candidate.start))


def candidates(
    title: str, summary: str, rules: OrganizationRules, *, hub_names: tuple[str, ...] = ()
) -> Iterator[Candidate]:
    """Yield every stretch of title and summary that could be an organization's name."""
    for text, in_title in ((title, True), (summary, False)):
        if text:
            yield from _Reader(text, rules, in_title, hub_names).candidates()


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        word, start, end = match[0], match.start(), match.end()
        stripped = _POSSESSIVE.sub("", word) if "'" in word or "’" in word else word
        if not stripped:
            continue
        tail = text[end : end + 16]
        possessive = len(stripped) < len(word) or (
            word[-1] == "s"
            and tail[:1] in ("'", "’")
            and tail[1:2] in (" ", "")
            and not _PLURAL_NAME.match(tail)
        )
        if "-" in stripped and (named := _NAMED.match(stripped)):
            stripped, possessive = named[1], True  # ARL-developed, Pittsburgh-based
        capital = stripped[0].isupper() or (
            any(char.isupper() for char in stripped[1:]) and len(stripped) > 1
        )
        tokens.append(_Token(stripped, start, start + len(stripped), capital, possessive))
    return tokens


class _Reader:
    """One text on its way from words to candidates."""

    def __init__(
        self, text: str, rules: OrganizationRules, in_title: bool, hub_names: tuple[str, ...]
    ) -> None:
        self.text = text
        self.rules = rules
        self.in_title = in_title
        self.hub_names = hub_names
        self.tokens = _tokens(text)
        self.title_case = in_title and self._is_title_case()

    def candidates(self) -> Iterator[Candidate]:
        """Yield the text's candidates from left to right."""
        at = 0
        tokens = self.tokens
        while at < len(tokens):
            known = self._known(at)
            if not (tokens[at].capital or known) or (not known and self._opens_nothing(at)):
                at += 1
                continue
            end = self._run(at, known)
            yield from self._split(at, end)
            at = end

    def _is_title_case(self) -> bool:
        words = [token for token in self.tokens[1:] if token.text[0].isalpha() and len(token.text) > 3]
        ordinary = [token for token in words if self.rules.has("ordinary", token.text.lower())]
        capital = sum(token.capital for token in ordinary)
        return capital * 2 > len(ordinary) or (not ordinary and bool(words))

    def _known(self, at: int) -> int:
        """Give the number of words of the longest known name that stands here, or 0."""
        tokens = self.tokens
        for parts, _ in self.rules.known.get(tokens[at].text, ()):
            stop = at + len(parts)
            if stop <= len(tokens) and all(
                tokens[at + offset].text == part for offset, part in enumerate(parts)
            ):
                if any(token.possessive for token in tokens[at : stop - 1]):
                    continue
                return len(parts)
        return 0

    def _opens_nothing(self, at: int) -> bool:
        """Say whether a capital is only that of a sentence's or a title's beginning."""
        token = self.tokens[at]
        lower = token.text.lower()
        if self.rules.has("never_first", lower):
            return True
        if not self.rules.has("ordinary", lower) or token.text.isupper():
            return False
        if self.title_case:
            return not self.rules.has("opener", lower)
        if not self._starts_sentence(at):
            return False
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        joined = following is not None and (following.capital or following.text in ("of", "for", "&"))
        return not joined or token.possessive

    def _starts_sentence(self, at: int) -> bool:
        return at == 0 or self.tokens[at - 1].text in (".", "?", "!", ":", "\n", "“", '"', "‘", "—", "…")

    def _run(self, at: int, known: int) -> int:
        """Give the place after the last word of the capitalized run that starts here."""
        tokens = self.tokens
        last = at + max(known, 1) - 1
        while not tokens[last].possessive and last + 1 < len(tokens):
            following = last + 1
            word = tokens[following].text
            if tokens[following].capital:
                joined = 1 if self._continues(following) else 0
            else:
                joined = self._joined(at, last, word, following)
            if not joined:
                break
            last = following + joined - 1
            if (more := self._known(last)) > 1:
                last += more - 1
        return last + 1

    def _continues(self, at: int) -> bool:
        if not self.title_case or self._known(at):
            return True
        word = self.tokens[at].text
        lower = word.lower()
        return (
            not self.rules.has("ordinary", lower)
            or word.isupper()
            or self.rules.has("form", lower)
            or self.rules.has("opener", lower)
            or word in _LEGAL
        )

    def _joined(self, at: int, last: int, word: str, following: int) -> int:
        """Give how many words a connecting word joins to the run: itself and those up to the next capital."""
        tokens = self.tokens
        beyond = tokens[following + 1] if following + 1 < len(tokens) else None
        if beyond is None:
            return 0
        lower = tokens[last].text.lower()
        if word in ("&", "+") and beyond.capital:
            return 2
        if word == ",":
            return self._joined_by_comma(at, last, following)
        if word in ("of", "for", "on", "in", "at", "de", "del", "la"):
            the = beyond.text == "the" and following + 2 < len(tokens)
            target = tokens[following + 2] if the else beyond
            if not target.capital or (
                self.title_case and not self._continues_after(following + (2 if the else 1))
            ):
                return 0
            heads = {token.text.lower() for token in tokens[at:following]}
            fits = (
                (word == "of" and self.rules.has("joins_of", lower))
                or (word in ("for", "on", "in") and self.rules.has("joins_for", lower) and word != "in")
                or (word == "at" and bool(heads & {"university", "suny", "college"}) and not self.title_case)
                or word in ("de", "del", "la")
            )
            return (3 if the else 2) if fits else 0
        if word == "and" and beyond.capital:
            return 2 if self._and_joins(at, last, following) else 0
        if lower == "local" and word.isdigit():
            return 1
        return 0

    def _continues_after(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].capital

    def _joined_by_comma(self, at: int, last: int, following: int) -> int:
        tokens = self.tokens
        beyond = tokens[following + 1].text
        if beyond in _LEGAL:
            return 2
        in_university = any(token.text == "University" for token in tokens[at : last + 1])
        if (
            in_university
            and self.rules.has("campus", beyond)
            and "of" in {token.text for token in tokens[at:last]}
        ):
            return 2
        return 0

    def _and_joins(self, at: int, last: int, following: int) -> bool:
        """Say whether `and` is within a name: Institute of Standards and Technology."""
        tokens = self.tokens
        before = [token.text for token in tokens[at : last + 1]]
        if self._known(following + 1) or before[-1] in _LEGAL:
            return False
        after: list[str] = []
        place = following + 1
        while place < len(tokens) and tokens[place].capital and len(after) < 6:
            after.append(tokens[place].text.lower())
            if tokens[place].possessive:
                break
            place += 1
        if len(before) > 2 and any(word in ("of", "for", "on") for word in before[:-1]):
            # Department of Health and Human Services; not "University of Utah and Boeing".
            return before[0].lower() in (
                "department", "institute", "college", "school", "office", "center", "ministry", "national",
                "academy", "council", "association", "society",
            ) and all(self.rules.has("ordinary", word) for word in after)  # fmt: skip
        if not after or not self.rules.has("form", after[-1]) or len(after) < 2:
            return False
        if self.rules.has("form", before[-1].lower()) or any(word.isupper() for word in before):
            return False
        return all(
            self.rules.has("ordinary", word.lower()) or self.rules.has("wide", word.lower())
            for word in before
        ) and self.rules.has("ordinary", after[0])

    def _split(self, at: int, end: int) -> Iterator[Candidate]:
        """Cut a run at titles of persons and yield what is left as candidates."""
        tokens = self.tokens
        start, titled, place = at, False, at
        while place < end:
            if known := self._known(place):
                place += known
                continue
            lower = tokens[place].text.lower()
            if self.rules.has("title", lower) and not self._part_of_name(place, end):
                if place > start:
                    yield from self._variants(start, place, titled)
                start, titled = place + 1, True
            place += 1
        if start < end:
            yield from self._variants(start, end, titled)

    def _variants(self, start: int, end: int, titled: bool) -> Iterator[Candidate]:
        """Yield a stretch, and the parts of it that may be the name instead."""
        tokens, rules = self.tokens, self.rules
        while end - 1 > start and tokens[end - 1].text in ("&", "+", "of", "for", "and", "the", ","):
            end -= 1
        spans = [(start, end)]
        words = [token.text for token in tokens[start:end]]
        if len(words) > 1:
            known = self._known(start)
            if 0 < known < len(words):
                spans.append((start, start + known))
            elif words[0].isupper() and len(words[0]) > 2 and words[0].isalpha():
                spans.append((start, start + 1))
            if rules.has("ordinary", words[0].lower()) and not known:
                spans.append((start + 1, end))
            if rules.has("event", words[-1].lower()) or rules.has("ordinary", words[-1].lower()):
                spans.append((start, end - 1))
            spans += [
                (place, place + known) for place in range(start + 1, end) if (known := self._known(place))
            ]
            for inner in ("of", "at", "and"):
                if inner in words[1:-1]:
                    spans.append((start, start + words.index(inner, 1)))
                    if inner == "and":
                        spans.append((start + words.index(inner, 1) + 1, end))
        for first, last in dict.fromkeys(spans):
            if first < last:
                yield self._candidate(first, last, titled, whole=(first, last) == (start, end))

    def _part_of_name(self, place: int, end: int) -> bool:
        following = self.tokens[place + 1].text if place + 1 < end else ""
        return following in ("of", "for") and self.tokens[place].text.lower() in ("secretary", "general")

    def _candidate(self, start: int, end: int, titled: bool, whole: bool) -> Candidate:
        first, last = self.tokens[start], self.tokens[end - 1]
        known = self._known(start) == end - start
        features = tuple(self._features(start, end, known, titled, whole))
        return Candidate(self.text[first.start : last.end], first.start, last.end, features, self.in_title)

    def _features(self, start: int, end: int, known: bool, titled: bool, whole: bool) -> Iterator[str]:
        tokens = self.tokens
        words = [token.text for token in tokens[start:end]]
        lowers = [word.lower() for word in words]
        before = tokens[start - 1].text if start else "^"
        before2 = tokens[start - 2].text.lower() if start > 1 else "^"
        after = tokens[end].text if end < len(tokens) else "$"
        where = "T" if self.in_title else "S"
        length = min(len(words), 4)
        yield f"len{length}"
        yield f"{where}len{length}"
        kind = self._shape(words, lowers)
        yield kind
        yield f"{where}:{kind}"
        if known:
            yield "known"
            yield f"known{where}"
        if before.isalpha() and not before[0].isupper():
            yield f"<{before.lower()}"
            yield f"<{before.lower()}:{kind}"
            yield f"<<{before2} {before.lower()}"
        else:
            yield f"<{before if not before[0].isalnum() else 'X'}"
        if self._starts_sentence(start):
            yield "first"
            yield f"first:{kind}"
        if tokens[end - 1].possessive:
            yield "possessive"
            yield f"possessive:{kind}"
        elif after[0].isalpha():
            yield f">{after.lower()}" if not after[0].isupper() else ">X"
            yield f">:{kind}" if self.rules.has("acting", after.lower()) else f">-:{kind}"
            if self.rules.has("acting", after.lower()):
                yield "acts"
        else:
            yield f">{after}"
        if titled:
            yield "titled"
        if not whole:
            yield "part"
            yield f"part:{kind}"
            yield "part:known" if known else "part:unknown"
        yield f"last:{lowers[-1]}"
        if len(words) > 1:
            yield f"head:{lowers[0]}"
        if name_in(self.hub_names, words):
            yield "known"

    def _shape(self, words: list[str], lowers: list[str]) -> str:
        """Name the form of a candidate, which tells most of all."""
        rules = self.rules
        last, first = lowers[-1], lowers[0]
        if words[-1] in _LEGAL:
            return "legal"
        if len(words) > 1 and (rules.has("form", last) or (rules.has("joins_of", first) and "of" in lowers)):
            return "form"
        if (
            any(
                lower in ("university", "institute", "department", "laboratory", "college")
                for lower in lowers
            )
            and len(words) > 1
        ):
            return "form"
        if rules.has("place", " ".join(lowers)) or (len(words) == 1 and rules.has("place", first)):
            return "place"
        if first in rules.words.get("first_name", ()) and len(words) in (2, 3):
            return "person"
        if rules.has("calendar", first) or rules.has("calendar", last):
            return "calendar"
        if rules.has("event", last) or rules.has("program", last):
            return "event"
        if len(words) == 1:
            word = words[0]
            if rules.has("not_org", first):
                return "jargon"
            if any(char.isdigit() for char in word):
                return "digits"
            if word.isupper():
                return f"caps{min(len(word), 5)}"
            if any(char.isupper() for char in word[1:]):
                return "camel"
            return "ordinary1" if rules.has("ordinary", first) else "word1"
        ordinary = sum(rules.has("ordinary", lower) for lower in lowers)
        if len(words) == 2 and not ordinary and words[0].istitle() and words[1].istitle():
            return "two"
        return f"many{'O' if ordinary == len(words) else 'o' if ordinary else ''}"


def name_in(hub_names: tuple[str, ...], words: list[str]) -> bool:
    """Say whether the words are one of the publishing hub's own names."""
    return bool(hub_names) and fold_name(" ".join(words)) in {fold_name(name) for name in hub_names}
