"""The participant's own card of what helps them: made, ordered, shown to somebody, printed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.plan import card_queries, card_service, card_words, words
from portal.plan.bank_rules import bank
from portal.plan.card_forms import AddForm, RowForm, add_form, row_form
from portal.plan.card_queries import CardRow
from portal.web.access import participant, viewer
from portal.web.errors import Refused

bp = Blueprint("card", __name__, url_prefix="/plan/card")
AT_ONCE = 7
"""Ours: as many lines with pictures as a light page and a tired reader bear."""


@bp.get("")
@participant(tier=2)
def show_card() -> ResponseReturnValue:
    """What stands on the card, and what somebody proposes."""
    card = card_queries.own_card(session(), viewer())
    last = card.last_own(clock.now())
    return render_template("plan/card.html", card=card, last=last, say=card_words)


@bp.get("/show")
@participant(tier=2)
def show_whole() -> ResponseReturnValue:
    """The card alone, large, to hold out to somebody or to print."""
    return render_template("plan/card_whole.html", card=card_queries.own_card(session(), viewer()))


@bp.route("/add", methods=["GET", "POST"])
@participant(tier=2)
def add_rows() -> ResponseReturnValue:
    """More that helps, from the list or in own words."""
    asker = viewer()
    form = add_form(asker.language)
    if "more" in request.form:
        return _add_page(_so_far(form)), 200
    if form.validate_on_submit():
        try:
            card_service.add(session(), asker, form.entries(), clock.now())
        except Refused as refused:
            form.form_errors = words.kept(refused)
        else:
            return _back(_("Sparat på ditt kort."))
    return _add_page(form), _status()


@bp.route("/<uuid:row_id>", methods=["GET", "POST"])
@participant(tier=2)
def change_row(row_id: UUID) -> ResponseReturnValue:
    """One row: other words, another place, or off the card."""
    asker = viewer()
    row = card_queries.own_row(session(), asker, row_id)
    form = row_form(row, asker.language)
    if not form.validate_on_submit():
        return _row_page(form, row)
    if _says_the_same(form, row):
        return _back("")
    try:
        card_service.change(
            session(), asker, row_id=row_id, entry=form.entry(), version=form.version_number, now=clock.now()
        )
    except Refused as refused:
        row = card_queries.own_row(session(), asker, row_id)
        form.version.data = str(row.version)
        form.form_errors = words.kept(refused)
        return _row_page(form, row)
    return _back(_("Sparat på ditt kort."))


@bp.post("/<uuid:row_id>/<any(accept, decline, remove):act>")
@participant(tier=2)
def answer_row(row_id: UUID, act: str) -> ResponseReturnValue:
    """Yes or no to a proposal, or a row off the card."""
    verbs = {"accept": card_service.accept, "decline": card_service.decline, "remove": card_service.remove}
    return _attempt(lambda: verbs[act](session(), viewer(), row_id=row_id, now=clock.now()))


@bp.post("/<uuid:row_id>/move")
@participant(tier=2)
def move_row(row_id: UUID) -> ResponseReturnValue:
    """One place up or down."""
    way = "up" if request.form.get("way") == "up" else "down"
    return _attempt(lambda: card_service.move(session(), viewer(), row_id=row_id, way=way, now=clock.now()))


@bp.post("/undo")
@participant(tier=2)
def undo() -> ResponseReturnValue:
    """The last thing one did to the card is taken back."""
    event_id = request.form.get("event", type=UUID, default=UUID(int=0))
    return _attempt(lambda: card_service.undo(session(), viewer(), event_id=event_id, now=clock.now()))


def _says_the_same(form: RowForm, row: CardRow) -> bool:
    """Whether a row of the list was left as it was: it stays one, in every language."""
    stands = row_form_data(row)
    return bool(row.code) and (form.words.data or "", form.swedish.data or "") in stands


def row_form_data(row: CardRow) -> tuple[tuple[str, str], tuple[str, str]]:
    """What the form of a row of the list holds untouched: in Swedish, and in another language."""
    return (row.swedish, ""), (row.own, row.swedish)


def _attempt(act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except Refused as refused:
        return _back(words.refusal(refused), "sun")
    return _back("")


def _back(said: str, tone: str = "pine") -> ResponseReturnValue:
    if said:
        flash(said, tone)
    return redirect(url_for("plan.card.show_card"), 303)


def _so_far(form: AddForm) -> AddForm:
    """What has been chosen and written, cleaned; nothing is wrong with it until it is to be saved."""
    form.validate()
    for field in form:
        field.errors = ()
    return form


def _add_page(form: AddForm) -> str:
    taken = {row.code for row in card_queries.own_card(session(), viewer()).kept}
    left = [code for code in bank() if code not in taken]
    first = max(request.form.get("more", type=int, default=0), 0)
    return render_template(
        "plan/card_add.html",
        form=form,
        bank=bank(),
        shown=left[first : first + AT_ONCE],
        more=first + AT_ONCE if len(left) > first + AT_ONCE else 0,
        further=len(left) > AT_ONCE,
    )


def _row_page(form: RowForm, row: CardRow) -> ResponseReturnValue:
    return render_template("plan/card_row.html", form=form, row=row), _status()


def _status() -> int:
    return 422 if request.method == "POST" else 200
