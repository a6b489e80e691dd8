"""Text to words, and phrases found among them in one pass: the matcher that all vocabularies share.

A vocabulary's size costs nothing per word: each word is looked up once, whatever the number of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

# Runs of letters and of digits are words, so that Ti-6Al-4V, Ti6Al4V and "Ti 6Al 4V" are the same five.
# Punctuation that ends a thought is a word of its own that no phrase holds; hyphens and slashes join.
# Spelled-out ranges (Latin, Greek, Cyrillic) are matched in half the time of "any letter".
_LETTER = "A-Za-zªµºÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿḀ-ỿ"
_WORDS = re.compile(rf"[{_LETTER}]+(?:['’]s\b)?|[0-9]+|[,;:()\[\]|\n\"“”…—]|[.!?](?=\s|$)")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_PLAIN = re.compile(r"(?:[^\W\d_]+ )*[^\W\d_]+\*?$")  # words only: nothing to spell out
_NO_PLURAL = frozenset({"lens", "gas", "plus", "basis", "physics", "optics", "photonics", "series", "canvas"})
_BRITISH = (
    ("aluminium", "aluminum"),
    ("fibre", "fiber"),
    ("mould", "mold"),
    ("centre", "center"),
    ("colour", "color"),
    ("vapour", "vapor"),
    ("tyre", "tire"),
    ("sulphur", "sulfur"),
    ("titre", "titer"),
    ("programme", "program"),
    ("defence", "defense"),
    ("galvanis", "galvaniz"),
)
_ANY_BRITISH = re.compile("|".join(british for british, _ in _BRITISH))
_IZE = re.compile(r"(?<=\w{3})is(e|ed|es|er|ers|ing|ation|ations)$")
_POSSESSIVE = ("'s", "’s")
_MEMO_LIMIT = 60_000  # words remembered; a store's whole text has fewer different ones


def split(text: str) -> list[str]:
    """Cut a text into words and breaks, case kept."""
    return _WORDS.findall(text)


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Give where in the text each word of its `split` stands."""
    places: list[tuple[int, int]] = []
    end = 0
    find, add = text.find, places.append
    for word in words:
        start = find(word, end)
        end = start + len(word)
        add((start, end))
    return places


def fold(word: str) -> str:
    """Fold case, plural, possessive and British spelling, so that one form stands for all."""
    word = word.lower()
    if word.endswith(_POSSESSIVE):
        word = word[:-2]
    if _ANY_BRITISH.search(word):
        word = _american(word)
    if len(word) > 6:
        word = _IZE.sub(r"iz\1", word)
    if len(word) <= 3 or word[-1] != "s" or word in _NO_PLURAL or word[-2] in "siu":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes", "lenses")):
        return word[:-2]
    return word[:-1]


