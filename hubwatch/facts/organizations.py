"""The organizations that act in a text, as written there: known names, and others by form and company.

Not people, places, programs, events or products. What speaks for a name is learned (catalog/learned).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hubwatch.facts.names import LEGAL, LEGAL_FOLDED, Tokens, fold_name, without_short_forms
from hubwatch.facts.organization_rules import END, SENTENCE_STARTS, START, Look, OrganizationRules

__all__ = ["Candidate", "OrganizationRules", "candidates", "choose", "find", "fold_name"]

_MOST = 12  # names per item
_JOINTS = frozenset({"&", "+", "of", "for", "and", "the", ","})


class Candidate(NamedTuple):
    """A stretch of text that may name an organization, with how it looks."""

    words: Tokens
    start: int  # first word
    end: int  # word after the last
    look: Look
    in_title: bool

    @property
    def name(self) -> str:
        """The name as written."""
        return self.words.said(self.start, self.end)


def find(
    title: str, summary: str, rules: OrganizationRules, *, hub_names: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the organizations that act in title and summary, in order, each as first written."""
    weighed = []
    for candidate in candidates(title, summary, rules, hub_names=hub_names):
        weight = rules.weight(candidate.look)
        if weight > 0 and not _is_legal_form(candidate):
            weighed.append((weight, candidate))
    names: dict[str, str] = {}
    for candidate in choose(weighed):
        name = candidate.name
        names.setdefault(fold_name(name), name)
    return without_short_forms(names)[:_MOST]


def _is_legal_form(candidate: Candidate) -> bool:
    """Say if this is the Co. of "Every Co.", or an INC. parted from its name."""
    return all(word.lower().replace(".", "") in LEGAL_FOLDED for word in candidate.look.words)


def choose(weighed: list[tuple[float, Candidate]]) -> list[Candidate]:
    """Of candidates that overlap keep the heaviest; give what is kept in the order of the text."""
    kept: list[Candidate] = []
    taken: set[tuple[bool, int]] = set()
    for _, candidate in sorted(weighed, key=lambda pair: (-pair[0], pair[1].in_title, pair[1].start)):
        places = {(candidate.in_title, at) for at in range(candidate.start, candidate.end)}
        if taken.isdisjoint(places):
            taken |= places
            kept.append(candidate)
    return sorted(kept, key=lambda candidate: (not candidate.in_title, candidate.start))


def candidates(
    title: str, summary: str, rules: OrganizationRules, *, hub_names: tuple[str, ...] = ()
) -> Iterator[Candidate]:
    """Yield every stretch of title and summary that could be an organization's name."""
    own = frozenset(fold_name(name) for name in hub_names)
    for text, in_title in ((title, True), (summary, False)):
        if text:
            yield from _Reader(text, rules, in_title, own).candidates


