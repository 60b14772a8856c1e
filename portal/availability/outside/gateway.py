"""Fetching a calendar from its server, and from nowhere else.

The host's name is resolved once, every address it leads to must be one of the open internet, and the
connection goes to one of these very addresses, with the certificate of the name: whoever changes what the
name leads to in between gains nothing. Nothing of this process goes along: no proxy, no cookie, no
credential. All of it, however slowly it drips, is over within `TOTAL_SECONDS`.
"""

import io
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any, cast
from urllib.parse import urljoin

from portal.availability.outside.address_rules import Address, WrongAddress, is_public, parse

TOTAL_SECONDS = 20.0
"""For names, connections, redirects and the whole calendar together."""
CONNECT_SECONDS = 5.0
MOST_BYTES = 5 * 1024 * 1024
"""A calendar's size, both as it is sent and as it is unpacked: ten years of a full calendar."""
MOST_REDIRECTS = 3
MOST_TRIED = 3
"""Addresses of one name that are tried."""
PIECE = 64 * 1024
VALIDATOR_MOST = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FAILURES = {401: "refused", 403: "refused", 404: "not_found", 410: "not_found"}


class Failed(Exception):
    """A calendar that could not be read; `code` is one of `rules.PROBLEMS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Seen:
    """What a server said of a version of a calendar: its ETag, and when it was changed; "" where nothing."""

    etag: str = ""
    modified: str = ""


NOTHING_SEEN = Seen()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A calendar as it was sent; `body` None: it is the version that had been seen."""

    body: bytes | None
    seen: Seen = NOTHING_SEEN


def _resolve(host: str) -> list[str]:
    return [str(one[4][0]) for one in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]


def _connect(address: str, seconds: float) -> socket.socket:
    return socket.create_connection((address, 443), timeout=seconds)


@dataclass(frozen=True)
class Net:
    """The way out. Tests put a name server and a server of their own here."""

    resolve: Callable[[str], list[str]] = _resolve
    connect: Callable[[str, float], socket.socket] = _connect
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    clock: Callable[[], float] = monotonic


@dataclass(frozen=True)
class _Deadline:
    at: float
    clock: Callable[[], float]

    def left(self, most: float = TOTAL_SECONDS) -> float:
        seconds = min(self.at - self.clock(), most)
        if seconds <= 0:
            raise TimeoutError
        return seconds


class _Timed(io.RawIOBase):
    """A connection that is read from until the deadline, and not a moment longer for each byte that drips."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes. Raises TimeoutError at the deadline."""
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What an HTTPResponse reads from."""
        return io.BufferedReader(self)


def fetch(address: str, hosts: Collection[str], seen: Seen, net: Net) -> Fetched:
    """The calendar at this address, unless it is the version `seen`. Raises Failed.

    `hosts`: those that the organisation reads from beside the known ones.
    """
    deadline = _Deadline(net.clock() + TOTAL_SECONDS, net.clock)
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            where = parse(address, hosts)
            with closing(_connected(where.host, deadline, net)) as connection:
                response = _ask(connection, where, seen, deadline)
                if response.status not in REDIRECTS:
                    return _read(response, seen)
                address = urljoin(str(where), response.headers.get("Location", ""))
    except WrongAddress as wrong:
        raise Failed("host" if wrong.code == "host" else "moved") from None
    except (OSError, HTTPException, ValueError):
        raise Failed("no_answer") from None
    raise Failed("moved")


def _connected(host: str, deadline: _Deadline, net: Net) -> socket.socket:
    """A connection to the host, whose certificate it has shown."""
    addresses = list(dict.fromkeys(_resolved(host, deadline, net)))
    if not addresses or not all(map(is_public, addresses)):
        raise Failed("unsafe")
    refused: OSError = OSError("no address")
    for address in addresses[:MOST_TRIED]:
        try:
            plain = net.connect(address, deadline.left(CONNECT_SECONDS))
        except OSError as error:
            refused = error
            continue
        try:
            plain.settimeout(deadline.left())
            return net.context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
    raise refused


def _resolved(host: str, deadline: _Deadline, net: Net) -> list[str]:
    """What the name leads to. A name server that is silent is not waited for: nothing can stop the asking."""
    found: list[list[str]] = []

    def ask() -> None:
        try:
            found.append(net.resolve(host))
        except (OSError, UnicodeError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(deadline.left(CONNECT_SECONDS))
    if not found:
        raise TimeoutError
    return found[0]


def _ask(connection: socket.socket, where: Address, seen: Seen, deadline: _Deadline) -> HTTPResponse:
    lines = [
        f"GET {where.path} HTTP/1.1",
        f"Host: {where.host}",
        "User-Agent: Stigen",
        "Accept: text/calendar",
        "Accept-Encoding: gzip",
        "Connection: close",
    ]
    lines += [f"If-None-Match: {seen.etag}"] if seen.etag else []
    lines += [f"If-Modified-Since: {seen.modified}"] if seen.modified else []
    connection.settimeout(deadline.left())
    connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    response = HTTPResponse(cast(Any, _Timed(connection, deadline)), method="GET")
    response.begin()
    return response


def _read(response: HTTPResponse, seen: Seen) -> Fetched:
    if response.status == 304 and seen != NOTHING_SEEN:
        return Fetched(None, seen)
    if response.status != 200:
        raise Failed(FAILURES.get(response.status, "no_answer"))
    said = response.headers
    body = _whole(_unpacked(response))
    return Fetched(body, Seen(_validator(said.get("ETag")), _validator(said.get("Last-Modified"))))


def _validator(said: str | None) -> str:
    """What may be said back to the server: nothing that could end its line or fill it."""
    given = (said or "").strip()
    return given if len(given) <= VALIDATOR_MOST and given.isascii() and given.isprintable() else ""


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    sent = 0
    while piece := response.read(PIECE):
        sent += len(piece)
        if sent > MOST_BYTES:
            raise Failed("too_big")
        yield piece


def _unpacked(response: HTTPResponse) -> Iterator[bytes]:
    packed = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if packed == "identity":
        yield from _pieces(response)
        return
    if packed not in ("gzip", "x-gzip"):
        raise Failed("not_calendar")
    unpacking = zlib.decompressobj(wbits=31)
    for piece in _pieces(response):
        try:
            yield unpacking.decompress(piece, PIECE)
            while unpacking.unconsumed_tail:
                yield unpacking.decompress(unpacking.unconsumed_tail, PIECE)
        except zlib.error:
            raise Failed("not_calendar") from None


def _whole(pieces: Iterator[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise Failed("too_big")
    return bytes(body)
