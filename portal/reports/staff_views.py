"""The report: read on a page, printed, taken out. For leads about their teams, for admins about all."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.clock import now
from portal.db import session
from portal.journal import service as journal
from portal.organisation.queries import rules_of
from portal.reports import (
    follow_up_words,
    outcome_words,
    queries,
    reminder_words,
    scale_words,
    sending_queries,
    sending_words,
    stair_words,
    work_words,
)
from portal.reports.forms import AskForm
from portal.reports.queries import Figures
from portal.reports.rules import finished, periods
from portal.reports.shown_words import Shown, smallest
from portal.web.access import staff, viewer
from portal.web.formats import local
from portal.web.tables import download
from portal.web.words import current_language

staff_bp = Blueprint("reports", __name__, url_prefix="/staff/reports")


@dataclass(frozen=True)
class _Report:
    form: AskForm
    figures: Figures
    tables: tuple[Shown, ...]


def _report(sent: "MultiDict[str, str]") -> _Report:
    asker, every = viewer(), queries.cases(session(), viewer())
    known = queries.choices(session(), asker, every)
    today = local(now()).date()
    form = AskForm.of(
        sent,
        periods=periods(today, known.earliest),
        finished=finished(today, known.earliest),
        programmes=known.programmes,
        teams=known.teams,
        inside="lead" in asker.roles,
    )
    figures = queries.figures(session(), asker, form.asked(), known, every, now())
    rooms = (work_words, reminder_words, scale_words, stair_words, outcome_words, follow_up_words)
    tables = tuple(one for room in rooms for one in room.tables(figures))
    if figures.asked.outside:
        tables = tuple(one for one in tables if not one.inner)
    return _Report(form, figures, tables)


@staff_bp.get("")
@staff("lead", "admin")
def show_report() -> ResponseReturnValue:
    """The figures of a period, with a sentence over each table."""
    found = _report(request.args)
    return render_template(
        "reports/report.html",
        form=found.form,
        tables=found.tables,
        said=found.form.said(),
        smallest=smallest(found.figures),
        query=request.query_string.decode("ascii", "ignore"),
    )


@staff_bp.get("/<any(csv,xlsx):kind>")
@staff("lead", "admin")
def take_out(kind: str) -> Response:
    """One table (`table` in the address), or all of them, as a file; it is noted (S42)."""
    found = _report(request.args)
    wanted = request.args.get("table", "")
    tables = [one for one in found.tables if wanted in ("", one.key)] or abort(404)
    journal.note(session(), viewer(), action="export", kind="report", subject=None)
    name = "-".join(filter(None, ("rapport", wanted, found.figures.asked.period.code)))
    return download(
        [one.table() for one in tables], name, kind, right_to_left=current_language().dir == "rtl"
    )


def _sending() -> Shown:
    asker = viewer()
    months = sending_queries.months(session(), asker, now())
    price = rules_of(session(), asker).sms_price_ore
    return sending_words.by_month(months, price, whole="admin" in asker.roles)


@staff_bp.get("/sms")
@staff("lead", "admin")
def show_sending() -> ResponseReturnValue:
    """How many SMS went out each month, what came of them, and about what they cost."""
    return render_template("reports/sending.html", table=_sending())


@staff_bp.get("/sms/<any(csv,xlsx):kind>")
@staff("lead", "admin")
def take_out_sending(kind: str) -> Response:
    """The same as a file; it is noted (S42)."""
    table = _sending().table()
    journal.note(session(), viewer(), action="export", kind="report", subject=None)
    return download([table], "sms", kind, right_to_left=current_language().dir == "rtl")
