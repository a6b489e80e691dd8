"""hubwatch profiles: the profiles of the configuration; add one, show one."""

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hubwatch.cli import completion
from hubwatch.cli.context import AsJson, Shared, shared
from hubwatch.cli.numbers import finite
from hubwatch.errors import UsageError

if TYPE_CHECKING:
    from hubwatch.models import Profile

_KEYS = (
    "--json keys: profile, topics, hubs, states, kinds, keywords, organizations, exclude, min_score, email."
)
app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    epilog=_KEYS,
)


@app.callback()
def profiles(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the profiles: what each person wants to see."""
    if ctx.invoked_subcommand is None:
        _list(shared(ctx), as_json=as_json)


@app.command("list", epilog=_KEYS)
def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the profiles, as without a command."""
    _list(shared(ctx), as_json=as_json)


def _list(common: Shared, *, as_json: bool) -> None:
    from hubwatch.render import profiles as render

    found = tuple(common.config.profiles.values())
    if not found:
        common.say("no profiles yet; add one: hubwatch profiles add NAME")
    typer.echo(render.as_json(found) if as_json else render.table(found), nl=False)


@app.command(epilog=_KEYS)
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", autocompletion=completion.profiles)],
    as_json: AsJson = False,
) -> None:
    """Show one profile in full."""
    from hubwatch.cli.digest import find_profile
    from hubwatch.render import json
    from hubwatch.render import profiles as render

    profile = find_profile(shared(ctx), name)
    assert profile is not None
    text = json.dumps(render.value(profile)) + "\n" if as_json else render.full(profile)
    typer.echo(text, nl=False)


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called: alice.")],
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", "-t", help="Technology area.", autocompletion=completion.topics),
    ] = None,
    hub: Annotated[
        list[str] | None,
        typer.Option("--hub", help="Hub whose every item is wanted.", autocompletion=completion.hubs),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help="State; its association and MEP center are followed.",
            autocompletion=completion.states,
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="Only this kind of item.", autocompletion=completion.kinds),
    ] = None,
    keyword: Annotated[list[str] | None, typer.Option("--keyword", help="Words in the text.")] = None,
    org: Annotated[
        list[str] | None, typer.Option("--org", help="Organization, always shown when named.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="Words never wanted.")] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            "--min-score", min=0.0, max=1.0, callback=finite, help="Least score, 0 to 1 (0.3 unless told)."
        ),
    ] = None,
    email: Annotated[str | None, typer.Option("--email", help="Where digest --email sends it.")] = None,
) -> None:
    """Add a profile: by these options (each but the last two may be repeated), or by asking for them."""
    given = {
        "topics": topic, "hubs": hub, "states": state, "kinds": kind, "keywords": keyword,
        "organizations": org, "exclude": exclude, "min_score": min_score, "email": email,
    }  # fmt: skip
    given = {key: value for key, value in given.items() if value is not None}
    _add(shared(ctx), name, given)


def _add(common: Shared, name: str, given: dict[str, Any]) -> None:
    from hubwatch.cli import asking, profile_making

    profile_making.check_name(common, name)
    if not given and not asking.is_possible():
        raise UsageError(
            "nothing was said of what the profile wants, and there is no terminal to ask on",
            hint=f"give options: hubwatch profiles add {shlex.quote(name)} --topic lightweight --state OH",
        )
    profile = profile_making.given(common, name, given) if given else profile_making.asked(common, name)
    _save(common, profile)


def _save(common: Shared, profile: "Profile") -> None:
    from hubwatch import config_edit

    config_edit.add_profile(common.config_path, profile)
    common.say(f"added the profile {profile.name} to {common.config_path}")
    if profile.email and not (common.config.email.host and common.config.email.sender):
        common.say("before it can be mailed, [email] needs host and from: hubwatch help email")
    common.say(f"next: hubwatch sync && hubwatch digest --profile {shlex.quote(profile.name)}")
