"""What is new in the participant's plan, and what they say of it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.plan import news_queries, news_rules, news_service, news_words, queries, words
from portal.plan.news_forms import WordsForm
from portal.plan.rules import LIVE
from portal.web.access import participant, viewer
from portal.web.errors import Refused
from portal.wording.words import TOLD

bp = Blueprint("news", __name__)
AT_ONCE, TALKED_SHOWN = 4, 5
"""Ours: as many as a tired person reads in one go, and as many as are still in mind."""


@bp.get("/plan/news")
@participant(tier=2)
def show_news() -> ResponseReturnValue:
    """Each change with its four answers, and what one has answered before."""
    page = queries.own_plan(session(), viewer(), clock.now())
    asked = [row for row in page.answers if row.is_open]
    talked = [row for row in page.answers if row.outcome in news_rules.CHOSEN_OUTCOMES]
    return render_template(
        "plan/news.html",
        page=page,
        shown=page.news[:AT_ONCE],
        asked=asked[::-1],
        talked=talked[: -TALKED_SHOWN - 1 : -1],
        say=news_words,
        doer=words.doer_sentence,
        live=LIVE,
        told=TOLD,
    )


@bp.post("/plan/news/<uuid:event_id>")
@participant(tier=2)
def answer_change(event_id: UUID) -> ResponseReturnValue:
    """One of four answers; three of them lead on to words, which can be left out."""
    said = request.form.get("answer", "")
    if said not in news_rules.ANSWERS:
        return _to_news(_("Välj ett av de fyra svaren."), "sun")
    try:
        given = news_service.answer(session(), viewer(), event_id=event_id, said=said, now=clock.now())
    except Refused as refused:
        return _to_news(words.refusal(refused), "sun")
    if said == news_rules.UNDERSTOOD:
        return _to_news(_("Bra! Ditt svar är sparat."))
    return redirect(url_for("plan.news.write_words", answer_id=given.id), 303)


@bp.route("/plan/answers/<uuid:answer_id>", methods=["GET", "POST"])
@participant(tier=2)
def write_words(answer_id: UUID) -> ResponseReturnValue:
    """What one wants to say about a change, in one's own words."""
    row = news_queries.own_answer(session(), viewer(), answer_id)
    coach = queries.own_coach(session(), viewer())
    form = WordsForm(data={"words": row.words})
    if form.validate_on_submit():
        try:
            news_service.add_words(
                session(), viewer(), answer_id=answer_id, words=form.words.data or "", now=clock.now()
            )
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _to_news(_("Din coach ser ditt svar. Ni pratar om det när ni ses."))
    status = 422 if request.method == "POST" else 200
    return render_template("plan/answer.html", form=form, row=row, coach=coach, say=news_words), status


@bp.post("/plan/news/read")
@participant(tier=2)
def read_all() -> ResponseReturnValue:
    """Everything that the page showed has been read."""
    upto = request.form.get("upto", type=int, default=0)
    try:
        news_service.read_all(session(), viewer(), upto=upto, now=clock.now())
    except Refused as refused:
        return _to_news(words.refusal(refused), "sun")
    flash(_("Bra! Nu vet vi att du har läst."), "pine")
    return redirect(url_for("plan.show_plan"), 303)


def _to_news(said: str, tone: str = "pine") -> ResponseReturnValue:
    flash(said, tone)
    return redirect(url_for("plan.news.show_news"), 303)
