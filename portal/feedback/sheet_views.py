"""The pages of a check-in: what each shows, and where each leads."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.feedback.service import Closed, NotOpenYet
from portal.feedback.sheet_queries import Sheet
from portal.identity.preferences import queries as preferences
from portal.instruments.service import AlreadySent
from portal.organisation.queries import rules_of
from portal.web.access import viewer
from portal.web.words import current_language

NOT_NOW = (NotOpenYet, Closed, AlreadySent)


def page(name: str, found: Sheet, **values: Any) -> str:
    """A page of the check-in. `island` names the questions' language where it is not the page's."""
    spoken = found.shown_in
    island = {} if spoken.code == current_language().code else {"lang": spoken.code, "dir": spoken.dir}
    return render_template(f"feedback/{name}.html", sheet=found, island=island, **values)


def to(found: Sheet, act: str, **values: Any) -> str:
    """The address of a view of this check-in."""
    return url_for(f"feedback.{act}", check_in_id=found.check_in_id, **values)


def step(found: Sheet, number: int) -> str:
    """Where step `number` is; the start before the first, the look at the answers after the last."""
    if number < 1:
        return to(found, "show_start")
    return to(found, "show_step", number=number) if number <= found.steps else to(found, "check_answers")


def on(found: Sheet, *, one_page: bool) -> str:
    """Where somebody who comes back goes on, in the way they like."""
    if one_page and found.next_step:
        return to(found, "page.show_all")
    return step(found, found.next_step or found.steps + 1)


def own_way(found: Sheet) -> dict[str, Any]:
    """The viewer's way through the questions, and where it goes on, for a template."""
    one_page = preferences.one_page(session(), viewer())
    return {"one_page": one_page, "on": on(found, one_page=one_page)}


def later() -> ResponseReturnValue:
    """To the first page, where one finds the way back to the questions."""
    flash(_("Det du har svarat är sparat. Du kan fortsätta senare."))
    return redirect("/home", 303)


def elsewhere(found: Sheet) -> ResponseReturnValue | None:
    """Away from a question that cannot be answered now."""
    if found.sent_at is not None or not found.window.is_open(now()):
        return redirect(to(found, "show_start"), 303)
    return None


def start(found: Sheet, unsaved: str = "") -> str:
    """The first page. `unsaved`: what was given when it could not be taken any more; it is shown again."""
    rules = rules_of(session(), viewer())
    state = found.window.state(now())
    return page(
        "start", found, state=state, crisis_lines=rules.crisis_lines, unsaved=unsaved, **own_way(found)
    )
