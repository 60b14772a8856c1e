"""What the browser carries between requests: the session's token, and the one that binds a code to it."""

import secrets
import uuid
from datetime import datetime

from flask import flash, redirect
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.identity import sessions
from portal.identity.signin import queries, service
from portal.languages import LANGUAGES
from portal.web import access
from portal.web.asker import Asker
from portal.web.typed import FORM_FIELD

BROWSER, LANGUAGE, TOKEN, SENT_AGAIN = "browser", "language", "_user_id", "kept"
KEPT_PAGE = "/kept"


def browser() -> str:
    """The token that binds a code to this browser; one that fits no code where there is none (S11)."""
    found = cookie.get(BROWSER)
    return found if isinstance(found, str) else secrets.token_urlsafe()


def remember_browser(token: str) -> None:
    """Bind the code just asked for to this browser. What was there before, planted or not, is gone."""
    cookie[BROWSER] = token


def session_token() -> str:
    """The token of the session this browser holds or held; "" where there is none."""
    found = cookie.get(TOKEN)
    return found if isinstance(found, str) else ""


def chosen_language() -> str | None:
    """The language chosen in this browser, if one was."""
    found = cookie.get(LANGUAGE)
    return found if isinstance(found, str) and found in LANGUAGES else None


def send_again(kept_id: uuid.UUID) -> None:
    """Remember that this browser is about to send a kept form to its own address (S17)."""
    cookie[SENT_AGAIN] = str(kept_id)


def sent_again() -> uuid.UUID | None:
    """The kept form that this browser sends again since it was asked to, if there is one."""
    found = cookie.get(SENT_AGAIN)
    return uuid.UUID(found) if isinstance(found, str) else None


def enter(session: Session, token: str, now: datetime, target: str) -> Response:
    """Let this browser hold the session with this token, and nothing of what it held before (S16).

    Leads to what was kept for the person who just came in (S17), or to the PIN that it waits behind; else
    to `target`, a path inside.
    """
    language, forms, before = chosen_language(), cookie.get(FORM_FIELD), access.known_viewer()
    cookie.clear()
    asker = sessions.load(session, token, now, sessions.lengths().idle)
    if asker is None:
        raise RuntimeError("a session that was just opened is not alive")
    if forms and before and before.person_id == asker.person_id:
        # The same person past the next door: what stands half written in another tab can still be sent.
        cookie[FORM_FIELD] = forms
    if language:
        cookie[LANGUAGE] = language
        if language != asker.language:
            service.choose_language(session, asker.person_id, language)
    login_user(asker)
    kept = queries.kept_form(session, asker, now)
    if kept and kept.tier <= asker.tier:
        target = KEPT_PAGE
    elif kept and queries.own_person(session, asker).pin_hash:
        target = f"/pin?next={KEPT_PAGE}"
    elif kept:
        flash(_("Vi har sparat det du skrev. Välj en pinkod i dag, så får du tillbaka det."))
    return redirect(target, 303)


def leave(session: Session, asker: Asker | None, now: datetime) -> None:
    """End every session of whoever leaves, an interpreter's too (S18); the browser keeps its language."""
    access.end_guest()
    if asker is not None:
        sessions.end_all(session, asker.person_id, now)
    logout_user()
    forget()


def forget() -> None:
    """Let the browser hold nothing but its language. Asks no database."""
    language = chosen_language()
    cookie.clear()
    if language:
        cookie[LANGUAGE] = language


def wipe(response: Response, *what: str) -> Response:
    """Ask the browser to throw away what it holds of us: "cache", "cookies", "storage" (S19)."""
    response.headers["Clear-Site-Data"] = ", ".join(f'"{one}"' for one in what)
    return response
