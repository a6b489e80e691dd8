"""A digest as a mail: the text and the HTML of it, and headers that nothing from outside can add to."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from hashlib import sha256

from hubwatch.errors import UsageError
from hubwatch.models import Digest
from hubwatch.render import safe, text, web, words
from hubwatch.text.controls import shorten

_SUBJECT_CHARS = 150


def render(digest: Digest, *, sender: str, recipient: str) -> EmailMessage:
    """Write a digest as a mail from the sender to the recipient (or several, parted by commas)."""
    clean = safe.digest(digest)
    senders, recipients = _addresses(sender), _addresses(recipient)
    message = EmailMessage(policy=SMTP)
    message["From"] = senders[0]
    message["To"] = recipients
    message["Subject"] = _no_code(shorten(words.heading(clean), _SUBJECT_CHARS))
    message["Date"] = format_datetime(clean.created)
    message["Message-ID"] = message_id(clean, sender=senders[0], recipients=recipients)
    # Tells absence notices and lists not to answer (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable keeps every line under the 998 octets that servers take, and a leading dot harmless.
    message.set_content(text.render(clean), cte="quoted-printable")
    message.add_alternative(web.render(clean, mail=True), subtype="html", cte="quoted-printable")
    return message


def message_id(digest: Digest, *, sender: Address, recipients: tuple[Address, ...]) -> str:
    """Return one id per digest: the same when a mail is sent again because the server gave no answer."""
    parts = [
        digest.title,
        digest.profile or "",
        digest.created.date().isoformat(),
        *(address.addr_spec for address in recipients),
        *sorted(match.item.id for match in digest.ranked),
    ]
    name = sha256("\n".join(parts).encode()).hexdigest()[:32]
    domain = sender.domain.encode("idna").decode() if not sender.domain.isascii() else sender.domain
    return f"<{name}@{domain or 'localhost'}>"


def _addresses(written: str) -> tuple[Address, ...]:
    """Read mail addresses, with names or without; refuse what is none, or could start a header."""
    found = []
    for name, spec in getaddresses([written]):
        try:
            address = Address(display_name=_no_code(safe.line(name)), addr_spec=spec)
        except (HeaderParseError, ValueError, IndexError) as error:
            raise _no_address(written) from error
        if not address.domain or not address.username or safe.line(spec) != spec or " " in spec:
            raise _no_address(written)
        found.append(address)
    if not found or "\n" in written or "\r" in written:
        raise _no_address(written)
    return tuple(found)


def _no_code(text: str) -> str:
    """Part what looks like an encoded word (RFC 2047): it would be decoded, with any end of line inside."""
    return text.replace("=?", "= ?")


def _no_address(written: str) -> UsageError:
    return UsageError(
        f"'{safe.line(written)}' is no mail address", hint="write it in the config like alice@example.com"
    )
