"""The filters that digest, search, calls, orgs and trends share: their options, and one value behind them."""

import inspect
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from hubwatch.cli import completion
from hubwatch.cli.numbers import finite
from hubwatch.errors import UnknownNameError, UsageError
from hubwatch.models import ITEM_KINDS, SORTS, Filters, Sort
from hubwatch.models.dataclass import dataclass
from hubwatch.text.nearest import nearest

if TYPE_CHECKING:
    from hubwatch.cli.context import Shared
    from hubwatch.models import Hub

# What `--help` says of the JSON of every command that lists items.
ITEM_KEYS = (
    "--json keys: id, url, title, summary, published, first_seen, updated, source, source_name, hub, state, "
    "topics (of these: topic, score, matches), kind, organizations, money_usd, deadline, also (of these: "
    "source, url), score, reasons, open, open_by"
)
_ONCE_OR_MORE = "may be given more than once"
_REPEATED = frozenset({"topic", "hub", "source", "state", "kind"})  # options that a name can be unknown to

Topics = Annotated[
    list[str] | None,
    typer.Option(
        "--topic", "-t", help=f"Technology area ({_ONCE_OR_MORE}).", autocompletion=completion.topics
    ),
]
Hubs = Annotated[
    list[str] | None,
    typer.Option(
        "--hub", help=f"Hub by id, name or former name ({_ONCE_OR_MORE}).", autocompletion=completion.hubs
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help=f"Source by id ({_ONCE_OR_MORE}).", autocompletion=completion.sources),
]
States = Annotated[
    list[str] | None,
    typer.Option("--state", help=f"State: OH, or Ohio ({_ONCE_OR_MORE}).", autocompletion=completion.states),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help=f"Kind of item ({_ONCE_OR_MORE}).", autocompletion=completion.kinds),
]
Orgs = Annotated[list[str] | None, typer.Option("--org", help=f"Organization named ({_ONCE_OR_MORE}).")]
Keywords = Annotated[
    list[str] | None, typer.Option("--keyword", help=f"Words in the text ({_ONCE_OR_MORE}).")
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help=f"Words that rule an item out ({_ONCE_OR_MORE}).")
]
Since = Annotated[str | None, typer.Option("--since", help="ISO date, or an age: 36h, 7d, 2w, 3m, 1y.")]
Until = Annotated[str | None, typer.Option("--until", help="ISO date, or an age.")]
MinScore = Annotated[
    float | None,
    typer.Option("--min-score", min=0.0, max=1.0, callback=finite, help="Least score, 0 to 1."),
]
Limit = Annotated[int | None, typer.Option("--limit", "-n", min=0, help="At most this many items.")]
SortBy = Annotated[
    str | None,
    typer.Option("--sort", help="relevance, newest or deadline.", autocompletion=completion.one_of(*SORTS)),
]
AsJson = Annotated[bool, typer.Option("--json", help="Short for --format json.")]

_ZONES = timedelta(days=1)  # days begin by Greenwich's clock: a reader's today may not have come there yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters as they were typed: each field is an option, in the order of `--help`."""

    topics: Topics = None
    hubs: Hubs = None
    sources: Sources = None
    states: States = None
    kinds: Kinds = None
    orgs: Orgs = None
    keywords: Keywords = None
    exclude: Exclude = None
    since: Since = None
    until: Until = None
    min_score: MinScore = None
    limit: Limit = None
    sort: SortBy = None


