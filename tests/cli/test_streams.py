"""The program as others call it: streams, exit codes, pipes, terminals, as a process of its own."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer

from hubwatch.cli import streams

RSS = (
    "<rss version='2.0'><channel><title>F</title><item><title>Aluminum casting call [/] 5 &lt; 6</title>"
    "<link>https://example.org/1</link><guid>1</guid><pubDate>{date}</pubDate>"
    "<description>Proposals are due soon.</description></item></channel></rss>"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_config(tmp_path, "")
    return tmp_path


def write_config(home: Path, text: str) -> None:
    database = (home / "hubwatch.db").as_posix()
    head = f'[hubwatch]\ndatabase = "{database}"\ncatalog = []\n[fetch]\ndelay = 0.0\ntimeout = 5\n'
    (home / "config.toml").write_text(head + text, encoding="utf-8")


def hubwatch(home: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hubwatch", "--config", str(home / "config.toml"), *args],
        capture_output=True, text=True, timeout=60, env=clean_env(**env), check=False,
    )  # fmt: skip


def clean_env(**env: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", **env}


def fed(home: Path, site: Any, *more: str) -> None:
    from email.utils import formatdate

    url = site.feed("/feed", RSS.format(date=formatdate(time.time() - 3600)), etag='"1"')
    write_config(home, f'[sources.one]\nurl = "{url}"\nkind = "feed"\n' + "\n".join(more))


def test_sync_then_digest(home: Path, site: Any) -> None:
    fed(home, site)
    synced = hubwatch(home, "sync")
    assert (synced.returncode, synced.stdout) == (0, "")
    assert "1 new" in synced.stderr
    digest = hubwatch(home, "digest")
    assert digest.returncode == 0
    assert "Aluminum casting call [/] 5 < 6" in digest.stdout
    assert "lightweight" in digest.stdout


def test_json_parses_with_failed_sources_and_with_zero_items(home: Path, site: Any) -> None:
    assert json.loads(hubwatch(home, "digest", "--json").stdout) == []
    site.answer("/bad", "<h1>busy</h1>", status=503)
    fed(home, site, f'[sources.two]\nurl = "{site.url("/bad")}"\nkind = "feed"')
    synced = hubwatch(home, "sync", "--json")
    report = json.loads(synced.stdout)
    assert synced.returncode == 3
    assert (report["new"], report["failed"]) == (1, 1)
    by_id = {each["source"]: each for each in report["sources"]}
    assert by_id["two"]["error"]["code"] == "http-503"
    assert by_id["two"]["http_status"] == 503
    items = json.loads(hubwatch(home, "digest", "--json").stdout)
    assert items[0]["title"] == "Aluminum casting call [/] 5 < 6"
    lines = hubwatch(home, "digest", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [items[0]["id"]]


def test_every_source_failed_is_4(home: Path, site: Any) -> None:
    write_config(home, f'[sources.two]\nurl = "{site.url("/nowhere")}"\nkind = "feed"\n')
    failed = hubwatch(home, "sync")
    assert failed.returncode == 4
    assert "404" in failed.stderr


def test_nothing_due_is_0(home: Path, site: Any) -> None:
    fed(home, site)
    hubwatch(home, "sync")
    again = hubwatch(home, "sync")
    assert again.returncode == 0
    assert "not due" in again.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("digest", "--topic", "lightwieght"), "lightweight?"),
        (("digest", "--hub", "lfit"), "lift"),
        (("digest", "--state", "OHI"), "unknown state"),
        (("digest", "--kind", "cal"), "call?"),
        (("digest", "--source", "nope"), "unknown source"),
        (("digest", "--profile", "nobody"), "unknown profile"),
        (("digest", "--since", "soon"), "--since"),
        (("digest", "--format", "jsn"), "json?"),
        (("digest", "--peek"), "--new"),
        (("sync", "nope"), "unknown source"),
        (("show", "zzzz"), "unknown item"),
        (("digst",), "digest"),
        (("digest", "--tpic", "x"), "--topic"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_words_are_2_and_say_the_nearest(home: Path, args: tuple[str, ...], words: str) -> None:
    wrong = hubwatch(home, *args)
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert words in wrong.stderr


def test_a_wrong_config_is_2_with_file_and_line(home: Path) -> None:
    (home / "config.toml").write_text("[fetch]\njosb = 3\n", encoding="utf-8")
    wrong = hubwatch(home, "digest")
    assert wrong.returncode == 2
    assert f"{home / 'config.toml'}:2" in wrong.stderr
    assert "jobs" in wrong.stderr


def test_tag_answers_a_line_before_the_next_one_is_sent(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "hubwatch", "tag"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for title in ("Call for proposals", "New members"):
            process.stdin.write(json.dumps({"title": title}).encode() + b"\n")
            assert json.loads(process.stdout.readline())["title"] == title
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_tag_answers_the_good_lines_and_names_the_broken_one(home: Path) -> None:
    lines = '{"title": "Graphene sheets from a pilot line", "x": 1}\nnot json\n{"title": "Golf outing"}\n'
    tagged = subprocess.run(
        [sys.executable, "-m", "hubwatch", "tag"], input=lines, capture_output=True, text=True, timeout=60,
        env=clean_env(HUBWATCH_CONFIG=str(home / "config.toml")), check=False,
    )  # fmt: skip
    records = [json.loads(line) for line in tagged.stdout.splitlines()]
    assert tagged.returncode == 1
    assert "line 2" in tagged.stderr
    assert [topic["topic"] for topic in records[0]["topics"]] == ["nanomaterials"]
    assert records[0]["x"] == 1
    assert records[1]["topics"] == []
    assert set(records[0]) >= {"kind", "organizations", "money_usd", "deadline"}
    assert not (home / "hubwatch.db").exists()


class Pipe(io.RawIOBase):
    """What stdout leads to on Windows; nobody reads it where a fault is given."""

    def __init__(self, fault: int | None = None) -> None:
        self.fault = fault
        self.got = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.fault:
            raise OSError(self.fault, os.strerror(self.fault))
        self.got += bytes(data)
        return len(data)


def test_ends_of_lines_are_the_same_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe()
    text = io.TextIOWrapper(io.BufferedWriter(pipe), encoding="cp1252", newline="\r\n")
    monkeypatch.setattr(sys, "stdout", text)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    streams.prepare()
    sys.stdout.write("BEGIN:VCALENDAR\r\n\u2212\n")
    sys.stdout.flush()
    assert pipe.got == "BEGIN:VCALENDAR\r\n\u2212\n".encode()


ODD = "3 \u00b7 5 \u00b5m \u2192 \u2014 \u201ca\u201d it\u2019s\u2026 \u215b caf\u00e9 re\u0301 \u92fc"


class Terminal(Pipe):
    """What stdout leads to where a person looks on."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", '3 - 5 um > - "a" it\'s. 1/8 cafe re ?'),
        ("latin-1", '3 \u00b7 5 \u00b5m > - "a" it\'s. 1/8 caf\u00e9 re ?'),
        ("utf-8", ODD),
    ],
)
def test_a_terminal_shows_plain_letters_for_those_it_lacks(
    monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(terminal), encoding=encoding))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    streams.prepare()
    typer.echo(ODD, nl=False)
    sys.stdout.write(ODD)
    sys.stdout.flush()
    assert terminal.got.decode(encoding) == shown * 2


