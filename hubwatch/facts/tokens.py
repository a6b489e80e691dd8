"""Text to words, and phrases found among them in one pass: the matcher that all vocabularies share.

A vocabulary's size costs nothing per word: each word is looked up once, whatever the number of phrases.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from itertools import accumulate, compress, product
from typing import Any, TypeVar

# Runs of letters and of digits are words, so that Ti-6Al-4V, Ti6Al4V and "Ti 6Al 4V" are the same five.
# Punctuation that ends a thought is a word of its own, found only by a phrase that is written with it;
# hyphens and slashes join.
# Spelled-out ranges (Latin, Greek, Cyrillic) are matched in half the time of "any letter", and "this or
# nothing" sooner than "this, perhaps".
_LETTER = "A-Za-zªµºÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿḀ-ỿ"
_WORDS = re.compile(rf"[{_LETTER}]+(?:['’]s\b|)|[0-9₀-₉]+|[,;:()\[\]|\n\"“”…—]|[.!?](?=\s|$)")
_CUT = re.compile(f"({_WORDS.pattern})")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_SIGNS = re.compile(r"(?<!\S)=|\*")
_PLAIN = re.compile(rf"(?:[{_LETTER}]+ )*[{_LETTER}]+\*?$")  # words only: nothing to spell out
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")  # CO₂ is CO2
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
_BRACKETS = (("(", ")"), ("[", "]"))
_MEMO_LIMIT = 20_000  # words remembered by each memo
_LONGEST = 60  # letters of a word that is remembered
# Every text is full of these; a phrase that begins with one is looked for by its next word.
_LITTLE = frozenset(
    (
        *',:()[]|"“”…—.!?',
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "one",
        "or",
        "out",
        "the",
        "to",
        "up",
    )
)
_Hit = tuple[int, int, int]  # first word, word after the last, number of the phrase
_Key = TypeVar("_Key")
_T = TypeVar("_T")


class Words:
    """A text cut into words and breaks, case kept, that can say how any stretch of them stands in it."""

    __slots__ = ("_ends", "_parts", "words")

    def __init__(self, text: str) -> None:
        self._parts = _CUT.split(text)  # what stands between, a word, what stands between, a word, ...
        self.words = self._parts[1::2]
        self._ends: list[int] | None = None  # of each part; seldom asked for

    def said(self, start: int, end: int) -> str:
        """Give the words from `start` to before `end` as written, to the end of a bracket within them."""
        if end - start == 1:
            return self.words[start]
        words = self.words[start:end]
        for opening, closing in _BRACKETS:
            if words.count(opening) > words.count(closing) and self.words[end : end + 1] == [closing]:
                end += 1
        return "".join(self._parts[2 * start + 1 : 2 * end])

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give where in the text the words from `start` to before `end` begin and end."""
        if self._ends is None:
            self._ends = list(accumulate(map(len, self._parts)))
        return self._ends[2 * start], self._ends[2 * end - 1]


def split(text: str) -> list[str]:
    """Cut a text into words and breaks, case kept."""
    return _WORDS.findall(text)


def fold(word: str) -> str:
    """Fold case, plural, possessive and British spelling, so that one form stands for all."""
    return _singular(_stem(word))


def is_findable(phrase: str) -> bool:
    """Say if there is a text in which a phrase is found, with all its words: itself, without its signs."""
    plain = _SIGNS.sub("", phrase)
    words = [word for word in split(plain) if not _is_break(word)]
    said = "".join(words)
    book = PhraseBook()
    book.add(phrase, 0)
    return bool(book.whole(" ".join(words))) and not any(
        unicodedata.category(letter) == "Lo" and letter not in said for letter in plain
    )


