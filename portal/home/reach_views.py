"""A participant's own choices: how we reach them, what an SMS says, and that SMS is not safe."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.booking.queries import held
from portal.clock import now
from portal.config import Settings
from portal.db import session
from portal.home import reach_queries
from portal.home.forms import DetailForm, SeenDetailForm, TimingForm, WayForm
from portal.identity.people import access_service
from portal.identity.preferences import service as preferences
from portal.notices import reach_service, rules
from portal.notices.forms import HoursForm, clock
from portal.notices.voice_words import no_voice
from portal.web.access import participant, viewer

bp = Blueprint("reach", __name__, url_prefix="/me")


def mail_leaves() -> bool:
    """Whether this installation sends e-mail."""
    settings: Settings = current_app.config["STIGEN"]
    return bool(settings.mail_provider)


def _reach(code: int = 200, **forms: object) -> ResponseReturnValue:
    found = reach_queries.reach(session(), viewer(), now())
    shown = {
        "form": WayForm.of(found.way, _offered(found.way, found.email, found.no_voice)),
        "timing_form": TimingForm.among(found.timings, formdata=None, data={"timing": found.timing}),
        **forms,
    }
    return render_template("home/reach.html", reach=found, mail=mail_leaves(), clock=clock, **shown), code


def _offered(way: str, email: str, silent: str) -> tuple[str, ...]:
    return rules.offered(way, mail=mail_leaves(), has_mail=bool(email), voice=not silent)


@bp.get("/reach")
@participant(tier=2)
def show_reach() -> ResponseReturnValue:
    """How one is told and when, what an SMS says, between which hours, and the way to stop them all."""
    return _reach()


@bp.post("/reach")
@participant(tier=2)
def choose_way() -> ResponseReturnValue:
    """Be told by SMS, by e-mail, by a voice, or by a call."""
    person = reach_queries.own(session(), viewer())
    silent = no_voice(session(), viewer(), person.language)
    form = WayForm.of(person.way, _offered(person.way, person.email, silent), sent=True)
    if not form.validate():
        return _reach(422, form=form)
    reach_service.choose_way(session(), viewer(), person, form.way.data, now(), held)
    flash(_("Sparat."))
    return redirect(url_for("reach.show_reach"), 303)


@bp.post("/reminders")
@participant(tier=2)
def choose_timing() -> ResponseReturnValue:
    """Be reminded of meetings at other times, or as the organisation has it."""
    form = TimingForm.among(reach_queries.reach(session(), viewer(), now()).timings)
    if not form.validate():
        return _reach(422, timing_form=form)
    person = reach_queries.own(session(), viewer())
    reach_service.choose_timing(session(), viewer(), person, form.timing.data, now())
    flash(_("Sparat."))
    return redirect(url_for("reach.show_reach"), 303)


@bp.get("/hours")
@participant(tier=2)
def ask_hours() -> ResponseReturnValue:
    """Between which hours of the day may we write?"""
    person, house = reach_queries.own(session(), viewer()), reach_queries.house_hours(session(), viewer())
    form = HoursForm.of(house, person.earliest_hour, person.latest_hour)
    return render_template("home/hours.html", form=form, house=house, clock=clock)


@bp.post("/hours")
@participant(tier=2)
def choose_hours() -> ResponseReturnValue:
    """Keep them; what waits is asked again when it is to leave."""
    person, house = reach_queries.own(session(), viewer()), reach_queries.house_hours(session(), viewer())
    form = HoursForm.of(house, sent=True)
    if not form.validate():
        return render_template("home/hours.html", form=form, house=house, clock=clock), 422
    reach_service.choose_hours(session(), viewer(), person, *form.chosen)
    flash(_("Sparat."))
    return redirect(url_for("reach.show_reach"), 303)


@bp.post("/sms/start")
@participant(tier=2)
def start_sms() -> ResponseReturnValue:
    """SMS about meetings again, after STOP."""
    person = reach_queries.own(session(), viewer())
    reach_service.start_sms(session(), viewer(), person, now(), held)
    flash(_("Nu kan du få SMS från oss igen."))
    return redirect(url_for("reach.show_reach"), 303)


@bp.post("/reading")
@participant(tier=1)
def choose_reading() -> ResponseReturnValue:
    """All questions of a check-in on one page, or one at a time."""
    preferences.choose_one_page(session(), viewer(), request.form.get("way") == "page")
    flash(_("Sparat."))
    return redirect(url_for("signin.info.show_me"), 303)


# --- what an SMS says (S31) ------------------------------------------------------------------------


@bp.get("/sms")
@participant(tier=2)
def ask_detail() -> ResponseReturnValue:
    """What may it say? The answer is shown as a text before anything is kept."""
    detail = reach_service.detail_of(reach_queries.own(session(), viewer()))
    form = DetailForm(formdata=None, data={"place": detail.place, "coach": detail.coach})
    return render_template("home/sms_ask.html", form=form)


@bp.get("/sms/text")
@participant(tier=2)
def show_text() -> ResponseReturnValue:
    """The very text, in the person's language, and the question whether to send it so."""
    return _text(DetailForm(request.args))


def _text(form: DetailForm, *, changed: bool = False) -> str:
    found = reach_queries.sample(session(), viewer(), form.detail, now())
    return render_template("home/sms_text.html", sample=found, changed=changed)


@bp.post("/sms")
@participant(tier=2)
def choose_detail() -> ResponseReturnValue:
    """Keep it, when it is the text that was seen."""
    form = SeenDetailForm()
    if form.seen.data != reach_queries.sample(session(), viewer(), form.detail, now()).mark:
        return _text(form, changed=True), 422
    person = reach_queries.own(session(), viewer())
    reach_service.choose_detail(session(), viewer(), person, form.detail)
    flash(_("Sparat."))
    return redirect(url_for("reach.show_reach"), 303)


@bp.post("/sms/less")
@participant(tier=2)
def say_less() -> ResponseReturnValue:
    """Let an SMS say the time alone, at once."""
    reach_service.say_less(session(), viewer(), reach_queries.own(session(), viewer()))
    flash(_("Nu skriver vi bara tiden."))
    return redirect(url_for("reach.show_reach"), 303)


# --- SMS is not safe (S34) ---------------------------------------------------------------------------


@bp.get("/unsafe")
@participant(tier=1)
def ask_unsafe() -> ResponseReturnValue:
    """What stops, and how one comes in from then on; afterwards the same, as it is now."""
    person = reach_queries.own(session(), viewer())
    return render_template("home/unsafe.html", unsafe=person.sms_unsafe, has_pin=viewer().has_pin)


@bp.post("/unsafe")
@participant(tier=1)
def mark_unsafe() -> ResponseReturnValue:
    """Stop everything at once. Whoever holds the phone may do it: it only makes us silent."""
    person = reach_queries.own(session(), viewer())
    access_service.mark_unsafe(session(), viewer(), person, now=now(), keep=viewer().session_id)
    return redirect(url_for("reach.ask_unsafe"), 303)


@bp.post("/safe")
@participant(tier=2)
def mark_safe() -> ResponseReturnValue:
    """SMS may come again, says whoever has the PIN."""
    access_service.mark_safe(session(), viewer(), reach_queries.own(session(), viewer()))
    flash(_("Nu hör vi av oss till dig igen."))
    return redirect(url_for("reach.show_reach"), 303)
