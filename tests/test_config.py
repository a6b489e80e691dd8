"""config.toml: what is read from it, and what each fault says: file, line, key, and what to write instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from hubwatch import config
from hubwatch.config_lines import locate
from hubwatch.config_show import settings
from hubwatch.errors import ConfigError
from hubwatch.models import ITEM_KINDS, PageSelectors, Source

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


@pytest.fixture
def write(tmp_path: Path):
    def _write(text: str | bytes) -> Path:
        path = tmp_path / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


def _sources(loaded: config.Config) -> dict[str, Source]:
    return {source.id: source for source in loaded.sources}


# --- what is read -------------------------------------------------------------------------------


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "default_path", lambda: tmp_path / "none.toml")
    loaded = config.load(None, {})
    assert loaded.path is None
    assert loaded.catalog == ("institutes", "national")
    assert (loaded.fetch.jobs, loaded.fetch.timeout_s, loaded.fetch.allow_private) == (64, 20.0, ())
    followed = _sources(loaded)
    assert {"america-makes", "lift", "nam", "nist-mep"} <= set(followed)
    assert not any(source.hub in ("oh-oma", "ewi") for source in followed.values())


def test_the_usual_file_is_read_when_none_is_named(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "default_path", lambda: tmp_path / "config.toml")
    write("[fetch]\njobs = 3\n")
    assert config.load(None, {}).fetch.jobs == 3


def test_the_option_comes_before_the_environment(write, tmp_path: Path) -> None:
    write("[fetch]\njobs = 3\n")
    other = tmp_path / "other.toml"
    other.write_text("[fetch]\njobs = 4\n")
    assert config.load(other, {"HUBWATCH_CONFIG": str(tmp_path / "config.toml")}).fetch.jobs == 4
    assert config.load(None, {"HUBWATCH_CONFIG": str(tmp_path / "config.toml")}).fetch.jobs == 3


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_named_file_that_is_missing_is_an_error(by: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(ConfigError, match="no such file"):
        config.load(missing if by == "option" else None, {"HUBWATCH_CONFIG": str(missing)})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path, {})


def test_every_key_of_the_example_is_read() -> None:
    loaded = config.load(EXAMPLE, {})
    assert config.check(EXAMPLE) == ()
    acme = _sources(loaded)["acme"]
    assert (acme.name, acme.hub, acme.state, acme.every_s, acme.builtin) == (
        "Acme Center",
        "lift",
        "OH",
        21_600,
        False,
    )
    assert acme.page == PageSelectors(
        item="article.news", title="h3", link="a@href", date="time@datetime", summary="p"
    )
    alice = loaded.profiles["alice"]
    assert alice.topics == ("lightweight", "additive", "small-parts-coating")
    assert (alice.organizations, alice.min_score, alice.email) == (("Boeing",), 0.3, "alice@example.com")
    (coating,) = loaded.topics
    assert (coating.terms, coating.weak, coating.cancels) == (
        ("thin-film coating", "thread coating"),
        ("adhesion",),
        ("clear coat",),
    )
    assert (loaded.email.sender, loaded.email.security) == ("hubwatch@example.com", "none")


def test_the_example_shows_every_key() -> None:
    from hubwatch import config_schema

    shown = {path for path in locate(EXAMPLE.read_text()).keys if len(path) > 1}
    for table, keys in config_schema.TABLES.items():
        assert {(table, key) for key in keys} <= shown
    for table, keys in config_schema.NAMED.items():
        assert set(keys) <= {path[2] for path in shown if path[0] == table and len(path) == 3}
    assert set(config_schema.PAGE) <= {path[3] for path in shown if len(path) == 4}


def test_each_line_of_the_example_has_a_comment_above_or_a_plain_name() -> None:
    text = EXAMPLE.read_text()
    assert all(f'"{kind}"' in text or f" {kind}" in text for kind in ITEM_KINDS)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('database = "sub/store.db"', "{here}/sub/store.db"),
        ('database = "/var/lib/h.db"', "/var/lib/h.db"),
        ('database = "~/h.db"', "{home}/h.db"),
    ],
    ids=["relative to the file", "absolute", "home"],
)
def test_the_database_of_the_file(write, tmp_path: Path, body: str, expected: str) -> None:
    loaded = config.load(write(f"[hubwatch]\n{body}\n"), {})
    assert loaded.database == Path(expected.format(here=tmp_path, home=Path.home()))


def test_the_database_is_taken_from_the_option_then_the_environment_then_the_file(write) -> None:
    loaded = config.load(write('[hubwatch]\ndatabase = "/file.db"\n'), {})
    env = {"HUBWATCH_DB": "/env.db"}
    assert config.database_path(Path("/option.db"), env, loaded) == Path("/option.db")
    assert config.database_path(None, env, loaded) == Path("/env.db")
    assert config.database_path(None, {"HUBWATCH_DB": ""}, loaded) == Path("/file.db")
    assert config.database_path(None, {}, config.Config()).name == "hubwatch.db"


@pytest.mark.parametrize(
    ("groups", "inside", "outside"),
    [
        ("[]", set(), {"lift", "nam", "oh-oma", "ewi"}),
        ('["institutes"]', {"lift"}, {"nam", "nist", "oh-oma", "ewi"}),
        ('["national"]', {"nam", "nist"}, {"lift", "ewi"}),
        ('["centers"]', {"ewi"}, {"lift", "nam"}),
        ('["mep"]', {"oh-mep", "ca-mep"}, {"oh-oma", "lift"}),
        ('["states"]', {"oh-oma", "ca-cmta"}, {"oh-mep", "lift"}),
        ('["state:OH"]', {"oh-oma", "oh-mep"}, {"ca-cmta", "lift"}),
        ('["State:ohio", "Institutes"]', {"oh-oma", "lift"}, {"ca-cmta"}),
    ],
)
def test_groups_of_the_catalog(write, groups: str, inside: set[str], outside: set[str]) -> None:
    followed = set(_sources(config.load(write(f"[hubwatch]\ncatalog = {groups}\n"), {})))
    assert inside <= followed
    assert not outside & followed


def test_the_states_of_a_profile_bring_association_and_mep_center(write) -> None:
    loaded = config.load(write('[profiles.a]\nstates = ["oh", "Texas"]\n'), {})
    assert loaded.profiles["a"].states == ("OH", "TX")
    assert {"oh-oma", "oh-mep", "tx-tam", "tx-mep"} <= set(_sources(loaded))


def test_an_empty_catalog_follows_nothing_built_in_whatever_the_profiles(write) -> None:
    own = '[sources.own]\nurl = "https://example.org/"\nstate = "OH"\n'
    loaded = config.load(write(f'[hubwatch]\ncatalog = []\n{own}[profiles.a]\nstates = ["OH"]\n'), {})
    assert set(_sources(loaded)) == {"own"}


def test_an_own_source_has_the_defaults_and_its_hubs_state(write) -> None:
    text = '[sources.x]\nurl = "https://example.org/"\nhub = "LM3I"\n'
    source = _sources(config.load(write(text), {}))["x"]
    assert (source.name, source.kind, source.what, source.hub, source.state) == (
        "x",
        "auto",
        "news",
        "lift",
        "MI",
    )
    assert (source.every_s, source.enabled, source.candidates, source.builtin) == (None, True, (), False)


@pytest.mark.parametrize("id_", ["new", "all", "none"])
def test_no_word_is_reserved_for_an_id(id_: str, write) -> None:
    text = f'[hubwatch]\ncatalog = []\n[sources.{id_}]\nurl = "https://x.org/feed"\n'
    assert set(_sources(config.load(write(text), {}))) == {id_}


def test_an_override_changes_only_what_it_names(write) -> None:
    before = _sources(config.Config())["lift"]
    after = _sources(config.load(write('[sources.lift]\nevery = "1d"\nname = "LIFT!"\n'), {}))["lift"]
    assert (after.every_s, after.name) == (86_400, "LIFT!")
    assert (after.url, after.candidates, after.hub, after.state) == (
        before.url,
        before.candidates,
        "lift",
        "MI",
    )


def test_an_own_address_replaces_the_chain_of_a_built_in_source(write) -> None:
    source = _sources(config.load(write('[sources.lift]\nurl = "https://example.org/lift"\n'), {}))["lift"]
    assert (source.url, source.kind, source.candidates, source.homepage) == (
        "https://example.org/lift",
        "auto",
        (),
        None,
    )
    assert (source.hub, source.name) == ("lift", "LIFT")


def test_an_own_kind_narrows_the_chain(write) -> None:
    source = _sources(config.load(write('[sources.lift]\nkind = "html"\n'), {}))["lift"]
    assert {candidate.kind for candidate in source.candidates} == {"page"}
    assert source.url == source.candidates[0].url


def test_naming_a_built_in_source_follows_it_unless_it_is_switched_off(write) -> None:
    text = '[hubwatch]\ncatalog = []\n[sources.ewi]\nevery = "1w"\n[sources.lift]\nenabled = false\n'
    assert list(_sources(config.load(write(text), {}))) == ["ewi"]
    off = _sources(config.load(write("[sources.lift]\nenabled = false\n"), {}))
    assert off["lift"].enabled is False


def test_words_of_the_data_and_of_other_spellings_are_understood(write) -> None:
    text = '[hubwatch]\ncatalog = ["centres"]\n[sources.x]\nurl = "https://x.org/f"\nkind = "rss"\n'
    loaded = config.load(write(text), {})
    assert loaded.catalog == ("centers",)
    assert _sources(loaded)["x"].kind == "feed"


def test_a_grants_gov_source_needs_no_address(write) -> None:
    source = _sources(config.load(write('[sources.g]\nkind = "grants-gov"\nquery = "magnesium"\n'), {}))["g"]
    assert (source.url, source.query, source.what) == (config.GRANTS_GOV_URL, "magnesium", "project-calls")


def test_a_topic_extends_a_built_in_one(write) -> None:
    (topic,) = config.load(write('[topics.lightweight]\nterms = ["thixomolding"]\n'), {}).topics
    assert (topic.id, topic.terms) == ("lightweight", ("thixomolding",))
    assert topic.name != "lightweight"


def test_a_built_in_topic_that_is_extended_goes_by_its_name_still(write) -> None:
    text = '[topics.lightweight]\nterms = ["thixomolding"]\n[profiles.a]\ntopics = ["Lightweight metals"]\n'
    assert config.load(write(text), {}).profiles["a"].topics == ("lightweight",)


def test_the_byte_order_mark_of_an_editor_is_no_fault(write) -> None:
    assert config.load(write(b"\xef\xbb\xbf[fetch]\r\njobs = 2\r\n"), {}).fetch.jobs == 2


def test_settings_tell_where_each_comes_from(write) -> None:
    path = write('[fetch]\njobs = 2\n\n[sources.x]\nurl = "https://x.org/"\nevery = "90min"\n')
    shown = {setting.key: setting for setting in settings(config.load(path, {}), {"HUBWATCH_DB": "/e.db"})}
    assert (shown["fetch.jobs"].value, shown["fetch.jobs"].origin) == (2, f"{path}:2")
    assert shown["fetch.timeout"].origin == "default"
    assert (shown["hubwatch.database"].value, shown["hubwatch.database"].origin) == ("/e.db", "HUBWATCH_DB")
    assert (shown["sources.x.every"].value, shown["sources.x.every"].origin) == ("90min", f"{path}:6")


@pytest.mark.parametrize("named", [None, "/elsewhere"])
def test_the_usual_places_are_those_of_platformdirs(
    named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs

    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
        if named:
            monkeypatch.setenv(variable, named)
    assert config.default_path().parent == platformdirs.user_config_path("hubwatch", appauthor=False)
    assert config.default_database().parent == platformdirs.user_data_path("hubwatch", appauthor=False)


@pytest.mark.skipif(sys.platform != "linux", reason="the standard is that of free systems")
@pytest.mark.parametrize("named", ["config", "./here", "~/there", " "])
def test_a_relative_base_folder_is_ignored(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own in each directory that it runs in would hold another store in each."""
    monkeypatch.setenv("HOME", "/home/alice")
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, named)
    assert str(config.default_path()) == "/home/alice/.config/hubwatch/config.toml"
    assert str(config.default_database()) == "/home/alice/.local/share/hubwatch/hubwatch.db"