@pytest.mark.parametrize(
    ("system", "fault", "told", "is_gone"),
    [
        pytest.param("linux", errno.EPIPE, errno.EPIPE, True, id="a closed pipe"),
        pytest.param("win32", errno.EPIPE, errno.EPIPE, True, id="a closed pipe on Windows"),
        pytest.param("win32", errno.EINVAL, errno.EINVAL, True, id="by its name there"),
        pytest.param("linux", errno.EINVAL, errno.EINVAL, False, id="that name elsewhere"),
        pytest.param("win32", None, errno.EINVAL, False, id="an open one"),
        pytest.param("win32", errno.ENOSPC, errno.ENOSPC, False, id="a full disk"),
    ],
)
def test_a_reader_that_has_gone_is_known(
    system: str, fault: int | None, told: int, is_gone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = Pipe(fault)
    text = io.TextIOWrapper(io.BufferedWriter(pipe))
    text.write("words")
    with monkeypatch.context() as there:
        there.setattr(sys, "stdout", text)
        there.setattr(sys, "platform", system)
        assert streams.is_gone(OSError(told, os.strerror(told))) is is_gone
    pipe.fault = None  # or closing it would fail
    text.close()


def test_a_closed_pipe_ends_quietly(home: Path) -> None:
    process = subprocess.Popen(
        f'"{sys.executable}" -m hubwatch topics additive --json | head -c 1', shell=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=clean_env(HUBWATCH_CONFIG=str(home / "config.toml")),
    )  # fmt: skip
    out, err = process.communicate(timeout=60)
    assert (out, err) == (b"[", b"")


@pytest.mark.parametrize(
    "args",
    [
        ("--help",),
        ("topics",),
        ("digest", "--help"),
        ("db", "path"),
        ("digest", "--format", "rich"),
        ("trends",),
    ],
    ids=" ".join,
)
def test_a_reader_that_is_gone_before_the_first_word_is_0(home: Path, args: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [sys.executable, "-m", "hubwatch", "--config", str(home / "config.toml"), *args], stdout=write,
        stderr=subprocess.PIPE, env=clean_env(),
    )  # fmt: skip
    os.close(write)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


def without_stdout(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run it as `hubwatch ... >&-` does."""
    close_stdout = (
        f"import os, sys; os.close(1); os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])"
    )
    command = ["-m", "hubwatch", "--config", str(home / "config.toml"), *args]
    return subprocess.run(
        [sys.executable, "-c", close_stdout, *command], stderr=subprocess.PIPE, text=True, timeout=60,
        env=clean_env(), check=False,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="no stream is closed by the shell here")
@pytest.mark.parametrize("format", ["json", "rich", "text"])
def test_what_a_closed_stdout_did_not_take_stays_new(home: Path, site: Any, format: str) -> None:
    fed(home, site)
    assert without_stdout(home, "sync").returncode == 0
    lost = without_stdout(home, "digest", "--new", "--format", format)
    assert lost.returncode == 1
    assert lost.stderr.startswith("error: there is nowhere to write to: stdout is closed\n")
    target = home / "digest.json"
    assert without_stdout(home, "digest", "--new", "--output", str(target)).returncode == 0
    assert len(json.loads(target.read_text(encoding="utf-8"))) == 1


@pytest.mark.skipif(os.name == "nt", reason="no stream is closed by the shell here")
@pytest.mark.parametrize(
    "args", [("--help",), ("topics",), ("digest", "--help"), ("tag", "--help")], ids=" ".join
)
def test_an_answer_that_nobody_gets_is_1(home: Path, args: tuple[str, ...]) -> None:
    lost = without_stdout(home, *args)
    assert lost.returncode == 1
    assert lost.stderr.startswith("error: there is nowhere to write to: stdout is closed\n")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place where nobody can make a file")
def test_a_store_that_cannot_be_written_is_1(home: Path) -> None:
    refused = hubwatch(home, "--db", "/proc/hubwatch.db", "sync")
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: ")


def test_output_to_a_file_is_whole_or_not_at_all(home: Path, site: Any) -> None:
    fed(home, site)
    hubwatch(home, "sync")
    target = home / "digest.json"
    assert hubwatch(home, "digest", "--json", "--output", str(target)).returncode == 0
    assert json.loads(target.read_text(encoding="utf-8"))
    refused = hubwatch(home, "digest", "--output", str(home / "no" / "such" / "folder.txt"))
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: cannot write")
    assert len(refused.stderr.splitlines()) <= 2


def test_new_shows_each_item_once_and_peek_marks_nothing(home: Path, site: Any) -> None:
    fed(home, site)
    hubwatch(home, "sync")
    assert len(json.loads(hubwatch(home, "digest", "--new", "--peek", "--json").stdout)) == 1
    assert hubwatch(home, "digest", "--new", "--json", "--output", str(home / "no" / "x")).returncode == 1
    assert len(json.loads(hubwatch(home, "digest", "--new", "--json").stdout)) == 1
    assert json.loads(hubwatch(home, "digest", "--new", "--json").stdout) == []
    assert len(json.loads(hubwatch(home, "digest", "--json").stdout)) == 1


def test_a_second_sync_is_5_at_once(home: Path, site: Any) -> None:
    fed(home, site)
    from hubwatch.store import lock

    with lock.hold(home / "hubwatch.db"):
        held = hubwatch(home, "sync")
    assert held.returncode == 5
    assert "--wait" in held.stderr


def test_an_interrupt_is_130_and_keeps_what_was_stored(home: Path, site: Any) -> None:
    fed(home, site, f'[sources.two]\nurl = "{site.answer("/slow", hang=True)}"\nkind = "feed"')
    process = subprocess.Popen(
        [sys.executable, "-m", "hubwatch", "--config", str(home / "config.toml"), "sync"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_env(),
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not site.asked("/slow") and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.splitlines()[-1] == b"interrupted; what was stored is kept"


def test_a_second_interrupt_changes_nothing(home: Path, site: Any) -> None:
    slow = site.answer("/slow", hang=True)
    # So many that a process apart is started, which must not be waited for without end.
    feeds = (f'[sources.s{each}]\nurl = "{slow}?{each}"\nkind = "feed"' for each in range(20))
    fed(home, site, *feeds)
    process = subprocess.Popen(
        [sys.executable, "-m", "hubwatch", "--config", str(home / "config.toml"), "sync"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_env(),
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not site.log and time.monotonic() < deadline:
        time.sleep(0.01)
    for _ in range(6):
        process.send_signal(signal.SIGINT)
        time.sleep(0.004)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == b"interrupted; what was stored is kept\n"


def test_an_interrupt_while_the_program_loads_is_130_without_a_word(home: Path) -> None:
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from hubwatch.__main__ import main\n"
        "sys.exit(main())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "topics"], capture_output=True, timeout=60, env=clean_env(), check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")


def test_no_escape_reaches_a_pipe_and_force_color_leaves_json_alone(home: Path, site: Any) -> None:
    fed(home, site)
    hubwatch(home, "sync")
    assert "\x1b" not in hubwatch(home, "digest").stdout
    forced = hubwatch(home, "digest", FORCE_COLOR="1")
    assert "\x1b[" in forced.stdout
    assert "\x1b" not in hubwatch(home, "digest", "--json", FORCE_COLOR="1").stdout


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (("--version",), ("typer", "httpx", "feedparser", "bs4", "rich", "sqlite_utils", "lxml")),
        (("--help",), ("httpx", "feedparser", "bs4", "rich.console", "sqlite_utils", "lxml")),
        (
            ("digest", "--json"),
            ("httpx", "httpcore", "feedparser", "bs4", "rich.console", "sqlite_utils", "lxml"),
        ),
    ],
    ids=["--version", "--help", "digest"],
)
def test_what_is_not_needed_is_not_loaded(
    home: Path, args: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    hubwatch(home, "sync")
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hubwatch", *args], capture_output=True, text=True,
        timeout=60, env=clean_env(HUBWATCH_CONFIG=str(home / "config.toml")), check=False,
    )  # fmt: skip
    assert traced.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in traced.stderr.splitlines()}
    assert not loaded & set(unwanted)
