"""E-mail: what a mail server gets, and what each of its answers, and each lack of one, means."""

import datetime as dt
import ipaddress
import logging
import socket
import ssl
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal import clock
from portal.config import Settings
from portal.messaging import rules
from portal.messaging.gateways import base, smtp
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.gateways.router import gateway
from portal.messaging.gateways.smtp import Smtp
from tests.support import outbox
from tests.support.fake_provider import closed_port

HOST, TO = "127.0.0.1", "anna@example.se"
SETTINGS = replace(
    Settings.from_environment({"DEPLOYMENT": "demo"}), smtp_host=HOST, smtp_from="portalen@example.se"
)


class Server:
    """A mail server in the test's own hands: it keeps what it took, and answers as told."""

    def __init__(self) -> None:
        self.took: list[EmailMessage] = []
        self.to_rcpt = self.to_data = "250 OK"
        self.users: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _: Any) -> str:
        if self.to_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.to_data == "gone":
            self.took.append(self._read(envelope))
            server.transport.abort()
            return "250 OK"
        if self.to_data.startswith("250"):
            self.took.append(self._read(envelope))
        return self.to_data

    def _read(self, envelope: Any) -> EmailMessage:
        assert (envelope.mail_from, envelope.rcpt_tos) == ("portalen@example.se", [TO])
        return message_from_bytes(envelope.content, policy=default)

    def know(self, _server: Any, _session: Any, _envelope: Any, _way: str, who: LoginPassword) -> AuthResult:
        """Whether this user is let in."""
        self.users.append((who.login, who.password))
        return AuthResult(success=who.password == b"right", handled=False)


Start = Callable[..., Settings]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def start(server: Server) -> Iterator[Start]:
    running: list[Controller] = []

    def begin(**more: Any) -> Settings:
        controller = Controller(server, hostname=HOST, port=closed_port(), **more)
        controller.start()
        running.append(controller)
        return replace(SETTINGS, smtp_port=controller.port)

    yield begin
    for one in running:
        one.stop()


def outgoing(**changes: Any) -> Outgoing:
    made = Outgoing(
        uuid.uuid4(),
        TO,
        "Hej! Du får läsa något nytt.",
        600,
        organisation_id=outbox.ORGANISATION,
        kind="test",
        channel=rules.EMAIL,
        subject_line="Något nytt åäö",
    )
    return replace(made, **changes)


def test_a_letter_is_whole_plain_and_known_by_its_row(server: Server, start: Start, now: dt.datetime) -> None:
    message = outgoing()
    assert Smtp(start()).send(message) == Outcome(rules.SENT, provider="smtp")
    (letter,) = server.took
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        "portalen@example.se",
        TO,
        "Något nytt åäö",
    )
    assert letter["Message-ID"] == f"<{message.id}@example.se>"
    assert letter["Date"].datetime == now
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().strip() == "Hej! Du får läsa något nytt."
    assert letter.get_content_type() == "text/plain"


def test_a_subject_adds_no_header_of_its_own(server: Server, start: Start) -> None:
    """S28."""
    Smtp(start()).send(outgoing(subject_line="Hej\r\nBcc: x@example.se\u202e"))
    assert server.took[0]["Subject"] == "Hej Bcc: x@example.se"
    assert server.took[0]["Bcc"] is None


def test_what_is_no_address_goes_nowhere(server: Server, start: Start) -> None:
    """S28."""
    outcome = Smtp(start()).send(outgoing(address="a@example.se\r\nBcc: b@example.se"))
    assert (outcome.state, outcome.error_code, server.took) == (rules.FAILED, "smtp address", [])


@pytest.mark.parametrize(
    "at, answer, state, code",
    [
        ("to_rcpt", "550 no such mailbox", rules.FAILED, "smtp 550"),
        ("to_rcpt", "450 mailbox busy", rules.QUEUED, "smtp 450"),
        ("to_data", "554 refused", rules.FAILED, "smtp 554"),
        ("to_data", "451 later", rules.QUEUED, "smtp 451"),
    ],
)
def test_a_refusal_is_for_now_or_for_good(
    server: Server, start: Start, at: str, answer: str, state: str, code: str
) -> None:
    """S53."""
    setattr(server, at, answer)
    outcome = Smtp(start()).send(outgoing())
    assert (outcome.state, outcome.error_code, outcome.provider) == (state, code, "smtp")
    assert server.took == []


