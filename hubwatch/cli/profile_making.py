"""Make a profile: from options, or from the answers to questions in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hubwatch import catalog, config_schema
from hubwatch.cli import asking, filters
from hubwatch.cli.context import Shared
from hubwatch.config_values import WrongValue
from hubwatch.errors import UsageError
from hubwatch.models import ITEM_KINDS, Profile

_NONE = "Enter for none"


def check_name(common: Shared, name: str) -> None:
    """Refuse a name that is taken or cannot be typed."""
    there = {known.casefold(): known for known in common.config.profiles}
    if name.casefold() in there:
        name = there[name.casefold()]
        header = config_schema.profile_header(name)
        raise UsageError(
            f"there is a profile '{name}' already",
            hint=f"see it: hubwatch profiles show {shlex.quote(name)}; use it: hubwatch sync, then"
            f" hubwatch digest --profile {shlex.quote(name)}; to change it, edit {header}"
            f" in {common.config_path}; or take another name",
        )
    try:
        config_schema.profile_name(name)
    except WrongValue as wrong:
        raise UsageError(wrong.message, hint=wrong.hint) from wrong


def given(common: Shared, name: str, values: Mapping[str, Any]) -> Profile:
    """Make a profile of the values that were given as options."""
    read: dict[str, Any] = asking.from_options(values, _own_topics(common))
    return Profile(name=name, **read)


def asked(common: Shared, name: str) -> Profile:
    """Make a profile of the answers to one question for each part of it."""
    common.say(f"A profile says what {name} wants to see. Several answers: with commas between.")
    found: dict[str, Any] = {"topics": topics(common), "hubs": _hubs(common), "states": states(common)}
    found["kinds"] = _many(
        common,
        "kinds",
        "Only these kinds of item (numbers or names, Enter for all)",
        asking.numbered({kind: kind for kind in ITEM_KINDS}),
        ITEM_KINDS,
    )
    found["keywords"] = _many(
        common,
        "keywords",
        f"Keywords ({_NONE})",
        ["Words that are wanted whatever the area: AZ31B, cold spray."],
    )
    found["organizations"] = _many(
        common,
        "organizations",
        f"Organizations ({_NONE})",
        ["Customers, suppliers, rivals: always shown when they are named."],
    )
    found["exclude"] = _many(
        common, "exclude", f"Words never wanted ({_NONE})", ["An item with these words is left out."]
    )
    found["email"] = email()
    return Profile(name=name, **found)


def topics(common: Shared) -> tuple[str, ...]:
    """Ask for the technology areas."""
    names = filters.topic_names(common)
    return _many(
        common, "topics", f"Technology areas (numbers or names, {_NONE})", asking.numbered(names), [*names]
    )


def states(common: Shared) -> tuple[str, ...]:
    """Ask for the states."""
    why = ["Your state's manufacturers' association and MEP center are followed along: OH, or Ohio."]
    return _many(common, "states", f"State ({_NONE})", why)


def email() -> str | None:
    """Ask for the mail address."""
    why = ["Where hubwatch digest --email sends it; nothing is sent now."]
    return asking.question(f"E-mail ({_NONE})", _email, explained=why)


def _email(answer: str) -> str | None:
    return str(asking.profile_value("email", answer, {})) if answer else None


def _hubs(common: Shared) -> tuple[str, ...]:
    why = [
        "Every item of these hubs is wanted, whatever its area: LIFT, America Makes.",
        f"The directory knows {len(catalog.hubs())}: hubwatch hubs --all",
    ]
    return _many(common, "hubs", f"Hubs ({_NONE})", why)


def _many(
    common: Shared, key: str, text: str, explained: Iterable[str], choices: Iterable[str] = ()
) -> tuple[str, ...]:
    own, known = _own_topics(common), tuple(choices)

    def read(answer: str) -> tuple[str, ...]:
        words = asking.listed(answer, known)
        try:
            found: Any = asking.profile_value(key, words, own)
        except WrongValue as wrong:
            raise _as_asked(wrong, key, words) from None
        return tuple(found)

    return asking.question(text, read, explained=explained)


def _as_asked(wrong: WrongValue, key: str, words: Sequence[str]) -> WrongValue:
    """Tell what is wrong with an answer where the list of topics stands above it, and states come later."""
    if key != "topics" or wrong.at is None:
        return wrong
    if catalog.state_code(words[wrong.at]):
        return WrongValue(f"'{words[wrong.at]}' is a state", "states are asked for after this")
    if (wrong.hint or "").startswith("list them"):
        return WrongValue(wrong.message, "take a number or a name from the list above")
    return wrong


def _own_topics(common: Shared) -> dict[str, str]:
    return {topic.id: topic.name for topic in common.config.topics}
