"""Who may open a view: one declaration on each, checked in one place before anything else happens.

A view without a declaration stops the app from starting (S1). Someone in the wrong role gets the same
404 as for a page that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.web.asker import Asker, Guest

AnyView = Callable[..., Any]
View = TypeVar("View", bound=AnyView)

PUBLIC, UNNAMED, SIGNED_IN, PARTICIPANT, STAFF, INTERPRETER, CALLBACK, DEMO = (
    "public",
    "unnamed",
    "signed_in",
    "participant",
    "staff",
    "interpreter",
    "callback",
    "demo",
)


@dataclass(frozen=True)
class Access:
    """What one view demands. `roles` is empty where any role of its kind will do."""

    kind: str
    tier: int = 1
    roles: frozenset[str] = field(default_factory=frozenset)

    def permits_role(self, viewer: Asker) -> bool:
        """Whether somebody in this role may know that the page exists."""
        if self.kind == PARTICIPANT:
            return viewer.is_participant
        if self.kind == STAFF:
            return viewer.is_staff and (not self.roles or bool(viewer.roles & self.roles))
        return True


class Doors(Protocol):
    """What happens to somebody who may not enter yet. Wired in `app`."""

    def signed_out(self) -> ResponseReturnValue:
        """Keep what was typed, and lead to sign-in."""
        ...

    def tier_too_low(self) -> ResponseReturnValue:
        """Keep what was typed, and lead to the second door."""
        ...


_declared: dict[AnyView, Access] = {}
_late: set[AnyView] = set()
_quiet: set[AnyView] = set()
_neutral: set[AnyView] = set()
_fleeting: set[AnyView] = set()


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if view in _declared:
            raise TypeError(f"{view} declares its access twice")
        _declared[view] = access
        return view

    return mark


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _declare(Access(PUBLIC))(view)


def unnamed(view: View) -> View:
    """Whoever holds what is sent: nobody is asked who. Its address lies below `unnamed.PREFIX`."""
    return _declare(Access(UNNAMED))(view)


def signed_in(view: View) -> View:
    """Anybody who has signed in, participant or staff."""
    return _declare(Access(SIGNED_IN))(view)


def callback(view: View) -> View:
    """A provider, which proves itself by a signature or a secret; no session, no CSRF token."""
    return _declare(Access(CALLBACK))(view)


def demo(view: View) -> View:
    """Anybody, in the demo alone: elsewhere the route is not registered."""
    return _declare(Access(DEMO))(view)


def participant(*, tier: int) -> Callable[[View], View]:
    """A participant who has passed this door: 1 is the code, 2 the code and the PIN."""
    return _declare(Access(PARTICIPANT, tier=tier))


def staff(*roles: str) -> Callable[[View], View]:
    """Staff with one of these roles; with any role when none is named."""
    return _declare(Access(STAFF, tier=2, roles=frozenset(roles)))


def interpreter(view: View) -> View:
    """An interpreter while a meeting's grant lasts; to everybody else the page does not exist (S8)."""
    return _declare(Access(INTERPRETER))(view)


def late(view: View) -> View:
    """The view opens its writing transaction itself (`db.begin_writing`), after it has hashed."""
    _late.add(view)
    return view


def quiet(view: View) -> View:
    """The view is asked by a page, not by a person: it does not keep the session awake (S17)."""
    _quiet.add(view)
    return view


def neutral(view: View) -> View:
    """What is sent to the view says nothing of the person but a time: it may be shown at the first door."""
    _neutral.add(view)
    return view


def fleeting(view: View) -> View:
    """What is sent to the view is kept nowhere when the session has ended, not even for its own person."""
    _fleeting.add(view)
    return view


def viewer() -> Asker:
    """The signed-in person. Only inside a view that demands one."""
    found = known_viewer()
    if found is None:
        raise RuntimeError("this view does not demand a signed-in person")
    return found


def known_viewer() -> Asker | None:
    """The signed-in person, or None. Touches no database: errors are written with it too."""
    return cast("Asker | None", g.get("viewer"))


def guest() -> Guest:
    """The interpreter who was let in. Only inside a view that demands one."""
    found = known_guest()
    if found is None:
        raise RuntimeError("this view does not demand an interpreter")
    return found


def known_guest() -> Guest | None:
    """The interpreter, or None. Touches no database."""
    return cast("Guest | None", g.get("guest"))


def end_guest() -> None:
    """End what the interpreter in this browser was let in to, if one is there."""
    if known_guest():
        current_app.extensions["end_guest"]()


def is_quiet() -> bool:
    """Whether this request was made by a page, not by a person."""
    return current_app.view_functions.get(request.endpoint or "") in _quiet


def is_neutral() -> bool:
    """Whether what this request brings may be given back at the first door."""
    return current_app.view_functions.get(request.endpoint or "") in _neutral


def is_fleeting() -> bool:
    """Whether what this request brings must not be kept."""
    return current_app.view_functions.get(request.endpoint or "") in _fleeting


def declared(app: Flask) -> dict[str, Access]:
    """What each endpoint demands, for the guards' table."""
    return {name: _declared[view] for name, view in app.view_functions.items()}


def nobody() -> None:
    """No guests: where no room lets any in."""


def install(
    app: Flask,
    doors: Doors,
    find_guest: Callable[[], Guest | None] = nobody,
    end_guest: Callable[[], None] = nobody,
) -> None:
    """Check every request. Call `insist` when all routes are registered.

    `find_guest` finds the interpreter whom this browser was let in as, `end_guest` ends that; whoever is
    signed in is no guest.
    """
    app.extensions["end_guest"] = end_guest

    @app.before_request
    def check_access() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        view = current_app.view_functions[request.endpoint]
        access = _declared[view]
        g.late_transaction = view in _late
        if access.kind in (CALLBACK, UNNAMED):
            return None
        if current_user.is_authenticated:
            g.viewer = current_user._get_current_object()
        else:
            g.guest = find_guest()
        return _refuse(access, known_viewer(), doors)


def _refuse(access: Access, asking: Asker | None, doors: Doors) -> ResponseReturnValue | None:
    if access.kind in (PUBLIC, DEMO):
        return None
    if access.kind == INTERPRETER:
        return None if known_guest() else abort(404)
    if asking is None:
        # An interpreter reads one meeting; nothing leads from there to anybody's sign-in (S8).
        return abort(404) if known_guest() else doors.signed_out()
    if not access.permits_role(asking):
        abort(404)
    if asking.tier < access.tier:
        return doors.tier_too_low()
    return None


def insist(app: Flask) -> None:
    """Stop the start when a view has not declared who may open it. Raises RuntimeError (S1)."""
    bare = [name for name, view in app.view_functions.items() if view not in _declared]
    if bare:
        raise RuntimeError(f"no access declared: {', '.join(sorted(bare))}")