def test_without_a_file_nothing_is_loaded_to_read_one(tmp_path: Path) -> None:
    code = (
        "import sys; from hubwatch import config; config.load(None, {}).database;"
        "print(*sorted({'tomllib', 'platformdirs', 'hubwatch.config_check', 'difflib'} & set(sys.modules)))"
    )
    env = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "" or sys.platform != "linux"


# --- faults -------------------------------------------------------------------------------------

FAULTS = {
    # name: (text, line, key, what the message and the hint must contain)
    "unknown table": ("\n[source.x]\nurl = 'https://x.org'\n", 2, "source", ("'source'", "sources")),
    "unknown key": ("[fetch]\n\ntimout = 3\n", 3, "fetch.timout", ("'timout'", "fetch.timeout")),
    "unknown key far from all": ("[fetch]\nzzz = 3\n", 2, "fetch.zzz", ("'zzz'", "known here: jobs")),
    "key in another table": ("[hubwatch]\njobs = 3\n", 2, "hubwatch.jobs", ("'jobs'", "[fetch]")),
    "key above all tables": ("jobs = 3\n", 1, "jobs", ("'jobs'", "[fetch]")),
    "unknown key of a source": (
        "[sources.x]\nurl = 'https://x.org'\nhubs = 'lift'\n",
        3,
        "sources.x.hubs",
        ("'hubs'", "sources.x.hub"),
    ),
    "unknown key of a page": (
        "[sources.x]\nurl = 'https://x.org'\n[sources.x.page]\nitem = 'p'\nheadline = 'b'\n",
        5,
        "sources.x.page.headline",
        ("'headline'", "title"),
    ),
    "dotted key": ("fetch.jobs = 4\nfetch.delya = 1\n", 2, "fetch.delya", ("'delya'", "fetch.delay")),
    "inline table": (
        "[sources]\na = { url = 'https://a.org' }\nb = { url = 'https://b.org', kine = 'feed' }\n",
        3,
        "sources.b.kine",
        ("'kine'", "kind"),
    ),
    "inline profile": (
        'profiles = { a = { topics = ["lightwieght"] } }\n',
        1,
        "profiles.a.topics",
        ("unknown topic 'lightwieght'", "lightweight"),
    ),
    "array of tables": (
        "[[sources]]\nurl = 'https://x.org'\n",
        1,
        "sources",
        ("named tables", "[sources.NAME]"),
    ),
    "array of tables for a plain one": (
        "[[fetch]]\njobs = 3\n",
        1,
        "fetch",
        ("'fetch' must be a table", "[fetch]"),
    ),
    "value in place of a table": ("fetch = 3\n", 1, "fetch", ("must be a table",)),
    "address in place of a source": (
        '[sources]\nx = "https://x.org"\n',
        2,
        "sources.x",
        ("must be a table", "[sources.x]"),
    ),
    "key in place of a name": ('[sources]\nurl = "https://x.org"\n', 2, "sources.url", ("[sources.NAME]",)),
    "text for a number": (
        '[fetch]\njobs = "many"\n',
        2,
        "fetch.jobs",
        ("whole number", "'many'", "1 to 1000"),
    ),
    "fraction for a whole number": ("[fetch]\njobs = 2.5\n", 2, "fetch.jobs", ("whole number", "2.5")),
    "true for a number": ("[fetch]\njobs = true\n", 2, "fetch.jobs", ("whole number", "true")),
    "too many items": (
        "[fetch]\nmax_items = 2_000_000\n",
        2,
        "fetch.max_items",
        ("must be from 1 to 1_000_000, not 2_000_000", "write a number from 1 to 1_000_000"),
    ),
    "score out of its range": (
        "[profiles.x]\nmin_score = 5.0\n",
        2,
        "profiles.x.min_score",
        ("must be from 0 to 1, not 5", "write a number from 0 to 1"),
    ),
    "zero requests": ("[fetch]\njobs = 0\n", 2, "fetch.jobs", ("0", "1 to 1000")),
    "negative delay": ("[fetch]\ndelay = -1\n", 2, "fetch.delay", ("-1", "0 to 3600")),
    "endless time": ("[fetch]\ntimeout = inf\n", 2, "fetch.timeout", ("inf", "0.1 to 3600")),
    "no number at all": ("[fetch]\ndelay = nan\n", 2, "fetch.delay", ("nan",)),
    "port out of range": ("[email]\nport = 70000\n", 2, "email.port", ("70000", "65535")),
    "score out of range": ("[profiles.a]\nmin_score = 3\n", 2, "profiles.a.min_score", ("3", "0 to 1")),
    "text for a list": (
        '[profiles.a]\ntopics = "lightweight"\n',
        2,
        "profiles.a.topics",
        ("must be a list", '["lightweight"]'),
    ),
    "yes for a list": (
        "[fetch]\nallow_private = true\n",
        2,
        "fetch.allow_private",
        ("a list, not true | None",),
    ),
    "number in a list": ('[profiles.a]\nkeywords = [\n "a",\n 3]\n', 4, "profiles.a.keywords", ("text", "3")),
    "text for yes or no": (
        '[sources.lift]\nenabled = "yes"\n',
        2,
        "sources.lift.enabled",
        ("true or false", "write true"),
    ),
    "empty text": ('[hubwatch]\ncontact = " "\n', 2, "hubwatch.contact", ("empty",)),
    "line end in a header": ('[hubwatch]\ncontact = "a\\nb"\n', 2, "hubwatch.contact", ("one line",)),
    "unknown topic": (
        '[profiles.a]\ntopics = [\n  "additive",\n  "lightwieght",\n]\n',
        4,
        "profiles.a.topics",
        ("'lightwieght'", "lightweight"),
    ),
    "unknown hub": (
        '[profiles.a]\nhubs = ["amrica makes"]\n',
        2,
        "profiles.a.hubs",
        ("hub 'amrica makes'", "america-makes"),
    ),
    "unknown hub of a source": (
        '[sources.x]\nurl = "https://x.org"\nhub = "lifft"\n',
        3,
        "sources.x.hub",
        ("unknown hub 'lifft'", "lift"),
    ),
    "hub of several": (
        '[profiles.a]\nhubs = ["MMA"]\n',
        2,
        "profiles.a.hubs",
        ("several", "mi-mma", "ms-mma"),
    ),
    "unknown state": (
        '[profiles.a]\nstates = ["OZ"]\n',
        2,
        "profiles.a.states",
        ("unknown state 'OZ'", "OH"),
    ),
    "state by a wrong name": (
        '[profiles.a]\nstates = ["Ohoi"]\n',
        2,
        "profiles.a.states",
        ("'Ohoi'", "Ohio"),
    ),
    "unknown kind of item": ('[profiles.a]\nkinds = ["cal"]\n', 2, "profiles.a.kinds", ("'cal'", "call")),
    "unknown kind of source": (
        '[sources.x]\nurl = "https://x.org"\nkind = "fead"\n',
        3,
        "sources.x.kind",
        ("'fead'", "feed"),
    ),
    "unknown content": (
        '[sources.x]\nurl = "https://x.org"\nwhat = "calls"\n',
        3,
        "sources.x.what",
        ("'calls'", "project-calls"),
    ),
    "unknown group": (
        '[hubwatch]\ncatalog = ["institues"]\n',
        2,
        "hubwatch.catalog",
        ("unknown group 'institues'", "institutes"),
    ),
    "state as a group": ('[hubwatch]\ncatalog = ["OH"]\n', 2, "hubwatch.catalog", ('"state:OH"',)),
    "group of no state": ('[hubwatch]\ncatalog = ["state:XX"]\n', 2, "hubwatch.catalog", ("state 'XX'",)),
    "unknown security": (
        '[email]\nsecurity = "ssl"\n',
        2,
        "email.security",
        ("'ssl'", "none, starttls, tls"),
    ),
    "password in the file": ('[email]\npassword = "x"\n', 2, "email.password", ("HUBWATCH_SMTP_PASSWORD",)),
    "address without a scheme": (
        '[sources.x]\nurl = "x.org/n"\n',
        2,
        "sources.x.url",
        ('"https://x.org/n"',),
    ),
    "address of another scheme": (
        '[sources.x]\nurl = "feed://x.org/n"\n',
        2,
        "sources.x.url",
        ('"https://x.org/n"',),
    ),
    "file address": ('[sources.x]\nurl = "file:///etc/passwd"\n', 2, "sources.x.url", ("http or https",)),
    "address without a host": ('[sources.x]\nurl = "https:///n"\n', 2, "sources.x.url", ("no host",)),
    "address with a space": ('[sources.x]\nurl = "https://x.org/a b"\n', 2, "sources.x.url", ("no host",)),
    "impossible port": (
        '[sources.x]\nurl = "https://x.org:99999/"\n',
        2,
        "sources.x.url",
        ("not an address",),
    ),
    "bad brackets": ('[sources.x]\nurl = "http://[::1/"\n', 2, "sources.x.url", ("not an address",)),
    "password in an address is not shown": (
        '[sources.x]\nurl = "ftp://me:pw@x.org/"\n',
        2,
        "sources.x.url",
        ("ftp://***@x.org/",),
    ),
    "source without an address": ('[sources.x]\nname = "X"\n', 1, "sources.x", ("has no url", "https://")),
    "mistyped built-in id": (
        '[sources.lifft]\nevery = "1d"\n',
        1,
        "sources.lifft",
        ("no url", "[sources.lift]"),
    ),
    "built-in id in capitals": ('[sources.LIFT]\nevery = "1d"\n', 1, "sources.LIFT", ("[sources.lift]",)),
    "id with a space": (
        '[sources."a b"]\nurl = "https://x.org"\n',
        1,
        "sources.a b",
        ("no id", "[sources.a-b]"),
    ),
    "empty id": ('[sources.""]\nurl = "https://x.org"\n', 1, "sources.", ("no id",)),
    "id of a topic": ('[topics."a/b"]\nterms = ["x"]\n', 1, "topics.a/b", ("no id", "[topics.a-b]")),
    "name of a profile": ('[profiles."a/b"]\ntopics = []\n', 1, "profiles.a/b", ("no profile name",)),
    "too often": (
        '[sources.x]\nurl = "https://x.org"\nevery = "5min"\n',
        3,
        "sources.x.every",
        ("'5min'", "15 minutes", '"15min"'),
    ),
    "pace without a unit": ("[sources.lift]\nevery = 6\n", 2, "sources.lift.every", ("unit", '"6h"')),
    "pace in months or minutes": ('[sources.lift]\nevery = "30m"\n', 2, "sources.lift.every", ('"30min"',)),
    "pace in words": ('[sources.lift]\nevery = "daily"\n', 2, "sources.lift.every", ("'daily'", "1d")),
    "pace beyond a year": (
        '[sources.lift]\nevery = "99w"\n',
        2,
        "sources.lift.every",
        ("longer than a year",),
    ),
    "selector that breaks off": (
        "[sources.x]\nurl = 'https://x.org'\n[sources.x.page]\nitem = 'div['\n",
        4,
        "sources.x.page.item",
        ("not a CSS selector", "'['"),
    ),
    "selector with nothing at its end": (
        "[sources.x]\nurl = 'https://x.org'\npage.item = 'div >'\n",
        3,
        "sources.x.page.item",
        ("at its end",),
    ),
    "selector of a pseudo-element": (
        "[sources.x]\nurl = 'https://x.org'\npage.item = 'p::before'\n",
        3,
        "sources.x.page.item",
        ("'::before'",),
    ),
    "selector of no attribute": (
        "[sources.x]\nurl = 'https://x.org'\npage = { item = 'li', link = 'a@' }\n",
        3,
        "sources.x.page.link",
        ("attribute", "a@href"),
    ),
    "page without its item": (
        "[sources.x]\nurl = 'https://x.org'\n\n[sources.x.page]\ntitle = 'h3'\n",
        4,
        "sources.x.page",
        ("'item' is missing",),
    ),
    "selectors for a feed": (
        "[sources.x]\nurl = 'https://x.org'\nkind = 'feed'\npage.item = 'li'\n",
        3,
        "sources.x.kind",
        ("selectors", '"page"'),
    ),
    "query for a feed": (
        "[sources.x]\nurl = 'https://x.org'\nquery = 'a'\n",
        3,
        "sources.x.query",
        ("grants-gov",),
    ),
    "search without a query": ("[sources.x]\nkind = 'grants-gov'\n", 1, "sources.x", ("no query",)),
    "built-in topic in other capitals": (
        '[topics.Additive]\nterms = ["x"]\n',
        1,
        "topics.Additive",
        ("'additive' in capitals only", "[topics.additive]"),
    ),
    "one topic in two capitals": (
        '[topics.mine]\nterms = ["x"]\n[topics.Mine]\nterms = ["y"]\n',
        3,
        "topics.Mine",
        ("'mine' in capitals only", "[topics.mine]"),
    ),
    "topic without terms": ('[topics.x]\nname = "X"\n', 1, "topics.x", ("no terms",)),
    "star within a word": (
        '[topics.x]\nterms = [\n  "alloy",\n  "alumin*m",\n]\n',
        4,
        "topics.x.terms",
        ("'alumin*m' can never be found", 'write "alumin*"'),
    ),
    "star and case": ('[topics.x]\nterms = ["=Foo*"]\n', 2, "topics.x.terms", ('"=Foo"', '"Foo*"')),
    "letters that are not looked for": (
        '[topics.x]\nterms = ["alloy"]\nweak = ["3D プリンター"]\n',
        3,
        "topics.x.weak",
        ("プリンター", "Latin, Greek and Cyrillic"),
    ),
    "a text for a term": (
        f'[topics.x]\nterms = ["{"weld bead " * 600}"]\n',
        2,
        "topics.x.terms",
        ("too long", "a term of its own"),
    ),
    "signs alone": ('[topics.lightweight]\nnot = ["!!"]\n', 2, "topics.lightweight.not", ("no word",)),
    "title of nothing": ('[topics.x]\nterms = ["title:"]\n', 2, "topics.x.terms", ("no word",)),
    "possessive with its case": ('[topics.x]\nterms = ["=OEM\'s"]\n', 2, "topics.x.terms", ("words alone",)),
    "half of a pair": ('[topics.x]\nterms = ["weld & al*m"]\n', 2, "topics.x.terms", ('"al*"',)),
    "anywhere among terms": (
        '[topics.x]\nterms = ["anywhere:tariff*"]\n',
        2,
        "topics.x.terms",
        ('"tariff*"',),
    ),
    "host with a port": (
        '[fetch]\nallow_private = ["10.0.0.1:80"]\n',
        2,
        "fetch.allow_private",
        ("'10.0.0.1:80'", '"10.0.0.1"'),
    ),
    "address for a host": ('[fetch]\nallow_private = ["http://h/x"]\n', 2, "fetch.allow_private", ('"h"',)),
    "mail address that no mail can go to": (
        '[profiles.a]\nemail = "Jörg <jörg@example.com>"\n',
        2,
        "profiles.a.email",
        ("jörg@example.com", "plain letters"),
    ),
    "bad mail address": (
        '[profiles.a]\nemail = "alice"\n',
        2,
        "profiles.a.email",
        ("'alice'", "me@example.com"),
    ),
    "contact beyond ASCII": ('[hubwatch]\ncontact = "caf\u00e9"\n', 2, "hubwatch.contact", ("header",)),
    "text without quotes": (
        "[hubwatch]\ncontact = me@x.org\n",
        2,
        "contact",
        ("not valid TOML", '"me@x.org"'),
    ),
    "capital True": ("[sources.lift]\nenabled = True\n", 2, "enabled", ("enabled = true",)),
    "open list": ("[hubwatch]\ncatalog=[\n", 2, "catalog", ("close the bracket: catalog = []",)),
    "open list above": ("[hubwatch]\ncatalog = ['mep'\n[fetch]\n", 3, None, ("close what is open above",)),
    "open bracket": ("[fetch\njobs = 3\n", 1, None, ("close the bracket: [fetch]",)),
    "colon": ("[fetch]\njobs: 3\n", 2, "jobs", ("jobs = 3",)),
    "key twice": ("[fetch]\njobs = 3\njobs = 4\n", 3, "jobs", ("twice",)),
    "table twice": ("[fetch]\njobs = 3\n\n[fetch]\n", 4, None, ("[fetch]", "twice")),
    "backslash": ('[hubwatch]\ndatabase = "C:\\data\\x.db"\n', 2, "database", ("single quotes",)),
    "open quotes": ('[hubwatch]\ncontact = "me@x.org\n', 2, "contact", ('"me@x.org"',)),
    "text after the end": ("[fetch]\njobs = \n", 2, "jobs", ("give it a value",)),
    "not UTF-8": (b'[hubwatch]\ncontact = "\xe9"\n', 2, None, ("UTF-8",)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_its_line_its_key_and_what_to_write(name: str, write) -> None:
    text, line, key, words = FAULTS[name]
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        config.load(path, {})
    fault = caught.value
    said = f"{fault.message} | {fault.hint}"
    assert (fault.line, fault.key) == (line, key), said
    assert fault.message.startswith(f"{path}:{line}: ") or str(fault).startswith(f"{path}:{line}: ")
    for word in words:
        assert word in said or word in f"{fault} | {fault.hint}"
    assert "pw@" not in str(fault)
    assert "\n" not in str(fault)


def test_check_collects_all_faults_in_the_order_of_their_lines(write) -> None:
    path = write(
        '[fetch]\njobs = 0\ntimout = 3\n\n[profiles.a]\ntopics = ["zzz"]\nmin_score = 2\n[hubwatch]\nx = 1\n'
    )
    faults = config.check(path)
    assert [fault.line for fault in faults] == [2, 3, 6, 7, 9]
    with pytest.raises(ConfigError) as caught:
        config.load(path, {})
    assert f"(4 more faults: hubwatch --config {path} config check)" in (caught.value.hint or "")


def test_check_names_each_fault_of_a_list(write) -> None:
    path = write(
        "[hubwatch]\ncatalog = ['natinal', 'mep',\n 'centrs']\n[profiles.a]\nstates = ['Ohoi', 'OH', 'QQ']\n"
    )
    found = [
        (fault.line, fault.message.rpartition("'")[0].rpartition("'")[2], fault.hint)
        for fault in config.check(path)
    ]
    assert found == [
        (2, "natinal", 'did you mean "national"?'),
        (3, "centrs", 'did you mean "centers"?'),
        (5, "Ohoi", 'did you mean "Ohio"?'),
        (5, "QQ", 'write its letters, "OH", or its name, "Ohio"'),
    ]


def test_a_folder_in_the_place_of_the_file_is_told_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path, {})
    assert "config.toml" in (caught.value.hint or "")


def test_the_usual_file_is_checked_without_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "hubwatch" / "config.toml"
    path.parent.mkdir()
    path.write_text("[fetch]\njobs = 0\ntimout = 3\n")
    with pytest.raises(ConfigError) as caught:
        config.load(None, {})
    assert "(1 more fault: hubwatch config check)" in (caught.value.hint or "")


def test_check_asks_the_library_about_selectors(write) -> None:
    path = write("[sources.x]\nurl = 'https://x.org'\npage.item = 'li:no-such-thing'\n")
    assert config.load(path, {}).path == path
    (fault,) = config.check(path)
    assert (fault.line, fault.key) == (3, "sources.x.page.item")


@pytest.mark.parametrize(
    "css",
    [
        "article.news",
        "div#main > ul.list li + li",
        "h2 a@href",
        "@href",
        "a[href^='/news/']",
        'a[href$=".html" i] > span',
        "li:not(.ad):nth-child(2n+1)",
        "div:has(> time), section.news ~ article",
        "*",
        ".w-1\\/2",
        "time@datetime",
        "div:-soup-contains('a ( b')",
        "tr:nth-of-type(odd) td",
        "[data-id]",
        "#größe",
    ],
)
def test_selectors_that_are_good_pass(css: str, write) -> None:
    toml = css.replace("\\", "\\\\").replace('"', '\\"')
    path = write(f"[sources.x]\nurl = 'https://x.org'\n[sources.x.page]\nitem = 'li'\ntitle = \"{toml}\"\n")
    assert config.check(path) == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/news/?a=1&b=2#x",
        "http://127.0.0.1:8080/feed",
        "http://[::1]:8080/",
        "https://bücher.example/",
        "HTTPS://EXAMPLE.ORG",
        "https://me:pw@example.org/feed",
        "http://localhost/",
    ],
)
def test_addresses_that_are_good_pass(url: str, write) -> None:
    assert _sources(config.load(write(f'[sources.x]\nurl = "{url}"\n'), {}))["x"].url == url


