"""A provider of our own on loopback: it answers as Twilio does, also when it answers badly.

    with FakeTwilio() as twilio:
        twilio.will(number, Refuse(400, 21211), Accept())      # the next answers for this number, in order
        ...
        twilio.sent_to(number)                                # what it accepted: what a phone would show
        twilio.states[sid] = ("delivered", None)              # what it says when asked
        twilio.problems                                       # requests that do not have Twilio's shape

Nothing it accepts is ever forgotten, so a test sees each SMS that a person would have got.
"""

import base64
import json
import re
import socket
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token that only the tests know"
SENDER = "+46700000000"
NOTHING: Mapping[str, str] = {}

# From Twilio's published description of POST /2010-04-01/Accounts/{AccountSid}/Messages.json: the form
# fields that the message part knows, which of them are required, and the shape of those we use.
KNOWN_FIELDS = frozenset(
    [
        "To",
        "StatusCallback",
        "ApplicationSid",
        "MaxPrice",
        "ProvideFeedback",
        "Attempt",
        "ValidityPeriod",
        "ForceDelivery",
        "ContentRetention",
        "AddressRetention",
        "SmartEncoded",
        "PersistentAction",
        "TrafficType",
        "ShortenUrls",
        "ScheduleType",
        "SendAt",
        "SendAsMms",
        "ContentVariables",
        "RiskCheck",
        "From",
        "FallbackFrom",
        "MessagingServiceSid",
        "Body",
        "MediaUrl",
        "ContentSid",
    ]
)
REQUIRED_FIELDS = frozenset({"To"})
SHAPES = {
    "To": re.compile(r"\+[1-9]\d{6,14}"),
    "From": re.compile(r"\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11}"),
    "MessagingServiceSid": re.compile(r"MG[0-9a-fA-F]{32}"),
    "StatusCallback": re.compile(r"https?://[^/_\s]+/\S+"),
    "ValidityPeriod": re.compile(r"[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36000"),
    "Body": re.compile(r".{1,1600}", re.DOTALL),
}
PATH = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages\.json")
ONE = re.compile(r"/2010-04-01/Accounts/AC[0-9a-f]{32}/Messages/(SM[0-9a-f]{32})\.json")


@dataclass(frozen=True)
class Accept:
    """201. `seconds` is how long it takes to answer; `lost` drops the line after accepting."""

    status: str = "queued"
    seconds: float = 0
    lost: bool = False


@dataclass(frozen=True)
class Refuse:
    """An error answer; `code` is Twilio's own, `retry_after` the header's value."""

    http: int
    code: int | None = None
    retry_after: str = ""


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
class FakeTwilio:
    """The provider. `url` is its base address while it runs."""

    accepted: list[Sms] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    requests: int = 0
    states: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    _answers: dict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    _always: Answer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "FakeTwilio":
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

    def report(
        self, sms: Sms, status: str, error_code: int | None = None, changes: Mapping[str, str] = NOTHING
    ) -> tuple[str, dict[str, str], dict[str, str]]:
        """A signed status callback: its address, form and headers."""
        form = {
            "MessageSid": sms.sid,
            "SmsSid": sms.sid,
            "AccountSid": ACCOUNT,
            "To": sms.to,
            "From": SENDER,
            "MessageStatus": status,
            "SmsStatus": status,
            "ApiVersion": "2010-04-01",
        }
        if error_code is not None:
            form["ErrorCode"] = str(error_code)
        form.update(changes)
        return sms.callback, form, {"X-Twilio-Signature": signature(sms.callback, form)}

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        if request.method == "GET" and (named := ONE.fullmatch(request.path)):
            return self._state_of(named[1])(environ, start_response)
        answer, body = self._answer(request)
        if isinstance(answer, Accept) and answer.seconds:
            self._closing.wait(answer.seconds)
        if isinstance(answer, Accept) and answer.lost:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        status = answer.http if isinstance(answer, Refuse) else 201
        response = Response(json.dumps(body), status, content_type="application/json")
        response.headers["Connection"] = "close"
        if isinstance(answer, Refuse) and answer.retry_after:
            response.headers["Retry-After"] = answer.retry_after
        return response(environ, start_response)

    def _state_of(self, sid: str) -> Response:
        found = [sms for sms in self.accepted if sms.sid == sid]
        if not found or sid not in self.states:
            body: dict[str, Any] = {"code": 20404, "message": "not found", "status": 404}
            return Response(json.dumps(body), 404, content_type="application/json")
        status, code = self.states[sid]
        body = {**_resource(found[0], status), "error_code": code}
        return Response(json.dumps(body), 200, content_type="application/json")

    def _answer(self, request: Request) -> tuple[Answer, dict[str, Any]]:
        with self._lock:
            self.requests += 1
            self.problems.extend(problems(request.method, request.path, request.headers, request.form))
            to = request.form.get("To", "")
            waiting = self._answers[to]
            answer = waiting.popleft() if waiting else (self._always or Accept())
            if isinstance(answer, Refuse):
                return answer, {"code": answer.code, "message": f"about {to}", "status": answer.http}
            sms = Sms(
                sid="SM" + uuid.uuid4().hex,
                to=to,
                body=request.form.get("Body", ""),
                callback=request.form.get("StatusCallback", ""),
                fields=request.form.to_dict(),
            )
            self.accepted.append(sms)
            return answer, _resource(sms, answer.status)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def _resource(sms: Sms, status: str) -> dict[str, Any]:
    return {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": sms.body,
        "date_created": "Thu, 24 Aug 2023 05:01:45 +0000",
        "date_sent": None,
        "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": sms.fields.get("From"),
        "messaging_service_sid": sms.fields.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": sms.sid,
        "status": status,
        "subresource_uris": {},
        "to": sms.to,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sms.sid}.json",
    }


def problems(method: str, path: str, headers: Any, form: MultiDict[str, str]) -> list[str]:
    """What in a request Twilio would not know, by the facts of its published description."""
    found = []
    account = PATH.fullmatch(path)
    if method != "POST" or not account:
        found.append(f"{method} {path}")
    expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if headers.get("Authorization") != expected:
        found.append("wrong credentials")
    if headers.get("Content-Type", "").split(";")[0] != "application/x-www-form-urlencoded":
        found.append(f"content type {headers.get('Content-Type')}")
    found += [f"unknown field {name}" for name in form if name not in KNOWN_FIELDS]
    found += [f"missing field {name}" for name in REQUIRED_FIELDS - set(form)]
    found += [f"{name} twice" for name in form if len(form.getlist(name)) > 1]
    for name, shape in SHAPES.items():
        if name in form and not shape.fullmatch(form[name]):
            found.append(f"{name} is {form[name]!r}")
    if not ({"From", "MessagingServiceSid"} & set(form)):
        found.append("no sender")
    return found


def signature(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    """The value of X-Twilio-Signature for this callback."""
    made: str = RequestValidator(token).compute_signature(url, form)
    return made


def closed_port() -> int:
    """A port on loopback where nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