class PhraseBook:
    """Phrases in the notation of catalog/topics.toml, spelled out; finds them among words.

    `light-weight` is light-weight, light weight and lightweight; `recycl*` any word that begins so;
    `CNT` (capitals only, two or more) and `=SiC` are matched with their case; all else without.

    Each word of a phrase is a sign: `fiber` (folded), `=CNT` or `recycl*`. The phrases lie by their first
    sign that is no little word, as text, until a word of that sign is met: most of a large vocabulary
    never is.
    """

    def __init__(self, tables: Mapping[str, Any] | None = None) -> None:
        """Make an empty book, or one that begins with the phrases of another's `tables`."""
        tables = tables or {"phrases": {}, "cased": (), "beginnings": ()}
        # Leading sign -> the signs before it with a `<`, those after it, and the number, phrase by phrase.
        self._phrases: dict[str, str] = dict(tables["phrases"])
        self._cased: set[str] = set(tables["cased"])
        self._beginnings: set[str] = set(tables["beginnings"])
        self._lengths = _lengths(self._beginnings)
        self._is_wanted: Callable[[int], bool] | None = None  # of the phrases to find, unless all
        self._signs = WordMemo(self._signs_of)  # of a word in a text
        self._starts = WordMemo(self._starts_of)  # of the phrases that may begin with a word in a text
        self._trees = WordMemo(self._tree_of)  # of the phrases that begin with a sign

    def tables(self) -> dict[str, Any]:
        """Return what another book can begin with, ready for JSON."""
        return {
            "phrases": self._phrases,
            "cased": sorted(self._cased),
            "beginnings": sorted(self._beginnings),
        }

    def add(self, phrase: str, number: int) -> None:
        """Enter a phrase, which is found as `number` from then on."""
        for words in _variants(phrase):
            signs = [self._sign(word) for word in words]
            if signs:
                lead = next((place for place, sign in enumerate(signs) if sign not in _LITTLE), 0)
                before = [f"{sign}<" for sign in signs[:lead]]
                line = " ".join((*before, *signs[lead + 1 :], str(number)))
                known = self._phrases.get(signs[lead])
                self._phrases[signs[lead]] = line if known is None else f"{known};{line}"
        for memo in (self._signs, self._starts, self._trees):
            memo.clear()

    def only(self, is_wanted: Callable[[int], bool]) -> PhraseBook:
        """Return a book in which just the phrases of some numbers are found."""
        book = copy(self)
        book._is_wanted = is_wanted
        book._starts, book._trees = WordMemo(book._starts_of), WordMemo(book._tree_of)
        return book

    def find(self, words: Sequence[str]) -> list[_Hit]:
        """Give (first word, word after the last, number) of every phrase, in this order."""
        starts = list(map(self._starts.__getitem__, words))
        signs, last = self._signs, len(words)
        hits: list[_Hit] = []
        for start in compress(range(last), starts):  # most words lead no phrase
            end = start + 1
            for node in starts[start]:
                for number in node.found:
                    hits.append((start, end, number))
                if node.led:
                    self._look_back(node, words, start, end, hits)
                following = node.following
                if following and end < last:
                    for sign in signs[words[end]]:  # and most that do are not followed by its next word
                        if sign in following:
                            self._follow(following[sign], words, start, end + 1, hits)
        hits.sort()
        return hits

    def whole(self, phrase: str) -> list[int]:
        """Give the numbers of the phrases that another one is, from its first word to its last."""
        words = _bare(split(phrase))
        return [number for start, end, number in self.find(words) if (start, end) == (0, len(words))]

    def _follow(self, node: _Node, words: Sequence[str], start: int, end: int, hits: list[_Hit]) -> None:
        for number in node.found:
            hits.append((start, end, number))
        if node.led:
            self._look_back(node, words, start, end, hits)
        if node.following and end < len(words):
            for sign in self._signs[words[end]]:
                if sign in node.following:
                    self._follow(node.following[sign], words, start, end + 1, hits)

    def _look_back(self, node: _Node, words: Sequence[str], start: int, end: int, hits: list[_Hit]) -> None:
        signs = self._signs
        for before, number in node.led:
            first = start - len(before)
            if first < 0:
                continue
            for at, sign in enumerate(before, start=first):
                if sign not in signs[words[at]]:
                    break
            else:
                hits.append((first, end, number))

    def _sign(self, word: str) -> str:
        if word.endswith("*"):
            beginning = fold(word[:-1]) if len(word) < 4 else _stem(word[:-1])
            if beginning not in self._beginnings:
                self._beginnings.add(beginning)
                self._lengths = _lengths(self._beginnings)
            return f"{beginning}*"
        if word.startswith("=") or (len(word) > 1 and word.isupper()):
            word = word.removeprefix("=")
            self._cased.add(word)
            return f"={word}"
        return fold(word)

    def _signs_of(self, word: str) -> tuple[str, ...]:
        """Give the signs that a word of a text may stand for."""
        stem = _stem(word)
        signs = [sys.intern(_singular(stem))]
        bare = word[:-2] if word.endswith(_POSSESSIVE) else word
        if bare in self._cased:
            signs.append(f"={bare}")
        elif bare[-1] == "s" and bare[:-1] in self._cased:
            signs.append(f"={bare[:-1]}")
        for length in self._lengths:
            if length > len(stem):
                break
            if stem[:length] in self._beginnings:
                signs.append(f"{stem[:length]}*")
        return tuple(signs)

    def _starts_of(self, word: str) -> tuple[_Node, ...]:
        """Give where the phrases start that may begin with a word of a text."""
        trees = [self._trees[sign] for sign in self._signs[word] if sign in self._phrases]
        return tuple([tree for tree in trees if tree.found or tree.led or tree.following])

    def _tree_of(self, sign: str) -> _Node:
        root = _Node()
        for phrase in self._phrases[sign].split(";"):
            *following, last = phrase.split(" ")
            number = int(last)
            if self._is_wanted is not None and not self._is_wanted(number):
                continue
            before = tuple([each[:-1] for each in following if each[-1] == "<"])
            node = root
            for each in following[len(before) :]:
                if node.following is None:
                    node.following = {}
                node = node.following.setdefault(sys.intern(each), _Node())
            if before:
                node.led = (*node.led, (before, number))
            elif number not in node.found:
                node.found = (*node.found, number)
        return root


