"""hubwatch init: three questions, then a configuration, a profile and, if wanted, a first digest."""

import shlex
from dataclasses import replace
from typing import Annotated

import typer

from hubwatch.cli.context import Shared, shared, tell_nothing_followed
from hubwatch.errors import UsageError
from hubwatch.models import Profile
from hubwatch.text.numbers import counted

app = typer.Typer(rich_markup_mode=None)


@app.command()
def init(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The profile's name.")] = "me",
) -> None:
    """Answer three questions (areas, state, e-mail), and have a profile and a first digest."""
    from hubwatch.cli import asking, profile_making

    common = shared(ctx)
    if not asking.is_possible():
        raise UsageError(
            "init asks questions, and there is no terminal to ask on",
            hint=f"instead: hubwatch profiles add {shlex.quote(name)} --topic lightweight --state OH,"
            " then hubwatch sync",
        )
    profile_making.check_name(common, name)
    common.say("Three questions; Enter passes one over, and all of it can be changed later.")
    profile = Profile(
        name=name,
        topics=profile_making.topics(common),
        states=profile_making.states(common),
        email=profile_making.email(),
    )
    common.say(f"\n{_write(common, profile)}")
    fresh = replace(common)  # with the configuration as it is now
    number = sum(source.enabled for source in fresh.config.sources)
    tell_nothing_followed(fresh)
    if number and asking.yes(f"Read {counted(number, 'source')} now? It takes a minute or two."):
        raise typer.Exit(_first_digest(fresh, profile))
    common.say(f"Next: hubwatch sync, then hubwatch digest --profile {shlex.quote(name)}")


def _write(common: Shared, profile: Profile) -> str:
    """Write the profile to the configuration, a new one where there is none, and say which it was."""
    from hubwatch import config_edit

    target = common.config_path
    is_new = not target.exists()
    if is_new:
        config_edit.init(target)
    config_edit.add_profile(target, profile)
    if is_new:
        return f"Wrote {target}: a commented configuration with your profile '{profile.name}' at its end."
    return f"Added your profile '{profile.name}' to {target}; the rest of it is as it was."


def _first_digest(common: Shared, profile: Profile) -> int:
    """Sync, print the digest; only a sync that reached nothing at all is a failure."""
    from hubwatch.cli import digesting, filters, syncing
    from hubwatch.cli.digest import DEFAULT_LIMIT, DEFAULT_WINDOW
    from hubwatch.cli.sync import exit_code
    from hubwatch.render import report as report_text

    report = syncing.run(common, syncing.Options(), show_progress=True)
    for line in report_text.lines(report, verbose=common.verbose > 0, quiet=common.quiet):
        common.say(line)
    common.say("")
    chosen = filters.build(common, filters.Asked(), default_since=DEFAULT_WINDOW, default_limit=DEFAULT_LIMIT)
    format = digesting.format_name(None, as_json=False, output=None)
    digesting.run(common, digesting.Order(filters=chosen, profile=profile, format=format))
    name = shlex.quote(profile.name)
    common.say(f"\nEach Monday: hubwatch sync && hubwatch digest --profile {name} --new")
    common.say("By itself: hubwatch schedule; more to read: hubwatch help")
    return 4 if exit_code(report) == 4 else 0
