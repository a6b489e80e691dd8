"""What a person types, as an expression for the full-text index; and the joined forms that it finds words by.

The index splits words at hyphens and apostrophes, so each text is stored with its compounds written as one
word as well, and each word of a query is looked for in all its wordings (`text.wordings`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from hubwatch.errors import UsageError
from hubwatch.models.dataclass import dataclass
from hubwatch.text import wordings

_ASCII_JOINERS = "-'"
_COMPOUND = re.compile(rf"[^\W_]+(?:[{wordings.JOINERS}][^\W_]+)+")
# "Ti 6-4", "AA 6061", "C 130": a short designation in capitals, a blank, and figures.
_DESIGNATION = re.compile(rf"[A-Z](?<!\w[A-Z])[A-Za-z]{{0,2}} \d[^\W_]*(?:[{wordings.JOINERS}][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’](?:s|t|d|m|re|ll|ve)$", re.IGNORECASE)
_SHORT = re.compile(r"[A-Za-z]{1,3}")
_LONGEST_FORM = 40
_LONGEST_KEPT = 80  # characters of a chunk whose forms are kept in mind
_AROUND = '.,;:!?()[]"“”'
_QUOTES = str.maketrans("“”„", '"""')  # what word processors and phones make of the plain ones
_TOKEN = re.compile(r'((?<!\S)-(?="?[^\W_]))?(?:"([^"]*)("|$)(\*?)|([()])|([^\s()"]+))')


def joined_forms(*texts: str) -> str:
    """Return the compounds of these texts, each once and in one piece: `ti6al4v lightweight`."""
    chunks: dict[str, None] = {}
    forms: dict[str, None] = {}
    for text in texts:
        if "\n" in text:
            text = text.replace("\n", " ")
        for joiner in _ASCII_JOINERS if text.isascii() else wordings.JOINERS:
            # Looking only around the few joiners is many times faster than matching every word.
            at = text.find(joiner)
            while at >= 0:
                end = text.find(" ", at)
                if end < 0:
                    end = len(text)
                chunks[text[text.rfind(" ", 0, at) + 1 : end]] = None
                at = text.find(joiner, end)
    for chunk in chunks:
        found = _forms_of(chunk) if len(chunk) <= _LONGEST_KEPT else _forms_of.__wrapped__(chunk)
        forms.update(dict.fromkeys(found))
    for text in texts[:2]:
        for match in _DESIGNATION.finditer(text):
            forms.update(dict.fromkeys(_form(match[0])))
    return " ".join(form for form in forms if len(form) <= _LONGEST_FORM)


@functools.lru_cache(maxsize=4096)  # the same few thousand compounds make up most of all
def _forms_of(chunk: str) -> tuple[str, ...]:
    bare = chunk.strip(_AROUND)
    one = bare.replace("-", "")
    if len(one) < len(bare) and one.isalnum() and bare[0] != "-" != bare[-1]:
        return (one.lower(),)  # by far the most
    return tuple(form for match in _COMPOUND.finditer(chunk) for form in _form(match[0]))


def _form(compound: str) -> tuple[str, ...]:
    compound = _POSSESSIVE.sub("", compound)
    form = wordings.join(compound)
    return (form,) if form != compound.lower() else ()


def any_phrase(phrases: tuple[str, ...], *, columns: str = "") -> str | None:
    """Return the expression that finds any of these phrases, in these columns only where they are named.

    The last word of one with a star at its end may go on.
    """
    terms = (_term(phrase.removesuffix("*"), prefix=phrase.endswith("*")) for phrase in phrases)
    found = [term for term in terms if term]
    if not found:
        return None
    expression = " OR ".join(found)
    return f"{{{columns}}} : ({expression})" if columns else expression


def _term(words: str, *, prefix: bool = False) -> str | None:
    found = wordings.of_beginning(words) if prefix else wordings.of_phrase(words)
    return _any_of(found, prefix=prefix) if found else None


def _any_of(phrases: Iterable[str], *, prefix: bool) -> str:
    variants = [f'"{phrase}"{"*" if prefix else ""}' for phrase in phrases]
    return variants[0] if len(variants) == 1 else f"({' OR '.join(variants)})"