# --- lines --------------------------------------------------------------------------------------


def test_lines_are_found_wherever_a_key_can_stand() -> None:
    text = (
        "# [not.a.table]\n"
        "top = 1\n"
        's = """\n'
        "[fetch]\n"
        "jobs = 1\n"
        '"""\n'
        "[a.'b.c'] # comment\n"
        "list = [ # [x]\n"
        "  'one', \"tw]o\",\n"
        "\n"
        "  { k = 1, l = { m = 2 } },\n"
        "]\n"
        "d.e.f = 1979-05-27T07:32:00Z\n"
        "[[many]]\n"
        "x = 1\n"
        "[[many]]\n"
        "x = 2\n"
        "[many.sub]\n"
        'y = "a#b"\n'
    )
    lines = locate(text)
    expected = {
        ("top",): 2,
        ("s",): 3,
        ("a", "b.c"): 7,
        ("a", "b.c", "list"): 8,
        ("a", "b.c", "list", 0): 9,
        ("a", "b.c", "list", 1): 9,
        ("a", "b.c", "list", 2): 11,
        ("a", "b.c", "list", 2, "l", "m"): 11,
        ("a", "b.c", "d", "e", "f"): 13,
        ("many", 0, "x"): 15,
        ("many", 1, "x"): 17,
        ("many", 1, "sub", "y"): 19,
    }
    assert {path: lines.of(path) for path in expected} == expected
    assert ("fetch",) not in lines.keys
    assert lines.of(("a", "b.c", "nothing")) == 7
    assert lines.of(("nothing",)) is None
    assert next((block.path, block.first, block.last) for block in lines.blocks) == (("a", "b.c"), 7, 13)


# --- any file at all ------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    (
        *"\"'[]{}=.,\n#0\\\u00e9\u2028\x00",
        *('"""', "'''", "[[", "true", "-1", "nan", "{a=1}"),
        *("\n[sources.x]\n", "\npage = 3\n", "\n[fetch.jobs]\n", "\n[[email]]\n"),
    )
)


@settings_of_hypothesis(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 20), _PIECES), min_size=1, max_size=6))
def test_any_damage_is_a_fault_with_a_line_or_none(
    tmp_path: Path, damages: list[tuple[int, int, str]]
) -> None:
    text = "\n".join(line for line in EXAMPLE.read_text().splitlines() if not line.startswith("#"))
    for place, cut, piece in damages:
        start = place % (len(text) + 1)
        text = text[:start] + piece + text[start + cut :]
    path = tmp_path / "damaged.toml"
    path.write_bytes(text.encode())
    faults = config.check(path)
    for fault in faults:
        assert fault.line is not None
        assert 1 <= fault.line <= text.count("\n") + 1
        assert "\n" not in str(fault)
    if not faults:
        assert config.load(path, {}).sources
