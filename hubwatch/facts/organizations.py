"""The organizations that act in a text, as written there: known names, and others by form and company.

Not people, places, programs, events or products. What speaks for a name is learned (catalog/learned).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hubwatch.facts.names import LEGAL, fold_name, tokens
from hubwatch.models import OrganizationName
from hubwatch.models.dataclass import dataclass

__all__ = ["Candidate", "OrganizationRules", "candidates", "choose", "find", "fold_name"]

_MOST = 12  # names per item


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
        self.acting = self.words.get("acting", frozenset())
        self.titles = self.words.get("title", frozenset())
        self.weights = dict(weights)
        self.known: dict[str, list[tuple[str, ...]]] = {}
        self._canonical: dict[str, str] = {}
        for organization in organizations:
            for name in (organization.name, *organization.aliases):
                self._canonical.setdefault(fold_name(name), organization.name)
                parts = tuple(token.text for token in tokens(name))
                if parts:
                    self.known.setdefault(parts[0], []).append(parts)
        for listed in self.known.values():
            listed.sort(key=len, reverse=True)

    def canonical(self, name: str) -> str:
        """Give the one name under which an organization's spellings are counted together."""
        return self._canonical.get(fold_name(name), name)

    def has(self, listed: str, word: str) -> bool:
        """Say whether a word stands in one of the lists."""
        return word in self.words.get(listed, ())


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
    own = frozenset(fold_name(name) for name in hub_names)
    for text, in_title in ((title, True), (summary, False)):
        if text:
            yield from _Reader(text, rules, in_title, own).candidates()


class _Reader:
    """One text on its way from words to candidates."""

    def __init__(
        self, text: str, rules: OrganizationRules, in_title: bool, hub_names: frozenset[str]
    ) -> None:
        self.text = text
        self.rules = rules
        self.in_title = in_title
        self.hub_names = hub_names
        self.tokens = tokens(text)
        self.title_case = in_title and self._is_title_case()

    def candidates(self) -> Iterator[Candidate]:
        """Yield the text's candidates from left to right."""
        at = 0
        tokens = self.tokens
        names = self.rules.known
        while at < len(tokens):
            token = tokens[at]
            known = self._known(at) if token.text in names else 0
            if not known and (not token.capital or self._opens_nothing(at)):
                at += 1
                continue
            end = self._run(at, known)
            yield from self._split(at, end)
            at = end

    def _is_title_case(self) -> bool:
        words = [token for token in self.tokens[1:] if token.text[0].isalpha() and len(token.text) > 3]
        ordinary = [token for token in words if self.rules.has("ordinary", token.lower)]
        capital = sum(token.capital for token in ordinary)
        return capital * 2 > len(ordinary) or (not ordinary and bool(words))

    def _known(self, at: int) -> int:
        """Give the number of words of the longest known name that stands here, or 0."""
        tokens = self.tokens
        for parts in self.rules.known.get(tokens[at].text, ()):
            stop = at + len(parts)
            if stop > len(tokens):
                continue
            place = at + 1
            while (
                place < stop and tokens[place].text == parts[place - at] and not tokens[place - 1].possessive
            ):
                place += 1
            if place == stop:
                return len(parts)
        return 0

    def _opens_nothing(self, at: int) -> bool:
        """Say whether a capital is only that of a sentence's or a title's beginning."""
        token = self.tokens[at]
        lower = token.lower
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
            the = beyond.text == "the" and following + 2 < len(tokens)
            target = tokens[following + 2] if the else beyond
            if not target.capital or (
                self.title_case and not self._continues_after(following + (2 if the else 1))
            ):
                return 0
            heads = {token.lower for token in tokens[at:following]}
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
        if beyond in LEGAL:
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
        if self._known(following + 1) or before[-1] in LEGAL:
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
        start, titled, place, names = at, False, at, self.rules.known
        while place < end:
            if tokens[place].text in names and (known := self._known(place)):
                place += known
                continue
            lower = tokens[place].lower
            if lower in self.rules.titles and not self._part_of_name(place, end):
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
        return following in ("of", "for") and self.tokens[place].lower in ("secretary", "general")

    def _candidate(self, start: int, end: int, titled: bool, whole: bool) -> Candidate:
        first, last = self.tokens[start], self.tokens[end - 1]
        known = self._known(start) == end - start
        features = tuple(self._features(start, end, known, titled, whole))
        return Candidate(self.text[first.start : last.end], first.start, last.end, features, self.in_title)

    def _features(self, start: int, end: int, known: bool, titled: bool, whole: bool) -> list[str]:
        tokens = self.tokens
        kind = self._shape([token.text for token in tokens[start:end]], [t.lower for t in tokens[start:end]])
        before = tokens[start - 1].text if start else "^"
        last = tokens[end - 1]
        after = tokens[end].text if end < len(tokens) else "$"
        found = [f"len{min(end - start, 4)}", kind, f"last:{last.lower}"]
        if known or (
            self.hub_names and fold_name(self.text[tokens[start].start : last.end]) in self.hub_names
        ):
            found += ["known", "known in title" if self.in_title else "known in text"]
        elif self.in_title:
            found.append("unknown in title")
        if before.islower():
            found += [f"<{before}", f"<{before}:{kind}"]
        else:
            found.append("<X" if before[0].isalnum() else f"<{before}")
        if self._starts_sentence(start):
            found.append("first")
        if last.possessive:
            found.append("possessive")
        elif after[0].isalpha():
            found.append(">X" if after[0].isupper() else f">{after}")
            if after in self.rules.acting:
                found.append("acts")
        else:
            found.append(f">{after}")
        if titled:
            found.append("titled")
        if not whole:
            found += ["part", f"part:{kind}", "part known" if known else "part unknown"]
        return found

    def _shape(self, words: list[str], lowers: list[str]) -> str:
        """Name the form of a candidate, which tells most of all."""
        rules = self.rules
        last, first = lowers[-1], lowers[0]
        if words[-1] in LEGAL:
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
