"""/health, for whoever watches the installation."""

from dataclasses import asdict

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from portal import clock, db
from portal.messaging.pace_rules import paces
from portal.ops import queries
from portal.ops.rules import Health
from portal.web.access import public

bp = Blueprint("ops", __name__)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """200 when all is well, else 503; the same facts in both."""
    try:
        found = queries.health(db.session(), clock.now(), paces(current_app.config["STIGEN"]))
    except DBAPIError:
        found = Health(database=False, migrations=False, worker_seconds=None, unsent_seconds=None)
    return jsonify(well=found.well, **asdict(found)), 200 if found.well else 503
