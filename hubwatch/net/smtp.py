"""Sends one mail over SMTP. The password comes from the environment or the keyring, never from the config."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
import threading
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from hubwatch.errors import OutputError
from hubwatch.models import EmailSettings
from hubwatch.text.plain import to_line

PASSWORD_VARIABLE = "HUBWATCH_SMTP_PASSWORD"
_KEYRING_SERVICE = "hubwatch"
_STEPS = 10  # all of a mail may take this many times what one answer may


def password(settings: EmailSettings, env: Mapping[str, str]) -> str | None:
    """Return the password for the mail server: the environment's, else the keyring's, else None."""
    given = env.get(PASSWORD_VARIABLE)
    if given:
        return given
    if settings.user is None:
        return None
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:  # an optional extra
        return None
    try:
        found: str | None = keyring.get_password(_KEYRING_SERVICE, settings.user)
    except KeyringError:
        return None
    return found


def send(
    message: EmailMessage, settings: EmailSettings, *, password: str | None, timeout_s: float = 30.0
) -> None:
    """Send a mail; return only when the server has taken it, raise OutputError otherwise."""
    if not settings.host:
        raise OutputError("no mail server is configured", hint="set host under [email] in the config")
    if settings.user is not None and password is None:
        raise OutputError(
            f"no password for {settings.user} at {settings.host}",
            hint=f"set {PASSWORD_VARIABLE}, or store it: keyring set {_KEYRING_SERVICE} {settings.user}",
        )
    if settings.user is not None and settings.security == "none" and not _is_here(settings.host):
        raise OutputError(
            f"the password for {settings.host} would go over the network in clear",
            hint='set security = "starttls" (or "tls") under [email] in the config',
        )
    # smtplib bounds only the wait for the next bytes, and a server may send a few now and then for ever. So a
    # thread does it, which is left to itself when that happens.
    delivery = _Delivery(message, settings, password, timeout_s)
    thread = threading.Thread(target=delivery.run, name="mail", daemon=True)
    thread.start()
    if not delivery.decided.wait(_STEPS * timeout_s):
        raise OutputError(f"{_place(settings)} did not take the mail: it did not answer in time")
    thread.join(timeout_s)  # the farewell; how it goes changes nothing
    if delivery.failure is not None:
        raise delivery.failure


class _Delivery:
    """One mail on its way."""

    def __init__(
        self, message: EmailMessage, settings: EmailSettings, password: str | None, timeout_s: float
    ) -> None:
        self._mail = (message, settings, password, timeout_s)
        self.decided = threading.Event()  # taken or not
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Deliver it."""
        try:
            _deliver(*self._mail, on_taken=self.decided.set)
        except BaseException as error:  # noqa: BLE001 - `send` raises it
            self.failure = error
        self.decided.set()


def _deliver(
    message: EmailMessage,
    settings: EmailSettings,
    password: str | None,
    timeout_s: float,
    *,
    on_taken: Callable[[], None],
) -> None:
    place = _place(settings)
    try:
        server = _connect(settings, timeout_s)
    except ssl.SSLCertVerificationError as error:
        raise _not_valid(place, error) from error
    except (OSError, smtplib.SMTPException) as error:
        hint = "check host, port and security under [email] in the config"
        raise OutputError(f"{place} cannot be reached: {_reason(error)}", hint=hint) from error
    try:
        _hand_over(server, message, settings, password)
        on_taken()
    except ssl.SSLCertVerificationError as error:
        raise _not_valid(place, error) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        sentence = f"{place} did not take the mail: {_reason(error)}"
        raise OutputError(sentence, hint=_hint(error)) from error
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _place(settings: EmailSettings) -> str:
    return f"the mail server {settings.host}:{settings.port}"


def _is_here(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


def _connect(settings: EmailSettings, timeout_s: float) -> smtplib.SMTP:
    assert settings.host is not None
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout_s, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=timeout_s)


def _hand_over(
    server: smtplib.SMTP, message: EmailMessage, settings: EmailSettings, password: str | None
) -> None:
    if settings.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if settings.user is not None and password is not None:
        server.login(settings.user, password)
    server.send_message(message)


def _reason(error: Exception) -> str:
    """Say in one line what went wrong; a server's own words are cleaned first."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        refused = "; ".join(
            f"{who}: {code} {_decode(words)}" for who, (code, words) in error.recipients.items()
        )
        return to_line(refused, is_html=False, limit=200)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"user or password refused ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return to_line(f"{error.smtp_code} {_decode(error.smtp_error)}", is_html=False, limit=200)
    if isinstance(error, TimeoutError) or "timed out" in str(error):  # smtplib says it in words only
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it closed the connection"
    said = (isinstance(error, OSError) and error.strerror) or str(error)  # without the number of the fault
    return to_line(said, is_html=False, limit=200) or type(error).__name__


def _hint(error: Exception) -> str | None:
    """Say what to look at, where that is plain."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"check user under [email] in the config, and the password in {PASSWORD_VARIABLE} or the keyring"
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "check email of the profile in the config"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "check from under [email] in the config"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "check port and security under [email] in the config"
    return None


def _not_valid(place: str, error: ssl.SSLCertVerificationError) -> OutputError:
    return OutputError(
        f"the certificate of {place} is not valid: {error.verify_message}",
        hint="write host under [email] as the certificate has it, or trust one of your own by SSL_CERT_FILE",
    )


def _decode(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
