"""E-mail, handed to a mail server of the house (RFC 5321, RFC 3207)."""

import logging
import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime

from portal import clock
from portal.config import SMTP, Settings
from portal.messaging import rules
from portal.messaging.gateways import base
from portal.messaging.gateways.base import Outcome, Outgoing

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Where a letter leaves the machine by another door: what stays on it need not be encrypted."""


class NoEncryption(Exception):
    """The server does not offer STARTTLS."""


class Smtp:
    """A way out for e-mail. A letter that may have been taken is not sent again.

    What has been taken is `sent` and stays so: nobody reports whether it arrived.
    """

    keeps_text = False

    def __init__(self, settings: Settings) -> None:
        self._host, self._port = settings.smtp_host, settings.smtp_port
        self._account = (settings.smtp_username, settings.smtp_password)
        self._sender = settings.smtp_from

    def send(self, message: Outgoing) -> Outcome:
        """Try once: until the letter is handed over nobody was written to, after that nobody knows."""
        try:
            letter = self._letter(message)
        except ValueError:
            return Outcome(rules.FAILED, error_code="smtp address", provider=SMTP)
        try:
            line = self._open()
        except Exception as broken:
            return _told(rules.QUEUED, _why_closed(broken), broken)
        try:
            line.send_message(letter, self._sender, [message.address])
        except smtplib.SMTPException as refusal:
            return _refused(refusal)
        except Exception as broken:
            return _told(rules.UNKNOWN, "smtp no answer", broken)
        finally:
            with suppress(Exception):
                line.quit()
            line.close()
        return Outcome(rules.SENT, provider=SMTP)

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """A mail server keeps no account of what it has sent on."""
        return None

    def _letter(self, message: Outgoing) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self._sender, message.address
        letter["Subject"] = rules.one_line(message.subject_line)
        letter["Date"] = format_datetime(clock.now())
        # A second copy of the same row is known as one.
        letter["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2]}>"
        # No answering machine answers it (RFC 3834).
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.body)
        if message.calendar:
            _bring(letter, message.calendar)
        return letter

    def _open(self) -> smtplib.SMTP:
        line = smtplib.SMTP(self._host, self._port, timeout=base.TIMEOUT_SECONDS)
        try:
            line.ehlo()
            if line.has_extn("starttls"):
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            elif self._host not in LOOPBACK:
                raise NoEncryption
            if self._account[0]:
                line.login(*self._account)
        except Exception:
            line.close()
            raise
        return line


def _bring(letter: EmailMessage, calendar: str) -> None:
    """What calendar programs read, as another form of the text, with its method named (RFC 6047, 2.4)."""
    method = re.search(r"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    named = {"method": method[1]} if method else {}
    letter.add_alternative(calendar, subtype="calendar", params=named)


def _why_closed(broken: Exception) -> str:
    if isinstance(broken, NoEncryption):
        return "smtp insecure"
    login = smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError
    return "smtp login" if isinstance(broken, login) else "smtp unreachable"


def _refused(refusal: smtplib.SMTPException) -> Outcome:
    """What the server's refusal of a letter means: 4yz for now, 5yz for good (RFC 5321, 4.2.1)."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, ours = next(iter(refusal.recipients.values()))[0], False
    elif isinstance(refusal, smtplib.SMTPResponseException):
        # A sender that is refused is our setting, and no fault of the address.
        code, ours = refusal.smtp_code, isinstance(refusal, smtplib.SMTPSenderRefused)
    else:
        return _told(rules.UNKNOWN, "smtp no answer", refusal)
    for_good = 500 <= code < 600 and not ours
    return Outcome(rules.FAILED if for_good else rules.QUEUED, error_code=f"smtp {code}", provider=SMTP)


def _told(state: str, code: str, broken: Exception) -> Outcome:
    log.warning("mail server: %s (%s)", code.removeprefix("smtp "), type(broken).__name__)
    return Outcome(state, error_code=code, provider=SMTP)
