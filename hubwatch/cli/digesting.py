"""What digest, search and calls share: from the filters to the output and the record of what was shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hubwatch.cli import output as outputs
from hubwatch.cli.context import Shared, is_terminal_out, tell_changed_terms
from hubwatch.errors import UnknownNameError, UsageError
from hubwatch.models import Digest, Filters, Item, Profile
from hubwatch.models.dataclass import dataclass
from hubwatch.text.nearest import nearest

if TYPE_CHECKING:
    from hubwatch.store.db import Store

FORMATS = ("rich", "text", "markdown", "html", "json", "ndjson", "csv", "atom", "ics")
_READ = frozenset({"rich", "text", "markdown", "html"})  # by people
# What a file's ending says where no format is named.
_ENDINGS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".xml": "atom",
    ".atom": "atom",
    ".ics": "ics",
}
# What a program would refuse to open, were there text in it; and the format that comes closest.
_FOREIGN = {
    ".xlsx": "csv",
    ".xls": "csv",
    ".ods": "csv",
    ".tsv": "csv",
    ".pdf": "html",
    ".docx": "html",
    ".odt": "html",
    ".rss": "atom",
}
NOBODY = ""  # the record of --new without a profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be printed, how, and where to."""

    filters: Filters
    format: str
    profile: Profile | None = None
    new: bool = False
    peek: bool = False
    email: bool = False
    output: Path | None = None
    text: str | None = None
    calls: Literal["open", "all"] | None = None
    title: str = "Hub digest"

    @property
    def new_for(self) -> str | None:
        """With --new: the record of what was shown that counts."""
        return (self.profile.name if self.profile else NOBODY) if self.new else None


def format_name(name: str | None, *, as_json: bool, output: Path | None) -> str:
    """Return the format asked for, or the one that fits where the output goes."""
    if as_json and name not in (None, "json"):
        raise UsageError(f"--json goes without --format {name}", hint="leave one of the two out")
    if as_json:
        return "json"
    if name is None:
        if output is None or str(output) == "-":
            return "rich" if is_terminal_out() else "text"
        ending = output.suffix.lower()
        if ending in _FOREIGN:
            hint = f"end the file's name otherwise, or write --format {_FOREIGN[ending]}"
            raise UnknownNameError("format", ending, _FOREIGN[ending], hint=hint)
        return _ENDINGS.get(ending, "text")
    if name not in FORMATS:
        hint = f"formats are: {', '.join(FORMATS)}"
        raise UnknownNameError("format", name, nearest(name, FORMATS), hint=hint)
    return name


def run(common: Shared, order: Order) -> None:
    """Collect the digest, put it out, and mark it as shown where that was asked for."""
    from hubwatch.store.db import open_for_writing
    from hubwatch.workflows import deliver

    _check(order)
    record = None if order.peek else order.new_for
    with deliver.claimed(common.db_path, record):
        with common.open_store() as store:
            digest = _collect(common, store, order)
            is_noted = bool(digest.ranked) or _begins(store, record)
            if common.config.topics:  # built-in terms change only with the program: 30 ms for next to nothing
                tell_changed_terms(common, store)
        put = _sender(common, order) if order.email else _telling(common, order, _printer(order))
        if not digest.ranked and order.email and order.new:
            put = _saying(common, "nothing new: no mail was sent")
        deliver.deliver(
            lambda: open_for_writing(common.db_path), digest, put, record=record if is_noted else None,
            now=common.now, shows=_shows(order),
        )  # fmt: skip


def _begins(store: Store, record: str | None) -> bool:
    """Tell whether this run is a record's first: later ones look back to it, also where it finds nothing."""
    from hubwatch.store import db, deliveries

    return record is not None and deliveries.first_run(store, record) is None and db.exists(store.path)


def _check(order: Order) -> None:
    """Refuse options that contradict each other."""
    if order.email and order.output is not None:
        # Not both: when one fails and the other does not, nobody could say what has been shown.
        copy = "--new --peek --output FILE" if order.new else "--output FILE"
        raise UsageError("--email goes without --output", hint=f"to keep a copy, run it with {copy} first")
    if order.peek and not order.new:
        raise UsageError("--peek goes with --new", hint="hubwatch digest --new --peek")
    if order.email and (order.profile is None or not order.profile.email):
        from hubwatch.config_schema import profile_header

        whom = order.profile and f"set email under {profile_header(order.profile.name)}"
        hint = whom or "add --profile NAME"
        raise UsageError("--email needs a profile with an address", hint=hint)


def _shows(order: Order) -> Callable[[Item], bool]:
    """Return what tells whether the format has a place for an item."""
    if order.format != "ics" or order.email:
        return lambda _: True
    from hubwatch.render import calendar

    return calendar.shows


