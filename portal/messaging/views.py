"""What providers tell us of a message."""

import uuid

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator

from portal import clock, db
from portal.config import ELKS, TWILIO, Settings
from portal.messaging import service
from portal.messaging.gateways import elks, twilio
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
    if state and reference:
        service.receive_receipt(
            db.begin_writing(),
            message_id,
            provider=TWILIO,
            state=state,
            reference=reference,
            error_code=twilio.code_of(request.form.get("ErrorCode")),
            now=clock.now(),
        )
    return "", 204


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
    if state and reference:
        service.receive_receipt(
            db.begin_writing(),
            message_id,
            provider=ELKS,
            state=state,
            reference=reference,
            error_code="",
            now=clock.now(),
        )
    return "", 204


def _signed(settings: Settings) -> bool:
    given = request.headers.get("X-Twilio-Signature", "")
    if not settings.twilio_auth_token or not given.isascii():
        return False
    address = settings.public_base_url + request.full_path.rstrip("?")
    return bool(RequestValidator(settings.twilio_auth_token).validate(address, request.form, given))
