"""A provider of our own on loopback that answers as Twilio does, also when it answers badly.

    with FakeTwilio() as twilio:
        ...

What one can tell it and ask it stands in `fake_provider`.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request, Response

from tests.support import twilio_description
from tests.support.fake_provider import Accept, Answer, FakeProvider, Refuse, Sms, closed_port
from tests.support.twilio_description import CREATE, CREATE_CALL, FETCH, FETCH_CALL, FORM

__all__ = ["Accept", "Answer", "FakeTwilio", "Refuse", "Sms", "closed_port"]

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token that only the tests know"
SENDER = "+46700000000"
NOTHING: Mapping[str, str] = {}


class FakeTwilio(FakeProvider):
    """Twilio's messages and calls; of a call `body` is its TwiML."""

    def faults(self, request: Request) -> list[str]:
        """What Twilio would not know, by its published description."""
        return problems(request.method, request.path, request.headers, request.form)

    def read(self, request: Request) -> Sms:
        """The message or the call that is asked for."""
        form, rings = request.form, "Twiml" in request.form
        return Sms(
            sid=("CA" if rings else "SM") + uuid.uuid4().hex,
            to=form.get("To", ""),
            body=form.get("Twiml" if rings else "Body", ""),
            callback=form.get("StatusCallback", ""),
            fields=form.to_dict(),
        )

    def success(self, sms: Sms, status: str) -> Response:
        """201 with the message or the call."""
        return _json(resource(sms, status or "queued"), 201)

    def refusal(self, answer: Refuse, to: str) -> Response:
        """Twilio's own kind of error."""
        body = {"code": answer.code, "message": f"about {to}", "status": answer.http}
        return _json(body, answer.http)

    def state_of(self, request: Request) -> Response | None:
        """One message by its name."""
        path = request.path
        named = twilio_description.path_values(FETCH, "get", path)
        named = named or twilio_description.path_values(FETCH_CALL, "get", path)
        if request.method != "GET" or named is None:
            return None
        sid = named["Sid"]
        found = [sms for sms in self.accepted if sms.sid == sid]
        if not found or sid not in self.states:
            return _json({"code": 20404, "message": "not found", "status": 404}, 404)
        status, code = self.states[sid]
        answer = resource(found[0], status)
        return _json({**answer, "error_code": code} if "error_code" in answer else answer, 200)

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

    def report_call(
        self, call: Sms, status: str, changes: Mapping[str, str] = NOTHING
    ) -> tuple[str, dict[str, str], dict[str, str]]:
        """A signed status callback of a call: its address, form and headers (voice/api/call-resource)."""
        form = {
            "CallSid": call.sid,
            "AccountSid": ACCOUNT,
            "To": call.to,
            "From": SENDER,
            "CallStatus": status,
            "Direction": "outbound-api",
            "ApiVersion": "2010-04-01",
            **changes,
        }
        return call.callback, form, {"X-Twilio-Signature": signature(call.callback, form)}


INCOMING = "http://127.0.0.1:8000/sms/twilio/incoming"


def incoming(
    address: str, body: str, sid: str = "", **changes: str
) -> tuple[str, dict[str, str], dict[str, str]]:
    """A signed message from a phone: address, form and headers (docs/messaging/guides/webhook-request)."""
    sid = sid or "SM" + uuid.uuid4().hex
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": address,
        "To": SENDER,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
        **changes,
    }
    return INCOMING, form, {"X-Twilio-Signature": signature(INCOMING, form)}


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def resource(sms: Sms, status: str) -> dict[str, Any]:
    """A message, or a call, as Twilio answers it."""
    if sms.sid.startswith("CA"):
        return call_resource(sms, status)
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


def call_resource(call: Sms, status: str) -> dict[str, Any]:
    """A call, as Twilio answers it."""
    nothing = ("answered_by", "caller_name", "duration", "end_time", "forwarded_from", "group_sid")
    later = ("parent_call_sid", "phone_number_sid", "price", "start_time", "trunk_sid")
    return {
        **dict.fromkeys((*nothing, *later)),
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "date_created": "Thu, 24 Aug 2023 05:01:45 +0000",
        "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000",
        "direction": "outbound-api",
        "from": call.fields.get("From"),
        "from_formatted": call.fields.get("From"),
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "status": status,
        "subresource_uris": {},
        "to": call.to,
        "to_formatted": call.to,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{call.sid}.json",
    }


def problems(method: str, path: str, headers: Any, form: MultiDict[str, str]) -> list[str]:
    """What in a request Twilio would not know, by its published description."""
    found = []
    template = CREATE_CALL if path.endswith("/Calls.json") else CREATE
    if method != "POST" or twilio_description.path_values(template, "post", path) is None:
        found.append(f"{method} {path}")
    expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if headers.get("Authorization") != expected:
        found.append("wrong credentials")
    if headers.get("Content-Type", "").split(";")[0] != FORM:
        found.append(f"content type {headers.get('Content-Type')}")
    found += twilio_description.form_problems(form, template)
    if not ({"From", "MessagingServiceSid"} & set(form)):
        found.append("no sender")
    return found


def signature(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    """The value of X-Twilio-Signature for this callback."""
    made: str = RequestValidator(token).compute_signature(url, form)
    return made
