"""The program as a process of its own: empty environments, closed and full streams, bad stores, secrets."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hubwatch.cli import main

SECRETS = ("hunter2", "t0ps3cret")
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


def text(ran: subprocess.CompletedProcess[bytes]) -> str:
    return ((ran.stdout or b"") + (ran.stderr or b"")).decode()


def is_plain(ran: subprocess.CompletedProcess[bytes], code: int, words: str) -> None:
    """One line and a hint, no traceback, the expected code."""
    said = ran.stderr.decode()
    assert "Traceback" not in said
    assert words in said
    assert len(said.strip().splitlines()) <= 3
    assert ran.returncode == code


# --- environments -----------------------------------------------------------------------------

ENVIRONMENTS = {
    "nothing set (env -i)": {},
    "LANG=C": {"LANG": "C", "LC_ALL": "C"},
    "LANG=C without UTF-8 mode": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an encoding without the characters": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    "an old code page": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "a home that is not there": {"HOME": "/nonexistent"},
    "a dumb terminal of 20 columns": {"TERM": "dumb", "COLUMNS": "20"},
}


@pytest.mark.parametrize("env", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_it_runs_under(home: Any, site: Any, rss: Any, env: dict[str, str]) -> None:
    titles = ("Grant of € 5 — “aluminium” 鋁 🙂 castings", "Second")
    home.configure(home.feed(site.feed("/feed", rss(*titles))))
    synced = home.run("sync", env=env)
    assert synced.returncode == 0, synced.stderr.decode(errors="replace")
    ran = home.run("digest", "--since", "1900-01-01", env=env)
    assert ran.returncode == 0, ran.stderr.decode(errors="replace")
    assert ran.stderr == b""
    assert b"Second" in ran.stdout
    found = json.loads(home.run("digest", "--json", "--since", "1900-01-01", env=env).stdout.decode("utf-8"))
    assert {item["title"] for item in found} == set(titles)


# --- streams ----------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("command", ["topics --json", "sync --json", "--help"])
def test_a_full_disk_behind_stdout_is_one_line_and_1(home: Any, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = home.run(*command.split(), stdout=full)
    is_plain(ran, 1, "No space left")


@POSIX
@pytest.mark.parametrize("where", ["2> /dev/full", "2>&1 > /dev/null | true"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_stderr_that_takes_nothing_does_not_end_the_work(
    home: Any, site: Any, rss: Any, where: str, unbuffered: str
) -> None:
    url = site.feed("/feed", rss("First"))
    home.configure(home.feed(url))
    line = " ".join(f'"{part}"' for part in home.command("-v", "sync"))
    line = f"PYTHONUNBUFFERED={unbuffered} {line} {where}; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, timeout=120, check=False)
    assert ran.returncode == 0
    with closing(sqlite3.connect(home.db)) as database:
        assert database.execute("SELECT count(*) FROM items").fetchone() == (1,)


@POSIX
@pytest.mark.parametrize("how", ["", "-u"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    ("where", "code", "said"),
    [("> /dev/full", 1, "No space left"), (">&-", 1, "stdout is closed"), ("| true", 0, "")],
)
def test_a_version_that_cannot_be_told_is_told_so(
    home: Any, how: str, where: str, code: int, said: str
) -> None:
    line = f'"{sys.executable}" {how} -m hubwatch --version {where}'
    ran = subprocess.run(line, shell=True, capture_output=True, timeout=120, check=False)
    assert ran.returncode == code
    assert said in ran.stderr.decode()
    assert b"Traceback" not in ran.stderr
    assert b"ignored" not in ran.stderr


@POSIX
@pytest.mark.parametrize("closed", ["stdout", "stderr", "stdin", "all of them"])
def test_closed_streams_are_survived(home: Any, site: Any, rss: Any, closed: str) -> None:
    home.configure(home.feed(site.feed("/feed", rss("First"))))
    marks = {"stdout": ">&-", "stderr": "2>&-", "stdin": "<&-", "all of them": ">&- 2>&- <&-"}
    for command in ("sync", "digest"):
        line = " ".join(f'"{part}"' for part in home.command(command))
        ran = subprocess.run(
            f"{line} {marks[closed]}", shell=True, capture_output=True, timeout=120, check=False
        )
        assert b"Traceback" not in ran.stderr
        assert ran.returncode in (0, 1)
    with sqlite3.connect(home.db) as database:
        assert database.execute("SELECT count(*) FROM items").fetchone() == (1,)
    database.close()


@POSIX
def test_a_reader_that_went_away_marks_nothing_and_is_quiet(home: Any, site: Any, rss: Any) -> None:
    stories = [{"title": f"Story {n} of a long list", "date": None} for n in range(3)]
    home.configure(home.feed(site.feed("/feed", rss(*stories))))
    home.run("sync")
    line = " ".join(f'"{part}"' for part in home.command("digest", "--json", "--since", "1900-01-01"))
    ran = subprocess.run(f"{line} | true", shell=True, capture_output=True, timeout=120, check=False)
    assert ran.stderr == b""


# --- stores -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("sync",), ("digest",), ("db", "check")])
def test_a_store_that_is_none_is_one_line(home: Any, command: tuple[str, ...]) -> None:
    home.db.mkdir()
    is_plain(home.run(*command), 1, str(home.db))
    home.db.rmdir()
    home.db.write_bytes(b"not a database at all, but long enough to be one" * 50)
    before = home.db.read_bytes()
    is_plain(home.run(*command), 1, "not a hubwatch store")
    assert home.db.read_bytes() == before


@pytest.mark.parametrize(
    "command", [("sync",), ("digest",), ("db", "check"), ("db", "prune", "--older-than", "2y")]
)
def test_a_newer_store_is_refused_unchanged(home: Any, command: tuple[str, ...]) -> None:
    home.run("sync")
    with sqlite3.connect(home.db) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    is_plain(home.run(*command), 1, "newer hubwatch")
    with sqlite3.connect(home.db) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (99,)
    database.close()


def test_a_cut_off_store_is_one_line(home: Any, site: Any, rss: Any) -> None:
    home.configure(home.feed(site.feed("/feed", rss(*(f"Story {n}" for n in range(200))))))
    home.run("sync")
    data = bytearray(home.db.read_bytes())
    data[8192 : len(data)] = bytes(len(data) - 8192)  # everything behind the first page is lost
    home.db.write_bytes(data)
    for command in (("sync", "--force"), ("digest",), ("db", "check")):
        ran = home.run(*command)
        assert ran.returncode == 1
        assert b"Traceback" not in ran.stderr + ran.stdout


FULL = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.argv[0] = "hubwatch"
runpy.run_module("hubwatch", run_name="__main__")
"""


