"""Changes to the user's config.toml: only what was asked changes, and nothing is ever lost."""

from __future__ import annotations

import stat
import sys
import tomllib
from pathlib import Path

import pytest

from hubwatch import config, config_edit
from hubwatch.errors import ConfigError, UnknownNameError, UsageError
from hubwatch.models import PageSelectors, Profile, Source

FILE = """\
# My hubs.

[hubwatch]
contact = "me@example.com"   # so that they can reach me

# The one that matters most.
[sources.acme]
url = "https://acme.example/news/"
every = "6h"  # not more often
# (they asked for that)

# Second.
[sources.beta]
url = "https://beta.example/"

[sources.beta.page]
item = "article"  # theirs

# --- people ---

[profiles.alice]
topics = ["lightweight"]
"""
GAMMA = Source(id="gamma", name="Gamma", url="https://gamma.example/feed", kind="feed", hub="lift")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "config.toml"
    target.write_bytes(FILE.encode())
    return target


def _own(path: Path) -> dict[str, Source]:
    return {source.id: source for source in config.load(path, {}).sources if not source.builtin}


# --- init -----------------------------------------------------------------------------------------


def test_init_writes_every_key_commented_out(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    config_edit.init(path)
    assert tomllib.loads(path.read_text()) == {}
    assert config.check(path) == ()
    opened = "\n".join(
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in path.read_text().splitlines()
    )
    example = Path(__file__).parent.parent / "config.example.toml"
    assert tomllib.loads(opened) == tomllib.loads(example.read_text())


def test_init_never_overwrites(path: Path) -> None:
    with pytest.raises(ConfigError, match="already"):
        config_edit.init(path)
    assert path.read_text() == FILE


def test_the_template_is_the_example() -> None:
    example = Path(__file__).parent.parent / "config.example.toml"
    assert (Path(config_edit.__file__).parent / "docs" / example.name).read_text() == example.read_text()


# --- adding ---------------------------------------------------------------------------------------


def test_a_source_is_put_behind_the_last_one(path: Path) -> None:
    config_edit.add_source(path, GAMMA)
    new = (
        '\n[sources.gamma]\nname = "Gamma"\nurl = "https://gamma.example/feed"\nkind = "feed"\nhub = "lift"\n'
    )
    assert path.read_text() == FILE.replace("  # theirs\n", f"  # theirs\n{new}")
    assert _own(path)["gamma"].state == "MI"


def test_all_that_a_source_can_say_comes_back(path: Path) -> None:
    source = Source(
        id="full",
        name='Full "quoted" name',
        url="https://full.example/?a=1&b=2",
        kind="page",
        what="project-calls",
        hub="lift",
        state="OH",
        every_s=5400,
        enabled=False,
        page=PageSelectors(item="li:not(.x)", title="h3", link="a@href", date="time@datetime", summary="p"),
    )
    config_edit.add_source(path, source)
    assert _own(path)["full"] == source


def test_several_sources_are_added_in_one_go(path: Path) -> None:
    more = [Source(id=f"s{number}", name="", url=f"https://s{number}.example/") for number in range(3)]
    config_edit.add_sources(path, more)
    assert list(_own(path)) == ["acme", "beta", "s0", "s1", "s2"]
    assert path.read_text().count("# --- people ---\n\n[profiles.alice]") == 1


def test_a_source_of_that_id_is_refused(path: Path) -> None:
    with pytest.raises(ConfigError, match="already") as caught:
        config_edit.add_source(path, Source(id="acme", name="x", url="https://x.example/"))
    assert caught.value.line == 7
    assert path.read_text() == FILE


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source(id="a b", name="x", url="https://x.example/"), "no id"),
        (Source(id="x", name="x", url="ftp://x.example/"), "http or https"),
        (Source(id="x", name="x", url="https://x.example/", hub="nohub"), "unknown hub"),
    ],
    ids=["id", "address", "hub"],
)
def test_what_the_check_would_refuse_is_not_written(path: Path, source: Source, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        config_edit.add_source(path, source)
    assert path.read_text() == FILE
    assert [found.name for found in path.parent.iterdir()] == ["config.toml"]


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "config.toml"
    config_edit.add_source(path, GAMMA)
    assert list(_own(path)) == ["gamma"]
    assert path.read_text().startswith("#")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_the_mode_of_the_file_stays_and_a_new_one_is_private(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    config_edit.add_source(path, GAMMA)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    config_edit.init(tmp_path / "new.toml")
    assert stat.S_IMODE((tmp_path / "new.toml").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    config_edit.add_source(link, GAMMA)
    assert link.is_symlink()
    assert "gamma" in path.read_text()


def test_a_profile_is_added_behind_the_last_one(path: Path) -> None:
    profile = Profile(
        name="bob smith",
        topics=("additive",),
        states=("OH",),
        organizations=('The "A" Co.',),
        min_score=0.5,
        email="bob@example.com",
    )
    config_edit.add_profile(path, profile)
    assert path.read_text().startswith(FILE)
    assert config.load(path, {}).profiles["bob smith"] == profile
    with pytest.raises(ConfigError, match="already"):
        config_edit.add_profile(path, profile)


# --- removing -------------------------------------------------------------------------------------


def test_a_source_goes_with_its_comment_and_nothing_else(path: Path) -> None:
    config_edit.remove_source(path, "acme")
    start, end = FILE.index("# The one that"), FILE.index("# Second.")
    assert path.read_text() == FILE[:start] + FILE[end:]


def test_a_source_goes_with_its_selectors(path: Path) -> None:
    config_edit.remove_source(path, "beta")
    start, end = FILE.index("# Second."), FILE.index("# --- people")
    assert path.read_text() == FILE[:start] + FILE[end:]


def test_adding_and_removing_gives_the_file_back(path: Path) -> None:
    config_edit.add_source(path, GAMMA)
    config_edit.remove_source(path, "gamma")
    assert path.read_text() == FILE


@pytest.mark.parametrize(("name", "nearest"), [("acmee", "acme"), ("zzz", None)])
def test_a_source_that_is_not_in_the_file_is_unknown(path: Path, name: str, nearest: str | None) -> None:
    with pytest.raises(UnknownNameError) as caught:
        config_edit.remove_source(path, name)
    assert caught.value.nearest == nearest


def test_a_built_in_source_is_not_removed_but_switched_off(path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        config_edit.remove_source(path, "lift")
    assert "hubwatch sources disable lift" in str(caught.value.hint)
    assert path.read_text() == FILE


def test_a_file_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as caught:
        config_edit.init(tmp_path / "file" / "config.toml")
    assert "cannot be written" in caught.value.message
    assert "--config FILE" in (caught.value.hint or "")


# --- switching ------------------------------------------------------------------------------------


def test_a_source_is_switched_off_and_on(path: Path) -> None:
    config_edit.set_enabled(path, "acme", enabled=False)
    line = '"6h"  # not more often\n'
    assert path.read_text() == FILE.replace(line, f"{line}enabled = false\n")
    assert _own(path)["acme"].enabled is False
    config_edit.set_enabled(path, "acme", enabled=True)
    assert path.read_text() == FILE.replace(line, f"{line}enabled = true\n")


def test_switching_keeps_the_comment_of_the_line(path: Path) -> None:
    path.write_text("[sources.lift]\nenabled = true  # for now\n")
    config_edit.set_enabled(path, "lift", enabled=False)
    assert path.read_text() == "[sources.lift]\nenabled = false  # for now\n"


def test_a_built_in_source_gets_a_table_of_its_own(path: Path) -> None:
    config_edit.set_enabled(path, "lift", enabled=False)
    assert "[sources.lift]\nenabled = false\n" in path.read_text()
    assert tomllib.loads(path.read_text())["sources"]["beta"]["page"] == {"item": "article"}


# --- other layouts --------------------------------------------------------------------------------

LAYOUTS = {
    "one line for all": 'sources = { acme = { url = "https://acme.example/" } }\n',
    "one line for each": '[sources]\nacme = { url = "https://acme.example/" } # mine\n\n[fetch]\njobs = 3\n',
    "dots at the top": 'sources.acme.url = "https://acme.example/"\n\n[fetch]\njobs = 3\n',
    "dots in a table": '[sources]\nacme.url = "https://acme.example/"\n',
    "quotes": '[sources."acme"]\nurl = "https://acme.example/"\n',
    "tables apart": (
        '[sources.acme]\nurl = "https://acme.example/"\n[fetch]\njobs = 3\n'
        '[sources.acme.page]\nitem = "li"\n[email]\nport = 26\n'
    ),
    "no end of line": '[sources.acme]\nurl = "https://acme.example/"',
    "no blank lines": '[sources.acme]\nurl = "https://acme.example/"\n# of fetch\n[fetch]\njobs = 3\n',
    "indented": '[sources]\n  # first\n  [sources.acme]\n    url = "https://acme.example/"\n',
    "line ends of Windows": '[sources.acme]\r\nurl = "https://acme.example/"\r\n\r\n[fetch]\r\njobs = 3\r\n',
    "line separators in a comment": '# a\u2028b\x85c\n[sources.acme]\nurl = "https://acme.example/"\n',
    "text that looks like tables": (
        '[topics.x]\nterms = ["""\\\n[sources.acme]\\\n# no"""]\n[sources.acme]\nurl = "https://a.example/"\n'
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_can_be_changed(layout: str, tmp_path: Path) -> None:
    text = LAYOUTS[layout]
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode())
    before = tomllib.loads(text.replace("\r\n", "\n"))
    if config.check(path):
        pytest.fail(f"the layout itself is faulty: {config.check(path)}")

    config_edit.add_source(path, GAMMA)
    config_edit.set_enabled(path, "acme", enabled=False)
    config_edit.add_profile(path, Profile(name="p", topics=("additive",)))
    after = tomllib.loads(path.read_bytes().decode().replace("\r\n", "\n"))
    assert after["sources"]["gamma"]["url"] == GAMMA.url
    assert after["sources"]["acme"] == {**before["sources"]["acme"], "enabled": False}
    assert after["profiles"] == {"p": {"topics": ["additive"]}}

    config_edit.remove_source(path, "acme")
    after = tomllib.loads(path.read_bytes().decode().replace("\r\n", "\n"))
    assert list(after["sources"]) == ["gamma"]
    assert {key: after[key] for key in before if key != "sources"} == {
        key: before[key] for key in before if key != "sources"
    }
    for comment in ("# of fetch", "# a\u2028b\x85c"):
        assert (comment in text) == (comment in path.read_bytes().decode())
    if "\r\n" in text:
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


# --- broken files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["[sources\n", "[fetch]\njobs = 0\n", "x = 1\n", "[a]\n[a]\n"])
@pytest.mark.parametrize(
    "change",
    [
        lambda path: config_edit.add_source(path, GAMMA),
        lambda path: config_edit.remove_source(path, "gamma"),
        lambda path: config_edit.set_enabled(path, "lift", enabled=False),
        lambda path: config_edit.add_profile(path, Profile(name="p")),
    ],
    ids=["add", "remove", "switch", "profile"],
)
def test_a_broken_file_is_refused_untouched(path: Path, text: str, change) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        change(path)
    assert "left as it is" in (caught.value.hint or "")
    assert path.read_text() == text


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_a_failed_write_leaves_the_file_and_no_draft(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(config_edit.os, "replace", refuse)
    with pytest.raises(ConfigError, match="No space left"):
        config_edit.add_source(path, GAMMA)
    assert path.read_text() == FILE
    assert [found.name for found in path.parent.iterdir()] == ["config.toml"]
