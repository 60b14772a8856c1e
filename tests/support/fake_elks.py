"""A provider of our own on loopback that answers as 46elks does, also when it answers badly.

    with FakeElks() as elks:
        ...

What one can tell it and ask it stands in `fake_provider`. The facts are those of 46elks.com/docs/send-sms,
/docs/show-sms-id, /docs/sms-delivery-reports, /docs/receive-sms and /kb/text-sender-id.
"""

import base64
import json
import re
import uuid
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.support.fake_provider import FakeProvider, Refuse, Sms

USERNAME, PASSWORD = "u" + "0" * 32, "a password that only the tests know"
SENDER = "Portalen"
REQUIRED_FIELDS = frozenset({"from", "to", "message"})
KNOWN_FIELDS = REQUIRED_FIELDS | {"whendelivered", "dryrun", "flashsms", "dontlog"}
SHAPES = {
    "to": re.compile(r"\+[1-9]\d{6,14}"),
    "from": re.compile(r"\+[1-9]\d{6,14}|[A-Za-z][A-Za-z0-9]{2,10}"),
    "whendelivered": re.compile(r"https?://\S+"),
    "message": re.compile(r".+", re.DOTALL),
    "dryrun": re.compile(r"yes"),
    "dontlog": re.compile(r"message"),
}
ONE = re.compile(r"/a1/sms/(s[0-9a-f]{32})")
EXPECTED = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()


class FakeElks(FakeProvider):
    """46elks' messages."""

    def faults(self, request: Request) -> list[str]:
        """What 46elks would not know, by its documentation."""
        return problems(request)

    def read(self, request: Request) -> Sms:
        """The message that is asked for."""
        form = request.form
        return Sms(
            sid="s" + uuid.uuid4().hex,
            to=form.get("to", ""),
            body=form.get("message", ""),
            callback=form.get("whendelivered", ""),
            fields=form.to_dict(),
        )

    def success(self, sms: Sms, status: str) -> Response:
        """200 with the message."""
        return _json(_resource(sms, status or "created"))

    def refusal(self, answer: Refuse, to: str) -> Response:
        """A text, and no number for the reason."""
        return Response(f"Invalid to number {to}", answer.http, content_type="text/plain")

    def state_of(self, request: Request) -> Response | None:
        """One message by its name."""
        named = ONE.fullmatch(request.path)
        if request.method != "GET" or not named:
            return None
        found = [sms for sms in self.accepted if sms.sid == named[1]]
        if request.headers.get("Authorization") != EXPECTED or not found or named[1] not in self.states:
            return Response("Not found", 404, content_type="text/plain")
        return _json(_resource(found[0], self.states[named[1]][0]))

    def report(self, sms: Sms, status: str, **changes: str) -> tuple[str, dict[str, str], dict[str, str]]:
        """A delivery report: its address, form and headers. Nothing signs it."""
        form = {"id": sms.sid, "status": status}
        if status == "delivered":
            form["delivered"] = "2026-11-24T08:00:07.382000"
        return sms.callback, {**form, **changes}, {}


def incoming(address: str, message: str, sid: str = "", **changes: str) -> dict[str, str]:
    """The form with which 46elks brings a message from a phone (docs/receive-sms)."""
    return {
        "direction": "incoming",
        "id": sid or "s" + uuid.uuid4().hex,
        "from": address,
        "to": "+46700000000",
        "created": "2026-11-24T08:00:00.314100",
        "message": message,
        **changes,
    }


def _resource(sms: Sms, status: str) -> dict[str, Any]:
    return {
        "id": sms.sid,
        "status": status,
        "direction": "outgoing",
        "from": sms.fields.get("from"),
        "to": sms.to,
        "created": "2026-11-24T08:00:00.314100",
        "parts": 1,
        "cost": 3500,
    }


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), content_type="application/json")


def problems(request: Request) -> list[str]:
    """What in a request to send 46elks would not know."""
    form, found = request.form, []
    if (request.method, request.path) != ("POST", "/a1/sms"):
        found.append(f"{request.method} {request.path}")
    if request.headers.get("Authorization") != EXPECTED:
        found.append("wrong credentials")
    if request.mimetype != "application/x-www-form-urlencoded":
        found.append(f"content type {request.mimetype}")
    found += [f"unknown field {name}" for name in form if name not in KNOWN_FIELDS]
    found += [f"missing field {name}" for name in REQUIRED_FIELDS - set(form)]
    found += [f"{name} twice" for name in form if len(form.getlist(name)) > 1]
    found += [
        f"{name} is {form[name]!r}"
        for name, shape in SHAPES.items()
        if name in form and not shape.fullmatch(form[name])
    ]
    return found