def test_an_answer_lost_after_acceptance_is_unknown(server: Server, start: Start) -> None:
    """S53."""
    server.to_data = "gone"
    outcome = Smtp(start()).send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.UNKNOWN, "smtp no answer")
    assert len(server.took) == 1


def test_nobody_there_is_tried_again() -> None:
    """S52."""
    outcome = Smtp(replace(SETTINGS, smtp_port=closed_port())).send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.QUEUED, "smtp unreachable")


def test_to_another_machine_nothing_goes_unencrypted(
    server: Server, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK", frozenset())
    outcome = Smtp(start()).send(outgoing())
    assert (outcome.state, outcome.error_code, server.took) == (rules.QUEUED, "smtp insecure", [])


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for this machine, and the file with which a client trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    began = clock.system_time() - dt.timedelta(hours=1)
    subject = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, began, began + dt.timedelta(days=1))
    made = builder.add_extension(subject, critical=True).sign(key, hashes.SHA256())
    both = tmp_path / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, both


@pytest.mark.parametrize(
    "password, state, code", [("right", rules.SENT, ""), ("wrong", rules.QUEUED, "smtp login")]
)
def test_the_user_is_told_behind_encryption_alone(
    server: Server,
    start: Start,
    tls: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    state: str,
    code: str,
) -> None:
    """A server that lets nobody in before STARTTLS, and one that is wrong to let in."""
    monkeypatch.setattr(smtp, "LOOPBACK", frozenset())
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    settings = start(tls_context=tls[0], require_starttls=True, authenticator=server.know, auth_required=True)
    way = Smtp(replace(settings, smtp_username="portalen", smtp_password=password))
    outcome = way.send(outgoing())
    assert (outcome.state, outcome.error_code) == (state, code)
    assert set(server.users) == {(b"portalen", password.encode())}


def test_a_server_that_nobody_vouches_for_gets_nothing(
    server: Server, start: Start, tls: tuple[ssl.SSLContext, Path]
) -> None:
    settings = start(tls_context=tls[0], require_starttls=True)
    outcome = Smtp(replace(settings, smtp_username="portalen", smtp_password="right")).send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.QUEUED, "smtp unreachable")
    assert (server.took, server.users) == ([], [])


def test_the_log_names_neither_address_nor_text(
    server: Server, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """S44: servers repeat the address in their answers; our log does not."""
    caplog.set_level(logging.DEBUG, logger="portal")
    server.to_rcpt = f"550 no such mailbox {TO}"
    way = Smtp(start())
    way.send(outgoing())
    server.to_rcpt, server.to_data = "250 OK", "gone"
    way.send(outgoing())
    assert TO not in caplog.text
    assert "no answer" in caplog.text


def test_e_mail_and_sms_each_take_their_own_way(server: Server, start: Start) -> None:
    real = replace(start(), sms_provider="twilio", twilio_account_sid="AC1", twilio_auth_token="t")
    assert gateway(real).send(outgoing()).provider == "smtp"
    assert gateway(real).look_up("", "smtp") is None
    none = gateway(replace(real, smtp_host=""))
    assert none.send(outgoing()) == Outcome(rules.FAILED, error_code="no mail")
    demo = gateway(replace(real, sms_provider="console"))
    assert demo.send(outgoing()) == Outcome(rules.SENT, provider="console")
    assert len(server.took) == 1


def test_a_slow_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """S53: there is a time limit, and before the letter is handed over nobody was written to."""
    monkeypatch.setattr(base, "TIMEOUT_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        outcome = Smtp(replace(SETTINGS, smtp_port=silent.getsockname()[1])).send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.QUEUED, "smtp unreachable")