class _Reader:
    """One text on its way from words to candidates."""

    def __init__(
        self, text: str, rules: OrganizationRules, in_title: bool, hub_names: frozenset[str]
    ) -> None:
        self.words = Tokens(text)
        self.tokens = self.words.found
        self.texts = self.words.texts
        self.rules = rules
        self.in_title = in_title
        self.hub_names = hub_names
        self.known = rules.known(self.words)
        self.title_case = in_title and self._is_title_case()
        self.candidates: list[Candidate] = []  # from left to right
        self._read()

    def _read(self) -> None:
        at = 0
        tokens = self.tokens
        while at < len(tokens):
            known = self.known[at]
            if not known and (not tokens[at].capital or self._opens_nothing(at)):
                at += 1
                continue
            end = self._run(at, known)
            self._split(at, end)
            at = end

    def _is_title_case(self) -> bool:
        words = [token for token in self.tokens[1:] if token.text[0].isalpha() and len(token.text) > 3]
        ordinary = [token for token in words if token.lower in self.rules.ordinary]
        capital = sum(token.capital for token in ordinary)
        return capital * 2 > len(ordinary) or (not ordinary and bool(words))

    def _opens_nothing(self, at: int) -> bool:
        """Say whether a capital is only that of a sentence's or a title's beginning."""
        token = self.tokens[at]
        lower = token.lower
        if lower in self.rules.never_first:
            return True
        if not self.rules.is_ordinary[lower] or token.text.isupper():
            return False
        if self.title_case:
            return lower not in self.rules.openers
        if not self._starts_sentence(at):
            return False
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        joined = following is not None and (following.capital or following.text in ("of", "for", "&"))
        return not joined or token.possessive

    def _starts_sentence(self, at: int) -> bool:
        return at == 0 or self.texts[at - 1] in SENTENCE_STARTS

    def _run(self, at: int, known: int) -> int:
        """Give the place after the last word of the capitalized run that starts here."""
        tokens = self.tokens
        last = at + max(known, 1) - 1
        while not tokens[last].possessive and last + 1 < len(tokens):
            following = last + 1
            word = self.texts[following]
            if tokens[following].capital:
                joined = 1 if self._continues(following) else 0
            else:
                joined = self._joined(at, last, word, following)
            if not joined:
                break
            last = following + joined - 1
            last += max(self.known[last], 1) - 1
        return last + 1

    def _continues(self, at: int) -> bool:
        if not self.title_case or self.known[at]:
            return True
        word = self.tokens[at].text
        lower = word.lower()
        return (
            not self.rules.is_ordinary[lower]
            or word.isupper()
            or lower in self.rules.forms
            or lower in self.rules.openers
            or word in LEGAL
        )

    def _joined(self, at: int, last: int, word: str, following: int) -> int:
        """Give how many words a connecting word joins to the run: itself and those up to the next capital."""
        tokens = self.tokens
        beyond = tokens[following + 1] if following + 1 < len(tokens) else None
        if beyond is None:
            return 0
        lower = tokens[last].lower
        if word in ("&", "+") and beyond.capital:
            return 2
        if word == ",":
            return self._joined_by_comma(at, last, following)
        if word in ("of", "for", "on", "in", "at", "de", "del", "la"):
            if word != "of" and self.known[at] == following - at:  # a known name is whole
                return 0
            the = beyond.text == "the" and following + 2 < len(tokens)
            target = tokens[following + 2] if the else beyond
            if not target.capital or (
                self.title_case and not self._continues_after(following + (2 if the else 1))
            ):
                return 0
            heads = {token.lower for token in tokens[at:following]}
            fits = (
                (word == "of" and lower in self.rules.joins_of)
                or (word in ("for", "on", "in") and lower in self.rules.joins_for and word != "in")
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
        if beyond in LEGAL:
            return 2
        in_university = any(token.text == "University" for token in tokens[at : last + 1])
        if (
            in_university
            and beyond in self.rules.campuses
            and "of" in {token.text for token in tokens[at:last]}
        ):
            return 2
        return 0

    def _and_joins(self, at: int, last: int, following: int) -> bool:
        """Say whether `and` is within a name: Institute of Standards and Technology."""
        tokens = self.tokens
        before = self.texts[at : last + 1]
        if self.known[following + 1] or before[-1] in LEGAL:
            return False
        after: list[str] = []
        place = following + 1
        while place < len(tokens) and tokens[place].capital and len(after) < 6:
            after.append(tokens[place].lower)
            if tokens[place].possessive:
                break
            place += 1
        if len(before) > 2 and any(word in ("of", "for", "on") for word in before[:-1]):
            # Department of Health and Human Services; not "University of Utah and Boeing".
            return before[0].lower() in (
                "department", "institute", "college", "school", "office", "center", "ministry", "national",
                "academy", "council", "association", "society",
            ) and all(word in self.rules.ordinary for word in after)  # fmt: skip
        if not after or after[-1] not in self.rules.forms or len(after) < 2:
            return False
        if before[-1].lower() in self.rules.forms or any(word.isupper() for word in before):
            return False
        plain = (self.rules.ordinary, self.rules.wide, self.rules.places)
        return (
            all(any(word.lower() in listed for listed in plain) for word in before)
            and after[0] in self.rules.ordinary
        )

    def _split(self, at: int, end: int) -> None:
        """Cut a run at titles of persons and enter what is left as candidates."""
        tokens = self.tokens
        start, titled, place = at, False, at
        while place < end:
            if self.known[place]:
                place += self.known[place]
                continue
            lower = tokens[place].lower
            if lower in self.rules.titles and not self._part_of_name(place, end):
                if place > start:
                    self._variants(start, place, titled)
                start, titled = place + 1, True
            place += 1
        if start < end:
            self._variants(start, end, titled)

    def _variants(self, start: int, end: int, titled: bool) -> None:
        """Enter a stretch, and the parts of it that may be the name instead."""
        tokens, rules = self.tokens, self.rules
        while end - 1 > start and tokens[end - 1].text in _JOINTS:
            end -= 1
        spans = [(start, end)]
        words = self.texts[start:end]
        if len(words) > 1:
            known = self.known[start]
            if 0 < known < len(words):
                spans.append((start, start + known))
            elif words[0].isupper() and len(words[0]) > 2 and words[0].isalpha():
                spans.append((start, start + 1))
            if words[0].lower() in rules.ordinary and not known:
                spans.append((start + 1, end))
            if words[-1].lower() in rules.events or words[-1].lower() in rules.ordinary:
                spans.append((start, end - 1))
            spans += [
                (place, place + known) for place in range(start + 1, end) if (known := self.known[place])
            ]
            for inner in ("of", "at", "and"):
                if inner in words[1:-1]:
                    spans.append((start, start + words.index(inner, 1)))
                    if inner == "and":
                        spans.append((start + words.index(inner, 1) + 1, end))
        for first, last in dict.fromkeys(spans):
            if first < last:
                self._enter(first, last, titled, whole=(first, last) == (start, end))

    def _part_of_name(self, place: int, end: int) -> bool:
        following = self.tokens[place + 1].text if place + 1 < end else ""
        return following in ("of", "for") and self.tokens[place].lower in ("secretary", "general")

    def _enter(self, start: int, end: int, titled: bool, whole: bool) -> None:
        known = self.known[start] == end - start
        if not known and self.hub_names:
            known = fold_name(self.words.said(start, end)) in self.hub_names
        look = self._look(start, end, known, titled, whole)
        self.candidates.append(Candidate(self.words, start, end, look, self.in_title))

    def _look(self, start: int, end: int, known: bool, titled: bool, whole: bool) -> Look:
        texts = self.texts
        words = tuple(texts[start:end])
        form = self.rules.forms_of[words]
        before = texts[start - 1] if start else START
        after = texts[end] if end < len(texts) else END
        if known:
            known_signs: tuple[str, ...] = ("known", "known in title" if self.in_title else "known in text")
        else:
            known_signs = ("unknown in title",) if self.in_title else ()
        others = tuple(self._beside(start, end)) if self.title_case else ()
        if self.title_case and not known:
            others += (f"title:{form}",)  # a capital tells little there, the form all the more
        if after == "," and self._is_place(end + 1):
            others += ("before place",)
        if titled:
            others += ("titled",)
        if not whole:
            others += ("part", f"part:{form}", "part known" if known else "part unknown")
        is_possessive = self.tokens[end - 1].possessive
        return Look(words, known_signs, (before, form), None if is_possessive else after, others)

    def _is_place(self, at: int) -> bool:
        """Say whether a state or country stands here, as in Marcy, New York, and no name that begins so."""
        for end in (at + 1, at + 2):
            goes_on = end < len(self.tokens) and self.tokens[end].capital and not self.title_case
            if not goes_on and "_".join(token.lower for token in self.tokens[at:end]) in self.rules.places:
                return True
        return False

    def _beside(self, start: int, end: int) -> Iterator[str]:
        """Name the everyday words beside a stretch where all words have capitals."""
        tokens, rules = self.tokens, self.rules
        if start and tokens[start - 1].capital and tokens[start - 1].lower in rules.ordinary:
            yield f"title<{tokens[start - 1].lower}"
        if end < len(tokens) and tokens[end].capital and not tokens[end - 1].possessive:
            after = tokens[end].lower
            if after in rules.ordinary:
                yield f"title>{after}"
                yield "title>ordinary"
            if after in rules.acting:
                yield "acts in title"