def _lengths(beginnings: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted(set(map(len, beginnings))))


class _Node:
    """One word of the phrases that begin alike: the phrases that end here, and what may follow."""

    __slots__ = ("following", "found", "led")

    def __init__(self) -> None:
        self.found: tuple[int, ...] = ()
        # The same that have words before the leading one.
        self.led: tuple[tuple[tuple[str, ...], int], ...] = ()
        self.following: dict[str, _Node] | None = None  # most are a last word


class Memo(dict[_Key, _T]):
    """What is known of the words met so far; it forgets them all when there are too many."""

    def __init__(self, look_up: Callable[[_Key], _T]) -> None:
        self._look_up = look_up

    def __missing__(self, key: _Key) -> _T:
        known = self._look_up(key)
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        self[key] = known
        return known


class WordMemo(Memo[str, _T]):
    """A memo of words, which it has in common with the other memos."""

    def __missing__(self, word: str) -> _T:
        return super().__missing__(sys.intern(word)) if len(word) <= _LONGEST else self._look_up(word)


def _american(word: str) -> str:
    for british, american in _BRITISH:
        word = word.replace(british, american)
    return word


def _stem(word: str) -> str:
    """Fold case, possessive and spelling but leave the ending, since a beginning is compared."""
    word = word.lower() if word.isascii() else word.lower().translate(_LOWERED)
    if word.endswith(_POSSESSIVE):
        word = word[:-2]
    if _ANY_BRITISH.search(word):
        word = _american(word)
    return _IZE.sub(r"iz\1", word) if len(word) > 6 and "is" in word else word


def _singular(word: str) -> str:
    if len(word) <= 3 or word[-1] != "s" or word in _NO_PLURAL or word[-2] in "siu":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes", "lenses")):
        return word[:-2]
    return word[:-1]


def _variants(phrase: str) -> Iterable[tuple[str, ...]]:
    """Spell a phrase out: hyphens between letters open or closed, `St. Louis` without its point and with."""
    if _PLAIN.match(phrase):
        return [tuple(phrase.split())]
    choices = [_spellings(chunk) for chunk in phrase.split()]
    marked = [_bare([word for words in each for word in words]) for each in product(*choices)]
    plain = [[word for word in words if not _is_break(word)] for words in marked]
    return dict.fromkeys(tuple(words) for words in (*plain, *marked) if ";" not in words)


def _spellings(chunk: str) -> list[list[str]]:
    mark = "=" if chunk.startswith("=") else ""
    bare = chunk.strip("=*")
    forms = [bare] if not _HYPHEN.search(bare) else [bare, _HYPHEN.sub("", bare)]
    spelled = []
    for form in forms:
        words = [mark + word if mark and word[0].isalpha() else word for word in split(form)]
        if chunk.endswith("*") and (words := _bare(words)):
            words[-1] += "*"
        spelled.append(words)
    return spelled


def _bare(words: list[str]) -> list[str]:
    """Take off what cuts a text before the first word and after the last."""
    kept = [place for place, word in enumerate(words) if not _is_break(word)]
    return words[kept[0] : kept[-1] + 1] if kept else []


def _is_break(word: str) -> bool:
    return not word.rstrip("*")[-1].isalnum()
