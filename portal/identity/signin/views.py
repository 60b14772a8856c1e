"""Where one enters: the first page, a code by SMS, and the ways out."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask import session as cookie_session
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import apart, begin_writing, session
from portal.identity import sessions
from portal.identity.session_models import SignInCode
from portal.identity.signin import (
    attempts_service,
    cookie,
    desk_views,
    forms,
    info_views,
    kept_views,
    pin_views,
    queries,
    rules,
    service,
)
from portal.languages import LANGUAGES
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.web import errors
from portal.web.access import known_viewer, late, public, signed_in

bp = Blueprint("signin", __name__)
bp.register_blueprint(pin_views.bp)
bp.register_blueprint(desk_views.bp)
bp.register_blueprint(info_views.bp)
bp.register_blueprint(kept_views.bp)


def _next() -> str:
    """Where the person was going, "" when it is nowhere inside (S25)."""
    return rules.inside(request.values.get("next")) or ""


# --- the first page ------------------------------------------------------------------------------


@bp.get("/")
@public
def enter() -> ResponseReturnValue:
    """The first page: of the one organisation, or a choice between several."""
    if asker := known_viewer():
        return redirect("/staff" if asker.is_staff else "/home", 303)
    if only := organisations.only_one(session()):
        return render_template("signin/entry.html", organisation=only, next=_next())
    return render_template(
        "signin/organisations.html", organisations=organisations.everyone(session()), next=_next()
    )


@bp.get("/<slug>")
@public
def enter_organisation(slug: str) -> ResponseReturnValue:
    """One organisation's first page, whose address is printed on a card."""
    organisation = organisations.by_slug(session(), slug)
    return render_template("signin/entry.html", organisation=organisation, next=_next())


# --- the first door ------------------------------------------------------------------------------


@bp.get("/<slug>/sign-in")
@public
def show_phone(slug: str) -> ResponseReturnValue:
    """Ask for the phone number."""
    organisation = organisations.by_slug(session(), slug)
    return _phone_page(organisation, forms.PhoneForm(foreign=False))


def _phone_page(organisation: Organisation, form: forms.PhoneForm) -> str:
    return render_template("signin/phone.html", organisation=organisation, form=form, next=_next())


@bp.post("/<slug>/sign-in")
@public
@late
def ask_for_code(slug: str) -> ResponseReturnValue:
    """Send a code to the number, when it is somebody's."""
    organisation = organisations.by_slug(session(), slug)
    form = forms.PhoneForm(foreign=organisation.rules.foreign_numbers)
    if not form.validate_on_submit():
        return _phone_page(organisation, form), 422
    asked = queries.browsers_code(session(), organisation.id, cookie.browser(), clock.now())
    if asked and asked.phone == form.number and _just_asked(asked):
        return _to_code(organisation)
    return _send(organisation, form.number)


@bp.post("/<slug>/sign-in/again")
@public
@late
def ask_again(slug: str) -> ResponseReturnValue:
    """Send another code to the number that this browser typed."""
    organisation = organisations.by_slug(session(), slug)
    asked = queries.browsers_code(session(), organisation.id, cookie.browser(), clock.now())
    if asked is None:
        return redirect(url_for("signin.show_phone", slug=slug, next=_next() or None), 303)
    if _just_asked(asked):
        return _to_code(organisation)
    return _send(organisation, asked.phone)


def _just_asked(asked: SignInCode) -> bool:
    return not asked.used_at and rules.seconds_until_resend(asked.created_at, clock.now()) > 0


def _send(organisation: Organisation, phone: str) -> ResponseReturnValue:
    now, address = clock.now(), request.remote_addr or ""
    found = queries.reachable(session(), organisation.id, phone, now)
    with apart() as counters:
        granted = service.count_asking(
            counters, organisation, phone, address=address, known=found is not None, now=now
        )
    if not granted:
        return _too_many(organisation)
    browser = service.ask_for_code(begin_writing(), organisation, phone, found, now)
    cookie.remember_browser(browser)
    return _to_code(organisation)


def _to_code(organisation: Organisation) -> ResponseReturnValue:
    return redirect(url_for("signin.show_code", slug=organisation.slug, next=_next() or None), 303)


def _too_many(organisation: Organisation) -> ResponseReturnValue:
    return render_template("signin/too_many.html", organisation=organisation), 429


@bp.get("/<slug>/sign-in/code")
@public
def show_code(slug: str) -> ResponseReturnValue:
    """Ask for the code."""
    organisation = organisations.by_slug(session(), slug)
    asked = queries.browsers_code(session(), organisation.id, cookie.browser(), clock.now())
    if asked is None or asked.used_at:
        return redirect(url_for("signin.show_phone", slug=slug, next=_next() or None), 303)
    return _code_page(organisation, forms.CodeForm(), asked)