def options(**instead: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command every filter as an option where it has `asked`; `instead` declares some otherwise."""
    declared = {**Asked.__annotations__, **instead}  # not strings: see LazyGroup.get_command
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in declared.items()
    ]

    def expand(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**values: Any) -> None:
            asked = Asked(**{name: values.pop(name) for name in declared})
            command(**values, asked=asked)

        own = inspect.signature(command).parameters.values()
        shown = [each for one in own for each in (added if one.name == "asked" else (one,))]
        run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]  # what typer reads
        return run

    return expand


def build(
    common: "Shared",
    asked: Asked,
    *,
    default_since: timedelta | None = None,
    default_limit: int | None = None,
    default_sort: Sort = "relevance",
) -> Filters:
    """Check the options and return them as one value; an unknown name is an error that says the nearest."""
    start = moment("--since", asked.since, common.now) if asked.since is not None else None
    end = moment("--until", asked.until, common.now) if asked.until is not None else None
    if start is not None and start > common.now + _ZONES:
        common.warn(f"--since {asked.since} is in the future: write a day that has been, or an age (2w)")
    if start is not None and end is not None and start > end:
        raise UsageError(f"--since {asked.since} is after --until {asked.until}", hint="exchange the two")
    if start is None and default_since is not None and not asked.sources:
        last = min(end or common.now, common.now)
        start = last - min(default_since, last - datetime.min.replace(tzinfo=UTC))
    with _told_apart():
        return Filters(
            topics=_topics(common, asked.topics),
            hubs=tuple(find_hub(name).id for name in asked.hubs or ()),
            sources=_known("source", asked.sources, lambda: source_ids(common)),
            states=tuple(dict.fromkeys(state_code(state) for state in asked.states or ())),
            kinds=_known("kind", asked.kinds, lambda: ITEM_KINDS),
            organizations=_words("--org", asked.orgs),
            keywords=_words("--keyword", asked.keywords),
            exclude=_words("--exclude", asked.exclude),
            since=start,
            until=end,
            min_score=asked.min_score,
            limit=default_limit if asked.limit is None else asked.limit,
            sort=cast(Sort, one_of("sort order", default_sort if asked.sort is None else asked.sort, SORTS)),
        )


@contextmanager
def _told_apart() -> Iterator[None]:
    """Say of several names after one option that each wants an option of its own."""
    try:
        yield
    except UnknownNameError as error:
        hint = one_each(f"--{error.what}", error.name)
        if hint is None or error.what not in _REPEATED:
            raise
        raise UnknownNameError(error.what, error.name, error.nearest, hint=hint) from error


def one_each(option: str, typed: str) -> str | None:
    """Say how several names that were typed with commas between are given; None where it is but one."""
    names = [name.strip() for name in typed.split(",") if name.strip()]
    if len(names) < 2:
        return None
    return f"one name each: {shlex.join(word for name in names for word in (option, name))}"


def topic_names(common: "Shared") -> dict[str, str]:
    """Return the display name of every topic by its id, the user's own included."""
    from hubwatch import catalog

    return {**catalog.topic_names(), **{topic.id: topic.name for topic in common.config.topics}}


def hub_names() -> dict[str, str]:
    """Return the short name of every hub by its id."""
    from hubwatch import catalog

    return {hub.id: hub.acronym or hub.name for hub in catalog.hubs()}


def find_hub(name: str) -> "Hub":
    """Return the hub that goes by this id, name, former name, acronym or alias."""
    from hubwatch import catalog

    hub = catalog.find_hub(name)
    if hub is not None:
        return hub
    several = catalog.hub_ids_named(name)
    hint = f"it may be one of: {', '.join(several)}" if several else "hubwatch hubs lists them all"
    raise UnknownNameError("hub", name, None if several else nearest(name, catalog.hub_names()), hint=hint)


def source_ids(common: "Shared") -> tuple[str, ...]:
    """Return the ids of every source: configured, built in, or known to the store."""
    from hubwatch import catalog
    from hubwatch.store import sources

    known = [source.id for source in common.config.sources]
    known += catalog.source_ids()
    with common.open_store() as store:
        known += list(sources.ids(store))
    return tuple(dict.fromkeys(known))


def state_code(name: str) -> str:
    """Return the two letters of a state that was given by these or by its name."""
    from hubwatch import catalog

    code = catalog.state_code(name)
    if code is None:
        hint = f"states are: {', '.join(catalog.STATES)}" if len(name) <= 2 else "write OH, or Ohio"
        raise UnknownNameError("state", name, catalog.state_meant(name), hint=hint)
    return code


def _topics(common: "Shared", names: Iterable[str] | None) -> tuple[str, ...]:
    def meant(name: str, choices: Iterable[str]) -> str | None:
        from hubwatch.catalog.meant import topic_meant

        return topic_meant(name, choices, common.config.topics)

    if not names:
        return ()
    from hubwatch.catalog.meant import topic_named

    known = topic_names(common)
    asked = [topic_named(name, known) or name for name in names]
    return _known("topic", asked, lambda: known, meant)


def _words(option: str, texts: Iterable[str] | None) -> tuple[str, ...]:
    """Return the texts, none of which may be empty."""
    found = tuple(texts or ())
    if not all(text.strip() for text in found):
        raise UsageError(f"{option} is empty", hint="name a word, or leave the option out")
    return found


def one_of(what: str, name: str, valid: Sequence[str]) -> str:
    """Return the one of these words that was given, in any capitals."""
    return _known(what, (name,), lambda: valid)[0]


def _known(
    what: str,
    names: Iterable[str] | None,
    valid: Callable[[], Iterable[str]],
    meant: Callable[[str, Iterable[str]], str | None] = nearest,
) -> tuple[str, ...]:
    names = tuple(names or ())
    if not names:
        return ()
    choices = tuple(valid())
    lower = {choice.lower(): choice for choice in choices}
    found = []
    for name in names:
        if name.lower() not in lower:
            is_long = len(choices) > 60
            hint = f"hubwatch {what}s lists them all" if is_long else f"valid are: {', '.join(choices)}"
            raise UnknownNameError(what, name, meant(name, choices), hint=hint)
        found.append(lower[name.lower()])
    return tuple(dict.fromkeys(found))


def moment(option: str, text: str, now: datetime) -> datetime:
    """Read a date or an age that an option names; --until means the end of a day."""
    from hubwatch.text import ages  # its pattern costs 3 ms, and most runs name no time

    read = ages.parse_since if option == "--since" else ages.parse_until
    try:
        return read(text, now=now)
    except ValueError as error:
        raise UsageError(f"{option} {error}", hint="write 2026-01-31, or 36h, 7d, 2w, 3m, 1y") from error
