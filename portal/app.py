"""Puts the house together: settings, database, keys, guards, rooms. Every wire is in this file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import clock, db, schema
from portal.availability import staff_views as availability_staff
from portal.booking import attendance_staff_views as attendance_staff
from portal.booking import attendance_views as here
from portal.booking import calendar_staff_views as calendars_staff
from portal.booking import late_views as late
from portal.booking import room_staff_views as rooms
from portal.booking import staff_views as booking_staff
from portal.booking import topic_staff_views as topics_staff
from portal.booking import topic_views as topics
from portal.booking import travel_staff_views as travel_staff
from portal.booking import travel_views as travel
from portal.booking import views as booking
from portal.booking.clash_queries import clashes
from portal.booking.network import staff_views as network_staff
from portal.booking.network import views as network
from portal.booking.queries import next_starts
from portal.config import Settings
from portal.conversation import staff_views as conversation_staff
from portal.conversation import views as conversation
from portal.conversation.queries import protected_waiting
from portal.conversation.wish_service import time_given
from portal.feedback import staff_views as feedback_staff
from portal.feedback import views as feedback
from portal.followup import staff_views as followup_staff
from portal.followup import views as followup
from portal.groups import staff_views as groups_staff
from portal.groups import views as groups
from portal.groups.ahead_queries import coming
from portal.home import mail_views as mail
from portal.home import reach_views as reach
from portal.home import sheet_views as my_sheet
from portal.home import views as home
from portal.home import wish_views as wish
from portal.identity import sessions
from portal.identity.people import staff_views as people_staff
from portal.identity.people.number_queries import homes_of
from portal.identity.signin import doors, kept_views
from portal.identity.signin import staff_views as signin_staff
from portal.identity.signin import views as signin
from portal.installation import use_settings
from portal.instruments import staff_views as instruments_staff
from portal.interpreter import letter_staff_views as letter_staff
from portal.interpreter import order_staff_views as orders_staff
from portal.interpreter import own_staff_views as own_interpreting
from portal.interpreter import staff_views as interpreter_staff
from portal.interpreter import views as interpreter
from portal.interpreting import register_staff_views as interpreters_staff
from portal.interpreting import wish_views as interpreter_wish
from portal.journal.recorder import Journal
from portal.messaging import views as messaging
from portal.notices import own_staff_views as own_texts
from portal.notices import recording_staff_views as recordings
from portal.notices import staff_views as notices_staff
from portal.notices import views as notices
from portal.ops import demo_views
from portal.ops import staff_views as ops_staff
from portal.ops import views as ops
from portal.organisation import staff_views as organisation_staff
from portal.plan import staff_views as plan_staff
from portal.plan import views as plan
from portal.privacy import staff_views as privacy_staff
from portal.privacy import views as privacy
from portal.reminders import staff_views as reminders_staff
from portal.reports import staff_views as reports_staff
from portal.staff import absence_staff_views as absence
from portal.staff import away_staff_views as away
from portal.staff import block_staff_views as blocks
from portal.staff import call_staff_views as calls_staff
from portal.staff import course_staff_views as course
from portal.staff import feed_views as feed
from portal.staff import group_scale_staff_views as group_scale
from portal.staff import mail_staff_views as mail_staff
from portal.staff import reach_staff_views as reach_staff
from portal.staff import record_staff_views as record
from portal.staff import sending_staff_views as own_messages
from portal.staff import sheet_staff_views as sheet
from portal.staff import sheets_staff_views as sheets
from portal.staff import staff_views as desk
from portal.staff import week_staff_views as week
from portal.surveys import staff_views as surveys_staff
from portal.surveys import views as surveys
from portal.user_audit import staff_views as audit_staff
from portal.user_audit import team_staff_views as audit_team
from portal.user_audit import views as user_audit
from portal.web import (
    access,
    assets,
    compression,
    errors,
    formats,
    headers,
    transaction,
    unnamed,
    uploads,
    words,
)
from portal.web.asker import Asker
from portal.wording import staff_views as wording_staff

ROOT = Path(__file__).parent.parent
ROOMS = (
    signin.bp,
    signin_staff.staff_bp,
    people_staff.staff_bp,
    organisation_staff.staff_bp,
    instruments_staff.staff_bp,
    messaging.bp,
    notices.bp,
    notices_staff.staff_bp,
    own_texts.staff_bp,
    recordings.staff_bp,
    availability_staff.staff_bp,
    plan.bp,
    plan_staff.staff_bp,
    wording_staff.staff_bp,
    booking.bp,
    booking_staff.staff_bp,
    here.bp,
    attendance_staff.staff_bp,
    my_sheet.bp,
    sheet.staff_bp,
    sheets.staff_bp,
    feed.bp,
    calendars_staff.staff_bp,
    rooms.staff_bp,
    network.bp,
    network_staff.staff_bp,
    groups.bp,
    groups_staff.staff_bp,
    feedback.bp,
    feedback_staff.staff_bp,
    surveys.bp,
    surveys_staff.staff_bp,
    conversation.bp,
    conversation_staff.staff_bp,
    followup.bp,
    followup_staff.staff_bp,
    reminders_staff.staff_bp,
    user_audit.bp,
    audit_staff.staff_bp,
    audit_team.staff_bp,
    interpreter.bp,
    interpreter_staff.staff_bp,
    letter_staff.staff_bp,
    orders_staff.staff_bp,
    own_interpreting.staff_bp,
    interpreters_staff.staff_bp,
    interpreter_wish.bp,
    home.bp,
    reach.bp,
    mail.bp,
    wish.bp,
    desk.staff_bp,
    course.staff_bp,
    absence.staff_bp,
    away.staff_bp,
    week.staff_bp,
    blocks.staff_bp,
    late.bp,
    topics.bp,
    topics_staff.staff_bp,
    travel.bp,
    travel_staff.staff_bp,
    reports_staff.staff_bp,
    reach_staff.staff_bp,
    calls_staff.staff_bp,
    mail_staff.staff_bp,
    record.staff_bp,
    group_scale.staff_bp,
    own_messages.staff_bp,
    privacy.bp,
    privacy_staff.staff_bp,
    ops.bp,
    ops_staff.staff_bp,
)
EXEMPT = (
    "signin.leave",
    "messaging.twilio_receipt",
    "messaging.twilio_call",
    "messaging.elks_receipt",
    "messaging.twilio_incoming",
    "messaging.elks_incoming",
    "user_audit.redeem",
)


class Portal(Flask):
    """Flask without views that await: it looked at each function of each request whether it does."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: Settings | None = None, database: db.Database | None = None) -> Flask:
    """The web application. Raises WrongSettings, WrongStamp, or RuntimeError for a view without access."""
    settings = settings or Settings.from_environment(os.environ)
    app = Portal("portal", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(_flask_settings(settings), STIGEN=settings)
    app.extensions["stigen_database"] = database or db.Database(settings.database_url)
    schema.refuse_wrong_stamp(app.extensions["stigen_database"], settings.stamp)
    use_settings(settings)
    words.install(app, ROOT / "translations", settings.leave_to)
    # Whoever looks for the token reads all that was sent.
    uploads.install(app)
    csrf = CSRFProtect(app)
    _sign_in(app)
    formats.install(app)
    errors.install(app)
    assets.install(app, ROOT / "static")
    headers.install(app, ROOT / "static", https=settings.https, leave_to=settings.leave_to)
    access.install(app, doors.Doors(), interpreter.find_guest, interpreter.end_guest)
    app.before_request(kept_views.let_go)
    compression.install(app)
    # What is installed last looks at an answer first: an answer that cannot be kept becomes another one.
    transaction.install(app, (Journal(), sessions.LastSeen()))
    # Own hours show which meetings clash with another calendar without knowing the room above them.
    app.extensions["clashes"] = clashes
    # The list of participants shows their next meetings without knowing the room above it; so with others.
    app.extensions["next_meetings"] = next_starts
    # So does the page of meetings with the sessions of groups.
    app.extensions["group_sessions"] = coming
    app.extensions["number_homes"] = homes_of
    app.extensions["protected_waiting"] = protected_waiting
    # Who books answers a wish for a time without knowing the conversation that it stands in.
    app.extensions["time_given"] = time_given
    _register_rooms(app, csrf, settings)
    access.insist(app)
    app.wsgi_app = unnamed.install(app.wsgi_app)
    proxies = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-stigen" if settings.https else "stigen",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TRUSTED_HOSTS": [urlsplit(settings.public_base_url).hostname],
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.https,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
    }


def _sign_in(app: Flask) -> None:
    # Templates know `viewer`: loading the person anew would wait again for a database that has not answered.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None

    @manager.user_loader
    def load(token: str) -> Asker | None:
        return sessions.load(db.session(), token, clock.now(), sessions.lengths().idle)


def _register_rooms(app: Flask, csrf: CSRFProtect, settings: Settings) -> None:
    for blueprint in ROOMS:
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo_views.bp)
    for endpoint in EXEMPT:
        csrf.exempt(app.view_functions[endpoint])
