"""What every made-up provider of the tests does: it listens on loopback, and answers as it is told.

    provider.will(number, Refuse(429, retry_after="7"), Accept())   # the next answers for this number
    provider.always(Refuse(500))                     # everything from now on, until always(None)
    provider.sent_to(number)                         # what it accepted: what a phone would show
    provider.states[sid] = ("delivered", None)       # what it says when asked
    provider.report(sms, "delivered")                # a report: address, form and headers
    provider.problems                                # requests that do not have the shape that is published

Nothing it accepts is ever forgotten, so a test sees each SMS that a person would have got.
"""

import socket
import threading
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response


@dataclass(frozen=True)
class Accept:
    """A success. `seconds` is how long it takes to answer; `lost` drops the line after accepting.

    `body` is answered instead of the message where it is given: a success that nobody can read.
    """

    status: str = ""
    seconds: float = 0
    lost: bool = False
    body: str | None = None


@dataclass(frozen=True)
class Refuse:
    """An error answer; `code` is the provider's own, `retry_after` the header's value.

    `body` is answered instead where it is given: an error of something between us and the provider.
    """

    http: int
    code: int | None = None
    retry_after: str = ""
    body: str | None = None


Answer = Accept | Refuse


@dataclass
class Sms:
    """One message that the provider took on."""

    sid: str
    to: str
    body: str
    callback: str
    fields: dict[str, str]


@dataclass
class FakeProvider(ABC):
    """The provider. `url` is its base address while it runs."""

    accepted: list[Sms] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    requests: int = 0
    states: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    _answers: dict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    _always: Answer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._server = make_server("127.0.0.1", 0, self._app, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def will(self, to: str, *answers: Answer) -> None:
        """Answer the next requests for this number so, then accept again."""
        self._answers[to].extend(answers)

    def always(self, answer: Answer | None) -> None:
        """Answer everything so from now on; None ends it."""
        self._always = answer

    def sent_to(self, to: str) -> list[str]:
        """The texts that this number's phone shows."""
        return [sms.body for sms in self.accepted if sms.to == to]

    @abstractmethod
    def faults(self, request: Request) -> list[str]:
        """What in a request to send the provider would not know."""

    @abstractmethod
    def read(self, request: Request) -> Sms:
        """The message that a request to send asks for, with a name of its own."""

    @abstractmethod
    def state_of(self, request: Request) -> Response | None:
        """The answer to a question about one message; None when the request is no such question."""

    @abstractmethod
    def success(self, sms: Sms, status: str) -> Response:
        """What is answered when a message was taken on."""

    @abstractmethod
    def refusal(self, answer: Refuse, to: str) -> Response:
        """What is answered when it was not: it repeats the number, as providers do."""

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        if state := self.state_of(request):
            return state(environ, start_response)
        answer, response = self._answer(request)
        if isinstance(answer, Accept) and answer.seconds:
            self._closing.wait(answer.seconds)
        if isinstance(answer, Accept) and answer.lost:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        response.headers["Connection"] = "close"
        if isinstance(answer, Refuse) and answer.retry_after:
            response.headers["Retry-After"] = answer.retry_after
        return response(environ, start_response)

    def _answer(self, request: Request) -> tuple[Answer, Response]:
        with self._lock:
            self.requests += 1
            self.problems.extend(self.faults(request))
            sms = self.read(request)
            waiting = self._answers[sms.to]
            answer = waiting.popleft() if waiting else (self._always or Accept())
            if isinstance(answer, Refuse):
                if answer.body is not None:
                    return answer, Response(answer.body, answer.http, content_type="text/html")
                return answer, self.refusal(answer, sms.to)
            self.accepted.append(sms)
            if answer.body is not None:
                return answer, Response(answer.body, content_type="application/json")
            return answer, self.success(sms, answer.status)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def closed_port() -> int:
    """A port on loopback where nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
