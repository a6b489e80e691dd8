"""The check of the installation: each thing that may be wrong, told with what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubwatch.models import SourceState
from hubwatch.store import sources
from hubwatch.store.db import open_for_writing
from hubwatch.workflows import doctor
from hubwatch.workflows.doctor import Finding, Place

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
posix = pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., dict[str, Finding]]:
    """Look at a folder's configuration and store; findings by check, the gravest of each."""

    def run(config: str | None = "", *, now: datetime = NOW, **env: str) -> dict[str, Finding]:
        file = tmp_path / "config.toml"
        if config is not None:
            file.write_text(config)
            file.chmod(0o600)
        place = Place(config=file, database=tmp_path / "hubwatch.db", env=env)
        found = sorted(doctor.look(place, now=now), key=lambda f: ("ok", "warning", "fault").index(f.status))
        return {finding.check: finding for finding in found}

    return run


def states(folder: Path, *given: SourceState) -> None:
    with open_for_writing(folder / "hubwatch.db") as store:
        sources.save_states(store, given)


def following(*ids: str) -> str:
    """Write a configuration that follows these sources."""
    return "".join(f'[sources.{id_}]\nurl = "https://example.org/{id_}"\n' for id_ in ids)


def test_a_fresh_installation_is_in_order(look: Callable[..., dict[str, Finding]]) -> None:
    found = look()
    assert {finding.status for finding in found.values()} == {"ok"}
    assert {"python", "expat", "sqlite", "packages", "config", "folder", "database"} <= set(found)
    assert "FTS5" in found["sqlite"].detail


def test_a_fault_of_the_config_is_named_and_the_rest_is_looked_at(
    look: Callable[..., dict[str, Finding]],
) -> None:
    found = look("[fetch]\njob = 3\n")
    assert found["config"].status == "fault"
    assert "config.toml:2" in found["config"].detail
    assert "database" in found


def test_a_config_that_was_named_must_be_there(look: Callable[..., dict[str, Finding]]) -> None:
    assert look(None)["config"].status == "fault"


def test_a_damaged_store_is_a_fault(look: Callable[..., dict[str, Finding]], tmp_path: Path) -> None:
    (tmp_path / "hubwatch.db").write_bytes(b"this is not a database, whatever its name says" * 10)
    assert look()["database"].status == "fault"


def test_a_folder_in_the_place_of_the_store_is_a_fault(
    look: Callable[..., dict[str, Finding]], tmp_path: Path
) -> None:
    (tmp_path / "hubwatch.db").mkdir()
    finding = look()["database"]
    assert (finding.status, finding.hint) == ("fault", "choose a file with --db FILE")


def test_the_last_sync_is_told(look: Callable[..., dict[str, Finding]], tmp_path: Path) -> None:
    states(
        tmp_path,
        SourceState(source="a", last_asked=NOW - timedelta(hours=3)),
        SourceState(source="b", last_asked=NOW, failures=2),
        SourceState(source="c", last_asked=NOW),
        SourceState(source="d", last_asked=NOW),
    )
    assert look(following(*"abcd"))["sync"] == Finding(
        check="sync", status="ok", detail="last 2026-03-02 09:00 UTC; 1 of 4 sources failing: b"
    )


@pytest.mark.parametrize(("failing", "status"), [(2, "ok"), (3, "warning"), (5, "warning")])
def test_a_third_of_the_sources_failing_is_a_warning(
    failing: int, status: str, look: Callable[..., dict[str, Finding]], tmp_path: Path
) -> None:
    states(
        tmp_path,
        *(SourceState(source=name, last_asked=NOW, failures=1) for name in "abcdefg"[:failing]),
        *(SourceState(source=name, last_asked=NOW) for name in "abcdefg"[failing:]),
    )
    finding = look(following(*"abcdefg"))["sync"]
    assert (finding.status, f"{failing} of 7 sources failing" in finding.detail) == (status, True)
    assert finding.hint == ("hubwatch sources says why" if status == "warning" else None)


def test_a_source_that_is_not_followed_does_not_count(
    look: Callable[..., dict[str, Finding]], tmp_path: Path
) -> None:
    states(
        tmp_path,
        SourceState(source="a", last_asked=NOW),
        SourceState(source="removed", last_asked=NOW, failures=9),
        SourceState(source="off", last_asked=NOW, failures=9),
    )
    config = following("a") + '[sources.off]\nurl = "https://example.org/off"\nenabled = false\n'
    assert look(config)["sync"].detail.endswith("; 0 of 1 source failing")