@POSIX
@pytest.mark.parametrize("limit", [0, 400_000])
def test_a_disk_that_fills_up_during_a_sync_loses_nothing(home: Any, site: Any, rss: Any, limit: int) -> None:
    first = site.feed("/a", rss(*(f"Early story {n}" for n in range(5))))
    home.configure(home.feed(first, "a"))
    home.run("sync")
    many = site.feed(
        "/b", rss(*({"title": f"Story {n}", "text": "long " * 500} for n in range(300))), etag='"b"'
    )
    home.configure(home.feed(first, "a"), home.feed(many, "b"))
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(limit), *home.command("sync")[3:]],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    is_plain(ran, 1, "")
    with sqlite3.connect(home.db) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = database.execute("SELECT count(*) FROM items WHERE source = 'a'").fetchone()[0]
        stored = database.execute("SELECT count(*) FROM items WHERE source = 'b'").fetchone()[0]
        state = database.execute("SELECT etag FROM source_states WHERE source = 'b'").fetchone()
    database.close()
    assert kept == 5
    assert (stored, state) in ((0, None), (0, (None,)), (300, ('"b"',)))
    assert home.run("sync").returncode == 0  # and with room again it goes on
    with sqlite3.connect(home.db) as database:
        assert database.execute("SELECT count(*) FROM items WHERE source = 'b'").fetchone() == (300,)
    database.close()


