"""What is said of rooms, and of one that a meeting cannot have."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.availability.rooms.models import Room
from portal.availability.rooms.service import TooSmall, Unsuited
from portal.web.errors import Refused


def room_choices(rooms: Iterable[Room]) -> list[tuple[str, str]]:
    """No room, or one of these with how many it seats."""
    return [("", _("Inget rum")), *((str(one.id), _seated(one)) for one in rooms)]


def refused_words(refused: Refused, free: Sequence[Room]) -> str:
    """Why a meeting cannot be in a room, and which ones it could be in."""
    if free:
        instead = _("Lediga rum då: %(rooms)s.", rooms=", ".join(_seated(one) for one in free))
    else:
        instead = _("Inget annat rum är ledigt då.")
    return f"{_reason(refused)} {instead}"


def _reason(refused: Refused) -> str:
    if isinstance(refused, TooSmall):
        return ngettext(
            "Rummet har %(num)s plats, och ni blir %(needed)s.",
            "Rummet har %(num)s platser, och ni blir %(needed)s.",
            refused.seats,
            needed=refused.needed,
        )
    if isinstance(refused, Unsuited):
        return _("Rummet används inte längre.")
    return _("Rummet är upptaget då.")


def _seated(room: Room) -> str:
    return ngettext("%(name)s (%(num)s plats)", "%(name)s (%(num)s platser)", room.seats, name=room.name)
