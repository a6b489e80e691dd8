"""robots.txt as RFC 9309 has it: groups by product name, the longest matching rule wins, `*` and `$`.

A reader of our own: urllib.robotparser takes the first match and knows no wildcards, and matching by
regular expressions would let a hostile file hold up the run. The matching here cannot backtrack far.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from hubwatch.models.dataclass import dataclass
from hubwatch.text.controls import strip_controls

MAX_BYTES = 512_000  # what is read of one; the RFC wants at least 500 KiB
_MAX_RULES = 20_000
_MAX_SITEMAPS = 20
_MAX_WILDCARDS = 16  # in one rule; more are no honest rule
_MAX_CRAWL_DELAY_S = 30.0
_PRODUCT = re.compile(r"[a-z_-]+")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class _Rule:
    parts: tuple[str, ...]  # what stands between the wildcards
    anchored: bool  # ended by `$`
    length: int
    allow: bool

    @property
    def pattern(self) -> str:
        return "*".join(self.parts) + ("$" if self.anchored else "")

    def matches(self, path: str) -> bool:
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        at = len(first)
        if not rest:
            return not self.anchored or at == len(path)
        *middle, last = rest
        for part in middle:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        if self.anchored:
            return path.endswith(last) and len(path) - len(last) >= at
        return path.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host's robots.txt asks of us."""

    rules: tuple[_Rule, ...] = ()  # longest first, Allow before Disallow where equally long
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()  # as written; for everybody, whatever the group

    def allow(self, path: bytes) -> bool:
        """Tell whether an address (path and query as sent) may be asked for."""
        plain = _normalize(path.decode("latin-1"))
        if plain == "/robots.txt":
            return True
        return next((rule.allow for rule in self.rules if rule.matches(plain)), True)


ALLOW_ALL = Rules()


def parse(body: bytes, product: str = "hubwatch") -> Rules:
    """Read the rules for one product: its own groups, all of them, else those for `*`."""
    own: list[_Rule] = []
    general: list[_Rule] = []
    delays: dict[bool, float] = {}
    agents: set[str] = set()
    sitemaps: list[str] = []
    has_own = naming = False
    for line in re.split(r"\r\n|\r|\n", body.decode("utf-8-sig", "replace")):
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "sitemap":
            # A fragment is none of an address to ask for, so that cutting at "#" does no harm.
            sitemaps += [value] if value and len(sitemaps) < _MAX_SITEMAPS else []
        elif field == "user-agent":
            agents = agents if naming else set()
            naming = True
            agents.add(_product(value))
            has_own = has_own or product in agents
        elif field in ("allow", "disallow"):
            naming = False
            rule = _rule(value, allow=field == "allow")
            if rule is not None and len(own) + len(general) < _MAX_RULES:
                own += [rule] if product in agents else []
                general += [rule] if "*" in agents else []
        elif field == "crawl-delay":
            naming = False
            _note_delay(value, agents, product, delays)
    chosen = own if has_own else general
    chosen.sort(key=lambda rule: (-rule.length, not rule.allow))
    return Rules(tuple(chosen), delays.get(has_own), tuple(sitemaps))


def write(rules: Rules) -> str:
    """Write rules as the shortest robots.txt that `parse` reads as the same: plain text, whatever came."""
    lines = [f"Sitemap: {strip_controls(address)}" for address in rules.sitemaps]
    if rules.rules or rules.crawl_delay_s is not None:
        lines.append("User-agent: *")
    lines += [f"{'Allow' if rule.allow else 'Disallow'}: {rule.pattern}" for rule in rules.rules]
    if rules.crawl_delay_s is not None:
        lines.append(f"Crawl-delay: {rules.crawl_delay_s}")
    return "\n".join(lines)


def _product(value: str) -> str:
    if value.startswith("*"):
        return "*"
    found = _PRODUCT.match(value.lower())
    return found.group() if found else ""


def _rule(value: str, *, allow: bool) -> _Rule | None:
    """Read one pattern; an empty one (`Disallow:`) says nothing."""
    if not value:
        return None
    pattern = _normalize(value if value.startswith(("/", "*")) else f"/{value}")
    pattern = re.sub(r"\*+", "*", pattern)
    anchored = pattern.endswith("$")
    parts = tuple((pattern.removesuffix("$") if anchored else pattern).split("*"))
    if len(parts) > _MAX_WILDCARDS + 1:
        return None
    return _Rule(parts, anchored, len(pattern.encode()), allow)


def _note_delay(value: str, agents: set[str], product: str, delays: dict[bool, float]) -> None:
    """Keep a Crawl-delay under whether it is meant for us by name."""
    try:
        delay_s = float(value)
    except ValueError:
        return
    if delay_s > 0:  # also keeps "nan" out
        for mine, named in ((True, product), (False, "*")):
            if named in agents:
                delays[mine] = min(delay_s, _MAX_CRAWL_DELAY_S)


def _normalize(text: str) -> str:
    """Write a path or pattern with the escapes that all spellings of it share."""
    text = quote(text, safe="%/*$?&=+,;:@!'()~-._[]|^`{}\\\"<>#", encoding="utf-8")
    return _ESCAPE.sub(_fold, text)


def _fold(escape: re.Match[str]) -> str:
    """Undo the escapes of letters, digits and `-._~`; write the others in capitals."""
    char = chr(int(escape.group()[1:], 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else escape.group().upper()
