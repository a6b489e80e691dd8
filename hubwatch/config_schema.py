"""The keys of config.toml and how each is read: the names that values refer to, and the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hubwatch import catalog
from hubwatch.config_values import (
    Names,
    Reader,
    Value,
    WrongValue,
    cancelling,
    choice,
    contact,
    did_you_mean,
    flag,
    host,
    mail_address,
    many,
    number,
    selector,
    term,
    text,
    url,
    whole,
)
from hubwatch.models import ITEM_KINDS, SOURCE_KINDS, WHATS

MIN_EVERY_S = 15 * 60
MAX_EVERY_S = 366 * 86_400
SECURITIES = ("none", "starttls", "tls")
# The data's words and British spelling are understood too.
_KIND_WORDS = {"rss": "feed", "atom": "feed", "json": "feed", "html": "page"}
_GROUP_WORDS = {"centres": "centers", "center": "centers", "institute": "institutes", "state": "states"}

_SOURCE_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_PROFILE = r"[^\W_](?:[\w .@+-]{0,62}[\w.@+-])?"


def every(value: Value, names: Names) -> int:
    """Take a pace (`6h`) as seconds."""
    from hubwatch.text.ages import parse_duration

    hint = "write 15min, 6h, 1d or 2w"
    if isinstance(value, int) and not isinstance(value, bool):
        raise WrongValue(f"is {value} without a unit", f'write "{value}min" or "{value}h"')
    written = text(value, names)
    short = re.fullmatch(r"(\d+)\s*m(?:ins?\.?)?", written.lower())
    if short and written.lower().endswith("m"):
        raise WrongValue(f"'{written}' could be minutes or months", f'write "{short[1]}min"')
    try:
        seconds = parse_duration(written)
    except ValueError:
        raise WrongValue(f"'{written}' is not a length of time", hint) from None
    if not MIN_EVERY_S <= seconds <= MAX_EVERY_S:
        small = seconds < MIN_EVERY_S
        raise WrongValue(
            f"'{written}' is {'more often than every 15 minutes' if small else 'longer than a year'}",
            'write "15min" or more' if small else 'write "52w" or less',
        )
    return seconds


def hub(value: Value, names: Names) -> str:
    """Take a hub's id, name, former name or alias, as its id."""
    name = text(value, names)
    found = catalog.hub_ids_named(name)
    if len(found) > 1:
        raise WrongValue(f"'{name}' stands for several hubs", f"write one of: {', '.join(found)}")
    if not found:
        raise WrongValue(f"unknown hub '{name}'", did_you_mean(name, catalog.hub_names(), "hubwatch hubs"))
    return found[0]


def state(value: Value, names: Names) -> str:
    """Take a state by its two letters or its name, as the letters."""
    name = text(value, names)
    found = catalog.state_code(name)
    if found is None:
        meant = catalog.state_meant(name)
        hint = f'did you mean "{meant}"?' if meant else 'write its letters, "OH", or its name, "Ohio"'
        raise WrongValue(f"unknown state '{name}'", hint)
    return found


def topic(value: Value, names: Names) -> str:
    """Take a topic's id or name, as its id."""
    from hubwatch.catalog.meant import topic_meant, topic_named

    name = text(value, names)
    known = {**catalog.topic_names(), **names.topics}
    found = topic_named(name, known)
    if found is None:
        meant = topic_meant(name, (*known, *known.values()))
        hint = f'did you mean "{meant}"?' if meant else "list them with: hubwatch topics"
        raise WrongValue(f"unknown topic '{name}'", hint)
    return found


def group(value: Value, names: Names) -> str:
    """Take the name of a group of the catalog: `institutes`, `state:OH`."""
    written = text(value, names).lower()
    name = _GROUP_WORDS.get(written, written)
    if name in catalog.GROUPS:
        return name
    if name.startswith("state:"):
        return "state:" + state(name.removeprefix("state:").strip().upper(), names)
    meant = catalog.state_code(written)
    hint = f'write "state:{meant}"' if meant else did_you_mean(name, (*catalog.GROUPS, "state:OH"))
    raise WrongValue(f"unknown group '{value}'", hint)


def source_id(name: str) -> None:
    """Refuse an id that cannot be typed."""
    if not re.fullmatch(_SOURCE_ID, name):
        plain = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._")[:64]
        raise WrongValue(
            f"'{name}' is no id: letters, digits, '-', '_' and '.' only, 64 at most",
            f"write [sources.{plain}]" if plain else None,
        )


def profile_name(name: str) -> None:
    """Refuse a profile's name that cannot be typed."""
    if not re.fullmatch(_PROFILE, name):
        raise WrongValue(
            f"'{name}' is no profile name: letters, digits, spaces, . @ + - and _ only, 64 at most"
        )


def profile_header(name: str) -> str:
    """Write the line that a profile begins with in the file."""
    key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
    return f"[profiles.{key}]"


# --- the tables -------------------------------------------------------------------------------

PAGE: Mapping[str, Reader] = dict.fromkeys(("item", "title", "link", "date", "summary"), selector)
SOURCE: Mapping[str, Reader] = {
    "name": text,
    "url": url,
    "kind": choice("kind of source", SOURCE_KINDS, _KIND_WORDS),
    "what": choice("content", WHATS),
    "hub": hub,
    "state": state,
    "every": every,
    "enabled": flag,
    "query": text,
}
TOPIC: Mapping[str, Reader] = {
    "name": text,
    "description": text,
    "terms": many(term),
    "weak": many(term),
    "not": many(cancelling),
}
PROFILE: Mapping[str, Reader] = {
    "topics": many(topic),
    "hubs": many(hub),
    "states": many(state),
    "kinds": many(choice("kind", ITEM_KINDS)),
    "keywords": many(text),
    "organizations": many(text),
    "exclude": many(text),
    "min_score": number(0, 1),
    "email": mail_address,
}
TABLES: Mapping[str, Mapping[str, Reader]] = {
    "hubwatch": {"database": text, "contact": contact, "catalog": many(group)},
    "fetch": {
        "jobs": whole(1, 1000),
        "per_host": whole(1, 1000),
        "delay": number(0, 3600),
        "timeout": number(0.1, 3600),
        "max_bytes": whole(1, 10_000_000_000),
        "max_items": whole(1, 1_000_000),
        "allow_private": many(host),
    },
    "email": {
        "host": host,
        "port": whole(1, 65_535),
        "from": mail_address,
        "user": text,
        "security": choice("security", SECURITIES),
    },
}
NAMED: Mapping[str, Mapping[str, Reader]] = {"sources": SOURCE, "topics": TOPIC, "profiles": PROFILE}