class PhraseBook:
    """Phrases in the notation of catalog/topics.toml, compiled; finds them among words.

    `light-weight` is light-weight, light weight and lightweight; `recycl*` any word that begins so;
    `CNT` (capitals only, two or more) and `=SiC` are matched with their case; all else without.
    """

    def __init__(self) -> None:
        self._exact: dict[str, int] = {}
        self._cased: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._prefix_lengths: tuple[int, ...] = ()
        self._symbols = 0
        self._symbol_of: dict[str, int] = {}  # as written in phrases
        self._waiting: dict[int, list[tuple[tuple[int, ...], int]]] = {}  # by first word, not in the tree yet
        self._root: dict[int, _Node] = {}
        self._memo: dict[str, _Known] = {}

    def add(self, phrase: str, number: int) -> None:
        """Enter a phrase, which is found as `number` from then on."""
        known = self._symbol_of
        for words in _variants(phrase):
            symbols = tuple([known[word] if word in known else self._symbol(word) for word in words])
            if symbols:
                self._waiting.setdefault(symbols[0], []).append((symbols, number))
        self._memo.clear()

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Give (first word, word after the last, number) of every phrase, in order of the first word."""
        memo = self._memo
        try:
            looked_up = [memo[word] for word in words]
        except KeyError:
            looked_up = [memo[word] if word in memo else self._look_up(word) for word in words]
        following = [symbols for _, symbols in looked_up]
        following.append(())
        hits: list[tuple[int, int, int]] = []
        for after, (nodes, _) in enumerate(looked_up, start=1):
            for node in nodes:
                for number in node.found:
                    hits.append((after - 1, after, number))
                level = node.next
                for symbol in following[after] if level else ():
                    if symbol in level:
                        _follow(level[symbol], following, after - 1, after + 1, hits)
        return hits

    def _symbol(self, word: str) -> int:
        if word.endswith("*"):
            table, key = self._prefixes, fold(word[:-1]) if len(word) < 4 else _fold_stem(word[:-1])
        elif word.startswith("="):
            table, key = self._cased, word[1:]
        elif len(word) > 1 and word.isupper():
            table, key = self._cased, word
        else:
            table, key = self._exact, fold(word)
        if key not in table:
            table[key] = self._symbols
            self._symbols += 1
            if table is self._prefixes and len(key) not in self._prefix_lengths:
                self._prefix_lengths = tuple(sorted((*self._prefix_lengths, len(key))))
            if table is self._cased:
                self._cased.setdefault(key + "s", table[key])
        self._symbol_of[word] = table[key]
        return table[key]

    def _first(self, symbol: int) -> _Node | None:
        """Return where the phrases that begin with this word start; only now are they put into the tree."""
        for symbols, number in self._waiting.pop(symbol, ()):
            node = _next(self._root, symbol)
            for each in symbols[1:]:
                node = _next(node.next, each)
            if number not in node.found:
                node.found = (*node.found, number)
        return self._root.get(symbol)

    def _look_up(self, word: str) -> _Known:
        folded = fold(word)
        bare = word[:-2] if word.endswith(_POSSESSIVE) else word
        unstemmed = _fold_stem(bare)
        found = {self._exact.get(folded), self._cased.get(bare)}
        for length in self._prefix_lengths:
            if length > len(unstemmed):
                break
            found.add(self._prefixes.get(unstemmed[:length]))
        symbols = tuple(sorted(symbol for symbol in found if symbol is not None))
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        nodes = tuple([node for symbol in symbols if (node := self._first(symbol)) is not None])
        known = self._memo[word] = (nodes, symbols)
        return known


class _Node:
    """One word of the phrases that begin alike: what may follow, and the phrases that end here."""

    __slots__ = ("found", "next")

    def __init__(self) -> None:
        self.next: dict[int, _Node] = {}
        self.found: tuple[int, ...] = ()


def _next(level: dict[int, _Node], symbol: int) -> _Node:
    node = level.get(symbol)
    if node is None:
        node = level[symbol] = _Node()
    return node


_Known = tuple[tuple[_Node, ...], tuple[int, ...]]  # a word as first of phrases, and as any later one


def _follow(
    node: _Node,
    following: Sequence[tuple[int, ...]],
    start: int,
    end: int,
    hits: list[tuple[int, int, int]],
) -> None:
    for number in node.found:
        hits.append((start, end, number))
    level = node.next
    for symbol in following[end] if level else ():
        if symbol in level:
            _follow(level[symbol], following, start, end + 1, hits)


def _american(word: str) -> str:
    for british, american in _BRITISH:
        word = word.replace(british, american)
    return word


def _fold_stem(word: str) -> str:
    """Fold case and spelling but leave the ending, since a beginning is compared."""
    word = word.lower()
    if _ANY_BRITISH.search(word):
        word = _american(word)
    return _IZE.sub(r"iz\1", word) if len(word) > 6 else word


def _variants(phrase: str) -> Iterable[tuple[str, ...]]:
    """Spell a phrase out: each hyphen between letters open or closed."""
    if _PLAIN.match(phrase):
        return [tuple(phrase.split())]
    choices: list[list[list[str]]] = []
    for chunk in phrase.split():
        mark = "=" if chunk.startswith("=") else ""
        star = "*" if chunk.endswith("*") else ""
        bare = chunk.strip("=*")
        forms = [bare] if not _HYPHEN.search(bare) else [bare, _HYPHEN.sub("", bare)]
        spelled = []
        for form in forms:
            words = [word for word in split(form) if word[0].isalnum()]
            if not words:
                continue
            words = [mark + word if mark and word[0].isalpha() else word for word in words]
            words[-1] += star
            spelled.append(words)
        if spelled:
            choices.append(spelled)
    return [tuple(word for words in combination for word in words) for combination in product(*choices)]
