"""Puts the house together: settings, database, keys, guards, rooms. Every wire is in this file."""

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, clock, crypto, db
from portal.config import Settings
from portal.identity import sessions
from portal.identity.signin import doors
from portal.journal.recorder import Journal
from portal.web import access, assets, errors, formats, headers, transaction, words
from portal.web.asker import Asker
from portal.web.icons import icon_svg

ROOT = Path(__file__).parent.parent
ROOMS = (
    "identity.signin",
    "identity.people",
    "organisation",
    "messaging",
    "plan",
    "availability",
    "booking",
    "instruments",
    "feedback",
    "reminders",
    "home",
    "staff",
    "ops",
)
EXEMPT = ("signin.leave", "messaging.twilio_receipt")


def create_app(settings: Settings | None = None, database: db.Database | None = None) -> Flask:
    """The web application. Raises WrongSettings, or RuntimeError for a view without access."""
    settings = settings or Settings.from_environment(os.environ)
    app = Flask("portal", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(_flask_settings(settings), STIGEN=settings)
    app.extensions["stigen_database"] = database or db.Database(settings.database_url)
    use_settings(settings)
    csrf = CSRFProtect(app)
    _sign_in(app)
    words.install(app, ROOT / "translations", settings.leave_to)
    formats.install(app)
    app.jinja_env.globals["icon_svg"] = icon_svg
    errors.install(app)
    transaction.install(app, (Journal(), sessions.LastSeen()))
    fixed = headers.install(app, ROOT / "static", https=settings.https, leave_to=settings.leave_to)
    access.install(app, doors.Doors())
    Compress(app)
    assets.install(app, ROOT / "static", fixed)
    _register_rooms(app, csrf, settings)
    cli.install(app)
    access.insist(app)
    proxies = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def use_settings(settings: Settings) -> None:
    """Install keys and clock: what the web, the worker and the command line share."""
    crypto.use(crypto.Keyring(settings.data_keys, settings.lookup_key))
    clock.use(clock.DemoClock(settings.instance / "demo-clock") if settings.demo else clock.system_time)


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
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader
    def load(token: str) -> Asker | None:
        return sessions.load(db.session(), token, clock.now(), sessions.lengths().idle)


def _register_rooms(app: Flask, csrf: CSRFProtect, settings: Settings) -> None:
    for room in ROOMS:
        for module in ("views", "staff_views"):
            name = f"portal.{room}.{module}"
            if find_spec(name) is None:
                continue
            found = import_module(name)
            for blueprint in (getattr(found, "bp", None), getattr(found, "staff_bp", None)):
                if blueprint is not None:
                    app.register_blueprint(blueprint)
    if settings.demo:
        dev = import_module("portal.ops.demo_views")
        app.register_blueprint(dev.bp)
    for endpoint in EXEMPT:
        if endpoint in app.view_functions:
            csrf.exempt(app.view_functions[endpoint])
