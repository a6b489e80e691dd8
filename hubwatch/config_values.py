"""Read single values of config.toml (text, numbers, addresses, selectors) or say what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from urllib.parse import urlsplit

from hubwatch.models.dataclass import dataclass
from hubwatch.text.nearest import nearest

_HOST = (
    r"(?!-)[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}(?:%\w+)?\]|[0-9A-Fa-f.]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
)
_ADDRESS = r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+"
_GROUPED = 100_000  # numbers from here on are written in groups of digits; ports are not
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"

Value = object


class WrongValue(ValueError):
    """A value that cannot be taken: what is wrong with it, what to write, where in a list it stands.

    `others` are those that stand behind it in the same list.
    """

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        *,
        at: int | None = None,
        others: Sequence[WrongValue] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.at = at
        self.others = others


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that values may refer to: the catalog's and those of the file itself."""

    topics: Mapping[str, str] = field(default_factory=dict)  # the file's own: id -> name


Reader = Callable[[Value, Names], Value]


# --- plain values -----------------------------------------------------------------------------


def text(value: Value, _names: Names) -> str:
    """Take a non-empty line of text."""
    if not isinstance(value, str):
        raise WrongValue(f"must be text, not {_a(value)}", f'put it in quotes: "{value}"')
    if not value.strip():
        raise WrongValue("must not be empty", "leave it out instead")
    if not value.isprintable() and re.search(_CONTROL, value):
        raise WrongValue("must be one line without control characters")
    return value.strip()


def flag(value: Value, _names: Names) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        meant = {"true": "true", "yes": "true", "on": "true", "1": "true"}.get(str(value).lower(), "false")
        raise WrongValue(f"must be true or false, not {_a(value)}", f"write {meant} without quotes")
    return value


def whole(low: int, high: int) -> Reader:
    """Make a reader of whole numbers from `low` to `high`."""

    def read(value: Value, _names: Names) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongValue(
                f"must be a whole number, not {_a(value)}",
                f"write a number from {_short(low)} to {_short(high)}",
            )
        return int(_within(value, low, high))

    return read


def number(low: float, high: float) -> Reader:
    """Make a reader of numbers from `low` to `high`."""

    def read(value: Value, _names: Names) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue(
                f"must be a number, not {_a(value)}", f"write a number from {_short(low)} to {_short(high)}"
            )
        return float(_within(value, low, high))

    return read


def _within(value: float, low: float, high: float) -> float:
    if math.isnan(value) or not low <= value <= high:
        span = f"from {_short(low)} to {_short(high)}"
        raise WrongValue(f"must be {span}, not {_short(value)}", f"write a number {span}")
    return value


def _short(value: float) -> str:
    """Write a number without a needless fraction, a large one in groups, as the file may have it."""
    if not math.isfinite(value) or value != int(value):
        return str(value)
    return f"{int(value):_}" if abs(value) >= _GROUPED else str(int(value))


def choice(what: str, options: tuple[str, ...], also: Mapping[str, str] | None = None) -> Reader:
    """Make a reader of one word out of `options`; `also` are other words for them."""

    def read(value: Value, names: Names) -> str:
        word = text(value, names).lower()
        word = (also or {}).get(word, word)
        if word not in options:
            raise WrongValue(f"unknown {what} {_a(value)}", did_you_mean(word, options))
        return word

    return read


def many(read_one: Reader) -> Reader:
    """Make a reader of lists; each wrong element is named by its place."""

    def read(value: Value, names: Names) -> tuple[Value, ...]:
        if not isinstance(value, list):
            hint = f'write it in brackets: ["{value}"]' if isinstance(value, str) else None
            raise WrongValue(f"must be a list, not {_a(value)}", hint)
        taken, faults = [], []
        for index, element in enumerate(value):
            try:
                taken.append(read_one(element, names))
            except WrongValue as wrong:
                faults.append(WrongValue(wrong.message, wrong.hint, at=index))
        if faults:
            first = faults[0]
            raise WrongValue(first.message, first.hint, at=first.at, others=faults[1:])
        return tuple(dict.fromkeys(taken))

    return read


# --- words to be looked for -------------------------------------------------------------------

_LONGEST_TERM = 500  # characters: a title's; with more it is a list, or a text, that was taken for a term


def term(value: Value, names: Names) -> str:
    """Take a term of a topic, one that can be found."""
    written = text(value, names)
    if written.startswith("anywhere:"):
        bare = written.removeprefix("anywhere:").strip()
        raise WrongValue(
            f"'{written}' is no term: anywhere: goes under not", f'write "{bare}", or put it there'
        )
    return cancelling(written, names)


def cancelling(value: Value, names: Names) -> str:
    """Take a phrase that cancels terms, one that can be found."""
    from hubwatch.facts.tokens import is_findable
    from hubwatch.facts.topic_rules import phrases

    written = text(value, names)
    if len(written) > _LONGEST_TERM:
        short = f"{written[:30].rstrip()}..."
        raise WrongValue(f"'{short}' is too long for one term", "write each phrase as a term of its own")
    for phrase in phrases(written) or [""]:
        if not is_findable(phrase):
            reason, hint = _why_not_found(phrase)
            raise WrongValue(f"'{written}' can never be found: {reason}", hint)
    return written


def _why_not_found(phrase: str) -> tuple[str, str]:
    if not any(map(str.isalnum, phrase)):
        return "it has no word", "write the word itself, or leave it out"
    for word in phrase.split():
        before_star, star, after_star = word.partition("*")
        bare = word.replace("*", "").removeprefix("=")
        if star and word.startswith("="):
            beginning = before_star.removeprefix("=")
            return (
                "= and * do not go together",
                f'write "={bare}" for its case, "{beginning}*" for what begins so',
            )
        if star and after_star.strip("*"):
            return "a * ends a word", f'write "{before_star}*"'
    if any(letter.isalpha() and letter > "\u052f" for letter in phrase):
        return (
            "only Latin, Greek and Cyrillic letters and digits are looked for",
            "write it in these, as an English text has it",
        )
    return "its signs stand for no word", "write its words alone"