def _code_page(organisation: Organisation, form: forms.CodeForm, asked: SignInCode) -> str:
    wait = rules.seconds_until_resend(asked.created_at, clock.now())
    spent = asked.tries >= rules.CODE_TRIES
    return render_template(
        "signin/code.html",
        organisation=organisation,
        form=form,
        asked=asked,
        wait=wait,
        spent=spent,
        next=_next(),
    )


@bp.post("/<slug>/sign-in/code")
@public
@late
def give_code(slug: str) -> ResponseReturnValue:
    """Let in whoever has the code, in the browser that asked for it."""
    now = clock.now()
    organisation = organisations.by_slug(session(), slug)
    asked = queries.browsers_code(session(), organisation.id, cookie.browser(), now)
    if asked is None:
        return redirect(url_for("signin.show_phone", slug=slug, next=_next() or None), 303)
    form = forms.CodeForm()
    if not form.validate_on_submit():
        return _code_page(organisation, form, asked), 422
    with apart() as counters:
        tries = service.count_guess(counters, asked, request.remote_addr or "", now)
    if tries.over:
        return _too_many(organisation)
    if tries.left < 0 or not service.code_fits(asked, form.digits):
        with apart() as counters:
            attempts_service.count_failure(counters, now)
        asked.tries = rules.CODE_TRIES - tries.left
        form.reject(tries.left)
        return _code_page(organisation, form, asked), 422
    return _let_in(organisation, asked)


def _let_in(organisation: Organisation, asked: SignInCode) -> ResponseReturnValue:
    now, writing, address = clock.now(), begin_writing(), request.remote_addr or ""
    attempts_service.hold(writing, address, rules.CODES_FROM, rules.CODE_GUESSES_FROM)
    try:
        person_id = service.redeem(writing, asked, now)
    except service.CodeNotValid:
        # A double tap: the first one may have let this browser in; if it did not, home leads back here.
        return redirect(_next() or "/home", 303)
    service.came_in(writing, address)
    token = sessions.open_session(
        writing,
        person_id,
        roles=service.PARTICIPANT,
        tier=1,
        now=now,
        longest=sessions.lengths().longest,
    )
    return cookie.enter(writing, token, now, _next() or "/home")


# --- the language ----------------------------------------------------------------------------------


@bp.get("/language")
@public
def show_languages() -> ResponseReturnValue:
    """Each language by its own name: those of one's organisation to who is signed in."""
    return _language_page()


def _language_page() -> str:
    asker = known_viewer()
    own = queries.own_organisation(session(), asker) if asker else None
    return render_template("signin/language.html", organisation=own, next=_next())


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Remember the language in this browser, and on the person when somebody is signed in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        return _language_page(), 422
    cookie_session[cookie.LANGUAGE] = chosen
    if asker := known_viewer():
        service.choose_language(session(), asker.person_id, chosen)
    return redirect(_next() or "/", 303)


# --- staying and leaving -----------------------------------------------------------------------------


@bp.post("/stay")
@signed_in
def stay() -> ResponseReturnValue:
    """One tap keeps the session awake: having asked is enough (S17)."""
    return "", 204


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End every session of the person, and let the browser forget (S18, S19)."""
    asker, target = known_viewer(), "/"
    if asker:
        slug = queries.own_organisation(session(), asker).slug
        target = "/staff/sign-in" if asker.is_staff else f"/{slug}"
    cookie.leave(session(), asker, clock.now())
    return cookie.wipe(redirect(target, 303), "cache", "storage")


@bp.post("/leave")
@public
def leave() -> ResponseReturnValue:
    """The quick exit: out at once, to a page that says nothing about us (S32).

    A script that has left already asks with ?gone, and is not sent anywhere.
    """
    asker = known_viewer()
    cookie.leave(session(), asker, clock.now())
    return _away()


def leave_anyway(error: errors.Silent) -> ResponseReturnValue:
    """The quick exit leads away though the database does not answer (S32).

    The browser forgets the session, which then runs out by itself.
    """
    if request.endpoint != "signin.leave":
        return errors.busy(error)
    cookie.forget()
    return _away()


for silent in errors.SILENT:
    bp.register_error_handler(silent, leave_anyway)


def _away() -> ResponseReturnValue:
    elsewhere = redirect(current_app.config["STIGEN"].leave_to, 303)
    away = Response(status=204) if "gone" in request.args else elsewhere
    return cookie.wipe(away, "cache", "cookies", "storage")