def test_three_of_the_failing_sources_are_named(
    look: Callable[..., dict[str, Finding]], tmp_path: Path
) -> None:
    states(
        tmp_path,
        *(SourceState(source=name, last_asked=NOW, failures=1) for name in "abcde"),
        SourceState(source="f", last_asked=NOW),
    )
    detail = look(following(*"abcdef"))["sync"].detail
    assert detail.endswith("; 5 of 6 sources failing: a, b, c and 2 more")


@pytest.mark.parametrize(
    ("state", "check", "says"),
    [
        pytest.param(SourceState(source="a"), "sync", "never", id="never"),
        pytest.param(
            SourceState(source="a", last_asked=NOW - timedelta(days=20)), "sync", "2026-02-10", id="long ago"
        ),
        pytest.param(
            SourceState(source="a", last_asked=NOW, failures=1), "sync", "1 of 1", id="nothing reached"
        ),
        pytest.param(
            SourceState(source="a", last_asked=NOW + timedelta(days=2)), "clock", "lies ahead", id="clock"
        ),
    ],
)
def test_a_sync_that_is_amiss_is_a_warning(
    state: SourceState, check: str, says: str, look: Callable[..., dict[str, Finding]], tmp_path: Path
) -> None:
    states(tmp_path, state)
    finding = look(following("a"))[check]
    assert (finding.status, says in finding.detail) == ("warning", True)
    assert finding.hint


def test_a_clock_without_sense_is_a_fault(look: Callable[..., dict[str, Finding]]) -> None:
    assert look(now=datetime(1970, 1, 1, tzinfo=UTC))["clock"].status == "fault"


@posix
def test_a_file_with_a_password_must_be_private(
    look: Callable[..., dict[str, Finding]], tmp_path: Path
) -> None:
    config = '[sources.own]\nurl = "https://user:hunter2@example.org/feed"\n'
    assert look(config)["secrets"].status == "ok"
    (tmp_path / "environment").write_text("HUBWATCH_SMTP_PASSWORD=x\n")
    (tmp_path / "environment").chmod(0o644)
    finding = look(config)["secrets"]
    assert finding.status == "fault"
    assert f"chmod 600 {tmp_path / 'environment'}" == finding.hint


def test_no_secret_is_printed(look: Callable[..., dict[str, Finding]]) -> None:
    found = look(
        '[sources.own]\nurl = "https://user:hunter2@example.org/feed"\n',
        HTTPS_PROXY="http://me:hunter2@proxy.example:8080",
    )
    assert "proxy.example" in found["proxy"].detail
    assert not any("hunter2" in f"{finding.detail}{finding.hint}" for finding in found.values())


def test_private_hosts_are_shown(look: Callable[..., dict[str, Finding]]) -> None:
    finding = look('[fetch]\nallow_private = ["intranet.local"]\n')["private hosts"]
    assert (finding.status, "intranet.local" in finding.detail) == ("warning", True)


def test_mail_without_a_password_is_a_warning(look: Callable[..., dict[str, Finding]]) -> None:
    config = '[email]\nhost = "127.0.0.1"\nfrom = "h@example.org"\nuser = "nobody-has-this-name"\n'
    assert look(config)["mail"].status == "warning"
    assert look(config, HUBWATCH_SMTP_PASSWORD="x")["mail"].status == "ok"
    assert look('[profiles.a]\nemail = "a@example.org"\n')["mail"].status == "warning"


@pytest.mark.parametrize(
    ("security", "said"), [("none", "not encrypted"), ("starttls", "encrypted by starttls")]
)
def test_how_mail_goes_is_said_in_words(
    security: str, said: str, look: Callable[..., dict[str, Finding]]
) -> None:
    config = f'[email]\nhost = "127.0.0.1"\nport = 2525\nfrom = "h@example.org"\nsecurity = "{security}"\n'
    assert look(config)["mail"].detail == f"127.0.0.1:2525, {said}"


MOUNTS = """/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//win/share /mnt/my\\040share cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/zoe", "nfs4"),
        ("/home/local/data", "ext4"),
        ("/homestead", "ext4"),
        ("/mnt/my share/x", "cifs"),
        ("\\\\server\\share", "cifs"),
    ],
)
def test_a_folder_is_found_on_its_file_system(folder: str, kind: str) -> None:
    assert doctor.file_system(Path(folder), MOUNTS) == kind
