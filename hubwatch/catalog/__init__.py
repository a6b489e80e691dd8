"""The built-in directory: hubs, their sources, the states, the topics' names. Data, read once when needed.

hubs.toml and associations.toml are what people edit; compiled/*.json is what is loaded here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hubwatch.catalog.states import STATES, TERRITORIES, state_code, state_meant
from hubwatch.errors import CatalogError

if TYPE_CHECKING:
    from hubwatch.models import Hub, Source, SourceKind

__all__ = [
    "COMPILED",
    "GROUPS",
    "STATES",
    "TERRITORIES",
    "all_sources",
    "find_hub",
    "hub_ids_named",
    "hub_names",
    "hubs",
    "read",
    "source_ids",
    "sources",
    "state_code",
    "state_meant",
    "topic_names",
]

# The groups of `catalog = [...]` and the kinds of hub that each stands for; `state:OH` comes on top.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "institutes": ("institute",),
    "national": ("national", "agency"),
    "centers": ("center",),
    "mep": ("mep-center",),
    "states": ("state-association",),
}
_OF_A_STATE = ("state-association", "mep-center")
_NOT_POLLED = ("closed", "ended")
COMPILED = Path(__file__).parent / "compiled"  # of each *.toml its like, which loads much faster
_LABELS = {
    "project-calls": "project calls",
    "events": "events",
    "members": "members",
    "press": "press releases",
    "policy": "policy",
}
# Where two hubs share a short form, the one of the earlier kind is meant: AIM is AIM Photonics.
_RANK = ("institute", "national", "agency", "center", "state-association", "mep-center")


def hubs() -> tuple[Hub, ...]:
    """List all hubs of the directory, in its order."""
    return tuple(_hubs().values())


def find_hub(name: str) -> Hub | None:
    """Find a hub by id, name, former name, acronym or alias, however it is spelled; None if unclear."""
    found = hub_ids_named(name)
    return _hubs()[found[0]] if len(found) == 1 else None


def hub_ids_named(name: str) -> tuple[str, ...]:
    """List the ids of the hubs that a name may stand for: one, as a rule."""
    if name in _hubs():
        return (name,)
    return _names().get(_fold(name), ())


def hub_names() -> tuple[str, ...]:
    """List the ids and all names of the hubs, to find the nearest one to a wrong one."""
    return (*_hubs(), *(name for hub in hubs() for name in _names_of(hub)))


def sources(groups: Sequence[str], states: Sequence[str] = ()) -> tuple[Source, ...]:
    """List the sources of some groups, and of the associations and MEP centers of some states."""
    kinds = {kind for group in groups for kind in GROUPS.get(group, ())}
    of_states = {*states, *(group[6:] for group in groups if group.startswith("state:"))}
    wanted = {
        hub.id for hub in hubs() if hub.kind in kinds or (hub.kind in _OF_A_STATE and hub.state in of_states)
    }
    return tuple(source for source in all_sources() if source.hub in wanted)


@cache
def all_sources() -> tuple[Source, ...]:
    """List every built-in source; those of ended and closed hubs are not enabled."""
    return tuple(
        _source(entry, _hubs()[table["id"]]) for table in _tables() for entry in table.get("source", ())
    )


def source_ids() -> tuple[str, ...]:
    """List the ids of every built-in source."""
    return tuple(entry["id"] for table in _tables() for entry in table.get("source", ()))


@cache
def topic_names() -> Mapping[str, str]:
    """Map the ids of the built-in technology areas to their names."""
    return {id_: table["name"] for id_, table in read("topics")["topics"].items()}


# --- from the data to values --------------------------------------------------------------------


def read(name: str, folder: Path = COMPILED) -> dict[str, Any]:
    """Read one of the files of built-in data."""
    path = folder / f"{name}.json"
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CatalogError(f"the built-in data {path} cannot be read: {error}") from error
    return data


@cache
def _tables() -> tuple[dict[str, Any], ...]:
    return tuple(table for name in ("hubs", "associations") for table in read(name)["hub"])


@cache
def _hubs() -> dict[str, Hub]:
    return {table["id"]: _hub(table) for table in _tables()}


def _hub(table: dict[str, Any]) -> Hub:
    from hubwatch.models import Fact, Hub

    plain = {key: value for key, value in table.items() if key not in ("source", "platform")}
    for key in ("former_names", "aliases", "topics"):
        plain[key] = tuple(table.get(key, ()))
    plain["facts"] = tuple(Fact(**fact) for fact in table.get("facts", ()))
    return Hub(**plain)


def _source(entry: dict[str, Any], hub: Hub) -> Source:
    from hubwatch.models import Candidate, Source

    # How sure an address is, and why, is for whoever edits the list.
    candidates = tuple(Candidate(url=each["url"], kind=each["kind"]) for each in entry["candidates"])
    what = entry.get("what", "news")
    label = _LABELS.get(what)
    return Source(
        id=entry["id"],
        name=entry.get("name") or (f"{hub.name}: {label}" if label else hub.name),
        url=candidates[0].url,
        kind=cast("SourceKind", candidates[0].kind),
        what=what,
        hub=hub.id,
        state=entry.get("state", hub.state),
        enabled=entry.get("enabled", True) and hub.status not in _NOT_POLLED,
        query=entry.get("query"),
        candidates=candidates,
        # Discovery finds news: it is no way to a hub's list of members or of calls.
        homepage=hub.homepage if entry["id"] == hub.id and what in ("news", "press") else None,
        builtin=True,
    )


# --- names --------------------------------------------------------------------------------------


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Map each name, folded, to the hubs it may stand for."""
    found: dict[str, dict[str, int]] = {}
    for hub in hubs():
        for name in _names_of(hub):
            found.setdefault(_fold(name), {})[hub.id] = _RANK.index(hub.kind)
    ids = {_fold(id_): {id_: -1} for id_ in _hubs()}  # an id is never anything else
    return {
        name: tuple(id_ for id_, rank in ranks.items() if rank == min(ranks.values()))
        for name, ranks in {**found, **ids}.items()
        if name
    }


def _names_of(hub: Hub) -> tuple[str, ...]:
    """List a hub's names; one with a remark in parentheses also counts without it."""
    written = (hub.name, *hub.former_names, *hub.aliases, *([hub.acronym] if hub.acronym else ()))
    bare = (re.sub(r"\s*\([^()]*\)", "", name).strip() for name in written)
    return tuple(dict.fromkeys((*written, *bare)))


def _fold(name: str) -> str:
    folded = re.sub(r"[\W_]+", "", name.casefold().replace("&", "and"))
    return folded.removeprefix("the") or folded