def mark_compounds(text: str, typed: str, before: str, after: str) -> str:
    """Mark the compounds of a text that a query names in one piece: `light-weight` for `lightweight`."""
    wanted = {wordings.join(word) for word in typed.split()}
    return _COMPOUND.sub(lambda m: f"{before}{m[0]}{after}" if wordings.join(m[0]) in wanted else m[0], text)


# --- the language of `search` ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word, and, or, not, open, close
    expression: str = ""


def expression(typed: str) -> str:
    """Turn a query as it was typed (words, "phrases", AND, OR, NOT, -word, prefix*) into an expression."""
    tokens = _tokens(typed)
    if not any(token.kind == "word" for token in tokens):
        raise UsageError(
            f"nothing to search for in '{typed}'", hint='give a word, a "phrase" or the beginning of a word*'
        )
    found, _ = _alternatives(tokens, 0, 0)
    if found is None:
        raise UsageError(
            f"'{typed}' says only what not to find", hint="name a word to find as well: titanium NOT golf"
        )
    return found


def _tokens(typed: str) -> list[_Token]:
    tokens: list[_Token] = []
    before = ""  # the plain word just before
    for match in _TOKEN.finditer(typed.translate(_QUOTES)):
        minus, quoted, _, star, bracket, word = match.groups()
        if bracket:
            tokens.append(_Token("open" if bracket == "(" else "close"))
        elif word in ("AND", "OR", "NOT") and not minus:
            tokens.append(_Token(word.lower()))
        else:
            before = "" if minus else before
            prefix = bool(star) if word is None else word.endswith("*")
            term = _term(quoted if word is None else word, prefix=prefix)
            if term and word and wordings.may_join(before, word.rstrip("*")):
                # "die casting" finds "diecasting" as well: each of both words may stand in it.
                in_one = wordings.spelled((f"{before}{word.rstrip('*')}".lower(),))
                joined = _any_of(in_one, prefix=prefix)
                tokens.append(_Token("word", f"({tokens.pop().expression} OR {joined})"))
                term = f"({term} OR {joined})"
            if term and word and _SHORT.fullmatch(before) and word[0].isdigit():
                # "AA 6061" finds "AA6061" as well.
                term = f"(({tokens.pop().expression} AND {term}) OR {_term(before + word, prefix=prefix)})"
            if term:
                tokens += [_Token("not")] * bool(minus)
                tokens.append(_Token("word", term))
        before = word if word and not minus and tokens[-1:] and tokens[-1].kind == "word" else ""
    return tokens


_DEEPEST = 20  # brackets within brackets; what is deeper reads as if it had none


def _alternatives(tokens: list[_Token], at: int, depth: int) -> tuple[str | None, int]:
    """Read `a b OR c NOT d` up to a closing bracket; stray operators and brackets are passed over."""
    found: list[str] = []
    while True:
        one, at = _together(tokens, at, depth)
        if one is not None:
            found.append(one)
        if at >= len(tokens) or (tokens[at].kind == "close" and depth):
            break
        at += 1  # an OR, or a closing bracket that nothing opened
    if not found:
        return None, at
    return (found[0] if len(found) == 1 else f"({' OR '.join(found)})"), at


def _together(tokens: list[_Token], at: int, depth: int) -> tuple[str | None, int]:
    wanted: list[str] = []
    unwanted: list[str] = []
    negated = False
    while at < len(tokens) and tokens[at].kind not in ("or", "close"):
        kind, one = tokens[at].kind, tokens[at].expression
        at += 1
        if kind == "not":
            negated = True
            continue
        if kind == "and":
            continue
        if kind == "open":
            if depth >= _DEEPEST:
                continue
            inner, at = _alternatives(tokens, at, depth + 1)
            if at < len(tokens):
                at += 1  # its closing bracket
            if inner is None:
                continue
            one = inner
        (unwanted if negated else wanted).append(one)
        negated = False
    if not wanted:
        return None, at
    found = " AND ".join(wanted)
    if unwanted:
        found = f"(({found}) NOT ({' OR '.join(unwanted)}))"
    elif len(wanted) > 1:
        found = f"({found})"
    return found, at
