"""What providers tell us of a message, and what comes in through them."""

import uuid

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator

from portal import clock, db
from portal.config import ELKS, TWILIO, Settings
from portal.messaging import incoming_service, service
from portal.messaging.gateways import elks, twilio, twilio_calls
from portal.web.access import callback, late

bp = Blueprint("messaging", __name__)


@bp.post("/sms/twilio/<uuid:message_id>")
@callback
@late
def twilio_receipt(message_id: uuid.UUID) -> ResponseReturnValue:
    """Settle a message by Twilio's signed report; nothing is read before the signature holds (S26)."""
    settings: Settings = current_app.config["STIGEN"]
    if not _signed(settings):
        abort(403)
    state = twilio.STATES.get(request.form.get("MessageStatus", ""))
    reference = twilio.reference_of(request.form.get("MessageSid"))
    return _settle(message_id, TWILIO, state, reference, twilio.code_of(request.form.get("ErrorCode")))


@bp.post("/voice/twilio/<uuid:message_id>")
@callback
@late
def twilio_call(message_id: uuid.UUID) -> ResponseReturnValue:
    """Settle a call by Twilio's signed report; nothing is read before the signature holds (S26)."""
    if not _signed(current_app.config["STIGEN"]):
        abort(403)
    status = request.form.get("CallStatus", "")
    reference = twilio_calls.reference_of(request.form.get("CallSid"))
    state = twilio_calls.STATES.get(status)
    return _settle(message_id, TWILIO, state, reference, twilio_calls.code_of(status))


@bp.post("/sms/46elks/<uuid:message_id>/<secret>")
@callback
@late
def elks_receipt(message_id: uuid.UUID, secret: str) -> ResponseReturnValue:
    """Settle a message by a report of 46elks, which comes to an address that only they and we know (S26)."""
    settings: Settings = current_app.config["STIGEN"]
    if not settings.elks_password or not elks.is_secret_of(message_id, secret):
        abort(403)
    state = elks.STATES.get(request.form.get("status", ""))
    reference = elks.reference_of(request.form.get("id"))
    return _settle(message_id, ELKS, state, reference)


@bp.post("/sms/twilio/incoming")
@callback
@late
def twilio_incoming() -> ResponseReturnValue:
    """Keep an SMS that somebody sent us; nothing is read before the signature holds (S26).

    An empty answer lets Twilio send none (twilio.com/docs/usage/webhooks/sms-webhooks); the fields are those
    of twilio.com/docs/messaging/guides/webhook-request.
    """
    if not _signed(current_app.config["STIGEN"]):
        abort(403)
    form = request.form
    _keep(TWILIO, twilio.reference_of(form.get("MessageSid")), form.get("From", ""), form.get("Body", ""))
    return Response("<Response/>", content_type="text/xml")


@bp.post("/sms/46elks/incoming/<secret>")
@callback
@late
def elks_incoming(secret: str) -> ResponseReturnValue:
    """Keep an SMS that somebody sent us; its address is known to 46elks and us alone (S26).

    A status from 200 to 204 is taken as an answer, and what it said would be sent as an SMS
    (46elks.com/docs/receive-sms).
    """
    settings: Settings = current_app.config["STIGEN"]
    if not settings.elks_password or not elks.is_incoming_secret(secret):
        abort(403)
    form = request.form
    _keep(ELKS, elks.reference_of(form.get("id")), form.get("from", ""), form.get("message", ""))
    return "", 204


def _settle(
    message_id: uuid.UUID, provider: str, state: str | None, reference: str, error_code: str = ""
) -> ResponseReturnValue:
    if state and reference:
        service.receive_receipt(
            db.begin_writing(),
            message_id,
            provider=provider,
            state=state,
            reference=reference,
            error_code=error_code,
            now=clock.now(),
        )
    return "", 204


def _keep(provider: str, reference: str, address: str, body: str) -> None:
    if not reference:
        return
    session = db.begin_writing()
    # Whose a number is, a room above knows.
    homes = current_app.extensions["number_homes"](session, address)
    incoming_service.receive(
        session,
        provider=provider,
        reference=reference,
        address=address,
        body=body,
        homes=homes,
        now=clock.now(),
    )


def _signed(settings: Settings) -> bool:
    given = request.headers.get("X-Twilio-Signature", "")
    if not settings.twilio_auth_token or not given.isascii():
        return False
    address = settings.public_base_url + request.full_path.rstrip("?")
    return bool(RequestValidator(settings.twilio_auth_token).validate(address, request.form, given))