# --- addresses --------------------------------------------------------------------------------


def url(value: Value, names: Names) -> str:
    """Take an http or https address."""
    address = text(value, names)
    shown = re.sub(r"//[^/@\s]*@", "//***@", address)
    hint = f'write "https://{re.sub(r"^[a-zA-Z]*:?//|^/+", "", shown)}"'
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise WrongValue(
            f"'{shown}' is not an address", 'write it like "https://example.org/news/"'
        ) from None
    if parts.scheme.lower() not in ("http", "https"):
        raise WrongValue(f"'{shown}' is not an http or https address", hint)
    if not host or re.search(r"\s", address) or not re.fullmatch(r"[\w.:%-]+", host) or host.strip(".") == "":
        raise WrongValue(f"'{shown}' names no host", 'write it like "https://example.org/news/"')
    if port == 0:
        raise WrongValue(f"'{shown}' has no port that can be reached", "leave the port out")
    return address


def host(value: Value, names: Names) -> str:
    """Take a host name or an IP address, without a port."""
    name = text(value, names)
    if "//" in name:
        bare = name.split("//", 1)[1].split("/")[0].rsplit("@")[-1]
        raise WrongValue(f"'{name}' is an address, not a host", f'write the host alone: "{bare}"')
    if not re.fullmatch(_HOST, name):
        bare = re.sub(r"(:\d+|/.*)$", "", name)
        fits = bare != name and re.fullmatch(_HOST, bare)
        raise WrongValue(
            f"'{name}' is not a host",
            f'write the host alone: "{bare}"' if fits else 'write it like "intranet.local"',
        )
    return name.strip("[]").lower()


def mail_address(value: Value, names: Names) -> str:
    """Take one mail address, a display name before it included."""
    written = text(value, names)
    bare = re.search(r"<([^<>]*)>\s*$", written)
    address = bare[1] if bare else written
    if not re.fullmatch(_ADDRESS, address):
        raise WrongValue(f"'{written}' is not a mail address", 'write it like "me@example.com"')
    if not address.partition("@")[0].isascii():  # no mail can be written to it
        raise WrongValue(
            f"'{written}' has other than plain letters before the @", 'write it like "me@example.com"'
        )
    return written


def contact(value: Value, names: Names) -> str:
    """Take what goes into the User-Agent: plain ASCII."""
    written = text(value, names)
    if not written.isascii() or set(written) & set("()"):
        raise WrongValue(
            "goes into a header: plain letters only, no parentheses", 'write a mail address: "me@example.com"'
        )
    return written


def selector(value: Value, names: Names) -> str:
    """Take a CSS selector; `a@href` names an attribute."""
    written = text(value, names)
    css, at, attribute = written.rpartition("@") if re.search(r"@[\w-]*$", written) else (written, "", "")
    if at and not re.fullmatch(r"[A-Za-z][\w-]*", attribute):
        raise WrongValue(f"'{written}' names no attribute after the @", 'write it like "a@href"')
    problem = _css_problem(css) if css.strip() else None
    if problem:
        raise WrongValue(f"'{written}' is not a CSS selector: {problem}", 'write it like "article.news h3"')
    return written


# One simple selector after the other, with combinators and commas between them: the grammar in outline.
# `config check` asks soupsieve, which knows all of it, but costs a digest too much time to load.
_CSS_STRING = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_CSS_NAME = r"(?:--|-?(?:[^\W\d]|[^\x00-\x7f]|\\.))(?:[\w-]|[^\x00-\x7f]|\\.)*"
_CSS_SIMPLE = (
    rf"(?:(?:{_CSS_NAME}|\*)?\|)?(?:{_CSS_NAME}|\*)|[.#]{_CSS_NAME}"
    rf"|\[\s*(?:[\w*-]*\|)?{_CSS_NAME}\s*(?:[~|^$*!]?=\s*(?:{_CSS_STRING}|[^\s\]\"']+)\s*(?:[isIS]\s*)?)?\]"
    rf"|:{_CSS_NAME}"
)
_CSS_COMBINATOR = r"\s*[>+~,]\s*|\s+"


def _css_problem(css: str) -> str | None:
    rest, expects_more = css.strip(), True
    while rest:
        simple = re.match(_CSS_SIMPLE, rest)
        if not simple:
            return f"it breaks off at '{rest[:20]}'"
        rest, expects_more = rest[simple.end() :], False
        if simple[0].startswith(":") and rest.startswith("("):
            end = _closing(rest)
            if end is None:
                return "a parenthesis is not closed"
            rest = rest[end:]
        combinator = re.match(_CSS_COMBINATOR, rest)
        if combinator:
            rest, expects_more = rest[combinator.end() :], True
    return "something is missing at its end" if expects_more else None


def _closing(css: str) -> int | None:
    depth = 0
    for found in re.finditer(rf"{_CSS_STRING}|[()]", css):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return None


def did_you_mean(name: str, options: Iterable[str], list_with: str | None = None) -> str:
    """Name the nearest valid word, else where the valid ones stand."""
    meant = nearest(name, options)
    if meant:
        return f'did you mean "{meant}"?'
    return f"list them with: {list_with}" if list_with else f"one of: {', '.join(options)}"


def _a(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return f"'{value}'" if isinstance(value, str) else str(value)
