"""One organization under the several names that texts give it: NAM, National Association of Manufacturers.

What a text says stays as it stands; names are brought together where somebody asks for one of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from hubwatch.models import OrganizationName

_SPEAKS = 3  # words from which on a name says which organization is meant; short ones are shared by several


def printed(name: str) -> str:
    """Return the name under which an organization is counted: its printed one, or else the name itself."""
    return _printed().get(name, name)


def others(name: str) -> tuple[str, ...]:
    """Return the other names of the organization that a person means by this one, whatever its case."""
    meant = {one for known in _by_folded().get(_fold(name), ()) if (one := printed(known))}
    if len(meant) != 1:
        return ()
    return tuple(known for known in _names()[meant.pop()] if known != name)


def others_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the same for several, where there are other names."""
    return {name: found for name in names if (found := others(name))}


@cache
def _printed() -> Mapping[str, str]:
    """Every name with the printed one. Lists first; a hub is what its printed name or a telling one says."""
    from hubwatch.catalog import vocabulary

    found: dict[str, str] = {}
    for one in vocabulary.listed_organizations():
        _enter(found, one)
    hubs = vocabulary.hub_organizations()
    claims = Counter(name for one in hubs for name in {one.name, *one.aliases})
    for one in hubs:
        clear = tuple(name for name in one.aliases if claims[name] == 1 or name in found)
        _enter(found, OrganizationName(name=one.name, aliases=clear))
    return found


def _enter(found: dict[str, str], one: OrganizationName) -> None:
    telling = (one.name, *(name for name in one.aliases if len(name.split()) >= _SPEAKS))
    known = next((found[name] for name in telling if name in found), one.name)
    for name in (one.name, *one.aliases):
        found.setdefault(name, known)


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    names = defaultdict(list)
    for name, one in _printed().items():
        names[one].append(name)
    return {one: tuple(some) for one, some in names.items()}


@cache
def _by_folded() -> Mapping[str, tuple[str, ...]]:
    names = defaultdict(list)
    for name in _printed():
        names[_fold(name)].append(name)
    return {folded: tuple(some) for folded, some in names.items()}


def _fold(name: str) -> str:
    return " ".join(name.replace(".", "").casefold().split()).removeprefix("the ")
