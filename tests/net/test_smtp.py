"""Sending mail, to a real SMTP server on loopback."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from hubwatch.errors import OutputError
from hubwatch.models import EmailSettings
from hubwatch.net import smtp


class _Box:
    """Takes mails, and says what it is told to say."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.reply = "250 taken"
        self.rcpt = "250 fine"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, to: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self.mails.append(envelope)
        return self.reply


class _Server(Controller):
    def __init__(self, box: _Box, quit_reply: str | None = None, **how: Any) -> None:
        self._how = how
        self._quit_reply = quit_reply
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(box, hostname="127.0.0.1", port=port, ssl_context=how.pop("wrapped", None))

    def factory(self) -> SMTP:
        server = SMTP(self.handler, hostname="mail.test", **self._how)
        if self._quit_reply is not None:
            said = self._quit_reply

            async def rude(arg: str) -> None:
                await server.push(said)

            server.smtp_QUIT = rude  # type: ignore[method-assign]
            server._smtp_methods["QUIT"] = rude  # type: ignore[attr-defined]
        return server


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[_Box, EmailSettings]]]:
    running: list[_Server] = []

    def start(*, security: str = "none", user: str | None = None, **how: Any) -> tuple[_Box, EmailSettings]:
        box = _Box()
        server = _Server(box, **how)
        server.start()
        running.append(server)
        return box, EmailSettings(
            host="127.0.0.1",
            port=server.port,
            sender="hubwatch@example.com",
            user=user,
            security=security,  # type: ignore[arg-type]
        )

    yield start
    for server in running:
        server.stop()


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "hubwatch@example.com"
    message["To"] = "alice@example.com"
    message["Subject"] = "Digest – news"
    for name, value in headers.items():
        message[name] = value
    message.set_content("Grüße from LIFT\n.\n..dots\n")
    return message


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"alice", b"s3cret")
    return AuthResult(success=right, handled=False)


def test_a_mail_arrives_whole(serve: Any) -> None:
    box, settings = serve()

    smtp.send(mail(), settings, password=None)

    (got,) = box.mails
    assert (got.mail_from, got.rcpt_tos) == ("hubwatch@example.com", ["alice@example.com"])
    assert b"Subject: Digest" in got.content or b"Subject: =?utf-8" in got.content


def test_starttls_and_a_login(serve: Any, tls: ssl.SSLContext) -> None:
    box, settings = serve(
        security="starttls", user="alice", tls_context=tls, require_starttls=True,
        authenticator=_check, auth_required=True,
    )  # fmt: skip

    smtp.send(mail(), settings, password="s3cret")

    assert len(box.mails) == 1


