"""A provider of our own on loopback that answers as Twilio does, also when it answers badly.

    with FakeTwilio() as twilio:
        ...

What one can tell it and ask it stands in `fake_provider`.
"""

import base64
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from tests.support.fake_provider import Accept, Answer, FakeProvider, Refuse, Sms, closed_port

__all__ = ["Accept", "Answer", "FakeTwilio", "Refuse", "Sms", "closed_port"]

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


class FakeTwilio(FakeProvider):
    """Twilio's messages."""

    def faults(self, request: Request) -> list[str]:
        """What Twilio would not know, by its published description."""
        return problems(request.method, request.path, request.headers, request.form)

    def read(self, request: Request) -> Sms:
        """The message that is asked for."""
        form = request.form
        return Sms(
            sid="SM" + uuid.uuid4().hex,
            to=form.get("To", ""),
            body=form.get("Body", ""),
            callback=form.get("StatusCallback", ""),
            fields=form.to_dict(),
        )

    def success(self, sms: Sms, status: str) -> Response:
        """201 with the message."""
        return _json(_resource(sms, status or "queued"), 201)

    def refusal(self, answer: Refuse, to: str) -> Response:
        """Twilio's own kind of error."""
        body = {"code": answer.code, "message": f"about {to}", "status": answer.http}
        return _json(body, answer.http)

    def state_of(self, request: Request) -> Response | None:
        """One message by its name."""
        named = ONE.fullmatch(request.path)
        if request.method != "GET" or not named:
            return None
        found = [sms for sms in self.accepted if sms.sid == named[1]]
        if not found or named[1] not in self.states:
            return _json({"code": 20404, "message": "not found", "status": 404}, 404)
        status, code = self.states[named[1]]
        return _json({**_resource(found[0], status), "error_code": code}, 200)

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


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


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