def _collect(common: Shared, store: Store, order: Order) -> Digest:
    """Return the digest that the order asks for."""
    from hubwatch.cli.filters import topic_names
    from hubwatch.workflows import digest as workflow

    names = topic_names(common)
    wanted = workflow.Wanted(
        title=_title(order, names),
        filters=order.filters,
        profile=order.profile,
        new_for=order.new_for,
        text=order.text,
        calls=order.calls,
        topic_names=names,
        trends=order.email or order.format == "html",
        open_calls=_tells_open_calls(order),
        own_sources=common.config.own_sources,
        followed=lambda: {source.id for source in common.config.sources if source.enabled},
    )
    digest = workflow.collect(store, wanted, now=common.now)
    return replace(digest, asked_for=_asked_for(order), narrowed=_narrowing(order.filters))


def _tells_open_calls(order: Order) -> bool:
    """Say if a person reads this as what is new, and would want to know what is still open."""
    is_digest = order.text is None and order.calls is None and order.filters.until is None
    return is_digest and (order.email or order.format in _READ)


def _narrowing(filters: Filters) -> tuple[str, ...]:
    """Write what narrows a digest, whatever its time, as the options of a command."""
    several = {
        "--topic": filters.topics,
        "--hub": filters.hubs,
        "--source": filters.sources,
        "--state": filters.states,
        "--kind": filters.kinds,
        "--org": filters.organizations,
        "--keyword": filters.keywords,
        "--exclude": filters.exclude,
    }
    options = [word for option, values in several.items() for value in values for word in (option, value)]
    if filters.min_score is not None:
        options += ["--min-score", f"{filters.min_score:g}"]
    return tuple(options)


def _asked_for(order: Order) -> Literal["time", "new", "search", "calls", "all calls"]:
    if order.calls is not None:
        return "calls" if order.calls == "open" else "all calls"
    return "search" if order.text is not None else "new" if order.new else "time"


def _title(order: Order, topic_names: Mapping[str, str]) -> str:
    """Say whom a digest is for and what narrows it, so that two feeds of one person have two names."""
    filters = order.filters
    narrowed = (
        *(topic_names.get(topic, topic) for topic in filters.topics),
        *filters.hubs,
        *filters.states,
        *filters.kinds,
        *filters.sources,
        *filters.organizations,
        *filters.keywords,
    )
    person = f" for {order.profile.name}" if order.profile else ""
    return order.title + person + (f": {', '.join(narrowed)}" if narrowed else "")


def _render(digest: Digest, format: str) -> str:
    """Write a digest in one of the formats that are text."""
    from importlib import import_module

    module = {"html": "web", "ndjson": "json", "ics": "calendar"}.get(format, format)
    found = import_module(f"hubwatch.render.{module}")
    render: Callable[[Digest], str] = found.render_lines if format == "ndjson" else found.render
    return render(digest)


def _telling(common: Shared, order: Order, put: Callable[[Digest], None]) -> Callable[[Digest], None]:
    """Say beside a format for programs what the others say in their last lines."""
    if order.format not in ("json", "ndjson", "csv", "atom", "ics"):
        return put

    def put_and_tell(digest: Digest) -> None:
        from hubwatch.render import words

        put(digest)
        left_out = words.left_out(digest)
        if left_out:
            common.say(left_out)
        if order.format == "ics" and (undated := _undated(digest)):
            common.say(undated)
        for line in digest.health:
            common.say(line)

    return put_and_tell


def _undated(digest: Digest) -> str | None:
    from hubwatch.render import calendar
    from hubwatch.text.numbers import counted

    number = calendar.count_undated(digest)
    if not number:
        return None
    return f"not in the calendar: {counted(number, 'item')} without a known day"


def _printer(order: Order) -> Callable[[Digest], None]:
    if order.format == "rich" and not _to_file(order):
        return _print_rich
    format = "text" if order.format == "rich" else order.format
    to_file = format == "csv" and _to_file(order)
    return lambda digest: outputs.write(_marked(_render(digest, format), to_file=to_file), order.output)


def _saying(common: Shared, text: str) -> Callable[[Digest], None]:
    return lambda _: common.say(text)


def _marked(text: str, *, to_file: bool) -> str:
    # Excel takes a file for UTF-8 only when it begins with this mark; programs stumble over it, so it
    # stands only where it is needed: in a file with other letters than ASCII, never in a pipe.
    return "\ufeff" + text if to_file and not text.isascii() else text


def _to_file(order: Order) -> bool:
    return order.output is not None and str(order.output) != "-"


def _print_rich(digest: Digest) -> None:
    from hubwatch.render import terminal

    terminal.print_digest(digest)


def _sender(common: Shared, order: Order) -> Callable[[Digest], None]:
    from hubwatch.net import smtp
    from hubwatch.render import mail
    from hubwatch.text.numbers import counted

    settings = common.config.email
    if not settings.host or not settings.sender:
        raise UsageError("--email needs [email] host and from in the config", hint="see hubwatch help email")
    assert order.profile is not None
    recipient = order.profile.email or ""

    def send(digest: Digest) -> None:
        message = mail.render(digest, sender=settings.sender or "", recipient=recipient)
        smtp.send(message, settings, password=smtp.password(settings, os.environ), timeout_s=30)
        common.say(f"sent to {recipient}: {counted(len(digest.ranked), 'item')}")

    return send
