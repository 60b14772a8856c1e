"""What happens to somebody who may not enter yet: what was typed is kept, and the way leads back inside."""

from urllib.parse import urlencode

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.identity.signin import cookie, kept_rules, queries, rules, service
from portal.web import access

STAFF_ENTRY, STAFF_PASSWORD, SECOND_DOOR = "/staff/sign-in", "/staff/password", "/pin"


class Doors:
    """Leads to the right door. Implements `portal.web.access.Doors`."""

    def signed_out(self) -> ResponseReturnValue:
        """Keep what the last holder of this browser's session typed, and lead to sign-in (S17)."""
        now = clock.now()
        token = cookie.session_token()
        holder = queries.last_holder(db.session(), token, now) if token else None
        if holder:
            _keep(holder.person_id)
        if request.path.startswith("/staff") or (holder and holder.is_staff):
            return _lead(STAFF_ENTRY)
        return _lead(f"/{holder.slug}/sign-in" if holder else "/")

    def tier_too_low(self) -> ResponseReturnValue:
        """Keep what was typed for behind the second door, and lead to it."""
        asker = access.viewer()
        _keep(asker.person_id)
        return _lead(STAFF_PASSWORD if asker.is_staff else SECOND_DOOR)


def _keep(person_id: queries.PersonId) -> None:
    """Only in a request whose transaction writes; a late view's forms are secrets and are not kept.

    What a participant writes waits behind the second door, whichever it was written at: whoever holds the
    phone must not read it (S30). What is kept already stays when it is its own page that comes too late.
    """
    own_page = request.path.startswith(f"{cookie.KEPT_PAGE}/")
    if not g.get("writing", False) or own_page or access.is_fleeting():
        return
    fields = kept_rules.keepable(request.form.items(multi=True))
    if fields and not request.files and rules.inside(here()):
        tier = 1 if access.is_neutral() else 2
        service.keep_form(db.session(), person_id, tier=tier, path=here(), fields=fields, now=clock.now())


def here() -> str:
    """The address of this request, as a form has it."""
    return request.full_path.rstrip("?")


def _lead(door: str) -> ResponseReturnValue:
    inside = rules.inside(here()) if request.method == "GET" and not access.is_quiet() else None
    address = f"{door}?{urlencode({'next': inside})}" if inside and inside != "/" else door
    if request.headers.get("HX-Request") == "true":
        # A part of a page cannot become the sign-in page: let the whole page go there.
        return Response(headers={"HX-Redirect": door})
    return redirect(address, 303)
