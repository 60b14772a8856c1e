"""What the coach's pages about one participant's plan have in common: the form's page, and the way back."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.web.access import viewer


def page(template: str, person_id: UUID, what: str, **shown: Any) -> ResponseReturnValue:
    """A page with a form about a participant, whose `what` is read; 422 for a form that was not taken."""
    person = headed(session(), viewer(), person_id, clock.now(), what=what)
    html = render_template(template, person=person, person_id=person_id, **shown)
    return html, 422 if request.method == "POST" else 200


def back(endpoint: str, person_id: UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    """To a page about the participant, which says this first."""
    flash(said, tone)
    return redirect(url_for(endpoint, person_id=person_id), 303)