def test_tls_from_the_first_byte(serve: Any, tls: ssl.SSLContext) -> None:
    box, settings = serve(security="tls", wrapped=tls)

    smtp.send(mail(), settings, password=None)

    assert len(box.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(
    serve: Any, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    box, settings = serve(security="starttls", tls_context=tls)

    with pytest.raises(OutputError, match="certificate") as caught:
        smtp.send(mail(), settings, password=None)
    assert "host under [email]" in (caught.value.hint or "")
    assert box.mails == []


def test_starttls_is_not_done_without(serve: Any) -> None:
    box, settings = serve(security="starttls")

    with pytest.raises(OutputError, match="STARTTLS") as caught:
        smtp.send(mail(), settings, password=None)
    assert "security under [email]" in (caught.value.hint or "")
    assert box.mails == []


def test_a_wrong_password_is_said_and_not_shown(serve: Any, tls: ssl.SSLContext) -> None:
    box, settings = serve(
        security="starttls", user="alice", tls_context=tls, authenticator=_check, auth_required=True
    )

    with pytest.raises(OutputError, match="user or password refused") as caught:
        smtp.send(mail(), settings, password="wr0ng")
    assert "wr0ng" not in str(caught.value)
    assert smtp.PASSWORD_VARIABLE in (caught.value.hint or "")
    assert box.mails == []


def test_a_refused_recipient_is_named(serve: Any) -> None:
    box, settings = serve()
    box.rcpt = "550 no such\x1b[31m user"

    with pytest.raises(OutputError, match=r"alice@example\.com: 550 no such") as caught:
        smtp.send(mail(), settings, password=None)
    assert "\x1b" not in str(caught.value)
    assert "email of the profile" in (caught.value.hint or "")


def test_a_refused_mail_is_an_error(serve: Any) -> None:
    box, settings = serve()
    box.reply = "552 too\r\n much"

    with pytest.raises(OutputError, match="552") as caught:
        smtp.send(mail(), settings, password=None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("said", ["500 what?", "421 later"])
def test_a_rude_farewell_does_not_undo_the_delivery(serve: Any, said: str) -> None:
    box, settings = serve(quit_reply=said)

    smtp.send(mail(), settings, password=None)

    assert len(box.mails) == 1


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [
        (b"", "closed"),
        (b"220 hi\r\n", "closed"),
        (b"554 go away\r\n", "554 go away"),
        (b"garbage\r\n", "reached"),
    ],
    ids=["silent", "dies after the greeting", "refuses", "garbage"],
)
def test_a_server_that_dies_is_one_line(greeting: bytes, reason: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_once() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=serve_once)
        thread.start()
        settings = EmailSettings(host="127.0.0.1", port=listener.getsockname()[1])
        with pytest.raises(OutputError, match=reason) as caught:
            smtp.send(mail(), settings, password=None, timeout_s=1)
        thread.join()
    assert "\n" not in str(caught.value)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = EmailSettings(host="127.0.0.1", port=listener.getsockname()[1])
        with pytest.raises(OutputError, match="in time"):
            smtp.send(mail(), settings, password=None, timeout_s=0.05)


@pytest.mark.parametrize("is_taken", [True, False], ids=["after the mail", "before it"])
def test_a_server_that_never_comes_to_the_point_is_given_up(is_taken: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection, contextlib.suppress(OSError):
                if is_taken:
                    asked = connection.makefile("rb")
                    connection.sendall(b"220 hi\r\n")
                    for line, answer in (
                        (b"EHLO", b"250"),
                        (b"MAIL", b"250"),
                        (b"RCPT", b"250"),
                        (b"DATA", b"354"),
                    ):
                        assert asked.readline().upper().startswith(line)
                        connection.sendall(answer + b" go on\r\n")
                    while asked.readline() != b".\r\n":
                        pass
                    connection.sendall(b"250 taken\r\n")
                while not over.wait(0.01):
                    connection.sendall(b"221-and another thing\r\n")

        over = threading.Event()
        thread = threading.Thread(target=drip)
        thread.start()
        settings = EmailSettings(host="127.0.0.1", port=listener.getsockname()[1])
        try:
            with contextlib.nullcontext() if is_taken else pytest.raises(OutputError, match="in time"):
                smtp.send(mail(), settings, password=None, timeout_s=0.3 if is_taken else 0.05)
        finally:
            over.set()
            thread.join()


def test_no_server_at_all_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings = EmailSettings(host="127.0.0.1", port=taken.getsockname()[1])
        with pytest.raises(OutputError, match="cannot be reached") as caught:
            smtp.send(mail(), settings, password=None, timeout_s=1)
    assert "host, port and security" in (caught.value.hint or "")
    assert "Errno" not in caught.value.message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (EmailSettings(), "no mail server"),
        (EmailSettings(host="127.0.0.1", user="alice"), "no password for alice"),
    ],
    ids=["no host", "no password"],
)
def test_what_is_missing_is_said_with_a_hint(settings: EmailSettings, message: str) -> None:
    with pytest.raises(OutputError, match=message) as caught:
        smtp.send(mail(), settings, password=None)
    assert caught.value.hint


def test_a_password_does_not_go_over_the_network_in_clear() -> None:
    settings = EmailSettings(host="mail.example.com", user="alice")

    with pytest.raises(OutputError, match="in clear"):
        smtp.send(mail(), settings, password="s3cret")


def test_the_password_comes_from_the_environment_first() -> None:
    assert smtp.password(EmailSettings(user="alice"), {"HUBWATCH_SMTP_PASSWORD": "x"}) == "x"


def test_without_a_user_the_keyring_is_left_alone() -> None:
    assert smtp.password(EmailSettings(), {}) is None


def test_the_keyring_is_asked_next() -> None:
    keyring = pytest.importorskip("keyring")

    class Ring(keyring.backend.KeyringBackend):  # type: ignore[misc,name-defined]
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return "from the ring" if (service, username) == ("hubwatch", "alice") else None

        def set_password(self, service: str, username: str, password: str) -> None: ...

        def delete_password(self, service: str, username: str) -> None: ...

    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        assert smtp.password(EmailSettings(user="alice"), {}) == "from the ring"
        assert smtp.password(EmailSettings(user="bob"), {}) is None
    finally:
        keyring.set_keyring(before)


def test_no_keyring_is_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "keyring", None)

    assert smtp.password(EmailSettings(user="alice"), {}) is None