def test_another_program_that_holds_the_store_is_one_line_or_waited_for(
    home: Any, site: Any, rss: Any
) -> None:
    home.configure(home.feed(site.feed("/feed", rss("First"))))
    home.run("sync")
    holder = sqlite3.connect(home.db, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert home.run("digest").returncode == 0  # readers go on
    finally:
        holder.execute("ROLLBACK")
        holder.close()


# --- two at once ------------------------------------------------------------------------------


def test_a_second_sync_waits_as_long_as_it_was_told(home: Any, site: Any, rss: Any) -> None:
    site.answer("/slow", hang=True)
    home.configure(home.feed(site.feed("/feed", rss("First"))), home.feed(site.url("/slow"), "slow"))
    first = subprocess.Popen(home.command("sync", "--timeout", "4"), stdout=-3, stderr=-3)
    try:
        began = time.monotonic()
        while not site.asked("/slow") and time.monotonic() < began + 60:
            time.sleep(0.02)
        at_once = home.run("sync", "--force")
        assert at_once.returncode == 5
        assert b"--wait" in at_once.stderr
        assert home.run("digest").returncode == 0
        patient = home.run("sync", "--wait", "60")
        assert patient.returncode in (0, 3, 4)  # it had its turn; nothing was due any more
    finally:
        first.wait(60)


def test_two_syncs_started_together_store_everything_once(home: Any, site: Any, rss: Any) -> None:
    home.configure(home.feed(site.feed("/feed", rss("First", "Second"))))
    both = [
        subprocess.Popen(home.command("sync", "--wait", "60"), stdout=-3, stderr=subprocess.PIPE)
        for _ in "12"
    ]
    assert [process.communicate(timeout=120)[0] or process.returncode for process in both] == [0, 0]
    assert len(site.asked("/feed")) == 1  # the second found it not due


def test_a_killed_syncs_lock_holds_nobody_up(home: Any, site: Any, rss: Any) -> None:
    home.configure(home.feed(site.answer("/slow", hang=True), "slow"))
    first = subprocess.Popen(home.command("sync"), stdout=-3, stderr=-3)
    began = time.monotonic()
    while not site.asked("/slow") and time.monotonic() < began + 60:
        time.sleep(0.02)
    first.kill()
    first.wait(30)
    home.configure(home.feed(site.feed("/feed", rss("First"))))
    assert home.run("sync").returncode == 0


# --- secrets ----------------------------------------------------------------------------------

OUTPUTS = (
    ("sync",), ("-v", "sync", "--force"), ("sync", "--json", "--force"), ("sources",), ("sources", "--json"),
    ("sources", "check"), ("sources", "check", "--json"), ("config", "show"), ("config", "check"),
    ("digest",), ("digest", "--json", "--since", "1900-01-01"), ("db", "check"), ("doctor",),
    ("-v", "sources", "remove", "x"),
)  # fmt: skip


@pytest.fixture
def inside(home: Any, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the program in this process, which is quicker; returns all that it said."""

    def inside(*args: str) -> str:
        main.run(["--config", str(home.config), *args])
        out, err = capfd.readouterr()
        return out + err

    return inside


@pytest.mark.parametrize("way", ["it works", "it answers 500", "it redirects", "nobody is there", "no feed"])
def test_a_secret_in_an_address_is_shown_nowhere(
    home: Any, site: Any, rss: Any, inside: Callable[..., str], way: str
) -> None:
    path = "/feed?token=t0ps3cret&x=1"
    if way == "it works":
        site.feed(path, rss({"title": "First", "link": None, "guid": None}))
    elif way == "it answers 500":
        site.answer(path, "no", status=500)
    elif way == "it redirects":
        site.redirect(path, "http://192.168.0.1/feed?token=t0ps3cret")
    elif way == "no feed":
        site.answer(path, "<html><title>No feed</title></html>", content_type="text/html")
    port = site.port if way != "nobody is there" else 1
    url = f"http://user:hunter2@127.0.0.1:{port}{path}"
    home.configure(home.feed(url))
    for args in OUTPUTS:
        said = inside(*args)
        assert not any(secret in said for secret in SECRETS), (args, said)
    with contextlib.closing(sqlite3.connect(home.db)) as database:
        errors = database.execute("SELECT error_message FROM source_states").fetchall()
    assert not any(secret in str(errors) for secret in SECRETS)


def test_a_fault_in_the_config_shows_no_secret(home: Any, inside: Callable[..., str]) -> None:
    home.configure('[sources.one]\nurl = "http://user:hunter2@[bad/feed?token=t0ps3cret"\nkind = "fed"\n')
    for args in (("sync",), ("config", "check"), ("-v", "digest"), ("config", "show")):
        said = inside(*args)
        assert not any(secret in said for secret in SECRETS), (args, said)


def test_a_traceback_shows_no_secret(home: Any) -> None:
    home.configure(home.feed("http://user:hunter2@127.0.0.1:1/feed?token=t0ps3cret"))
    code = (
        "import sys\n"
        "from hubwatch.workflows import sync\n"
        "def boom(store, plan, **_):\n"
        "    raise RuntimeError(f'lost {plan.sources[0].url}')\n"
        "sync.run = boom\n"
        "from hubwatch.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "-v", *home.command("sync")[3:]],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "RuntimeError" in text(ran)
    assert not any(secret in text(ran) for secret in SECRETS), text(ran)


# --- imports ----------------------------------------------------------------------------------


def test_an_opml_list_brings_web_addresses_only(home: Any, site: Any, rss: Any, tmp_path: Path) -> None:
    good = site.feed("/feed", rss("First"))
    outlines = "".join(
        f'<outline type="rss" text="{n}" xmlUrl="{url}"/>'
        for n, url in enumerate(
            (good, "exec:touch x", "file:///etc/passwd", "filter:cat:http://x/", "javascript:alert(1)",
             "ftp://example.org/x", "/etc/passwd", "")
        )
    )  # fmt: skip
    listed = tmp_path / "list.opml"
    listed.write_text(
        f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8"
    )
    ran = home.run("sources", "import", str(listed))
    config = home.config.read_text(encoding="utf-8")
    assert good in config
    assert not any(
        word in config for word in ("exec:", "file:", "filter:", "javascript:", "ftp:", "etc/passwd")
    )
    assert "exec:" in text(ran)  # what was refused is said
    assert home.run("config", "check").returncode == 0


@pytest.mark.parametrize(
    "opml",
    [
        b"", b"<opml>", b"\xff\xfe\x00", b"<html><body>no</body></html>",
        b"<opml><body>" + b"<outline>" * 100_000, b"<a:feed><a:id>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;" '
        b'xmlUrl="http://127.0.0.1:1/"/></body></opml>',
    ],
    ids=["empty", "cut off", "bytes", "HTML", "deep", "a prefix that nobody declared", "an external entity"],
)  # fmt: skip
def test_an_odd_opml_list_is_one_line(home: Any, tmp_path: Path, opml: bytes) -> None:
    listed = tmp_path / "list.opml"
    listed.write_bytes(opml)
    ran = home.run("sources", "import", str(listed))
    assert "Traceback" not in text(ran)
    assert "root:" not in text(ran) + home.config.read_text(encoding="utf-8")
    assert ran.returncode in (0, 1, 2)
