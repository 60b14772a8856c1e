"""A server of calendars on loopback, with certificates of its own authority, and a name server beside it."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal import clock
from portal.availability.outside.gateway import Net

PUBLIC = "93.184.216.34"
GOOGLE = "calendar.google.com"
NAMES = (GOOGLE, "outlook.office365.com")
Answer = bytes | Callable[[dict[str, str]], Iterable[bytes]]


def calendar(*events: str) -> bytes:
    """A calendar of these events, each its lines apart by line ends."""
    blocks = [
        f"BEGIN:VEVENT\nUID:{number}@example\nDTSTAMP:20261101T000000Z\nSUMMARY:Hemligt\n{one}\nEND:VEVENT"
        for number, one in enumerate(events)
    ]
    whole = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//SV", *blocks, "END:VCALENDAR", ""])
    return whole.replace("\n", "\r\n").encode()


def answer(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    """A whole answer of a server; underscores of header names are hyphens."""
    said = {"Content-Length": str(len(body)), **{name.replace("_", "-"): it for name, it in headers.items()}}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {it}" for name, it in said.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@cache
def certificate() -> tuple[bytes, bytes, bytes]:
    """The authority's certificate, and a server's certificate and key for the known names; PEM."""
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in "ab")
    day, now = timedelta(days=1), clock.system_time()

    def signed(name: str, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> bytes:
        building = x509.CertificateBuilder(
            issuer_name=_name("Test CA"),
            subject_name=_name(name),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - day,
            not_valid_after=now + day,
        )
        made = building.add_extension(extension, critical=True).sign(authority, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM)

    own = signed("Test CA", authority, x509.BasicConstraints(ca=True, path_length=0))
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in NAMES])
    key = server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return own, signed("server", server, alternatives), key


@dataclass
class CalendarServer:
    """What it answers by path, what it was asked, and where it was connected to."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    port: int = 0
    ticks: float = 0.0
    step: float = 0.0

    def _resolve(self, host: str) -> list[str]:
        """What the name leads to this time; the last one stays."""
        self.resolved.append(host)
        turns = self.names.get(host, [[PUBLIC]])
        return turns.pop(0) if len(turns) > 1 else turns[0]

    def _connect(self, address: str, seconds: float) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def _clock(self) -> float:
        """A clock that goes `step` seconds each time it is looked at."""
        self.ticks += self.step
        return self.ticks

    @property
    def net(self) -> Net:
        """The way to it."""
        context = ssl.create_default_context(cadata=certificate()[0].decode())
        return Net(self._resolve, self._connect, context, self._clock)


def _serve(server: CalendarServer, plain: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
        asked = b""
        while b"\r\n\r\n" not in asked and (piece := connection.recv(65536)):
            asked += piece
        first, *lines = asked.decode().split("\r\n\r\n")[0].split("\r\n")
        headers: Mapping[str, str] = dict(line.split(": ", 1) for line in lines)
        path = first.split()[1]
        server.asked.append((path, dict(headers)))
        said = server.answers.get(path, answer("404 Not Found"))
        for piece in [said] if isinstance(said, bytes) else said(dict(headers)):
            connection.sendall(piece)


@contextmanager
def serving() -> Iterator[CalendarServer]:
    """The server while the block lasts."""
    server = CalendarServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        both = Path(folder, "both.pem")
        both.write_bytes(certificate()[1] + certificate()[2])
        context.load_cert_chain(both)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    plain, _ = listening.accept()
                    threading.Thread(target=_serve, args=(server, plain, context), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
