"""hubwatch digest --new --email, to real mail servers on loopback: each item is sent exactly once."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

NOW = datetime.now(UTC)


class Office:
    """A mail server's mind: what it took, and how it fails."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.fault: str | None = None
        self.was_encrypted = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, to: str, options: Any) -> str:
        if self.fault == "refused recipient":
            return "550 no such user"
        envelope.rcpt_tos.append(to)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        self.was_encrypted = session.ssl is not None
        if self.fault == "dies midway":
            assert server.transport is not None
            server.transport.abort()
            return "250 never heard"
        if self.fault == "disk full":
            return "452 no room"
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"

    def check(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"hub", b"s3cret")
        return AuthResult(success=right and self.fault != "refused login", handled=False)


@pytest.fixture
def office(home: Any, tls: ssl.SSLContext, stored: Callable[..., None]) -> Iterator[Office]:
    """A server that wants STARTTLS and a login, a profile to mail to, and two new items."""
    mind = Office()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    class Server(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                self.handler, hostname="mail.test", tls_context=tls, require_starttls=True,
                authenticator=mind.check, auth_required=True,
            )  # fmt: skip

    server = Server(mind, hostname="127.0.0.1", port=port)
    server.start()
    home.configure(
        f"""
        [profiles.alice]
        keywords = ["aluminum"]
        email = "alice@example.com"
        [email]
        host = "127.0.0.1"
        port = {port}
        from = "hubwatch@example.com"
        user = "hub"
        security = "starttls"
        """
    )
    stored(
        {"title": "Aluminum one", "published": NOW - timedelta(days=1)},
        {"title": "Aluminum\r\ntwo 日本", "published": NOW - timedelta(days=2)},
    )
    yield mind
    server.stop()


@pytest.fixture
def send(hubwatch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    monkeypatch.setenv("HUBWATCH_SMTP_PASSWORD", "s3cret")
    return lambda: hubwatch("digest", "--profile", "alice", "--new", "--email")


def test_it_goes_encrypted_and_logged_in_once(office: Office, send: Callable[[], Any]) -> None:
    said = send()
    assert (said.code, said.out) == (0, "")
    assert "sent to alice@example.com: 2 items" in said.err
    (mail,) = office.taken
    assert office.was_encrypted
    assert (mail["From"], mail["To"]) == ("hubwatch@example.com", "alice@example.com")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    for part in (plain, html):
        assert "Aluminum one" in part.get_content()
        assert "Aluminum two 日本" in part.get_content()

    again = send()
    assert (again.code, len(office.taken)) == (0, 1)
    assert "nothing new" in again.err


@pytest.mark.parametrize("fault", ["refused login", "refused recipient", "dies midway", "disk full"])
def test_what_failed_is_sent_again_whole_and_once(
    fault: str, office: Office, send: Callable[[], Any]
) -> None:
    office.fault = fault
    failed = send()
    assert failed.code == 1
    assert "did not take the mail" in failed.err
    assert "Traceback" not in failed.err
    assert "s3cret" not in failed.err
    assert office.taken == []

    office.fault = None
    assert send().code == 0
    assert send().code == 0
    (mail,) = office.taken
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().count("Aluminum") >= 2


def test_to_peek_sends_and_marks_nothing(
    office: Office, send: Callable[[], Any], hubwatch: Callable[..., Any]
) -> None:
    assert hubwatch("digest", "--profile", "alice", "--new", "--peek", "--email").code == 0
    send()
    assert len(office.taken) == 2
    assert office.taken[0]["Message-ID"] == office.taken[1]["Message-ID"]


def test_a_mail_is_no_file_too(
    office: Office, hubwatch: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBWATCH_SMTP_PASSWORD", "s3cret")
    file = tmp_path / "copy.md"
    said = hubwatch("digest", "--profile", "alice", "--new", "--email", "--output", str(file))
    assert said.code == 2
    assert said.err == (
        "error: --email goes without --output\n"
        "hint: to keep a copy, run it with --new --peek --output FILE first\n"
    )
    assert office.taken == []
    assert not file.exists()
    assert hubwatch("digest", "--profile", "alice", "--new", "--peek", "--output", str(file)).code == 0
    assert hubwatch("digest", "--profile", "alice", "--new", "--email").code == 0
    assert "Aluminum one" in file.read_text(encoding="utf-8")
    assert len(office.taken) == 1


@pytest.mark.parametrize(
    ("profile", "hint"),
    [
        (("--profile", "bob"), "set email under [profiles.bob]"),
        (("--profile", "Bob B."), 'set email under [profiles."Bob B."]'),
        ((), "add --profile NAME"),
    ],
    ids=["without an address", "a name in quotes", "none"],
)
def test_whom_to_send_it_to_is_asked_for(
    profile: tuple[str, ...], hint: str, home: Any, hubwatch: Callable[..., Any]
) -> None:
    home.configure('[profiles.bob]\ntopics = ["additive"]\n[profiles."Bob B."]\ntopics = ["additive"]\n')
    said = hubwatch("digest", *profile, "--email")
    assert (said.code, said.out) == (2, "")
    assert said.err == f"error: --email needs a profile with an address\nhint: {hint}\n"
