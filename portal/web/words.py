"""Which language this answer is in, and what the templates know of it."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from flask import session as cookie
from flask_babel import Babel
from markupsafe import Markup

from portal.languages import LANGUAGES, SWEDISH, Language, language
from portal.web import access

DEFAULT_ZONE = ZoneInfo("Europe/Stockholm")


def current_language() -> Language:
    """The language of this answer: the person's own, else one chosen here, else what the browser asks for."""
    if "language" in g:
        return language(g.language)
    viewer = access.known_viewer()
    if viewer is not None:
        return language(viewer.language)
    chosen = cookie.get("language")
    if isinstance(chosen, str) and chosen in LANGUAGES:
        return language(chosen)
    return language(request.accept_languages.best_match(list(LANGUAGES), SWEDISH.code))


def current_zone() -> ZoneInfo:
    """The zone of the organisation of whoever is signed in."""
    viewer = access.known_viewer()
    return viewer.zone if viewer else DEFAULT_ZONE


def _locale() -> str:
    return current_language().babel


def _page_words() -> dict[str, Any]:
    spoken, viewer = current_language(), access.known_viewer()
    return {
        "lang": spoken.code,
        "dir": spoken.dir,
        "language": spoken,
        "languages": LANGUAGES.values(),
        "language_name": spoken.name,
        "viewer": viewer,
        "session_ends": viewer.ends_in_seconds if viewer else None,
    }


def install(app: Flask, translations: Path, leave_to: str) -> None:
    """Choose the language of each answer, and tell the templates."""
    Babel(
        app,
        default_locale=SWEDISH.babel,
        default_translation_directories=str(translations),
        locale_selector=_locale,
        timezone_selector=lambda: current_zone().key,
    )
    app.context_processor(_page_words)
    app.jinja_env.globals["quick_exit_url"] = leave_to
    app.jinja_env.globals["bdi"] = lambda text: Markup('<bdi dir="ltr">{}</bdi>').format(text)
